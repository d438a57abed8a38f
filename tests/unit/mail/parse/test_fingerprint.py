"""Same mail, however it comes; other mail, however alike."""

from __future__ import annotations

import base64
import quopri

import pytest

from maild.mail.parse import parse_mail
from tests.cases import cases
from tests.unit.mail.parse.mails import HEAD, multipart, part

WORDS = "The café printer is broken.\r\nFrom here on = nothing works.\r\n"


def mark(raw: bytes) -> str:
    return parse_mail(raw).fingerprint


def text(encoding: str, charset: str = "utf-8") -> bytes:
    data = WORDS.encode(charset)
    coded = {"8bit": data, "base64": base64.encodebytes(data), "quoted-printable": quopri.encodestring(data)}[
        encoding
    ]
    return (
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + coded
    )


ORIGINAL = HEAD + text("8bit")


@cases(
    "again",
    [
        ORIGINAL,
        HEAD + text("base64"),
        HEAD + text("quoted-printable"),
        HEAD + text("8bit", "iso-8859-1"),
        ORIGINAL.replace(b"\r\n", b"\n"),
        ORIGINAL.replace(b"\r\n", b"\r\r\n"),
        b"Received: from x by y; Mon, 2 Nov 2026 09:31:00 +0100\r\nX-Spam-Flag: NO\r\n" + ORIGINAL,
        ORIGINAL.replace(b"Subject: Printer", b"Subject: =?utf-8?q?Printer?="),
        ORIGINAL.replace(b"09:30:00 +0100", b"08:30:00 +0000"),
        ORIGINAL.replace(b"From: Anna <anna@acme.example>", b"From: anna@acme.example"),
        ORIGINAL.replace(b"\r\nFrom here", b"\r\n>From here"),
        ORIGINAL.replace(b"works.\r\n", b"works.  \r\n\r\n"),
        b"From anna Mon Nov  2 09:30:00 2026\r\n" + ORIGINAL,
    ],
)
def test_gateways_do_not_make_another_mail(again: bytes) -> None:
    assert mark(again) == mark(ORIGINAL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<a@acme.example>", b"<b@acme.example>"),
        (b"Subject: Printer", b"Subject: Printers"),
        (b"09:30:00", b"09:30:01"),
        (b"anna@acme", b"bela@acme"),
        (b"broken", b"fine"),
    ],
)
def test_other_content_is_another_mail(old: bytes, new: bytes) -> None:
    assert mark(ORIGINAL.replace(old, new)) != mark(ORIGINAL)


def test_attachments_count() -> None:
    def with_file(data: bytes, encoding: str) -> bytes:
        return HEAD + multipart(
            "mixed", part("text/plain", "x"), part("application/pdf; name=a.pdf", data, encoding=encoding)
        )

    assert mark(with_file(b"one", "base64")) == mark(with_file(b"one", "binary"))
    assert mark(with_file(b"one", "base64")) != mark(with_file(b"two", "base64"))


def test_reading_that_is_not_shown_counts_too() -> None:
    def with_html(html: str) -> bytes:
        return HEAD + multipart("alternative", part("text/plain", "hello"), part("text/html", html))

    assert mark(with_html("<p>one</p>")) != mark(with_html("<p>two</p>"))


def test_mail_without_message_id_has_a_mark() -> None:
    bare = ORIGINAL.replace(b"Message-ID: <a@acme.example>\r\n", b"")
    assert mark(bare) == mark(b"X-A: b\r\n" + bare)
    assert mark(bare) != mark(ORIGINAL)
