"""How working time is counted on a ticket's clock: `ticket.data["clock"]` as `clocks.py` describes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from maild.model import Json, Reason, TicketFacts
from maild.settings import Settings
from maild.ticket.calendars import WorkingCalendar, build
from maild.ticket.phases import PAUSED
from maild.ticket.service import Terms


def made(received: datetime, known: Terms | Reason, call_back_by: datetime | None) -> Json:
    """A fresh clock by the terms of the contract, or one without a promise."""
    terms = known if isinstance(known, Terms) else None
    return {
        "calendar": terms.calendar.name if terms else "",
        "level": terms.level.name if terms else "",
        "received_at": iso(received),
        "respond_minutes": terms.respond_minutes if terms else None,
        "resolve_minutes": terms.resolve_minutes if terms else None,
        "pauses": [],
        "oncall": terms.oncall if terms else False,
        "warn_percent": terms.level.warn_percent if terms else 0,
        "call_back_by": iso(call_back_by) if call_back_by else None,
    }


def of(ticket: TicketFacts) -> Json:
    """The ticket's clock; one that never had a promise counts nothing but keeps its pauses."""
    fresh = made(ticket.created_at, Reason("none"), None)
    if ticket.phase in PAUSED:
        fresh["pauses"] = [[iso(ticket.updated_at or ticket.created_at), None]]
    return {**fresh, **(ticket.data.get("clock") or {})}


def calendar_of(clock: Json, settings: Settings) -> WorkingCalendar | None:
    """The calendar that the clock counts in; `office` where its own was taken out of the settings."""
    found = settings.calendars.get(clock["calendar"]) or settings.calendars.get("office")
    return build(found) if clock["level"] and found is not None else None


def due(clock: Json, key: str, settings: Settings, now: datetime, percent: int = 100) -> datetime | None:
    """The moment when `percent` of the allowed working time has run; an open pause is taken to end now."""
    calendar, minutes = calendar_of(clock, settings), clock[key]
    if calendar is None or minutes is None:
        return None
    at, need = moment(clock["received_at"]), minutes * 60 * percent // 100
    for begin, end in clock["pauses"]:
        ran = calendar.seconds_between(at, moment(begin))
        if need <= ran:
            break
        need -= ran
        at = max(at, moment(end) if end else now)
    return calendar.add_seconds(at, need)


def close_pause(clock: Json, now: datetime) -> datetime:
    """Ends the open pause now; returns when it began."""
    *done, last = clock["pauses"] or [[iso(now), None]]
    clock["pauses"] = [*done, [last[0], iso(now)]]
    return moment(last[0])


def spans(clock: Json, now: datetime) -> Iterable[tuple[datetime, datetime]]:
    """The times during which the clock ran."""
    at = moment(clock["received_at"])
    for begin, end in clock["pauses"]:
        yield at, moment(begin)
        if end is None:
            return
        at = max(at, moment(end))
    yield at, now


def iso(at: datetime) -> str:
    """A time as it stands in the clock."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def moment(text: str) -> datetime:
    """A time that stands in the clock."""
    return datetime.fromisoformat(text)
