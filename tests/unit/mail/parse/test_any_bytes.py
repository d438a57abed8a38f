"""Any bytes parse: no crash, no control character in any string, no cap overrun, no dragging."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maild.errors import Unreadable
from maild.mail.parse import ParseLimits, attachment_bytes, headers_only, needs_worker, parse_mail
from maild.mail.parse.mail import CUT
from maild.model import Mail
from tests.timing import grows_as_its_size
from tests.unit.mail.parse.mails import HEAD, mail, multipart, part

#: thousands of inputs
pytestmark = pytest.mark.slow

CONTROLS = {chr(i) for i in (*range(32), *range(0x7F, 0xA0))}
IN_TEXT = CONTROLS - {"\n", "\t"}
TEXTS = {"text", "new_text", "elided", "visible_new_text"}

FIELDS = [
    b"From: a@b.com",
    b"From: =?utf-8?q?x?= <",
    b"Subject: =?utf-8?b?",
    b"Subject: \xff\xfe=?x?q?=00?=",
    b'To: ,,;:<>()"',
    b"Content-Type: multipart/mixed; boundary=b",
    b'Content-Type: multipart/alternative; boundary="b',
    b"Content-Type: text/html; charset=utf-7",
    b'Content-Type: text/plain; charset="utf-16"; format=flowed',
    b"Content-Type: message/delivery-status",
    b"Content-Type: text/calendar",
    b"Content-Type: application/ms-tnef; name*0*=x'y'%ff",
    b"Content-Type: text/enriched",
    b"Content-Type: text/rtf",
    b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: quoted-printable",
    b"Content-Transfer-Encoding: x-uuencode",
    b'Content-Disposition: attachment; filename="../\\\x00\x1b"',
    b"Content-Disposition: inline",
    b"Date: Mon, 32 Foo 99999",
    b"Message-ID: <>",
    b"References: <a@b> <",
    b"In-Reply-To: ",
    b"Thread-Index: AAAA",
    b"Return-Path: <>",
    b" folded",
    b"junk",
    b"",
]
BODIES = [
    b"--b",
    b"--b--",
    b"<div style=display:none>x<blockquote>",
    b"begin 644 x",
    b"#0V%T",
    b"end",
    b"{\\rtf1\\'ff\\u-1 ?}",
    b"BEGIN:VCALENDAR",
    b"BEGIN:VEVENT",
    b"SUMMARY:\\",
    b"=C3=A9=",
    b"SGVsbG8=",
    b"\x1b$B$3\x1b(B",
    b"\xff\xfe\xe1",
    b"\x78\x9f\x3e\x22",
    b"> quoted",
    b"-- ",
    b"\x00\x07",
    b"Action: failed",
    b"Final-Recipient: rfc822;x",
    b"[cid:x]",
    b"\xef\xbb\xbf",
    b"+AGE-",
]
LINES = st.one_of(st.sampled_from(FIELDS + BODIES), st.binary(max_size=40))
EOLS = st.sampled_from([b"\r\n", b"\n", b"\r", b"\r\r\n"])


def strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item, name)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for item in dataclasses.fields(value):
            yield from strings(getattr(value, item.name), item.name)


def assert_clean(found: Mail) -> None:
    for name, value in strings(found):
        value.encode()
        dirt = (IN_TEXT if name in TEXTS else CONTROLS).intersection(value)
        assert not dirt, (name, value)
    assert (found.sender is None) != (found.sender_defect is None)
    assert [a.index for a in found.attachments] == list(range(1, len(found.attachments) + 1))


@given(st.lists(LINES, max_size=25), EOLS)
@settings(max_examples=150, deadline=None)
@example(
    [b"From: a@b", b"Content-Type: text/calendar", b"", b"BEGIN:VCALENDAR", b"METHOD:\x7f", b"BEGIN:VEVENT"],
    b"\n",
)
def test_any_mail_like_bytes_parse(lines: list[bytes], eol: bytes) -> None:
    raw = b"From: a@b.com" + eol + eol.join(lines)
    found = parse_mail(raw)
    assert_clean(found)
    assert found.size == len(raw)
    for attachment in found.attachments:
        assert len(attachment_bytes(raw, attachment.index)[1]) == attachment.size
    assert_clean(headers_only(raw))
    needs_worker(raw)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_parse_or_are_unreadable(raw: bytes) -> None:
    try:
        assert_clean(parse_mail(raw))
    except Unreadable:
        with pytest.raises(Unreadable):
            headers_only(raw)


def test_parsing_twice_gives_the_same() -> None:
    raw = mail(multipart("mixed", part("text/plain", "x"), part("image/png", b"y")))
    assert parse_mail(raw) == parse_mail(raw)


SMALL = ParseLimits(
    size=20_000,
    header_bytes=4_000,
    header_fields=50,
    parts=10,
    depth=4,
    text_chars=500,
    html_chars=1_000,
    html_tags=50,
)


def nested(levels: int) -> bytes:
    entity = part("text/plain", "deep")
    for _ in range(levels):
        entity = multipart("mixed", entity)
    return entity


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (mail(part("text/plain", "x" * 30_000)), "cap-size"),
        (HEAD + b"X-Long: " + b"y" * 5_000 + b"\r\n\r\nbody", "cap-header-bytes"),
        (HEAD + b"X: y\r\n" * 60 + b"\r\nbody", "cap-header-fields"),
        (mail(multipart("mixed", *[part("text/plain", "x")] * 20)), "cap-parts"),
        (mail(nested(8)), "cap-depth"),
    ],
    ids=["size", "header-bytes", "header-fields", "parts", "depth"],
)
def test_capped_mail_keeps_what_its_headers_say(raw: bytes, code: str) -> None:
    found = parse_mail(raw, limits=SMALL)
    assert found.capped
    assert code in {d.code for d in found.defects}
    assert found.subject == "Printer"
    assert found.sender is not None
    assert found.sender.address == "anna@acme.example"
    assert (found.text, found.attachments) == ("", ())
    assert_clean(found)


def test_long_text_is_cut_and_marked_but_not_capped() -> None:
    found = parse_mail(mail(part("text/plain", "word " * 2_000)), limits=SMALL)
    assert not found.capped
    kept, _, last_line = found.text.rpartition("\n\n")
    assert kept == ("word " * 100).rstrip()  # 500 characters
    assert last_line == CUT
    assert found.new_text.endswith(f"word\n\n{CUT}")
    assert "cut-text" in {d.code for d in found.defects}


def test_many_tags_are_cut_and_marked() -> None:
    found = parse_mail(mail(part("text/html", "<b>x</b>" * 100)), limits=SMALL)
    assert "cut-html" in {d.code for d in found.defects}
    assert found.text.startswith("xxx")


def test_headers_only_tells_why() -> None:
    found = headers_only(mail(PLAIN))
    assert found.capped
    assert "cap-time" in {d.code for d in found.defects}


PLAIN = part("text/plain", "hello")


@pytest.mark.parametrize(
    ("raw", "needed"),
    [
        (mail(PLAIN), False),
        (mail(part("text/plain", "x" * 300_000)), True),
        (mail(part("text/html", "<p>" * 40_000)), True),
        (mail(part("application/ms-tnef", "x")), True),
        (mail(part("text/rtf", "{\\rtf1}")), True),
        (mail(nested(30)), True),
        (mail(multipart("mixed", *[PLAIN] * 400)), True),
    ],
    ids=["plain", "large", "html", "tnef", "rtf", "deep", "many"],
)
def test_what_can_be_dragged_out_wants_a_worker(raw: bytes, needed: bool) -> None:
    assert needs_worker(raw) is needed


MEGABYTE = 1_000_000
HEAVY = {
    "newlines": b"\n",
    "carriage returns": b"\r",
    "blanks": b" ",
    "quotes": b"> ",
    "boundaries": b"--b\n",
    "near boundaries": b"--bb\n",
    "headers": b"X: y\n",
    "encoded words": b"Subject: =?utf-8?q?a\n",
    "begin": b"begin 644 x\n",
    "high": b"\xe1\xff ",
    "percent": b"%",
    "angles": b"<",
    "parentheses": b"(",
    "encoded": b"=?utf-8?b?",
    "at": b"a@",
    "nul": b"\0",
    "backslashes": b'"\\',
}
HEADS = {
    "body": b"From: a@b\n\n",
    "multipart": b"From: a@b\nContent-Type: multipart/mixed; boundary=b\n\n",
    "flowed": b"From: a@b\nContent-Type: text/plain; format=flowed\n\n",
    "from": b"From: ",
    "to": b"From: a@b\nTo: ",
    "references": b"From: a@b\nReferences: ",
    "subject": b"From: a@b\nSubject: ",
    "type": b"From: a@b\nContent-Type: ",
    "block": b"From: a@b\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_heavy_pieces_do_not_drag(head: bytes) -> None:
    for piece in HEAVY.values():
        grows_as_its_size(partial(_reading, head, piece), 8_000, piece)


def _reading(head: bytes, piece: bytes, size: int) -> Callable[[], object]:
    raw = head + (piece * (size // len(piece) + 1))[:size]
    return lambda: parse_mail(raw)
