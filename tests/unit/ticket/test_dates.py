"""Times as people say them, from Wednesday 4 November 2026, 10:00 in Budapest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import Refused
from maild.ticket import dates
from maild.ticket.dates import Direction
from tests.cases import cases

ZONE = "Europe/Budapest"
NOW = datetime(2026, 11, 4, 10, 0, tzinfo=ZoneInfo(ZONE))


def local(text: str, towards: Direction = Direction.FUTURE, now: datetime = NOW) -> str:
    return f"{dates.parse(text, now, ZONE, towards=towards).astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}"


@cases(
    ("said", "meant"),
    [
        ("tomorrow 9:00", "2026-11-05 09:00"), ("tomorrow", "2026-11-05 09:00"), ("9:00 tomorrow", "2026-11-05 09:00"),
        ("Tomorrow at 14", "2026-11-05 14:00"), ("holnap 8:15", "2026-11-05 08:15"), ("morgen 9.30", "2026-11-05 09:30"),
        ("demain 9h30", "2026-11-05 09:30"), ("fri", "2026-11-06 09:00"), ("friday 14:00", "2026-11-06 14:00"),
        ("Fri, 14:00", "2026-11-06 14:00"), ("péntek", "2026-11-06 09:00"), ("vrijdag 10:00", "2026-11-06 10:00"),
        ("mon", "2026-11-09 09:00"), ("tuesday", "2026-11-10 09:00"), ("wed", "2026-11-11 09:00"),
        ("wed 15:00", "2026-11-04 15:00"), ("wed 9:00", "2026-11-11 09:00"), ("next mon", "2026-11-09 09:00"),
        ("next fri", "2026-11-13 09:00"), ("next week", "2026-11-09 09:00"), ("on fri", "2026-11-06 09:00"),
        ("in 2h", "2026-11-04 12:00"), ("in 90 min", "2026-11-04 11:30"), ("in 3 days", "2026-11-07 10:00"),
        ("in 1h 30m", "2026-11-04 11:30"), ("in 1.5h", "2026-11-04 11:30"), ("in 2 weeks", "2026-11-18 10:00"),
        ("2h", "2026-11-04 12:00"), ("14:00", "2026-11-04 14:00"), ("3pm", "2026-11-04 15:00"),
        ("12am tomorrow", "2026-11-05 00:00"), ("noon", "2026-11-04 12:00"), ("today 16:30", "2026-11-04 16:30"),
        ("2026-11-24T14:00", "2026-11-24 14:00"), ("2026-11-24 14:00", "2026-11-24 14:00"),
        ("2026-11-24", "2026-11-24 09:00"), ("2026-11-24T14:00+00:00", "2026-11-24 15:00"), ("24.12.", "2026-12-24 09:00"),
        ("24.12", "2026-12-24 09:00"), ("24.12. 8:00", "2026-12-24 08:00"), ("24. 12. 2027", "2027-12-24 09:00"),
        ("24 dec", "2026-12-24 09:00"), ("dec 24 10:00", "2026-12-24 10:00"), ("1 march", "2027-03-01 09:00"),
        ("day after tomorrow 9", "2026-11-06 09:00"), ("now", "2026-11-04 10:00"),
    ],
)  # fmt: skip
def test_time_as_it_is_said(said: str, meant: str) -> None:
    assert local(said) == meant


@cases(
    ("said", "meant"),
    [
        ("yesterday", "2026-11-03 09:00"), ("tegnap 17:00", "2026-11-03 17:00"), ("mon", "2026-11-02 09:00"),
        ("fri", "2026-10-30 09:00"), ("2h", "2026-11-04 08:00"), ("2h ago", "2026-11-04 08:00"),
        ("3 days ago", "2026-11-01 10:00"), ("8:00", "2026-11-04 08:00"), ("30.10.", "2026-10-30 09:00"),
        ("24.12.", "2025-12-24 09:00"), ("wed 9:00", "2026-11-04 09:00"), ("last mon", "2026-11-02 09:00"),
    ],
)  # fmt: skip
def test_time_that_lies_behind(said: str, meant: str) -> None:
    assert local(said, Direction.PAST) == meant


@cases(
    "said",
    ["", " ", "soon", "25:00", "9:75", "31.11.", "30 feb", "2026-13-01", "13pm", "fritag", "tomorrow tomorrow", "in",
     "in 2 moons", "-1h", "12/24", "x 9:00", "0001-01-01", "31.12.9999", "0001-01-01T00:00", "9999-12-31 23:59-14:00",
     "in " + "9999w " * 50, "9999w " * 50 + "ago"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_examples(said: str) -> None:
    with pytest.raises(Refused, match="tomorrow 9:00"):
        dates.parse(said, NOW, ZONE)


def test_monday_said_on_a_sunday_and_on_a_monday() -> None:
    sunday = NOW + timedelta(days=4)
    assert local("mon", now=sunday) == "2026-11-09 09:00"
    assert local("next mon", now=sunday) == "2026-11-09 09:00"
    monday = NOW + timedelta(days=5)
    assert local("mon", now=monday) == "2026-11-16 09:00"
    assert local("mon 15:00", now=monday) == "2026-11-09 15:00"


def test_hour_that_summer_time_skips_is_the_one_after() -> None:
    assert local("2027-03-28 02:30") == "2027-03-28 03:30"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("yesterday", date(2026, 11, 3)), ("mon", date(2026, 11, 2)), ("2026-10-30", date(2026, 10, 30)),
        ("2.11.", date(2026, 11, 2)), ("today", date(2026, 11, 4)), ("tegnap", date(2026, 11, 3)),
    ],
)  # fmt: skip
def test_day_that_work_was_done_on(said: str, day: date) -> None:
    assert dates.parse_day(said, NOW, ZONE) == day


def test_times_as_people_read_them() -> None:
    at = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert dates.absolute(at, NOW, ZONE) == "Mon 2 Nov 10:30"
    assert dates.absolute(at.replace(year=2025), NOW, ZONE) == "Sun 2 Nov 2025 10:30"
    assert dates.relative(NOW - timedelta(hours=2), NOW) == "2 h ago"
    assert dates.relative(NOW + timedelta(days=3), NOW) == "in 3 days"
    assert dates.relative(NOW + timedelta(seconds=5), NOW) == "now"
    shown = [
        dates.short(NOW + timedelta(**t), NOW, ZONE)
        for t in ({"hours": -2}, {"minutes": -5}, {"days": -3}, {"minutes": 45}, {"hours": 3}, {"days": 1}, {"days": 50})
    ]  # fmt: skip
    assert shown == ["2h late", "5m late", "3d late", "45m", "13:00", "Thu 10:00", "24 Dec"]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_every_moment_is_read_back_as_it_is_written(at: datetime) -> None:
    whole = at.replace(second=0, microsecond=0)
    assert dates.parse(whole.isoformat(), NOW, ZONE) == whole
    assert len(dates.short(at, NOW, ZONE)) <= 10


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_time_or_refused(text: str) -> None:
    said = ""
    try:
        assert dates.parse(text, NOW, ZONE).tzinfo is not None
    except Refused as error:
        said = str(error)
    assert "\n" not in said
