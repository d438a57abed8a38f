"""Service clocks: what is due when, paused while a ticket waits, recomputed without losing time.

The ticket's `PromiseClock` is the one truth: when the request was received, the pauses since then, the minutes that
the contract allows and in whose calendar. Every due time is computed from these.

Deadlines have the types `TYPES`; each goes off at most once for a promise.

Over 300 lines: one clock: what it counts, when it pauses, what it promises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maild.model import NEW, CompanyFacts, Promise, Reason, SetDeadline, TicketFacts
from maild.settings import Settings
from maild.ticket import due, working_time
from maild.ticket.calendars import build
from maild.ticket.phases import PAUSED, Phase
from maild.ticket.service import Terms, terms
from maild.ticket.state import UNSET, PromiseClock, TicketChange
from maild.ticket.vocabulary import DeadlineType
from maild.values import dataclass, replace

_D = DeadlineType
TYPES = (
    _D.RESPOND_WARNING, _D.RESPOND_BREACH, _D.RESOLVE_WARNING, _D.RESOLVE_BREACH, _D.CALL_BACK_WARNING,
    _D.CALL_BACK_BREACH, _D.REPLY_WARNING, _D.REPLY_BREACH,
)  # fmt: skip
#: what an answer to the customer's last mail settles
REPLIED = (_D.REPLY_WARNING, _D.REPLY_BREACH)
#: what the first answer of the desk settles
ANSWERED = (_D.RESPOND_WARNING, _D.RESPOND_BREACH, _D.CALL_BACK_WARNING, _D.CALL_BACK_BREACH)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """What it sets of the ticket (may be nothing), deadlines to set or remove, and why, for agents."""

    change: TicketChange = field(default_factory=TicketChange)
    deadlines: tuple[SetDeadline, ...] = ()
    explanations: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------- the events


def at_start(
    ticket: TicketFacts,
    promise: Promise,
    settings: Settings,
    company: CompanyFacts | None,
    known: Terms | Reason | None = None,
) -> ClockChange:
    """The clock of a new ticket with its deadlines; one that opens in a waiting phase is paused at once. `known`: the
    terms that the promise follows from, where they are worked out already."""
    received = promise.received_at or ticket.created_at
    # until the first answer its promise is what the customer waits for
    known = known or terms(company, ticket.severity, ticket.topic, received, settings)
    clock = working_time.made(received, known, promise.call_back_by)
    waits = ticket.phase in PAUSED
    change = TicketChange(
        respond_by=promise.respond_by,
        resolve_by=promise.resolve_by,
        reply_by=UNSET if ticket.waiting_since is None else promise.respond_by,
        clock=working_time.paused(clock, received, ticket.phase) if waits else clock,
    )
    if waits:
        return ClockChange(change, (), (f"the clock waits in {ticket.phase}",))
    return ClockChange(change, _set(ticket.number, _moments(clock, ticket, settings, received), set()), ())


def on_phase(
    ticket: TicketFacts,
    new_phase: Phase,
    now: datetime,
    settings: Settings,
    *,
    by_agent: bool = False,
) -> ClockChange:
    """What an arrow from `ticket.phase` to `new_phase` does to the clock.

    Entering a waiting phase pauses it and removes its alarms, leaving one continues it with the working
    time that was left. `by_agent`: the step is the desk's first answer, so nothing watches that any more; a customer
    who still waits for words is watched from then on.
    """
    clock = working_time.of(ticket)
    waited, waits = ticket.phase in PAUSED, new_phase in PAUSED
    answered = by_agent or ticket.responded_at is not None
    first = TicketChange(responded_at=now) if by_agent and ticket.responded_at is None else TicketChange()
    if waits and not waited:
        why = (f"the clock waits in {new_phase}",) if clock.level else ()
        change = replace(first, clock=working_time.paused(clock, now, new_phase))
        return ClockChange(change, removed(ticket.number, TYPES), why)
    if waited and not waits:
        return _continued(ticket, clock, now, settings, first, answered)
    if not by_agent:
        return ClockChange()
    alarms = reply_alarms(ticket.after(first), settings, now) if ticket.reply_by is not None else ()
    return ClockChange(first, (*removed(ticket.number, ANSWERED), *alarms), ())


def on_change(
    ticket: TicketFacts, now: datetime, settings: Settings, company: CompanyFacts | None
) -> ClockChange:
    """The clock after a change of kind, severity, topic or contract; `ticket` already has the new values.

    Counted again from the reception with every pause, so time that passed stays passed. What was already
    answered keeps its old promise. A call-back that only now is due counts from now.
    """
    old = working_time.of(ticket)
    known = terms(company, ticket.severity, ticket.topic, old.received_at, settings)
    call_back = old.call_back_by
    if not isinstance(known, Terms) or not known.oncall:
        call_back = None
    elif call_back is None and known.level.call_back_minutes:
        call_back = known.calendar.add(now, known.level.call_back_minutes)
    clock = replace(working_time.made(old.received_at, known, call_back), pauses=old.pauses)
    if clock == old:
        return ClockChange()
    change = _due(clock, settings, now, answered=ticket.responded_at is not None)
    change = replace(change, reply_by=_reply_by(ticket, clock, change, settings))
    why = _explained(ticket, clock, known, change, now, settings)
    if ticket.phase in PAUSED:
        return ClockChange(change, removed(ticket.number, TYPES), why)
    before = _moments(old, ticket, settings, now)
    after = _moments(clock, ticket.after(change), settings, now)
    gone_off = {t for t, at in before.items() if at <= now and after.get(t, now) <= now}
    return ClockChange(change, _set(ticket.number, after, gone_off), why)


def answered(ticket: TicketFacts) -> tuple[SetDeadline, ...]:
    """The desk answered: nothing watches the answer or the call-back any more."""
    return removed(ticket.number, ANSWERED)


def reply_alarms(ticket: TicketFacts, settings: Settings, now: datetime) -> tuple[SetDeadline, ...]:
    """The alarms of the answer that `ticket` waits for, as they stand now; what is over goes off at once."""
    clock = working_time.of(ticket)
    moments = _told_at(_reply_moments(clock, ticket, settings, now), clock, ticket, settings)
    silent = ticket.phase in PAUSED and ticket.waiting_since is not None
    return tuple(
        SetDeadline(type_, ticket.number, None if silent else moments.get(type_))
        for type_ in REPLIED
        if ticket.number != NEW or type_ in moments
    )


def is_due(ticket: TicketFacts, type_: DeadlineType) -> bool:
    """Whether a deadline that goes off still means something: not answered, solved or paused meanwhile."""
    if type_ in REPLIED:
        return ticket.reply_by is not None and next_due(ticket) is not None
    if ticket.phase in PAUSED or type_ not in TYPES:
        return False
    return type_ not in ANSWERED or ticket.responded_at is None


def promised(ticket: TicketFacts, what: str) -> datetime | None:
    """Until when `respond`, `resolve`, `reply` or `call_back` is promised."""
    if what == "call_back":
        return working_time.of(ticket).call_back_by
    if what == "reply":
        return ticket.reply_by
    return ticket.respond_by if what == "respond" else ticket.resolve_by


def next_due(ticket: TicketFacts) -> datetime | None:
    """What a queue is sorted by; see `due`."""
    return due.of(ticket, ticket.state)


def alert_time(at: datetime, settings: Settings, *, team: str = "", oncall: bool = False) -> datetime:
    """When people are told of something that is due `at`: at once on call, else in the desk's hours.

    The desk's hours are the calendar `office`, and the team's on-call calendar where it has one. The
    closing minute itself still counts as open.
    """
    if oncall:
        return at
    its_own = settings.teams[team].oncall_calendar if team in settings.teams else ""
    moments = []
    for name in ("office", its_own):
        if name in settings.calendars:
            calendar = build(settings.calendars[name])
            if calendar.is_open(at) or calendar.is_open(at - timedelta(minutes=1)):
                return at
            moments.append(calendar.next_open(at))
    return min((moment for moment in moments if moment is not None), default=at)


def _due(clock: PromiseClock, settings: Settings, now: datetime, *, answered: bool) -> TicketChange:
    """The clock and the due times that follow from it; what was answered keeps its old promise of an answer."""
    change = TicketChange(
        clock=clock, resolve_by=working_time.due(clock, clock.resolve_minutes, settings, now)
    )
    if answered:
        return change
    return replace(change, respond_by=working_time.due(clock, clock.respond_minutes, settings, now))


def _continued(
    ticket: TicketFacts,
    clock: PromiseClock,
    now: datetime,
    settings: Settings,
    first: TicketChange,
    answered: bool,
) -> ClockChange:
    clock, began = working_time.resumed(clock, now)
    calendar = working_time.calendar_of(clock, settings)
    if calendar is None:
        return ClockChange(replace(first, clock=clock))
    change = _due(clock, settings, now, answered=answered)
    if ticket.waiting_since is not None:
        change = replace(change, reply_by=_after_pause(ticket, clock, began, now, settings))
    moments = _moments(clock, ticket.after(change.over(first)), settings, now)
    gone_off = {t for t, at in moments.items() if at <= began}
    waited = calendar.minutes_between(began, now)
    until = change.resolve_by if answered else change.respond_by
    word = "resolve" if answered else "respond"
    shown = f"; {word} by {_local(until, settings)}" if isinstance(until, datetime) else ""
    why = (f"the clock goes on after {waited} working minutes in {ticket.phase}{shown}",)
    return ClockChange(change.over(first), _set(ticket.number, moments, gone_off), why)


def _after_pause(
    ticket: TicketFacts, clock: PromiseClock, began: datetime, now: datetime, settings: Settings
) -> datetime | None:
    """Until when the customer's mail is to be answered, now that others decided: what was left when they were asked."""
    calendar, minutes = working_time.calendar_of(clock, settings), working_time.reply_minutes(clock)
    if calendar is None or minutes is None or ticket.waiting_since is None:
        return None
    used = calendar.seconds_between(ticket.waiting_since, began)
    return calendar.add_seconds(now, max(minutes * 60 - used, 0))


