"""How working time is counted on a ticket's clock, whose moments are whole seconds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maild.model import Reason, TicketFacts
from maild.settings import Settings
from maild.ticket.calendars import WorkingCalendar, build
from maild.ticket.phases import PAUSED, Phase
from maild.ticket.service import Terms
from maild.ticket.state import Pause, PromiseClock
from maild.values import replace


def made(received: datetime, known: Terms | Reason, call_back_by: datetime | None) -> PromiseClock:
    """A fresh clock by the terms of the contract, or one without a promise."""
    received = _second(received)
    if isinstance(known, Reason):
        return PromiseClock(received, call_back_by=call_back_by)
    return PromiseClock(
        received, known.calendar.name, known.level.name, known.respond_minutes, known.resolve_minutes,
        oncall=known.oncall, warn_percent=known.level.warn_percent, call_back_by=call_back_by,
        reply_minutes=known.reply_minutes,
    )  # fmt: skip


def of(ticket: TicketFacts) -> PromiseClock:
    """The ticket's clock; one that never had a promise counts nothing but keeps its pauses."""
    if ticket.state.clock is not None:
        return ticket.state.clock
    since = _second(ticket.updated_at or ticket.created_at)
    waits = (Pause(since, phase=ticket.phase),) if ticket.phase in PAUSED else ()
    return PromiseClock(_second(ticket.created_at), pauses=waits)


def calendar_of(clock: PromiseClock, settings: Settings) -> WorkingCalendar | None:
    """The calendar that the clock counts in; `office` where its own was taken out of the settings."""
    calendar = settings.calendars.get(clock.calendar) or settings.calendars.get("office")
    return build(calendar) if clock.level and calendar is not None else None


def due(
    clock: PromiseClock, minutes: int | None, settings: Settings, now: datetime, percent: int = 100
) -> datetime | None:
    """The moment when `percent` of `minutes` of working time have run; an open pause is taken to end now."""
    calendar = calendar_of(clock, settings)
    if calendar is None or minutes is None:
        return None
    at, need = clock.received_at, minutes * 60 * percent // 100
    for pause in clock.pauses:
        ran = calendar.seconds_between(at, pause.began)
        if need <= ran:
            break
        need -= ran
        at = max(at, pause.ended or now)
    return calendar.add_seconds(at, need)


def reply_minutes(clock: PromiseClock) -> int | None:
    """Working minutes that the contract allows for each later mail: as for the first, where it does not say."""
    return clock.respond_minutes if clock.reply_minutes is None else clock.reply_minutes


def paused(clock: PromiseClock, now: datetime, phase: Phase) -> PromiseClock:
    """The clock with a pause that begins now, in that phase."""
    return replace(clock, pauses=(*clock.pauses, Pause(_second(now), phase=phase)))


def resumed(clock: PromiseClock, now: datetime) -> tuple[PromiseClock, datetime]:
    """The clock with its open pause ended now, and when that pause began."""
    now = _second(now)
    *done, last = clock.pauses or (Pause(now),)
    return replace(clock, pauses=(*done, replace(last, ended=now))), last.began


def waits(clock: PromiseClock, settings: Settings, now: datetime) -> tuple[tuple[str, int], ...]:
    """Each pause as (phase, working minutes that it lasted); "" for a phase that nobody noted."""
    calendar = calendar_of(clock, settings)
    if calendar is None:
        return ()
    return tuple(
        (pause.phase or "", calendar.seconds_between(pause.began, pause.ended or now) // 60)
        for pause in clock.pauses
    )


def spans(clock: PromiseClock, now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The times during which the clock ran."""
    at = clock.received_at
    for pause in clock.pauses:
        yield at, pause.began
        if pause.ended is None:
            return
        at = max(at, pause.ended)
    yield at, now


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
