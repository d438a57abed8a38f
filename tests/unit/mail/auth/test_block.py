"""The header block is split strictly; what two readers could read differently is named."""

from __future__ import annotations

import pytest

from maild.mail.auth.block import block_of, duplicates, uncovered, whole

PLAIN = b"From: a@b.example\r\nSubject: x\r\n y\r\n"


def test_fields_come_in_order_with_folded_lines_joined() -> None:
    block = block_of(PLAIN)
    assert block.fields == (("from", b"a@b.example"), ("subject", b"x y"))
    assert block.malformed is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"From: a\rFrom: b\r\n", "header-bare-cr"),
        (b"From: a\nSubject: x\r\n", "header-bare-lf"),
        (b"From: a\0\r\n", "header-nul"),
        (b"From : a\r\n", "header-malformed"),
        (b"From: a\r\nno colon\r\n", "header-malformed"),
        (b"From x Mon Nov 2\r\nFrom: a\r\n", "header-malformed"),
        ("Frоm: a\r\n".encode(), "header-malformed"),
    ],
)
def test_what_readers_disagree_about_is_malformed(raw: bytes, code: str) -> None:
    found = block_of(raw).malformed
    assert found is not None
    assert found.code == code


def test_a_mail_stored_with_line_feeds_alone_is_well_formed() -> None:
    assert block_of(PLAIN.replace(b"\r\n", b"\n")).malformed is None


@pytest.mark.parametrize("name", ["From", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"])
def test_a_field_that_may_stand_once_is_counted_whatever_its_case(name: str) -> None:
    raw = f"{name}: a\r\n{name.upper()}: b\r\n".encode()
    assert duplicates(block_of(raw)) == (name.lower(),)


def test_present_mime_fields_must_be_signed_and_absent_ones_need_not() -> None:
    block = block_of(PLAIN + b"Content-Type: text/plain\r\n")
    assert uncovered(block, ("from", "subject", "date")) == ("content-type",)
    assert uncovered(block_of(PLAIN), ("from", "subject", "date")) == ()
    assert uncovered(block_of(PLAIN), ("from",)) == ("subject", "date")


@pytest.mark.parametrize(
    ("raw", "head", "same"),
    [
        (b"From: a\r\n\r\nx", b"From: a\r\n", True),
        (b"From: a\n\nx", b"From: a\n", True),
        (b"From: a\r\n", b"From: a\r\n", True),
        (b"From: a\r\nX: y\r\n\r\nx", b"From: a\r\n", False),
        (b"From x\r\nFrom: a\r\n\r\nx", b"From: a\r\n", False),
    ],
)
def test_the_block_we_read_is_the_block_a_verifier_reads(raw: bytes, head: bytes, same: bool) -> None:
    assert whole(raw, head) is same