def _reply_by(
    ticket: TicketFacts, clock: PromiseClock, change: TicketChange, settings: Settings
) -> datetime | None:
    """Until when the customer's mail is to be answered, by a clock that was made anew."""
    if ticket.waiting_since is None:
        return ticket.reply_by
    if ticket.responded_at is None and isinstance(change.respond_by, datetime):
        return change.respond_by
    calendar, minutes = working_time.calendar_of(clock, settings), working_time.reply_minutes(clock)
    return None if calendar is None or minutes is None else calendar.add(ticket.waiting_since, minutes)


def _moments(
    clock: PromiseClock, ticket: TicketFacts, settings: Settings, now: datetime
) -> dict[DeadlineType, datetime]:
    """When each alarm of a running clock goes off."""
    moments: dict[DeadlineType, datetime | None] = {}

    def watch(minutes: int | None, warning: DeadlineType, breach: DeadlineType) -> None:
        moments[warning] = working_time.due(clock, minutes, settings, now, clock.warn_percent)
        moments[breach] = working_time.due(clock, minutes, settings, now)

    if ticket.responded_at is None:
        watch(clock.respond_minutes, _D.RESPOND_WARNING, _D.RESPOND_BREACH)
    watch(clock.resolve_minutes, _D.RESOLVE_WARNING, _D.RESOLVE_BREACH)
    moments |= _reply_moments(clock, ticket, settings, now)
    if clock.call_back_by and ticket.responded_at is None:
        promised = clock.call_back_by - clock.received_at
        moments[_D.CALL_BACK_WARNING] = clock.received_at + promised * clock.warn_percent / 100
        moments[_D.CALL_BACK_BREACH] = clock.call_back_by
    return _told_at(moments, clock, ticket, settings)


