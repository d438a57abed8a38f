"""How a mail's bytes travel after DATA."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.send.transaction import outcome_of, wire_form


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".a\r\n..b\r\n", b"..a\r\n...b\r\n.\r\n"),
        (b"a\n.b\rc", b"a\r\n..b\r\nc\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_dots_are_doubled_and_lines_end_with_crlf(raw: bytes, sent: bytes) -> None:
    assert wire_form(raw) == sent


@given(st.lists(st.sampled_from([b"a", b".", b"\r", b"\n", b"\r\n"]), max_size=30).map(b"".join))
def test_only_the_end_of_the_mail_ends_the_mail(raw: bytes) -> None:
    sent = wire_form(raw)
    assert (b"\r\n" + sent).find(b"\r\n.\r\n") == len(sent) + 2 - 5
    assert sent.count(b"\n") == sent.count(b"\r") == sent.count(b"\r\n")


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (250, "sent"),
        (251, "sent"),
        (354, "temporary"),
        (421, "temporary"),
        (550, "permanent"),
        (-1, "temporary"),
    ],
)
def test_first_digit_says_what_becomes_of_the_mail(code: int, outcome: str) -> None:
    assert outcome_of(code) == outcome
