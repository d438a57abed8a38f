"""Figures for managers: how much came in, what is open, how content people are. Pure sums over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from maild.errors import Refused
from maild.report.promises import WAITING, kept, promises_to
from maild.report.sheet import Columns
from maild.report.spans import MONTH, named_span
from maild.report.ticket_row import NewTicket, TicketRow
from maild.ticket.state import Rating
from maild.ticket.vocabulary import RatingValue
from maild.values import dataclass


def period(month: str, timezone: str) -> tuple[datetime, datetime]:
    """`2026-11` as [first moment, first moment after) in UTC, by the desk's own midnight."""
    if not MONTH.fullmatch(month):
        raise Refused(f"{month!r} is not a month; write it like 2026-11")
    return named_span(month).moments(timezone)


# ------------------------------------------------------------------------------------------------- volume


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """How many tickets of one kind a company made in a day, week or month."""

    period: str
    company: str | None
    kind: str
    tickets: int

    def columns(self) -> Columns:
        return {"period": self.period, "company": self.company, "kind": self.kind, "tickets": self.tickets}


def volume_rows(
    tickets: Iterable[TicketRow | NewTicket],
    since: datetime,
    until: datetime,
    timezone: str,
    by: str = "week",
) -> list[VolumeRow]:
    """`report volume`: new tickets per local day, ISO week or month, company and kind."""
    zone = ZoneInfo(timezone)
    bucket(since.astimezone(zone).date(), by)  # refused where there is no ticket, too
    days: Counter[tuple[date, str, str]] = Counter()
    for ticket in tickets:
        if since <= ticket.created_at < until:
            days[ticket.created_at.astimezone(zone).date(), ticket.company or "", ticket.kind] += 1
    counts: Counter[tuple[str, str, str]] = Counter()
    for (day, company, kind), number in days.items():
        counts[bucket(day, by), company, kind] += number
    return [VolumeRow(name, company or None, kind, n) for (name, company, kind), n in sorted(counts.items())]


def bucket(day: date, by: str) -> str:
    """`2026-11-02`, `2026-W45` or `2026-11`."""
    if by == "day":
        return day.isoformat()
    if by == "month":
        return f"{day:%Y-%m}"
    if by != "week":
        raise Refused(f"{by!r}: volume is counted by day, week or month")
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def buckets(since: datetime, until: datetime, timezone: str, by: str) -> list[str]:
    """Every period of the span, for plots that must show the empty ones too."""
    zone = ZoneInfo(timezone)
    day, last = since.astimezone(zone).date(), (until - timedelta(microseconds=1)).astimezone(zone).date()
    names: dict[str, None] = {}
    while day <= last:
        names[bucket(day, by)] = None
        day += timedelta(days=1)
    return list(names)


# ------------------------------------------------------------------------------------------------ backlog

#: ages of open tickets in days: (name, older than, not older than)
AGES = (("day", 0, 1), ("week", 1, 7), ("month", 7, 30), ("older", 30, None))


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """A team's open tickets. `ages`: how many, by the names of `AGES`; `oldest`: its number."""

    team: str | None
    tickets: int
    unassigned: int
    overdue: int
    paused: int
    ages: Mapping[str, int]
    oldest: int
    oldest_days: int

    def columns(self) -> Columns:
        return {
            "team": self.team, "tickets": self.tickets, "unassigned": self.unassigned, "overdue": self.overdue,
            "paused": self.paused, **{f"age_{name}": self.ages[name] for name, _, _ in AGES},
            "oldest": self.oldest, "oldest_days": self.oldest_days,
        }  # fmt: skip


def backlog_rows(tickets: Iterable[TicketRow], now: datetime) -> list[BacklogRow]:
    """`report backlog`: per team how many tickets are open, how old they are, and what of them waits for whom."""
    counts: dict[str, Counter[str]] = {}
    oldest: dict[str, TicketRow] = {}
    for ticket in tickets:
        counter = counts.setdefault(ticket.team, Counter())
        counter["tickets"] += 1
        counter["unassigned"] += not ticket.owner
        counter["paused"] += ticket.phase in WAITING
        counter["overdue"] += any(
            kept(due, done, now, waits=ticket.phase in WAITING) == "missed" and done is None
            for _, due, done in promises_to(ticket)
        )
        counter[_age(now - ticket.created_at)] += 1
        if ticket.team not in oldest or ticket.created_at < oldest[ticket.team].created_at:
            oldest[ticket.team] = ticket
    return [
        BacklogRow(
            team or None, counter["tickets"], counter["unassigned"], counter["overdue"], counter["paused"],
            {name: counter[name] for name, _, _ in AGES}, oldest[team].number,
            (now - oldest[team].created_at).days,
        )
        for team, counter in sorted(counts.items())
    ]  # fmt: skip


def _age(age: timedelta) -> str:
    return next(name for name, _, most in AGES if most is None or age <= timedelta(days=most))


@dataclass(frozen=True, slots=True)
class SatisfactionRow:
    """How many of a company's people were content with a solution, and how many not."""

    company: str | None
    good: int
    bad: int

    def columns(self) -> Columns:
        return {"company": self.company, "good": self.good, "bad": self.bad}


def satisfaction_rows(rated: Iterable[tuple[str | None, Rating]]) -> list[SatisfactionRow]:
    """How content each company's people are: how many said so, and how many said the contrary."""
    counts: dict[str, Counter[RatingValue]] = {}
    for company, given in rated:
        counts.setdefault(company or "", Counter())[given.value] += 1
    return [
        SatisfactionRow(company or None, one[RatingValue.GOOD], one[RatingValue.BAD])
        for company, one in sorted(counts.items())
    ]