def _reply_moments(
    clock: PromiseClock, ticket: TicketFacts, settings: Settings, now: datetime
) -> dict[DeadlineType, datetime | None]:
    """Those of the answer that the ticket waits for, until the first answer only where none is promised."""
    if ticket.reply_by is None or (ticket.responded_at is None and ticket.respond_by is not None):
        return {}
    return {_D.REPLY_WARNING: _before(ticket, clock, settings, now), _D.REPLY_BREACH: ticket.reply_by}


def _told_at(
    moments: Mapping[DeadlineType, datetime | None],
    clock: PromiseClock,
    ticket: TicketFacts,
    settings: Settings,
) -> dict[DeadlineType, datetime]:
    """When people are told of each."""
    return {
        type_: alert_time(at, settings, team=ticket.team, oncall=clock.oncall)
        for type_, at in moments.items()
        if at is not None
    }


def _before(ticket: TicketFacts, clock: PromiseClock, settings: Settings, now: datetime) -> datetime | None:
    """When the owner is warned that a mail is to be answered."""
    calendar, minutes = working_time.calendar_of(clock, settings), working_time.reply_minutes(clock)
    since = ticket.waiting_since or now
    if calendar is None or minutes is None or ticket.reply_by is None:
        return None
    at = calendar.add_seconds(since, minutes * 60 * clock.warn_percent // 100)
    return at if at is not None and at < ticket.reply_by else None


def _explained(
    ticket: TicketFacts,
    clock: PromiseClock,
    known: Terms | Reason,
    change: TicketChange,
    now: datetime,
    settings: Settings,
) -> tuple[str, ...]:
    if isinstance(known, Reason):
        return (f"no promise any more: {known.code}",)
    used = sum(known.calendar.seconds_between(a, b) for a, b in working_time.spans(clock, now)) // 60
    terms_ = ", ".join(r.evidence for r in known.reasons if r.code in ("respond-within", "resolve-within"))
    counted = f"{terms_ or 'no hours agreed'}, calendar {clock.calendar}; {used} working minutes have passed"
    pairs = (
        ("respond", change.respond_by, ticket.respond_by),
        ("resolve", change.resolve_by, ticket.resolve_by),
    )
    return tuple(
        f"{name} by {_local(new, settings)} (was {_local(old, settings)}): {counted}"
        for name, new, old in pairs
        if new is not UNSET and new != old
    )


def removed(number: int, types: Iterable[DeadlineType]) -> tuple[SetDeadline, ...]:
    return tuple(SetDeadline(t, number) for t in types)


def _set(
    number: int, moments: dict[DeadlineType, datetime], gone_off: set[DeadlineType]
) -> tuple[SetDeadline, ...]:
    """All alarms as they stand now: those to come, and for an existing ticket the removal of the others."""
    made = []
    for type_ in TYPES:
        at = moments.get(type_) if type_ not in gone_off else None
        if at is not None or number != NEW:
            made.append(SetDeadline(type_, number, at))
    return tuple(made)


def _local(at: datetime | None, settings: Settings) -> str:
    return f"{at.astimezone(ZoneInfo(settings.desk.timezone)):%A %Y-%m-%d %H:%M}" if at else "nothing"
