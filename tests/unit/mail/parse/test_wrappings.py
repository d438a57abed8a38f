# ruff: noqa: E501
"""What stands around a person's words: winmail.dat in each of its forms, opaque signatures, PGP, rights management,
calendars. The words are read whatever holds them; what cannot be read says so."""

from __future__ import annotations

import base64

import pytest
from compressed_rtf import compress

from maild.mail.parse import parse_mail
from maild.model import Mail
from tests.unit.mail.parse.mails import mail, multipart, part
from tests.unit.mail.parse.winmail import container, file_objects, message_objects

WORDS = {
    "en": "The scanner is silent again.",
    "de": "Der Scanner ist wieder leise, größer geht es nicht.",
    "hu": "A szkenner újra csendes, őszintén köszönjük.",
    "fr": "Le scanneur est de nouveau silencieux, réglé à côté.",
    "nl": "De scanner is weer stil, dank je wel.",
    "ru": "Сканер снова работает.",
    "pl": "Skaner znów działa, dziękuję.",
    "ja": "スキャナは静かです。",
}


def read(entity: bytes) -> Mail:
    return parse_mail(mail(entity))


# --------------------------------------------------------------------------------------------- winmail.dat


def _rtf(text: str) -> str:
    return "".join(
        f"\\{c}" if c in "\\{}" else c if c < "\x7f" else f"\\u{ord(c) - 65536 * (ord(c) > 32767)}?"
        for c in text
    )


def _rtf_of_html(text: str) -> bytes:
    """HTML in RTF ([MS-OXRTFEX]), as Outlook writes it."""
    return (
        r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag19 <html>}{\*\htmltag64 <p>}"
        + r"\htmlrtf {\htmlrtf0 " + _rtf(text) + r"{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0 {\*\htmltag27 </html>}}"
    ).encode()  # fmt: skip


FORMS = {
    "text": lambda words: message_objects(text=words),
    "html": lambda words: message_objects(html=f"<html><body><p>{words}</p></body></html>"),
    "rtf": lambda words: message_objects(
        rtf=compress(
            (
                r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\uc1\pard\f0 " + _rtf(words) + r"\par}"
            ).encode()
        )
    ),
    "rtf of html": lambda words: message_objects(rtf=compress(_rtf_of_html(words))),
}


