"""Working time at the ends of years, of what calendars know, and where clocks are set: counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild.settings import CalendarSettings, Weekly
from maild.ticket import calendars
from maild.ticket.calendars import NEVER_DAYS, WorkingCalendar, build
from tests.cases import cases

ALWAYS: Weekly = (((0, 1440),),) * 7
NIGHTS: Weekly = (((22 * 60, 2 * 60),),) * 7
CLOSED: Weekly = ((),) * 7
BUDAPEST = "Europe/Budapest"


def fresh(week: Weekly = ALWAYS, timezone: str = "UTC", **fields: Any) -> WorkingCalendar:
    """One that was asked nothing yet."""
    return WorkingCalendar(CalendarSettings("test", week=week, timezone=timezone, **fields))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_night_shift_goes_through_new_years_eve() -> None:
    nights = fresh(NIGHTS)
    assert nights.minutes_between(at("2026-12-31T22:00"), at("2027-01-01T02:00")) == 240
    assert nights.add(at("2026-12-31T22:00"), 240) == at("2027-01-01T02:00")
    assert nights.is_open(at("2027-01-01T01:59"))
    assert not nights.is_open(at("2027-01-01T02:00"))
    assert nights.minutes_between(at("2026-06-15T22:00"), at("2026-06-16T02:00")) == 240
    assert nights.is_open(at("2026-06-16T00:00"))


def test_a_single_night_shift_ends_after_midnight_also_on_the_first_of_january() -> None:
    for day, after in (("2026-12-31", "2027-01-01"), ("2026-06-15", "2026-06-16")):
        for until, minutes in ((120, 2), (1, 1)):
            once = fresh(CLOSED, open={day: ((22 * 60, until),)})
            assert once.is_open(at(f"{after}T00:00"))
            assert once.is_open(at(f"{after}T00:01")) is (minutes > 1)
            assert once.minutes_between(at(f"{day}T00:00"), at(f"{after}T12:00")) == 120 + until


def test_a_window_that_a_clock_change_skips_is_no_opening() -> None:
    early = fresh((((2 * 60, 3 * 60),),) * 7, BUDAPEST)
    assert early.next_open(at("2026-03-28T02:00")) == at("2026-03-30T00:00")


@cases(
    ("timezone", "change"),
    [
        (BUDAPEST, "2026-03-29T01:00"), (BUDAPEST, "2026-10-25T01:00"), ("America/New_York", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01T06:00"), ("Australia/Lord_Howe", "2026-10-03T15:30"),
        ("Asia/Tehran", "2021-03-21T20:30"), ("America/Sao_Paulo", "2018-11-04T03:00"),
    ],
)  # fmt: skip
def test_hours_that_begin_or_end_with_a_clock_change_are_right_to_the_second(
    timezone: str, change: str
) -> None:
    moment = at(change)
    local = moment.astimezone(ZoneInfo(timezone))
    before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(timezone))
    assert local.utcoffset() != before.utcoffset()
    begins = local.hour * 60 + local.minute
    after = fresh((((begins, begins + 60),),) * 7, timezone)
    assert after.is_open(moment)
    assert after.is_open(moment + timedelta(minutes=59))
    ends = (before.hour * 60 + before.minute + 1) % 1440 or 1440
    until = fresh((((ends - 60, ends),),) * 7, timezone)
    assert until.is_open(moment - timedelta(seconds=1))
    assert until.seconds_between(moment - timedelta(minutes=10), moment) == 600


MOMENTS = [
    at(text)
    for text in (
        "2025-12-31T23:30", "2026-01-01T00:30", "2026-01-02T12:00", "2026-06-15T12:00", "2026-12-30T12:00",
        "2026-12-31T23:30", "2027-01-01T12:00", "2027-01-02T12:00",
    )
]  # fmt: skip


@pytest.mark.parametrize("asked", [None, *MOMENTS], ids=str)
def test_what_was_asked_before_changes_no_answer(asked: datetime | None) -> None:
    nights, always = fresh(NIGHTS), fresh()
    for last in MOMENTS:
        for calendar in (nights, always):
            if asked is not None:
                calendar.is_open(asked)
        assert nights.is_open(last) is (last.hour >= 22 or last.hour < 2)
        assert always.is_open(last)
    for first, last in pairwise(MOMENTS):
        if asked is not None:
            always.is_open(asked)
        assert always.seconds_between(first, last) == (last - first).total_seconds()
    for first in MOMENTS:  # the year of the first is the one that was looked at last
        always.is_open(at("2026-06-01T00:00"))
        assert always.seconds_between(first, MOMENTS[-1]) == (MOMENTS[-1] - first).total_seconds()
    assert always.seconds_between(MOMENTS[0], MOMENTS[-1]) == (MOMENTS[-1] - MOMENTS[0]).total_seconds()


@cases(
    ("begin", "end", "minutes"),
    [
        ("2026-03-29T00:00", "2026-03-29T04:00", 60),  # 02:00 to 03:00 is skipped: 03:00-04:00 is left
        ("2026-10-25T00:00", "2026-10-25T04:00", 180),  # 02:00 to 03:00 comes twice
        ("2026-03-28T00:00", "2026-03-28T04:00", 120),
        ("2026-10-26T00:00", "2026-10-26T04:00", 120),
    ],
)
def test_hours_that_a_clock_change_skips_or_repeats(begin: str, end: str, minutes: int) -> None:
    early = fresh((((2 * 60, 4 * 60),),) * 7, BUDAPEST)
    assert early.minutes_between(at(begin), at(end)) == minutes


def test_hours_after_a_clock_change_are_those_of_the_new_clock() -> None:
    office = fresh((((8 * 60, 17 * 60),),) * 7, BUDAPEST)
    for moment, opens in (
        ("2026-03-28", "07:00"),
        ("2026-03-29", "06:00"),
        ("2026-10-24", "06:00"),
        ("2026-10-25", "07:00"),
    ):
        assert office.next_open(at(f"{moment}T00:00")) == at(f"{moment}T{opens}")


def test_after_so_long_without_an_open_minute_it_counts_as_never_open() -> None:
    begin = at("2026-06-01T00:00")
    soon, late = date(2027, 3, 1), date(2028, 3, 1)
    assert (soon - begin.date()).days < NEVER_DAYS < (late - begin.date()).days
    for day, opens in ((soon, True), (late, False)):
        once = fresh(CLOSED, open={day.isoformat(): ((0, 60),)})
        found = datetime(day.year, day.month, day.day, tzinfo=UTC) if opens else None
        assert once.next_open(begin) == found
        assert once.add(begin, 60) == (found and found + timedelta(hours=1))


def test_so_long_is_400_days_to_the_end_of_the_year_that_was_looked_at() -> None:
    once = fresh(CLOSED, open={"2028-06-01": ((0, 60),)})
    begin = at("2028-01-01T00:00") - timedelta(days=NEVER_DAYS)
    assert NEVER_DAYS == 400
    assert once.next_open(begin) == at("2028-06-01T00:00")
    assert once.next_open(begin - timedelta(seconds=1)) is None


def test_one_open_day_every_year_is_enough_for_the_next() -> None:
    yearly = fresh(CLOSED, open={f"{year}-03-01": ((0, 60),) for year in range(2026, 2033)})
    assert yearly.add(at("2026-01-01T00:00"), 5 * 60) == at("2030-03-01T01:00")


def test_nothing_is_promised_beyond_ten_years() -> None:
    always = fresh()
    year = 365 * 1440
    assert always.add(at("2026-01-01T00:00"), 9 * year) is not None
    assert always.add(at("2026-01-01T00:00"), 11 * year) is None
    monthly = fresh(CLOSED, open={f"{year}-01-01": ((0, 60),) for year in range(2026, 2040)})
    assert monthly.add(at("2026-01-01T00:00"), 10 * 60) == at("2035-01-01T01:00")
    assert monthly.add(at("2026-01-01T00:00"), 10 * 60 + 1) is None


def test_the_last_years_that_there_are_break_nothing() -> None:
    always = fresh()
    assert always.is_open(at("9998-12-31T12:00"))
    assert always.add(at("9998-12-31T12:00"), 60) == at("9998-12-31T13:00")
    assert always.add(at("9998-12-31T12:00"), 2 * 1440) is None


def test_of_many_settings_the_calendars_are_forgotten_again() -> None:
    for number in range(130):
        build(CalendarSettings(f"c{number}"))
    assert len(calendars._by_id) <= 64


def test_seconds_before_the_first_hour_of_a_year_are_none() -> None:
    office = fresh((((8 * 60, 17 * 60),),) * 7)
    assert office.seconds_between(at("2027-01-01T00:00"), at("2027-01-01T09:00")) == 3_600
    assert office.seconds_between(at("2026-12-31T16:00"), at("2027-01-01T07:00")) == 3_600
    assert not office.is_open(at("2027-01-01T00:00"))


def test_one_second_is_working_time() -> None:
    assert fresh().add_seconds(at("2026-06-15T12:00"), 1) == at("2026-06-15T12:00:01")
    with pytest.raises(ValueError, match="must not be negative"):
        fresh().add_seconds(at("2026-06-15T12:00"), -1)


def test_no_time_to_add_is_the_moment_itself_also_outside_of_hours() -> None:
    closed = at("2026-06-15T12:00")
    assert fresh(NIGHTS).add(closed, 0) == closed
    assert fresh(CLOSED).add(closed, 0) == closed


@pytest.mark.parametrize("week", [ALWAYS, NIGHTS])
def test_no_working_time_passes_from_later_to_earlier(week: Weekly) -> None:
    assert fresh(week).seconds_between(at("2026-01-02T00:00"), at("2026-01-01T00:00")) == 0
    assert fresh(week).seconds_between(at("2026-01-02T00:00"), at("2026-01-02T00:00")) == 0
