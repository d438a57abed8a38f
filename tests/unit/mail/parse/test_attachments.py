"""Attachments: their names, their bytes, winmail.dat."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import Unreadable
from maild.mail.parse import attachment_bytes, parse_mail
from maild.mail.parse.caps import ParseLimits
from maild.mail.parse.names import safe
from maild.mail.parse.tnef import read_tnef
from tests.cases import cases
from tests.unit.mail.parse.mails import mail, multipart, part
from tests.unit.mail.parse.winmail import RTF, container, file_objects, message_objects


def names_of(raw: bytes) -> list[str]:
    return [a.name for a in parse_mail(raw).attachments]


def one(*fields: str, kind: str = "application/octet-stream") -> str:
    return names_of(mail(multipart("mixed", part("text/plain", "x"), part(kind, "data", *fields))))[0]


@cases(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ("attachment; filename*=utf-8''k%C3%A9p.png", "kép.png"),
        ("attachment; filename*=utf-8'hu'k%C3%A9p.png; filename=\"kep.png\"", "kép.png"),
        ("attachment; filename*=iso-8859-2''t%FBz.png", "tűz.png"),
        ('attachment; filename*0="very "; filename*1="long.pdf"', "very long.pdf"),
        ("attachment; filename*0*=utf-8''k%C3; filename*1*=%A9p; filename*2=.png", "kép.png"),
        ('attachment; filename*1="b.pdf"; filename*0="a"', "ab.pdf"),
        ("attachment; filename=utf-8''k%C3%A9p.png", "kép.png"),
        ('attachment; filename="=?utf-8?B?a8OpcC5wbmc=?="', "kép.png"),
        ("attachment; filename==?utf-8?Q?k=C3=A9p.png?=", "kép.png"),
        ('attachment; filename="=?utf-8?Q?k=C3=A9?=\r\n =?utf-8?Q?p.png?="', "kép.png"),
        ('attachment;\r\n filename="folded\r\n name.pdf"', "folded name.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\Users\\\\x\\\\a.doc"', "a.doc"),
        ('attachment; filename="C:\\Users\\x\\a.doc"', "a.doc"),
        ('attachment; filename="a\\"b.pdf"', "a_b.pdf"),
        ('attachment; FileName="UP.PDF"', "UP.PDF"),
        ('filename="a.pdf"', "a.pdf"),
        ('attachment; filename="a;b.pdf"', "a;b.pdf"),
        ("attachment; size=3; filename='a.pdf'", "'a.pdf'"),
        ('inline; filename="k%C3%A9p%20x.png"', "kép x.png"),
    ],
)
def test_declared_file_name(disposition: str, name: str) -> None:
    assert one(f"Content-Disposition: {disposition}").strip("'") == name.strip("'")


def test_raw_eight_bit_name() -> None:
    entity = part("application/pdf", "x", 'Content-Disposition: attachment; filename="k\u00e9p.pdf"')
    assert names_of(mail(multipart("mixed", part("text/plain", "x"), entity))) == ["kép.pdf"]


def test_name_of_the_content_type_when_the_disposition_has_none() -> None:
    assert (
        one("Content-Disposition: attachment", kind='application/pdf; name="=?utf-8?Q?k=C3=A9p.pdf?="')
        == "kép.pdf"
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/pdf", "attachment1.pdf"),
        ("image/jpeg", "image1.jpg"),
        ("application/octet-stream", "attachment1.bin"),
        ("audio/mpeg", "audio1.mp3"),
        ("application/pgp-signature", "signature.asc"),
    ],
)
def test_made_name(kind: str, name: str) -> None:
    assert one(kind=kind) == name


@cases(
    ("name", "expected"),
    [
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00b\x1b[31m.txt", "ab[31m.txt"),
        ("..", ""),
        (".", ""),
        ("/", ""),
        ("", ""),
        ("a/b\\c.txt", "c.txt"),
        ("CON<>.txt", "CON__.txt"),
        (" a.txt ", "a.txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        (".bashrc", ".bashrc"),
    ],
)
def test_name_is_safe_on_a_disk(name: str, expected: str) -> None:
    assert safe(name) == expected


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str) -> None:
    made = safe(name)
    assert "/" not in made
    assert "\\" not in made
    assert made not in (".", "..")
    assert not any(
        unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\u202e\u200b\u2066" for c in made
    )
    assert len(made.encode()) <= 200


@given(st.binary(max_size=500), st.sampled_from(["base64", "8bit", "binary"]))
def test_bytes_of_an_attachment_come_back(data: bytes, encoding: str) -> None:
    if encoding != "base64" and b"--" in data:
        return
    raw = mail(
        multipart(
            "mixed", part("text/plain", "x"), part("application/x-y; name=a.bin", data, encoding=encoding)
        )
    )
    attachment, back = attachment_bytes(raw, 1)
    assert back == data
    assert attachment == parse_mail(raw).attachments[0]
    assert attachment.size == len(data)


def test_no_such_attachment() -> None:
    with pytest.raises(IndexError):
        attachment_bytes(mail(part("text/plain", "x")), 1)


def test_attachment_of_a_capped_mail_is_unreadable() -> None:
    raw = mail(multipart("mixed", *[part("text/plain", "x")] * 30))
    with pytest.raises(Unreadable):
        attachment_bytes(raw, 1, limits=ParseLimits(parts=20))


def test_winmail_is_unpacked_in_place_of_the_container() -> None:
    dat = container(
        message_objects(text="Hello from Outlook"),
        file_objects("riport őszi.pdf", b"%PDF-1\0\0\0", title="RIPORT~1.PDF"),
    )
    raw = mail(
        multipart(
            "mixed",
            part("text/plain", "see file"),
            part("application/ms-tnef; name=winmail.dat", dat, encoding="base64"),
        )
    )
    found = parse_mail(raw)
    assert [(a.name, a.size, a.tnef) for a in found.attachments] == [("riport őszi.pdf", 9, True)]
    assert found.text.strip() == "see file"
    assert attachment_bytes(raw, 1)[1] == b"%PDF-1\0\0\0"


def test_body_comes_from_winmail_when_the_mail_has_none() -> None:
    for objects in (
        message_objects(text="Hello ő"),
        message_objects(html="<p>Hello ő</p>"),
        message_objects(rtf=RTF),
    ):
        dat = container(objects)
        found = parse_mail(
            mail(
                multipart(
                    "mixed", part("text/plain", ""), part("application/ms-tnef", dat, encoding="base64")
                )
            )
        )
        assert found.text.strip().startswith("Hello")
        assert found.attachments == ()


def test_winmail_under_another_type_is_known_by_its_name() -> None:
    dat = container(file_objects("a.txt", b"abc"))
    assert names_of(
        mail(multipart("mixed", part("application/octet-stream; name=WINMAIL.DAT", dat, encoding="base64")))
    ) == ["a.txt"]


def test_old_winmail_names_are_in_the_codepage() -> None:
    dat = container(file_objects("", b"abc", title="t\u0171z.txt"), codepage=1250)
    assert names_of(mail(multipart("mixed", part("application/ms-tnef", dat, encoding="base64")))) == [
        "tűz.txt"
    ]


def test_mail_inside_winmail_gives_its_text_and_files() -> None:
    inner = container(message_objects(text="inner words"), file_objects("inner.txt", b"x"))
    dat = container(file_objects("Forwarded", b"", embedded=inner))
    assert names_of(mail(multipart("mixed", part("application/ms-tnef", dat, encoding="base64")))) == [
        "Forwarded.txt",
        "inner.txt",
    ]


def test_broken_winmail_stays_as_it_is() -> None:
    raw = mail(
        multipart(
            "mixed",
            part("text/plain", "x"),
            part("application/ms-tnef; name=winmail.dat", b"junk", encoding="base64"),
        )
    )
    assert names_of(raw) == ["winmail.dat"]


def test_cut_winmail_gives_what_is_whole() -> None:
    dat = container(file_objects("a.txt", b"abc"), file_objects("b.txt", b"def" * 100))
    raw = mail(multipart("mixed", part("application/ms-tnef", dat[:-150], encoding="base64")))
    assert names_of(raw)[0] == "a.txt"


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_signature_are_survived(data: bytes) -> None:
    read_tnef(b"\x78\x9f\x3e\x22\x01\x00" + data, ParseLimits())
