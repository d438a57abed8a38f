"""Working time against a minute-by-minute oracle that only looks at the wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.config import parse
from maild.configcalendars import WEEKDAYS
from maild.errors import Refused
from maild.settings import CalendarSettings, Weekly
from maild.ticket.calendars import WorkingCalendar, build
from maild.ticket.public_holidays import check_holidays
from tests.examples import at_most
from tests.timing import takes_less

NINE_TO_FIVE = ((9 * 60, 17 * 60),)
OFFICE: Weekly = (NINE_TO_FIVE,) * 5 + ((), ())
ALWAYS: Weekly = (((0, 1440),),) * 7

#: a date beside which each zone changes its clock: forward, back, by 30 minutes, at midnight, never
CHANGES = [
    ("Europe/Budapest", date(2026, 3, 29)),
    ("Europe/Budapest", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Havana", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("UTC", date(2026, 12, 31)),
]

windows = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda w: w[0] != w[1]), max_size=2
).map(tuple)
weeks = st.lists(windows, min_size=7, max_size=7).map(tuple)


def calendar(**fields: Any) -> WorkingCalendar:
    return build(CalendarSettings("test", **fields))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


class Oracle:
    """Knows for each minute of some days whether the wall clock is inside a window of that day."""

    def __init__(self, s: CalendarSettings, start: datetime, days: int) -> None:
        zone = ZoneInfo(s.timezone)
        self.start = start
        self.open = [
            self._open(s, (start + timedelta(minutes=m)).astimezone(zone)) for m in range(days * 1440)
        ]

    @staticmethod
    def _windows(s: CalendarSettings, day: date) -> Any:
        iso = day.isoformat()
        return s.open.get(iso, () if iso in s.closed else s.week[day.weekday()])

    def _open(self, s: CalendarSettings, local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        today = self._windows(s, local.date())
        night = self._windows(s, local.date() - timedelta(days=1))
        return any(a <= minute < (b if b > a else 1440) for a, b in today) or any(
            minute < b for a, b in night if b < a
        )

    def add(self, minutes: int) -> datetime | None:
        for i, is_open in enumerate(self.open):
            minutes -= is_open
            if minutes == 0:
                return self.start + timedelta(minutes=i + 1)
        return None


@at_most(40)
@given(
    change=st.sampled_from(CHANGES),
    before=st.integers(0, 2 * 1440),
    week=weeks,
    minutes=st.integers(1, 2000),
    closed=st.integers(-2, 3),
    extra=windows,
)
@example(CHANGES[1], 600, (((90, 150),),) * 7, 100, 3, ())  # opens and closes inside the repeated hour
@example(CHANGES[0], 600, (((130, 170),),) * 7, 30, 3, ())  # a window that the skipped hour swallows whole
def test_working_time_agrees_with_the_wall_clock_minute_by_minute(
    change: tuple[str, date], before: int, week: Weekly, minutes: int, closed: int, extra: Any
) -> None:
    zone, day = change
    s = CalendarSettings(
        "test",
        timezone=zone,
        week=week,
        closed=((day + timedelta(days=closed)).isoformat(),),
        open={day.isoformat(): extra},
    )
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(minutes=before)
    oracle = Oracle(s, start, 4)
    made = build(s)
    for m in range(0, 4 * 1440, 17):
        assert made.is_open(start + timedelta(minutes=m)) == oracle.open[m]
    end = start + timedelta(days=4)
    assert made.minutes_between(start, end) == sum(oracle.open)
    expected = oracle.add(minutes)
    if expected is not None:
        assert made.add(start, minutes) == expected
    first = next((m for m, is_open in enumerate(oracle.open) if is_open), None)
    if first is not None:
        assert made.next_open(start) == start + timedelta(minutes=first)


@at_most(60)
@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
        lambda d: d.replace(tzinfo=UTC, microsecond=0)
    ),
    first=st.integers(0, 5000),
    then=st.integers(0, 5000),
    # open long enough that all of it lies within the horizon of ten years
    week=weeks.filter(lambda week: sum(end - begin for day in week for begin, end in day) >= 60),
)
def test_adding_in_two_steps_is_adding_the_sum_and_measures_back(
    start: datetime, first: int, then: int, week: Weekly
) -> None:
    made = calendar(week=week, holidays="HU")
    middle = made.add(start, first)
    assert middle is not None
    end = made.add(middle, then)
    assert end == made.add(start, first + then)
    assert end is not None
    assert made.minutes_between(start, end) == first + then


def _written(window: tuple[int, int]) -> str:
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in window)


#: of each day at most one by day and one that ends on the next day, up to twelve hours long
nights = st.lists(
    st.tuples(st.integers(0, 400), st.integers(401, 1079), st.integers(1080, 1439), st.integers(0, 360), st.integers(0, 3)),
    min_size=7,
    max_size=7,
)  # fmt: skip


@at_most(40)
@given(change=st.sampled_from(CHANGES), before=st.integers(0, 2 * 1440), days=nights, off=st.integers(-2, 3))
def test_hours_past_midnight_of_the_configuration_are_what_the_wall_clock_shows(
    change: tuple[str, date], before: int, days: list[tuple[int, int, int, int, int]], off: int
) -> None:
    zone, day = change
    closed = (day + timedelta(days=off)).isoformat()
    lines = [f'timezone = "{zone}"', f'closed = ["{closed}"]']
    week: list[tuple[tuple[int, int], ...]] = []
    for name, (a, b, c, d, which) in zip(WEEKDAYS, days, strict=True):
        night = (c, 1440 if d == 0 else d)
        windows = ((a, b),) * (which & 1) + (night,) * (which >> 1)
        week.append(windows)
        lines.append(f"{name} = {[_written(one) for one in windows]}")
    s = parse("[calendars.shifts]\n" + "\n".join(lines), base=Path("/"), env={}).calendars["shifts"]
    told = CalendarSettings("told", timezone=zone, week=tuple(week), closed=(closed,))
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(minutes=before)
    oracle, made = Oracle(told, start, 4), build(s)
    assert [made.is_open(start + timedelta(minutes=m)) for m in range(0, 4 * 1440, 13)] == oracle.open[::13]
    assert made.minutes_between(start, start + timedelta(days=4)) == sum(oracle.open)
    for minutes in (1, 90, 700):
        expected = oracle.add(minutes)
        assert expected is None or made.add(start, minutes) == expected


def test_evening_hours_on_thursday_and_friday_count() -> None:
    long = ((9 * 60, 21 * 60),)
    made = calendar(week=(NINE_TO_FIVE,) * 3 + (long, long) + ((), ()))
    assert made.add(utc("2026-11-05T16:00+01:00"), 6 * 60) == utc("2026-11-06T10:00+01:00")


def test_lunch_is_not_worked() -> None:
    made = calendar(week=(((480, 720), (780, 1020)),) * 5 + ((), ()))
    assert made.add(utc("2026-11-02T11:30+01:00"), 60) == utc("2026-11-02T13:30+01:00")
    assert not made.is_open(utc("2026-11-02T12:30+01:00"))


def test_ending_at_closing_time_stays_on_that_day() -> None:
    made = calendar(week=OFFICE)
    assert made.add(utc("2026-11-06T16:00+01:00"), 60) == utc("2026-11-06T17:00+01:00")
    assert made.add(utc("2026-11-06T16:00+01:00"), 61) == utc("2026-11-09T09:01+01:00")


def test_friday_evening_continues_on_monday() -> None:
    made = calendar(week=OFFICE)
    assert made.add(utc("2026-11-06T17:40+01:00"), 90) == utc("2026-11-09T10:30+01:00")


def test_always_is_real_time_through_both_clock_changes() -> None:
    made = calendar(week=ALWAYS)
    for start in ("2026-03-28T20:00+01:00", "2026-10-24T20:00+02:00", "2026-12-31T23:30+01:00"):
        assert made.add(utc(start), 600) == utc(start) + timedelta(minutes=600)


def test_night_shift_belongs_to_the_day_it_begins_on() -> None:
    week = ((),) * 4 + (((22 * 60, 6 * 60),), (), ())
    made = calendar(week=week, closed=("2026-11-07",))
    assert made.is_open(utc("2026-11-07T05:59+01:00"))
    assert not made.is_open(utc("2026-11-07T06:00+01:00"))
    assert not made.is_open(utc("2026-11-06T05:00+01:00"))


def test_hungarian_swapped_saturday_is_worked_with_the_hours_of_its_day_off() -> None:
    friday = ((9 * 60, 13 * 60),)
    made = calendar(week=(NINE_TO_FIVE,) * 4 + (friday, (), ()), holidays="HU")
    assert made.windows(date(2026, 1, 2)) == ()
    assert made.windows(date(2026, 1, 10)) == friday
    assert made.windows(date(2026, 1, 17)) == ()


@pytest.mark.parametrize("name", ["Goede Vrijdag", "good friday", "GOOD  FRIDAY"])
def test_holiday_removed_by_local_or_english_name_is_worked(name: str) -> None:
    made = calendar(week=OFFICE, holidays="NL", holidays_removed=(name,))
    assert made.windows(date(2026, 4, 3)) == NINE_TO_FIVE
    assert made.windows(date(2026, 4, 6)) == ()


def test_second_easter_day_has_shorter_hours_by_name() -> None:
    made = calendar(week=OFFICE, holidays="NL", holidays_hours={"tweede paasdag": ((720, 1020),)})
    assert made.windows(date(2026, 4, 6)) == ((720, 1020),)
    assert made.windows(date(2026, 5, 25)) == ()


def test_holiday_name_matches_without_accents() -> None:
    made = calendar(week=OFFICE, holidays="HU", holidays_removed=("husvet hetfo",))
    assert made.windows(date(2026, 4, 6)) == NINE_TO_FIVE


def test_own_opening_wins_over_holiday_and_closing() -> None:
    made = calendar(week=OFFICE, holidays="HU", closed=("2026-12-25",), open={"2026-12-25": ((480, 720),)})
    assert made.windows(date(2026, 12, 25)) == ((480, 720),)


def test_calendar_that_never_opens_promises_nothing() -> None:
    made = calendar()
    start = utc("2026-11-02T09:00+01:00")
    assert made.add(start, 1) is None
    assert made.next_open(start) is None
    assert made.minutes_between(start, start + timedelta(days=400)) == 0


def test_one_day_a_year_still_ends_within_the_horizon() -> None:
    made = calendar(open={f"{y}-06-01": ((0, 60),) for y in range(2026, 2040)})
    start = utc("2026-07-01T00:00+00:00")
    assert made.add(start, 90) == utc("2028-06-01T00:30+02:00")
    assert made.add(start, 60 * 20) is None


def test_overlapping_windows_count_once() -> None:
    made = calendar(week=(((540, 700), (600, 1020)),) * 7)
    assert made.minutes_between(utc("2026-11-02T00:00+01:00"), utc("2026-11-03T00:00+01:00")) == 480


def test_negative_working_time_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        calendar(week=OFFICE).add(utc("2026-11-02T00:00+01:00"), -1)


@pytest.mark.parametrize("code", ["XX", "DE-QQ", "hungary"])
def test_holiday_country_that_does_not_exist_is_refused_with_what_there_is(code: str) -> None:
    with pytest.raises(Refused, match=r"not known|there are"):
        check_holidays(code)


def test_equal_settings_share_one_calendar() -> None:
    assert calendar(week=OFFICE, open={"2026-01-01": ()}) is calendar(week=OFFICE, open={"2026-01-01": ()})


def test_a_kept_calendar_answers_in_microseconds() -> None:
    s = CalendarSettings("test", week=OFFICE, holidays="HU", closed=("2026-12-24",))
    start = utc("2026-11-06T17:40+01:00")
    takes_less(500 * 100e-6, lambda: [build(s).add(start, 480) for _ in range(500)])  # 10 on an idle machine
