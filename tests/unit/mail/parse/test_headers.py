"""The header block, whole and broken."""

from __future__ import annotations

import pytest

from maild.errors import Unreadable
from maild.mail.parse import parse_mail
from maild.mail.parse.caps import ParseLimits
from maild.mail.parse.headers import parse_block
from maild.mail.parse.ids import message_id, message_ids, thread_index
from tests.cases import cases

LIMITS = ParseLimits()


def codes(raw: bytes) -> set[str]:
    return {defect.code for defect in parse_mail(raw).defects}


@pytest.mark.parametrize("eol", [b"\r\n", b"\n", b"\r\r\n", b"\r"])
def test_every_line_end_is_understood(eol: bytes) -> None:
    mail = parse_mail(eol.join([b"From: a@b.com", b"Subject: one", b" two", b"", b"line 1", b"line 2", b""]))
    assert mail.subject == "one two"
    assert mail.sender is not None
    assert mail.text == "line 1\nline 2\n"


def test_mbox_line_and_blank_lines_on_top_are_skipped() -> None:
    mail = parse_mail(b"\n\nFrom a@b.com Mon Nov  2 09:30:00 2026\nFrom: a@b.com\nSubject: x\n\nbody\n")
    assert (mail.subject, mail.text) == ("x", "body\n")


def test_junk_line_in_the_midst_does_not_end_the_block() -> None:
    raw = b"From: a@b.com\nthis is junk\nSubject: x\n\nbody\n"
    assert parse_mail(raw).subject == "x"
    assert "header-broken" in codes(raw)


def test_body_without_a_blank_line_before_it_is_kept() -> None:
    raw = b"From: a@b.com\nSubject: x\nHello Bob, how are you: fine?\nmore\n"
    mail = parse_mail(raw)
    assert mail.text == "Hello Bob, how are you: fine?\nmore\n"
    assert "header-unended" in codes(raw)


def test_mail_without_a_body() -> None:
    mail = parse_mail(b"From: a@b.com\nSubject: only")
    assert (mail.subject, mail.text, mail.new_text) == ("only", "", "")


def test_first_of_two_subjects_counts_and_the_second_is_noted() -> None:
    raw = b"Subject: one\nSubject: two\nFrom: a@b.com\n\nx"
    assert parse_mail(raw).subject == "one"
    assert "duplicate-subject" in codes(raw)


def test_bare_cr_never_starts_a_second_from() -> None:
    raw = b"From: a@b.com\r\nSubject: x\rFrom: boss@acme.example\r\n\r\nbody"
    mail = parse_mail(raw)
    assert mail.header_all("from") == ("a@b.com",)
    assert mail.sender is not None
    assert mail.sender.address == "a@b.com"
    assert "header-bare-cr" in codes(raw)


def test_nul_in_the_block_is_noted_and_gone() -> None:
    raw = b"From: a@b.com\nSubject: a\0b\n\nx\0y"
    mail = parse_mail(raw)
    assert (mail.subject, mail.text) == ("ab", "xy")
    assert "header-nul" in codes(raw)


def test_blank_before_the_colon_is_a_field_all_the_same() -> None:
    assert parse_mail(b"From : a@b.com\nSubject : x\n\n").subject == "x"


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"hello world", b"\x00\x01\x02", b"From nobody\n\nhello", b" : x\n"]
)
def test_bytes_without_a_field_are_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_mail(raw)


def test_raw_block_is_kept_as_received() -> None:
    raw = b"From: a@b.com\r\nSubject: x\r\n\r\nbody"
    assert parse_mail(raw).raw_headers == b"From: a@b.com\r\nSubject: x\r\n"


def test_field_names_keep_their_spelling_and_order() -> None:
    block = parse_block(b"B: 1\nA: 2\nb: 3\n\n", limits=LIMITS)
    assert [name for name, _ in block.fields] == ["B", "A", "b"]
    assert block.index["b"] == [b" 1", b" 3"]


@cases(
    ("raw", "ids"),
    [
        (b"", ()),
        (b"   ", ()),
        (b"<>", ()),
        (b"<a@b>", ("<a@b>",)),
        (b"<a@b> <c@d>", ("<a@b>", "<c@d>")),
        (b"<a@b><c@d>", ("<a@b>", "<c@d>")),
        (b"<a@b>,\r\n <c@\r\n d>", ("<a@b>", "<c@d>")),
        (b'Your message of "Mon, 2 Nov" <a@b>', ("<a@b>",)),
        (b"<a@b> (Bob's message of Monday)", ("<a@b>",)),
        (b"Message from Bob <bob@x.com> of Monday <a@b>", ("<bob@x.com>", "<a@b>")),
        (b"a@b", ("<a@b>",)),
        (b"<a@b <c@d>", ("<c@d>",)),
        (b"<a@b> <a@b>", ("<a@b>",)),
        (b"none", ()),
    ],
)
def test_ids_are_found_between_dirt(raw: bytes, ids: tuple[str, ...]) -> None:
    assert message_ids(raw) == ids


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b" <a@b>", "<a@b>"),
        (b"<a@b> (added by postmaster@x)", "<a@b>"),
        (b"a@b", "<a@b>"),
        (b"<noat>", "<noat>"),
        (b"<>", None),
        (b"", None),
        (b"<a@\r\n b>", "<a@b>"),
    ],
)
def test_own_message_id(raw: bytes, expected: str | None) -> None:
    assert message_id(raw) == expected


def test_thread_index_is_hex_and_needs_22_bytes() -> None:
    assert thread_index(b"AdI1ZkFoaGZ0c2VyZGZhc2RmYXNkZmE=") is not None
    assert thread_index(b"AdI1") is None
    assert thread_index(b"not base64 !!") is None


@cases(
    ("raw", "iso"),
    [
        (b"Mon, 2 Nov 2026 09:30:00 +0100", "2026-11-02T08:30:00+00:00"),
        (b"Mon, 02 Nov 2026 09:30:00 GMT", "2026-11-02T09:30:00+00:00"),
        (b"2 Nov 26 09:30 EST", "2026-11-02T14:30:00+00:00"),
        (b"Mon,  2 Nov 2026 09:30:00 +0100 (CET)", "2026-11-02T08:30:00+00:00"),
        (b"Mon Nov  2 09:30:00 2026", "2026-11-02T09:30:00+00:00"),
        (b"2026-11-02T09:30:00+01:00", "2026-11-02T08:30:00+00:00"),
        (b"Mon, 2 Nov 2026 09.30.00 +0100", "2026-11-02T08:30:00+00:00"),
        (b"Fri, 2 Nov 2026 09:30:00 -0000", "2026-11-02T09:30:00+00:00"),
    ],
)
def test_date_is_utc(raw: bytes, iso: str) -> None:
    date = parse_mail(b"From: a@b.com\nDate: " + raw + b"\n\n").date
    assert date is not None
    assert date.isoformat() == iso


@pytest.mark.parametrize(
    "raw", [b"yesterday", b"", b"Mon, 99 Nov 2026 09:30:00 +0100", b"\xff\xfe", b"1" * 300]
)
def test_hopeless_date_is_none(raw: bytes) -> None:
    assert parse_mail(b"From: a@b.com\nDate: " + raw + b"\n\n").date is None
