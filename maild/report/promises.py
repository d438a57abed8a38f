"""Promises kept, broken and open, why clocks stood, and each broken one. Pure sums over rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain

from maild.report.sheet import Columns
from maild.report.ticket_row import TicketRow, Wait
from maild.report.timesheet import clock
from maild.ticket.phases import Phase
from maild.values import dataclass

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
        of_promises = zip(PROMISES, (self.respond, self.resolve, self.call_back), strict=True)
        counts = [count.columns(promise).items() for promise, count in of_promises]
        return {
            "company": self.company, "severity": self.severity, "tickets": self.tickets, **dict(chain(*counts)),
            **{f"paused_{reason or 'other'}_minutes": self.paused[reason] for reason in REASONS},
        }  # fmt: skip


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
    groups: defaultdict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for ticket in tickets:
        groups[ticket.company or "", ticket.severity or ""].add(ticket, now)
    rows = []
    for (company, severity), own in sorted(groups.items()):
        respond, resolve, call_back = (
            PromiseCount(*(own.states[what, state] for state in STATES)) for what in PROMISES
        )
        paused_ = {reason: own.minutes[reason] for reason in REASONS}
        rows.append(
            PromiseRow(company or None, severity or None, own.tickets, respond, resolve, call_back, paused_)
        )
    return rows


class _Sums:
    """What a row of `report sla` is made of, ticket by ticket. `states`: promises by (what, what became of it);
    `minutes`: of working time, by why the clock stood."""

    __slots__ = ("minutes", "states", "tickets")

    def __init__(self) -> None:
        self.tickets = 0
        self.states: Counter[tuple[str, str]] = Counter()
        self.minutes: Counter[str] = Counter()

    def add(self, ticket: TicketRow, now: datetime) -> None:
        self.tickets += 1
        waits = ticket.phase in WAITING
        for what, due, done in promises_to(ticket):
            if due is not None:
                self.states[what, kept(due, done, now, waits=waits)] += 1
        for wait in ticket.waits:
            self.minutes[wait.reason] += wait.minutes


def missed_promises(tickets: Iterable[TicketRow], now: datetime) -> list[MissedPromise]:
    """Each broken promise and why: the longest overdue first."""
    rows = []
    for ticket in tickets:
        for what, due, done in promises_to(ticket):
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
                    ticket.company, ticket.severity, ticket.number, what, due, done, late, why, ticket.subject, stood
                )
            )  # fmt: skip
    return sorted(rows, key=lambda row: (-row.late_minutes, row.ticket))


def paused(waits: Iterable[Wait]) -> str:
    """ "1:30 for the customer, 0:20 for an approval": working time by reason, the longest first."""
    sums: Counter[str] = Counter()
    for wait in waits:
        sums[wait.reason] += wait.minutes
    return ", ".join(f"{clock(n)} {REASONS.get(reason, reason)}" for reason, n in sums.most_common())


def promises_to(ticket: TicketRow) -> tuple[tuple[str, datetime | None, datetime | None], ...]:
    """(what, due, done) of each of `PROMISES`: a ticket that ended counts as answered and solved then."""
    if ticket.phase == Phase.MERGED:
        return ()  # its survivor keeps the older promise
    ended = ticket.resolved_at or ticket.closed_at
    answered = ticket.responded_at or ended
    solved = None if ticket.phase == Phase.REJECTED else ticket.resolve_by
    called = ("call_back", ticket.call_back_by, answered)
    return (("respond", ticket.respond_by, answered), ("resolve", solved, ended), called)
