"""Figures for managers: hours to invoice, promises kept and broken, how much came in. Pure sums over rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from maild.errors import Refused
from maild.report.sheet import Columns
from maild.report.timesheet import clock
from maild.ticket.phases import Phase
from maild.ticket.state import Rating
from maild.ticket.vocabulary import RatingValue

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Wait:
    """A time during which no clock ran. `reason`: the phase, "" where an older maild did not note it; `minutes`: of
    working time."""

    reason: str
    minutes: int


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as the reports need it."""

    number: int
    company: str | None
    kind: str
    severity: str
    phase: str
    created_at: datetime
    respond_by: datetime | None = None
    responded_at: datetime | None = None
    resolve_by: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    subject: str = ""
    call_back_by: datetime | None = None
    team: str = ""
    owner: str = ""
    topic: str = ""
    waits: tuple[Wait, ...] = ()


def period(month: str, timezone: str) -> tuple[datetime, datetime]:
    """`2026-11` as [first moment, first moment after) in UTC, by the desk's own midnight."""
    found = _MONTH.fullmatch(month)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        raise Refused(f"{month!r} is not a month; write it like 2026-11")
    year, number = int(found[1]), int(found[2])
    after = date(year + number // 12, number % 12 + 1, 1)
    return midnight(date(year, number, 1), timezone), midnight(after, timezone)


def midnight(day: date, timezone: str) -> datetime:
    """Where that date begins there, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


# ----------------------------------------------------------------------------------------------- promises

#: phases in which a promise waits for somebody else
WAITING = ("waiting_customer", "awaiting_approval")
#: how a pause is told, by `Wait.reason`
REASONS = {
    "waiting_customer": "for the customer",
    "awaiting_approval": "for an approval",
    "": "for somebody else",
}
#: what becomes of a promise
STATES = ("kept", "missed", "open")
#: what may be promised: the columns of `report sla` are these with _kept, _missed and _open
PROMISES = ("respond", "resolve", "call_back")
#: how a broken one is told
DONE = {"respond": "answered", "resolve": "resolved", "call_back": "called back"}


def kept(due: datetime | None, done: datetime | None, now: datetime, *, waits: bool = False) -> str:
    """`kept`, `missed`, `open` (still time, or `waits`: the clock stands) or `` (nothing was promised)."""
    if due is None:
        return ""
    if done is not None:
        return "kept" if done <= due else "missed"
    if waits:
        return "open"
    return "open" if now <= due else "missed"


@dataclass(frozen=True, slots=True)
class PromiseCount:
    """How many promises of one sort were kept, broken, and can still be kept."""

    kept: int = 0
    missed: int = 0
    open: int = 0

    @property
    def decided(self) -> int:
        return self.kept + self.missed

    @property
    def percent(self) -> float | None:
        """Kept, of those that were kept or broken; None where none was."""
        return round(100 * self.kept / self.decided, 1) if self.decided else None

    def columns(self, promise: str) -> Columns:
        return {
            f"{promise}_kept": self.kept, f"{promise}_missed": self.missed, f"{promise}_open": self.open,
            f"{promise}_percent": self.percent,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """The promises to one company at one severity. `paused`: minutes of working time by the reasons of `REASONS`."""

    company: str | None
    severity: str | None
    tickets: int
    respond: PromiseCount
    resolve: PromiseCount
    call_back: PromiseCount
    paused: Mapping[str, int]

    def columns(self) -> Columns:
        columns: dict[str, object] = {
            "company": self.company, "severity": self.severity, "tickets": self.tickets,
        }  # fmt: skip
        for promise, count in zip(PROMISES, (self.respond, self.resolve, self.call_back), strict=True):
            columns |= count.columns(promise)
        return columns | {f"paused_{reason or 'other'}_minutes": self.paused[reason] for reason in REASONS}


@dataclass(frozen=True, slots=True)
class MissedPromise:
    """A broken promise and why. `done`: None where it is not kept yet."""

    company: str | None
    severity: str | None
    ticket: int
    promise: str
    due: datetime
    done: datetime | None
    late_minutes: int
    why: str
    subject: str
    paused_minutes: int

    def columns(self) -> Columns:
        return {
            "company": self.company, "severity": self.severity, "ticket": self.ticket, "promise": self.promise,
            "due": self.due.isoformat(), "done": self.done.isoformat() if self.done else None,
            "late_minutes": self.late_minutes, "why": self.why, "subject": self.subject,
            "paused_minutes": self.paused_minutes,
        }  # fmt: skip


def promise_rows(tickets: Iterable[TicketRow], now: datetime) -> list[PromiseRow]:
    """`report sla`: per company and severity how many answers and solutions kept their promise."""
    groups: dict[tuple[str, str], list[TicketRow]] = {}
    for ticket in tickets:
        groups.setdefault((ticket.company or "", ticket.severity), []).append(ticket)
    rows = []
    for (company, severity), own in sorted(groups.items()):
        states = Counter(
            (what, kept(due, done, now, waits=ticket.phase in WAITING))
            for ticket in own
            for what, due, done in _promises(ticket)
        )
        respond, resolve, call_back = (
            PromiseCount(*(states[what, state] for state in STATES)) for what in PROMISES
        )
        rows.append(
            PromiseRow(company or None, severity or None, len(own), respond, resolve, call_back, _paused(own))
        )
    return rows


def _paused(tickets: Sequence[TicketRow]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for ticket in tickets:
        for wait in ticket.waits:
            sums[wait.reason] += wait.minutes
    return {reason: sums[reason] for reason in REASONS}


def missed_promises(tickets: Iterable[TicketRow], now: datetime) -> list[MissedPromise]:
    """Each broken promise and why: the longest overdue first."""
    rows = []
    for ticket in tickets:
        for what, due, done in _promises(ticket):
            if due is None or kept(due, done, now, waits=ticket.phase in WAITING) != "missed":
                continue
            late = int(((done or now) - due).total_seconds()) // 60
            why = f"{DONE[what]} {late} min late"
            if done is None:
                why = f"not yet {DONE[what]}, {late} min over"
            if ticket.waits:
                why += f"; the clock had stood: {paused(ticket.waits)}"
            stood = sum(wait.minutes for wait in ticket.waits)
            rows.append(
                MissedPromise(
                    ticket.company, ticket.severity or None, ticket.number, what, due, done, late, why, ticket.subject, stood
                )
            )  # fmt: skip
    return sorted(rows, key=lambda row: (-row.late_minutes, row.ticket))


def paused(waits: Iterable[Wait]) -> str:
    """ "1:30 for the customer, 0:20 for an approval": working time by reason, the longest first."""
    sums: Counter[str] = Counter()
    for wait in waits:
        sums[wait.reason] += wait.minutes
    return ", ".join(f"{clock(n)} {REASONS.get(reason, reason)}" for reason, n in sums.most_common())


def _promises(ticket: TicketRow) -> tuple[tuple[str, datetime | None, datetime | None], ...]:
    """(what, due, done) of each of `PROMISES`: a ticket that ended counts as answered and solved then."""
    if ticket.phase == Phase.MERGED:
        return ()  # its survivor keeps the older promise
    ended = ticket.resolved_at or ticket.closed_at
    answered = ticket.responded_at or ended
    solved = None if ticket.phase == Phase.REJECTED else ticket.resolve_by
    called = ("call_back", ticket.call_back_by, answered)
    return (("respond", ticket.respond_by, answered), ("resolve", solved, ended), called)


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
    tickets: Iterable[TicketRow], since: datetime, until: datetime, timezone: str, by: str = "week"
) -> list[VolumeRow]:
    """`report volume`: new tickets per local day, ISO week or month, company and kind."""
    zone = ZoneInfo(timezone)
    counts: Counter[tuple[str, str, str]] = Counter()
    for ticket in tickets:
        if since <= ticket.created_at < until:
            day = ticket.created_at.astimezone(zone).date()
            counts[bucket(day, by), ticket.company or "", ticket.kind] += 1
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
            for _, due, done in _promises(ticket)
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
