"""The periods of reports that come by themselves: months and weeks of the desk's calendar. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta

from maild.errors import Refused
from maild.ticket import days
from maild.values import dataclass

MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"([12][0-9]{3})-W([0-9]{2})")


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """One period. `name`: `2026-10`, `2026-W44`; `after` is the first day that is none of its."""

    name: str
    first: date
    after: date

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """[first moment, first moment after) in UTC, by the desk's midnight."""
        return days.midnight(self.first, zone), days.midnight(self.after, zone)

    @property
    def before(self) -> ReportSpan:
        """The period of the same kind that ended where this one begins."""
        last = self.first - timedelta(days=1)
        return week_of(last) if "W" in self.name else month_of(last)


def month_of(day: date) -> ReportSpan:
    """The month that a day is in."""
    return ReportSpan(
        f"{day:%Y-%m}", day.replace(day=1), date(day.year + day.month // 12, day.month % 12 + 1, 1)
    )


def week_of(day: date) -> ReportSpan:
    """The ISO week that a day is in."""
    year, week, weekday = day.isocalendar()
    first = day - timedelta(days=weekday - 1)
    return ReportSpan(f"{year}-W{week:02}", first, first + timedelta(days=7))


def named_span(text: str) -> ReportSpan:
    """`2026-10` or `2026-W44`. Refused for anything else."""
    if match := MONTH.fullmatch(text):
        return month_of(date(int(match[1]), int(match[2]), 1))
    if match := _WEEK.fullmatch(text):
        with suppress(ValueError):  # a week 53 that this year does not have
            return week_of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
    raise Refused(f"{text!r} is neither a month nor a week; write it like 2026-11 or 2026-W45")


def last_ended(every: str, today: date) -> ReportSpan:
    """The newest month or week that is over."""
    now = week_of(today) if every == "week" else month_of(today)
    return now.before
