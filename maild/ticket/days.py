"""Days of a zone's calendar: where one begins, and in which a moment lies. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: of days that people name: beside the first and the last one that Python knows nothing can be reckoned
YEARS = range(1000, 3000)


def midnight(day: date, zone: str) -> datetime:
    """Where that date begins there, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(at: datetime, zone: str) -> date:
    """The date there of a moment."""
    return at.astimezone(ZoneInfo(zone)).date()
