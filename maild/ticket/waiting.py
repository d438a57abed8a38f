"""Who waits for whom: a state of every ticket (contract, What waits for whom).

When a person of the customer's side wrote last, the customer waits, until an agent replies, moves the ticket to
another phase or closes it. Who has not got our last words waits as well, without having written.
"""

from __future__ import annotations

from datetime import datetime

from maild.model import TicketFacts
from maild.settings import Settings
from maild.ticket import clocks, working_time
from maild.ticket.phases import PAUSED, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import LastWord
from maild.values import replace


def customer_wrote(ticket: TicketFacts, at: datetime, settings: Settings) -> clocks.ClockChange:
    """The customer waits from `at` on, or from their first mail that nobody answered. `ticket`: as the mail leaves it
    otherwise."""
    since = ticket.waiting_since or at
    change = TicketChange(last_word=LastWord.CUSTOMER, waiting_since=since)
    if ticket.waiting_since is None or ticket.reply_by is None:
        change = replace(change, reply_by=_reply_by(ticket, since, settings))
    return _watched(ticket, change, settings, at)


def answered(ticket: TicketFacts) -> clocks.ClockChange:
    """The desk had the last word: nobody waits for it."""
    change = ticket.beyond(
        TicketChange(last_word=LastWord.AGENT, waiting_since=None, reply_by=None, undelivered=())
    )
    gone = clocks.removed(ticket.number, clocks.REPLIED) if ticket.reply_by is not None else ()
    return clocks.ClockChange(change, gone)


def undelivered(
    ticket: TicketFacts, addresses: tuple[str, ...], now: datetime, settings: Settings
) -> clocks.ClockChange:
    """Our last words did not reach these people: the ticket is due as if they had asked again."""
    known = tuple(dict.fromkeys((*ticket.state.undelivered, *addresses)))
    change = TicketChange(undelivered=known)
    if ticket.reply_by is None:
        change = replace(change, reply_by=_reply_by(ticket, now, settings))
    return _watched(ticket, change, settings, now)


def merged(ticket: TicketFacts, into: TicketFacts, settings: Settings, now: datetime) -> clocks.ClockChange:
    """Who waited on a ticket that becomes part of another waits there, since then."""
    if ticket.waiting_since is None or into.phase in PAUSED - {
        Phase.WAITING_CUSTOMER,
        Phase.AWAITING_APPROVAL,
    }:
        return clocks.ClockChange()
    since = min(ticket.waiting_since, into.waiting_since or ticket.waiting_since)
    due = min((at for at in (ticket.reply_by, into.reply_by) if at is not None), default=None)
    change = TicketChange(last_word=LastWord.CUSTOMER, waiting_since=since, reply_by=due)
    return _watched(into, change, settings, now)


def _reply_by(ticket: TicketFacts, since: datetime, settings: Settings) -> datetime | None:
    """None where the contract promises nothing."""
    clock = working_time.of(ticket)
    calendar = working_time.calendar_of(clock, settings)
    minutes = working_time.reply_minutes(clock)
    return None if calendar is None or minutes is None else calendar.add(since, minutes)


def _watched(
    ticket: TicketFacts, change: TicketChange, settings: Settings, now: datetime
) -> clocks.ClockChange:
    stands = ticket.after(change)
    return clocks.ClockChange(change, clocks.reply_alarms(stands, settings, now))
