from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.errors import Refused
from maild.ticket.hours import Group, GroupHours, Minutes, TicketHours
from maild.ticket.timelog import TimeLine, billed, parse_duration, shown
from tests.cases import cases


@cases(
    ("text", "minutes"),
    [
        ("20m", 20), ("20 min", 20), ("20 minutes", 20), ("1h", 60), ("1h20", 80), ("1h 20m", 80), ("1 h 20 min", 80),
        ("0.5h", 30), ("1,5h", 90), ("1.25 hours", 75), ("1:20", 80), ("0:05", 5), ("1:59", 119), ("90", 90), (" 90 ", 90),
        ("24h", 1440), ("1440", 1440), ("1H20M", 80), ("0.05h", 3),
    ],
)  # fmt: skip
def test_durations_are_read_as_people_write_them(text: str, minutes: int) -> None:
    assert parse_duration(text) == minutes


@cases(("minutes", "text"), [(5, "5m"), (60, "1h"), (80, "1h20"), (65, "1h05"), (1440, "24h")])
def test_durations_are_shown_as_people_write_them(minutes: int, text: str) -> None:
    assert shown(minutes) == text


@cases(
    "text",
    ["", " ", "h", "m", "abc", "0", "0m", "0h0", "-5", "−5", "+5", "24h01", "1441", "25h", "1:60", "1:2", "1:234", "1.5",
     "1,5", "0.33h", "1.5h20", "1h20s", "20s", "1d", "٢٠", "1h2h", "1e3", "9" * 30, "nan", "inf"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_duration(text)


def test_whole_days_are_logged_one_by_one_and_other_bounds_are_named() -> None:
    with pytest.raises(Refused, match="'1441' is more than 24 hours; log each day by itself"):
        parse_duration("1441")
    with pytest.raises(Refused, match=r"'601' is more than 10 hours$"):
        parse_duration("601", 600)


@given(st.integers(1, 1440))
def test_every_length_is_read_back_from_every_way_of_writing_it(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    for text in (str(minutes), f"{minutes}m", f"{hours}:{rest:02}", f"{hours}h{rest}m"):
        assert parse_duration(text) == minutes


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        minutes = parse_duration(text)
    except Refused:
        return
    assert 1 <= minutes <= 1440


@cases(
    ("raw", "rounding", "expected"),
    [(1, "up", 15), (15, "up", 15), (16, "up", 30), (7, "nearest", 0), (8, "nearest", 15), (22, "nearest", 15),
     (23, "nearest", 30), (29, "down", 15), (14, "down", 0)],
)  # fmt: skip
def test_billed_minutes_are_whole_quanta(raw: int, rounding: str, expected: int) -> None:
    assert billed(raw, 15, rounding) == expected


@example(3, 2, "up")
@example(3, 1, "up")
@given(st.integers(0, 10_000), st.integers(0, 240), st.sampled_from(["up", "nearest", "down"]))
def test_billing_laws(raw: int, quantum: int, rounding: str) -> None:
    found = billed(raw, quantum, rounding)
    step = max(quantum, 1)
    assert found % step == 0
    assert billed(raw, quantum, "down") <= found <= billed(raw, quantum, "up")
    assert abs(found - raw) < step
    assert billed(found, quantum, rounding) == found
    assert billed(-raw, quantum, rounding) == -found
    assert billed(raw, quantum, rounding, courtesy=True) == 0


@cases("text", ["-20m", "\N{MINUS SIGN}20m", "+20"])
def test_a_sign_is_refused_with_what_to_type_instead(text: str) -> None:
    with pytest.raises(Refused, match="a duration has no sign; `maild log N MINUTES --correct ENTRY`"):
        parse_duration(text)


def test_hours_are_columns_of_what_they_are_of() -> None:
    assert Minutes().columns() == dict.fromkeys(Minutes(1).columns(), 0)
    made = Minutes(1, 2, 3, 4, 5, 6)
    sums = {
        "raw_minutes": 1, "billed_minutes": 2, "courtesy_minutes": 3, "own_fault_minutes": 4,
        "outside_minutes": 5, "over": 6,
    }  # fmt: skip
    assert GroupHours(Group.AGENT, "kata", 3, made).columns() == {"agent": "kata", "tickets": 3, **sums}
    ticket = TicketHours("acme", 1001, "Printer", made)
    assert ticket.columns() == {"company": "acme", "ticket": 1001, "subject": "Printer", **sums}


def test_a_time_entry_is_billed_within_the_contract_unless_it_says_otherwise() -> None:
    plain = TimeLine("acme", 1, datetime(2026, 11, 2, tzinfo=UTC), 20, 30)
    assert (plain.courtesy, plain.own_fault, plain.outside, plain.id, plain.corrects) == (
        False,
        False,
        False,
        0,
        None,
    )
