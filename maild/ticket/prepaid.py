"""Prepaid hours: what a contract includes in each period, what of it was used, and which minutes lie beyond it.

Periods are those of the calendar (month, quarter, year) by the desk's midnight. Whole minutes everywhere, so that sums
are exact. Every billed minute of the company counts but those of tickets outside of its contract, which are paid for by
themselves; a correction is an entry of its own and gives minutes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from maild.model import CompanyFacts, HoursPeriod
from maild.ticket import days
from maild.ticket.timelog import TimeLine
from maild.values import dataclass

#: percent of what is included at which the desk and the company's billing contacts are told
MARKS = (80, 100)


_MONTHS = {HoursPeriod.MONTH: 1, HoursPeriod.QUARTER: 3, HoursPeriod.YEAR: 12}


@dataclass(frozen=True, slots=True)
class AccountPeriod:
    """The days of one period, `after` not one of them."""

    first: date
    after: date

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """[first moment, first moment after) in UTC."""
        return days.midnight(self.first, zone), days.midnight(self.after, zone)


@dataclass(frozen=True, slots=True)
class Balance:
    """One period's account, in minutes."""

    span: AccountPeriod
    included: int
    carried: int  # left over from the period before, where the contract carries it on
    used: int  # billed; below 0 where corrections gave back more than was worked

    @property
    def allowed(self) -> int:
        return self.included + self.carried

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.used)

    @property
    def over(self) -> int:
        """Billed minutes beyond what is allowed."""
        return max(0, self.used - self.allowed)

    @property
    def percent(self) -> int:
        """Of what is allowed, whole percents that were reached."""
        if self.allowed <= 0:
            return 100 if self.used > 0 else 0
        return max(0, 100 * self.used // self.allowed)

    @property
    def mark(self) -> int:
        """The highest of `MARKS` that was reached; 0 for none."""
        return max((mark for mark in MARKS if self.percent >= mark), default=0)


def has_hours(company: CompanyFacts | None) -> bool:
    """Whether the company's contract includes hours."""
    return company is not None and company.included_minutes > 0 and bool(company.service_level)


def span_of(day: date, period: str) -> AccountPeriod:
    """The month, quarter or year that a day is in."""
    months = _MONTHS[HoursPeriod(period)]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    month = first.month - 1 + months
    return AccountPeriod(first, date(first.year + month // 12, month % 12 + 1, 1))


def last_moment(end: datetime, zone: str) -> date:
    """The desk's date of the last moment before `end`."""
    return days.local_day(end - timedelta(microseconds=1), zone)


def counted_from(company: CompanyFacts, day: date, zone: str) -> datetime | None:
    """Since when entries have to be known for the account of the period that `day` is in; None: from the very first."""
    if not company.carry:
        return span_of(day, company.hours_period).moments(zone)[0]
    if company.valid_from:
        return span_of(date.fromisoformat(company.valid_from), company.hours_period).moments(zone)[0]
    return None


def balances(company: CompanyFacts, lines: Iterable[TimeLine], zone: str, until: date) -> dict[date, Balance]:
    """The accounts of each period up to that of `until`, by its first day. `lines`: the company's, from `counted_from`
    on (carrying begins with the contract, else with the first entry)."""
    used: dict[date, int] = {}
    for line in _within_contract(lines):
        first = span_of(days.local_day(line.at, zone), company.hours_period).first
        used[first] = used.get(first, 0) + line.billed_minutes
    last = span_of(until, company.hours_period)
    begin = min((*used, last.first))
    if company.carry and company.valid_from:
        began = date.fromisoformat(company.valid_from)
        begin = min(begin, span_of(began, company.hours_period).first)
    by_day: dict[date, Balance] = {}
    span, carried = span_of(begin, company.hours_period), 0
    final = max((*used, last.first))
    while span.first <= final:
        included = company.included_minutes if _valid(company, span) else 0
        made = Balance(span, included, carried, used.get(span.first, 0))
        by_day[span.first] = made
        carried = made.left if company.carry else 0
        span = span_of(span.after, company.hours_period)
    return by_day


def balance(company: CompanyFacts, lines: Iterable[TimeLine], zone: str, day: date) -> Balance:
    """The account of the period that `day` is in."""
    return balances(company, lines, zone, day)[span_of(day, company.hours_period).first]


def over_minutes(company: CompanyFacts, lines: Sequence[TimeLine], zone: str) -> dict[int, int]:
    """How many billed minutes of each entry (by id) lie beyond what is allowed, in the order of the work. The sum over
    a period is its `Balance.over` exactly; a correction takes minutes back from there first."""
    over: dict[int, int] = {}
    lines = _within_contract(lines)
    if not lines:
        return over
    accounts = balances(company, lines, zone, max(days.local_day(line.at, zone) for line in lines))

    def first_day(line: TimeLine) -> date:
        return span_of(days.local_day(line.at, zone), company.hours_period).first

    ordered = sorted(lines, key=lambda line: (line.at, line.id))
    for first, group in groupby(ordered, first_day):
        allowed, so_far = accounts[first].allowed, 0
        for line in group:
            before, so_far = so_far, so_far + line.billed_minutes
            over[line.id] = max(0, so_far - allowed) - max(0, before - allowed)
    return over


def _within_contract(lines: Iterable[TimeLine]) -> list[TimeLine]:
    return [line for line in lines if not line.outside]


def _valid(company: CompanyFacts, span: AccountPeriod) -> bool:
    """Whether the contract holds on a day of the period."""
    begun = not company.valid_from or date.fromisoformat(company.valid_from) < span.after
    return begun and (not company.valid_until or date.fromisoformat(company.valid_until) >= span.first)


def last_day(span: AccountPeriod) -> date:
    """The last day of a period."""
    return span.after - timedelta(days=1)