def winmail(objects: bytes, *beside: bytes, kind: str = "application/ms-tnef; name=winmail.dat") -> bytes:
    return multipart("mixed", *beside, part(kind, container(objects), encoding="base64"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", WORDS)
def test_words_that_stand_in_a_container_alone_are_read(language: str, form: str) -> None:
    objects = FORMS[form](WORDS[language])
    for beside in ((), (part("text/plain", ""),), (part("text/plain", " \r\n"),)):
        assert read(winmail(objects, *beside)).new_text == WORDS[language]
    assert (
        read(winmail(objects, kind="application/octet-stream; name=winmail.dat")).new_text == WORDS[language]
    )
    said = part("text/plain; charset=utf-8", WORDS["en"])
    assert read(winmail(objects, said)).new_text == WORDS["en"]


@pytest.mark.parametrize(
    ("name", "codepage", "number"),
    [
        ("számla ő.xls", "cp1250", 1250),
        ("Größe.docx", "cp1252", 1252),
        ("план.docx", "cp1251", 1251),
        ("見積.xls", "cp932", 932),
        ("报价.doc", "gbk", 936),
    ],
)
def test_a_name_that_stands_in_the_title_alone_is_in_the_codepage(
    name: str, codepage: str, number: int
) -> None:
    file = file_objects("", b"data", title=name, codepage=codepage)
    data = container(message_objects(text="x"), file, codepage=number)
    found = read(part("application/ms-tnef; name=winmail.dat", data, encoding="base64"))
    assert [(a.name, a.tnef) for a in found.attachments] == [(name, True)]


# -------------------------------------------------------------------------------------------------- S/MIME


def _der(tag: int, *contents: bytes) -> bytes:
    data = b"".join(contents)
    size = len(data)
    length = bytes((size,)) if size < 128 else bytes((0x82,)) + size.to_bytes(2, "big")
    return bytes((tag,)) + length + data


def signed(inner: bytes) -> bytes:
    """SignedData around a MIME entity (RFC 5652, section 5.1), without signers."""
    signed_data, data = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010701")
    wrapped = _der(0x30, _der(0x06, data), _der(0xA0, _der(0x04, inner)))
    body = _der(0x30, _der(0x02, b"\x01"), _der(0x31), wrapped, _der(0x31))
    return _der(0x30, _der(0x06, signed_data), _der(0xA0, body))


ENVELOPED = _der(
    0x30, _der(0x06, bytes.fromhex("2a864886f70d010703")), _der(0xA0, _der(0x30, _der(0x02, b"\0")))
)
SMIME = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'


@pytest.mark.parametrize("language", WORDS)
def test_an_opaque_signature_is_only_a_wrapping(language: str) -> None:
    words = WORDS[language]
    inner = part("text/plain; charset=utf-8", words + "\r\n")
    data = signed(inner)
    armored = base64.encodebytes(data)
    pem = b"-----BEGIN CMS-----\r\n" + armored + b"-----END CMS-----\r\n"
    file = part('application/pdf; name="a.pdf"', "x")
    entities = [
        part(SMIME, data, encoding="base64"),
        part("application/x-pkcs7-mime", data, encoding="base64"),
        part('application/octet-stream; name="smime.p7m"', data, encoding="base64"),
        part(SMIME, armored),  # no field says that it is base64
        part(SMIME, pem),
        part(SMIME, signed(part(SMIME, data, encoding="base64")), encoding="base64"),
        part(SMIME, signed(multipart("mixed", inner, file)), encoding="base64"),
        multipart("mixed", part(SMIME, data, encoding="base64")),
    ]
    for entity in entities:
        found = read(entity)
        assert (found.new_text, found.encrypted) == (words, "")
    assert [a.name for a in read(entities[-2]).attachments] == ["a.pdf"]


def test_a_signed_file_stays_a_file() -> None:
    data = signed(b"<?xml version='1.0'?><invoice/>")
    file = part('application/pkcs7-mime; name="invoice.xml.p7m"', data, encoding="base64")
    found = read(multipart("mixed", part("text/plain", "See the invoice."), file))
    assert (found.new_text, found.encrypted) == ("See the invoice.", "")
    assert [a.name for a in found.attachments] == ["invoice.xml.p7m"]


PGP = "-----BEGIN PGP MESSAGE-----\r\nVersion: GnuPG v2\r\n\r\nhQEMA3Xs\r\n=AbCd\r\n-----END PGP MESSAGE-----\r\n"
SAID = part("text/plain; charset=utf-8", "See the file, please.")


@pytest.mark.parametrize(
    ("entity", "how"),
    [
        (part("application/pkcs7-mime; smime-type=enveloped-data", ENVELOPED, encoding="base64"), "smime"),
        (part('application/pkcs7-mime; name="smime.p7m"', ENVELOPED, encoding="base64"), "smime"),
        (part("text/plain", PGP), "pgp"),
        (part("text/html", f"<pre>{PGP}</pre>"), "pgp"),
        (multipart("encrypted", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", PGP)), "pgp"),
        # a gateway of Exchange makes a mixed mail of it
        (multipart("mixed", part("text/plain", ""), part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream; name=encrypted.asc", PGP)), "pgp"),
        (multipart("mixed", SAID, part("application/x-microsoft-rpmsg-message; name=message.rpmsg", "x")), "rights"),
        (multipart("mixed", SAID, part("application/octet-stream; name=message_v2.rpmsg", "x")), "rights"),
        # what is readable, with an encrypted or signed thing beside it
        (multipart("mixed", SAID, part('application/pkcs7-mime; name="contract.pdf.p7m"', ENVELOPED, encoding="base64")), ""),
        (multipart("mixed", SAID, part("application/octet-stream; name=contract.pdf.pgp", PGP)), ""),
        (multipart("mixed", SAID, part("application/pgp-keys; name=key.asc", "-----BEGIN PGP PUBLIC KEY BLOCK-----")), ""),
        (multipart("signed", SAID, part("application/pgp-signature", "-----BEGIN PGP SIGNATURE-----")), ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so_and_nothing_else_does(entity: bytes, how: str) -> None:
    assert read(entity).encrypted == how


# ----------------------------------------------------------------------------------------------- calendars


def calendar(*lines: str, method: str = "REQUEST", kind: str = "VEVENT") -> str:
    middle = "\r\n".join(lines)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:{kind}\r\nUID:u1@acme.example\r\n{middle}\r\n"
        f"END:{kind}\r\nEND:VCALENDAR\r\n"
    )


MEETINGS = {
    "en": ("Replace the server", "Please bring the new disks.", "Room 12"),
    "hu": ("Szervercsere", "Kérjük, hozzák az új lemezeket.", "12-es szoba, II. emelet"),
    "de": ("Servertausch", "Bitte Platten mitbringen.", "Raum 12; Größe M"),
    "fr": ("Remplacer le serveur", "Apportez les disques.", "Bureau 12, 2e étage"),
    "nl": ("Server vervangen", "Neem schijven mee.", "Kamer 12"),
    "ja": ("サーバ交換", "ディスクを持参", "12号室"),
}


@pytest.mark.parametrize("language", MEETINGS)
def test_when_and_where_stand_in_the_text_whatever_part_tells_them(language: str) -> None:
    summary, words, place = MEETINGS[language]

    def escaped(text: str) -> str:
        return text.replace(",", "\\,").replace(";", "\\;")

    ics = calendar(
        f"SUMMARY:{escaped(summary)}", f"LOCATION:{escaped(place)}", "DTSTART;TZID=Europe/Budapest:20261105T140000",
        "DTEND;TZID=Europe/Budapest:20261105T160000",
    )  # fmt: skip
    said = part("text/plain; charset=utf-8", words)
    html = part("text/html; charset=utf-8", f"<p>{words}</p>")
    inline = part("text/calendar; charset=utf-8; method=REQUEST", ics)
    packed = part("text/calendar; charset=utf-8; method=REQUEST", ics, encoding="base64")
    for entity in (
        inline,
        multipart("alternative", said, inline),
        multipart("alternative", said, html, packed),
        multipart("alternative", html, inline),
        multipart("alternative", part("text/plain", " \r\n"), packed),
        multipart("mixed", said, part("text/calendar; charset=utf-8; name=invite.ics", ics)),
        multipart("mixed", said, part("application/ics; name=invite.ics", ics, encoding="base64")),
        multipart("mixed", said, part("application/octet-stream; name=invite.ics", ics, encoding="base64")),
    ):
        text = read(entity).text
        assert [
            fact for fact in (summary, place, "2026-11-05 14:00 - 16:00 Europe/Budapest") if fact not in text
        ] == []


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (("DTSTART:20261105T140000Z", "DURATION:PT2H"), "2026-11-05 14:00 - 16:00 UTC"),
        (
            ("DTSTART;TZID=Europe/Paris:20261105T140000", "DURATION:PT1H30M"),
            "2026-11-05 14:00 - 15:30 Europe/Paris",
        ),
        (("DTSTART:20261105T230000Z", "DURATION:P1DT2H"), "2026-11-05 23:00 UTC - 2026-11-07 01:00 UTC"),
        (("DTSTART:20261105T140000Z", "DURATION:nonsense"), "2026-11-05 14:00 UTC"),
        (("DTSTART;VALUE=DATE:20261105", "DURATION:P1D"), "2026-11-05"),
        (("DTSTART:20261105T140000Z", "DURATION:P99999999W"), "2026-11-05 14:00 UTC"),
    ],
)
def test_a_meeting_that_tells_how_long_it_takes(lines: tuple[str, ...], when: str) -> None:
    assert read(part("text/calendar", calendar("SUMMARY:x", *lines))).text.split("\n")[1] == when
