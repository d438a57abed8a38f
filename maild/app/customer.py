"""What a customer does on the page beside writing: closing and reopening a ticket, as a mail of theirs would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from maild.app import acts, approvals
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.model import Mailbox, Plan, TicketFacts, UpdateTicket
from maild.settings import Settings
from maild.ticket import moving, waiting
from maild.ticket.moving import Actor
from maild.ticket.phases import DONE, ENDED, Phase

WEB = "web"


#: one of the acts below: on which ticket (no agent acts), by whom, with unguessable text for a token
CustomerAct = Callable[[ActContext, TicketFacts, Mailbox, Callable[[], str]], Plan]


def close(act: ActContext, ticket: TicketFacts, by: Mailbox, _nonce: Callable[[], str]) -> Plan:
    """It is solved. Refused for what has ended, and for what waits for somebody's approval."""
    if ticket.phase in ENDED:
        raise Refused(f"#{ticket.number} is {ticket.phase}")
    return Plan(tuple(acts.move(act, ticket, Phase.CLOSED, actor=Actor(by.address, WEB))))


def reopen(act: ActContext, ticket: TicketFacts, by: Mailbox, nonce: Callable[[], str]) -> Plan:
    """It is not solved. Refused for what is open, and after the days in which a reply would reopen it."""
    if ticket.phase not in DONE or _ended(ticket) is None:
        raise Refused(f"#{ticket.number} is {ticket.phase}")
    if not may_reopen(ticket, act.settings, act.now):
        raise Refused(f"#{ticket.number} ended more than {act.settings.threading.reopen_days} days ago")
    if not moving.may_stand(ticket.state.asks, Phase.IN_PROGRESS):
        return approvals.held_instead(act, ticket, "", nonce)
    changes = acts.move(act, ticket, Phase.IN_PROGRESS, notice="reopened", actor=Actor(by.address, WEB))
    waits = waiting.customer_wrote(ticket.after_all(changes), act.now, act.settings)
    return Plan((*changes, UpdateTicket(ticket.number, waits.change), *waits.deadlines))


def may_reopen(ticket: TicketFacts, settings: Settings, now: datetime) -> bool:
    """As a reply by mail would: within the days after the last resolve or close."""
    ended = _ended(ticket) if ticket.phase in DONE else None
    return ended is not None and now - ended <= timedelta(days=settings.threading.reopen_days)


def _ended(ticket: TicketFacts) -> datetime | None:
    return max(filter(None, (ticket.resolved_at, ticket.closed_at)), default=None)
