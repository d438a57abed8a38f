from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.receive.smtp_data import DataReader
from maild.receive.smtp_limits import Budget

PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\0", b"\xff", b"\r\n.", b"\n.\n", b"\r.\r"]),
    max_size=30,
).map(b"".join)


def reader(max_bytes: int = 10_000, limit: int = 100_000) -> DataReader:
    return DataReader(max_bytes, Budget(limit, limit).account("a"))


def plain_reading(stream: bytes) -> tuple[bytes, bytes] | None:
    """What RFC 5321 says, on the whole stream at once."""
    whole = b"\r\n" + stream
    end = whole.find(b"\r\n.\r\n")
    if end < 0:
        return None
    return re.sub(rb"\r\n\.", b"\r\n", whole[: end + 2])[2:], whole[end + 5 :]


@given(PIECES, PIECES, st.data())
def test_any_cutting_into_chunks_reads_the_same(before: bytes, after: bytes, data: st.DataObject) -> None:
    stream = before + b"\r\n.\r\n" + after
    expected = plain_reading(stream)
    assert expected is not None
    made, at = reader(), 0
    while True:
        step = data.draw(st.integers(1, 5))
        rest = made.feed(stream[at : at + step])
        at += step
        if rest is not None:
            break
        assert at < len(stream)
    assert (made.mail(), rest + stream[at:]) == expected


@pytest.mark.parametrize(
    "line_end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n\0.\r\n"]
)
def test_nothing_but_crlf_dot_crlf_ends_a_mail(line_end: bytes) -> None:
    made = reader()
    assert made.feed(b"Subject: a\r\n\r\ntext" + line_end + b"MAIL FROM:<x@y>\r\n") is None
    assert made.feed(b"\r\n.\r\n") == b""
    assert b"MAIL FROM" in made.mail()


def test_lone_dot_at_once_is_an_empty_mail() -> None:
    made = reader()
    assert made.feed(b".\r\nQUIT\r\n") == b"QUIT\r\n"
    assert made.mail() == b""


def test_line_of_a_megabyte_is_kept_whole() -> None:
    made = reader(max_bytes=3_000_000, limit=3_000_000)
    for _ in range(20):
        assert made.feed(b"x" * 65_536) is None
    assert made.feed(b"\r\n.\r\n") == b""
    assert made.mail() == b"x" * 65_536 * 20 + b"\r\n"


def test_too_big_mail_is_read_on_without_being_held() -> None:
    budget = Budget(10_000)
    made = DataReader(1_000, budget.account("a"))
    for _ in range(100):
        assert made.feed(b"y" * 500) is None
    assert made.too_big
    assert budget.used == 0
    assert made.feed(b"\r\n.\r\nNOOP") == b"NOOP"


def test_exhausted_budget_is_told_apart_from_too_big() -> None:
    budget = Budget(1_000, 1_000)
    first, second = DataReader(5_000, budget.account("a")), DataReader(5_000, budget.account("a"))
    first.feed(b"a" * 800)
    second.feed(b"b" * 800)
    assert second.no_room
    assert not second.too_big
    first.release()
    first.release()
    assert budget.used == 0
