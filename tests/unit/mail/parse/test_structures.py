# ruff: noqa: E501
"""What is shown as text and what is listed, for every structure that mail comes in (RFC 2045 to 2049 and offences)."""

from __future__ import annotations

import base64

from maild.mail.parse import parse_mail
from tests.cases import cases

HEAD = b"From: Ann <ann@acme.example>\r\nSubject: Test\r\nMessage-ID: <a@b.example>\r\nMIME-Version: 1.0\r\n"
PNG = b"Content-Type: image/png; name=x.png\r\nContent-ID: <i>\r\n\r\nPNG"
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Visit\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
INNER = b"From: x@y.example\r\nSubject: Inner\r\n\r\nInner body"


def several(kind: str, *parts: bytes, boundary: bytes = b"BB", extra: bytes = b"") -> bytes:
    head = b'Content-Type: multipart/%s; boundary="%s"%s\r\n\r\n' % (kind.encode(), boundary, extra)
    return head + b"".join(b"--%s\r\n%s\r\n" % (boundary, each) for each in parts) + b"--%s--\r\n" % boundary


def text(words: str = "Plain.", fields: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    return f"Content-Type: {kind}\r\n{fields}\r\n{words}".encode()


def html(words: str = "<p>Rich <b>words</b>.</p>", fields: str = "") -> bytes:
    return text(words, fields, "text/html; charset=utf-8")


def encoded(words: str, charset: str, kind: str = "text/plain") -> bytes:
    head = f"Content-Type: {kind}; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(words.encode(charset))


LONG = "<p>" + "Many words of the mail itself. " * 10 + "</p>"
CASES: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "alternative with empty text": (several("alternative", text("\r\n"), html()), "Rich words.", ()),
    "alternative with blank text": (several("alternative", text(" \xa0\r\n"), html()), "Rich words.", ()),
    "alternative whose text is an excuse": (
        several("alternative", text("Your program does not support HTML mail. View it in your browser."), html(LONG)),
        ("Many words of the mail itself. " * 10).strip(),
        (),
    ),
    "alternative in the wrong order": (several("alternative", html(), text()), "Plain.", ()),
    "alternative with AMP": (several("alternative", text(), text("<html amp>", "", "text/x-amp-html"), html()), "Plain.", ()),
    "alternative with an invitation": (
        several("alternative", text(), html(), text(CALENDAR.decode(), "", "text/calendar; method=REQUEST")),
        "Plain.",
        (),
    ),
    "mixed inside alternative": (
        several("alternative", text(), several("mixed", html(), b"Content-Type: application/pdf; name=a.pdf\r\n\r\nP", html(), boundary=b"CC")),
        "Plain.",
        ("a.pdf",),
    ),
    "related inside alternative": (several("alternative", text(), several("related", html(), PNG, boundary=b"CC")), "Plain.", ("x.png",)),
    "two texts": (several("mixed", text("One."), text("Two.")), "One.\n\nTwo.", ()),
    "text, picture, text": (
        several("mixed", text("One."), b"Content-Disposition: inline; filename=x.png\r\n" + PNG, text("Two.")),
        "One.\n\n[image: x.png]\n\nTwo.",
        ("x.png",),
    ),
    "text attached with a name": (several("mixed", text(), text("log", "Content-Disposition: attachment; filename=a.log\r\n")), "Plain.", ("a.log",)),
    "text attached without a name": (several("mixed", text(), text("log", "Content-Disposition: attachment\r\n")), "Plain.", ("attachment1.txt",)),
    "text inline with a name": (several("mixed", text(), text("log", "Content-Disposition: inline; filename=a.txt\r\n")), "Plain.", ("a.txt",)),
    "a list's footer": (several("mixed", html(), text("____\r\nlist footer")), "Rich words.\n\n____\nlist footer", ()),
    "a page attached to nothing": (several("mixed", text(""), html("<p>x</p>", "Content-Disposition: attachment; filename=p.html\r\n")), "", ("p.html",)),
    "related with start": (several("related", PNG, html('<p>See <img src="cid:i"></p>', "Content-ID: <r>\r\n"), extra=b'; start="<r>"'), "See [image: x.png]", ("x.png",)),
    "related whose picture comes first": (several("related", PNG, html('<p>See <img src="cid:i"></p>')), "See [image: x.png]", ("x.png",)),
    "a forwarded mail attached": (several("mixed", text(), b"Content-Type: message/rfc822\r\n\r\n" + INNER), "Plain.", ("Inner.eml",)),
    "a forwarded mail alone": (b"Content-Type: message/rfc822\r\n\r\n" + INNER, "", ("Inner.eml",)),
    "a digest": (several("digest", b"\r\n" + INNER, b"\r\n" + INNER.replace(b"Inner", b"Other")), "", ("Inner.eml", "Other.eml")),
    "an external body": (
        several("mixed", text(), b'Content-Type: message/external-body; access-type=URL; name="f.zip"\r\n\r\nContent-Type: application/zip\r\n\r\n'),
        "Plain.",
        ("f.zip",),
    ),
    "signed by PGP": (several("signed", text(), b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\nx"), "Plain.", ("signature.asc",)),
    "signed by S/MIME": (
        several("signed", several("alternative", text(), html(), boundary=b"CC"), b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx"),
        "Plain.",
        ("smime.p7s",),
    ),
    "S/MIME, opaque": (b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAG", "[encrypted: this mail cannot be read here]", ("smime.p7m",)),
    "a report": (
        several("report", text("Not delivered."), b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n", b"Content-Type: message/rfc822\r\n\r\n" + INNER),
        "Not delivered.",
        ("Inner.eml",),
    ),
    "the wrong boundary": (b'Content-Type: multipart/mixed; boundary="XX"\r\n\r\n--YY\r\nContent-Type: text/plain\r\n\r\nBody\r\n--YY--\r\n', "Body", ()),
    "no boundary declared": (several("alternative", text(), html()).replace(b'; boundary="BB"', b""), "Plain.", ()),
    "no closing boundary": (several("mixed", text(), text("f", "Content-Disposition: attachment; filename=a.txt\r\n")).replace(b"--BB--", b""), "Plain.", ("a.txt",)),
    "a boundary that never comes": (b'Content-Type: multipart/mixed; boundary="XX"\r\n\r\nJust words.', "Just words.", ()),
    "boundary that begins another": (several("mixed", several("alternative", text(), html(), boundary=b"BBB"), PNG), "Plain.", ("x.png",)),
    "preamble and epilogue": (b'Content-Type: multipart/mixed; boundary="XX"\r\n\r\nnot shown\r\n--XX\r\n\r\nBody\r\n--XX--\r\nnot shown', "Body", ()),
    "type text": (b"Content-Type: text\r\n\r\nBody", "Body", ()),
    "type html": (b"Content-Type: html\r\n\r\n<p>Body</p>", "Body", ()),
    "type nonsense": (b"Content-Type: ;;;\r\n\r\nBody", "Body", ()),
    "type text/unknown": (b"Content-Type: text/foo\r\n\r\nBody", "Body", ()),
    "html under text/plain": (text("<html><body><p>Body</p></body></html>"), "Body", ()),
    "encoding nonsense": (b"Content-Type: text/plain\r\nContent-Transfer-Encoding: utf-8\r\n\r\n1 =3D 1", "1 =3D 1", ()),
    "8 bit in 7bit": (b"Content-Type: text/plain; charset=us-ascii\r\n\r\nT\xe9l\xe9phone", "Téléphone", ()),
    "UTF-8 called Latin-1": ("Content-Type: text/plain; charset=iso-8859-1\r\n\r\nNyomtató".encode(), "Nyomtató", ()),
    "Latin-2 called UTF-8": ("Content-Type: text/plain; charset=utf-8\r\n\r\nNyomtató őrült többször".encode("iso-8859-2"), "Nyomtató őrült többször", ()),
    "UTF-16 with a mark": (encoded("Hello wörld", "utf-16"), "Hello wörld", ()),
    "UTF-16 without": (encoded("Hello wörld", "utf-16le"), "Hello wörld", ()),
    "UTF-16 page": (encoded("<p>Hello wörld</p>", "utf-16be", "text/html"), "Hello wörld", ()),
    "unicode that is none": (b"Content-Type: text/plain; charset=unicode\r\n\r\nHello", "Hello", ()),
    "a byte order mark": (b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xef\xbb\xbfHello", "Hello", ()),
    "NULs at the end": (b"Content-Type: text/plain\r\n\r\nHello\0\0\0", "Hello", ()),
    "mbox quoting": (b"Content-Type: text/plain\r\n\r\n>From here on it works", "From here on it works", ()),
    "no MIME at all": (b"\r\nBody", "Body", ()),
    "uuencode": (b"\r\nHello\r\n\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n", "Hello\n\n[attachment: a.txt]", ("a.txt",)),
    "flowed and delsp": (text("A lo \r\nng line.\r\n> q \r\n> uote", kind="text/plain; format=flowed; delsp=yes"), "A long line.\n> quote", ()),
}  # fmt: skip


@cases("name", CASES)
def test_structure_is_read(name: str) -> None:
    body, words, files = CASES[name]
    mail = parse_mail(HEAD + body)
    assert mail.text.strip() == words
    assert tuple(a.name for a in mail.attachments) == files


def test_line_ends_of_an_old_mac() -> None:
    raw = HEAD.replace(b"\r\n", b"\r") + b"Content-Type: text/plain\r\rHello\rworld\r"
    assert parse_mail(raw).text.split() == ["Hello", "world"]
