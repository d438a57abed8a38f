"""Figures for managers: hours to invoice, promises kept and broken, how much came in. Pure sums over rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from maild.errors import Refused
from maild.model import Json
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


def sla_rows(tickets: Iterable[TicketRow], now: datetime) -> list[Json]:
    """`report sla`: per company and severity how many answers and solutions kept their promise."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for ticket in tickets:
        counter = counts.setdefault((ticket.company or "", ticket.severity), Counter())
        counter["tickets"] += 1
        for what, due, done in _promises(ticket):
            counter[f"{what}_{kept(due, done, now, waits=ticket.phase in WAITING)}"] += 1
        for wait in ticket.waits:
            counter[f"{wait.reason or 'other'}_minutes"] += wait.minutes
    rows = []
    for (company, severity), counter in sorted(counts.items()):
        row: Json = {"company": company or None, "severity": severity or None, "tickets": counter["tickets"]}
        for what in PROMISES:
            for state in ("kept", "missed", "open"):
                row[f"{what}_{state}"] = counter[f"{what}_{state}"]
            decided = row[f"{what}_kept"] + row[f"{what}_missed"]
            row[f"{what}_percent"] = round(100 * row[f"{what}_kept"] / decided, 1) if decided else None
        for reason in (*WAITING, "other"):
            row[f"paused_{reason}_minutes"] = counter[f"{reason}_minutes"]
        rows.append(row)
    return rows


def missed_rows(tickets: Iterable[TicketRow], now: datetime) -> list[Json]:
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
            rows.append(
                {
                    "company": ticket.company, "severity": ticket.severity or None, "ticket": ticket.number, "promise": what,
                    "due": due.isoformat(), "done": done.isoformat() if done else None, "late_minutes": late,
                    "why": why, "subject": ticket.subject, "paused_minutes": sum(wait.minutes for wait in ticket.waits),
                }
            )  # fmt: skip
    return sorted(rows, key=lambda row: (-int(row["late_minutes"]), row["ticket"]))


#: how a pause is told
REASONS = {
    "waiting_customer": "for the customer",
    "awaiting_approval": "for an approval",
    "": "for somebody else",
}


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


def volume_rows(
    tickets: Iterable[TicketRow], since: datetime, until: datetime, timezone: str, by: str = "week"
) -> list[Json]:
    """`report volume`: new tickets per local day, ISO week or month, company and kind."""
    zone = ZoneInfo(timezone)
    counts: Counter[tuple[str, str, str]] = Counter()
    for ticket in tickets:
        if since <= ticket.created_at < until:
            day = ticket.created_at.astimezone(zone).date()
            counts[bucket(day, by), ticket.company or "", ticket.kind] += 1
    return [
        {"period": name, "company": company or None, "kind": kind, "tickets": n}
        for (name, company, kind), n in sorted(counts.items())
    ]


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


def backlog_rows(tickets: Iterable[TicketRow], now: datetime) -> list[Json]:
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
        {
            "team": team or None, "tickets": counter["tickets"], "unassigned": counter["unassigned"],
            "overdue": counter["overdue"], "paused": counter["paused"],
            **{f"age_{name}": counter[name] for name, _, _ in AGES},
            "oldest": oldest[team].number, "oldest_days": (now - oldest[team].created_at).days,
        }
        for team, counter in sorted(counts.items())
    ]  # fmt: skip


def _age(age: timedelta) -> str:
    return next(name for name, _, most in AGES if most is None or age <= timedelta(days=most))


def satisfaction_rows(rated: Iterable[tuple[str | None, Rating]]) -> list[Json]:
    """How content each company's people are: how many said so, and how many said the contrary."""
    counts: dict[str, Counter[RatingValue]] = {}
    for company, given in rated:
        counts.setdefault(company or "", Counter())[given.value] += 1
    return [
        {"company": company or None, "good": one[RatingValue.GOOD], "bad": one[RatingValue.BAD]}
        for company, one in sorted(counts.items())
    ]
