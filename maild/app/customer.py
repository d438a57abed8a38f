"""What a customer does on the page beside writing: closing and reopening a ticket, as a mail of theirs would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from maild.app import acts, approvals
from maild.errors import Refused
from maild.model import CompanyFacts, ConsentFacts, Mailbox, Plan, TicketFacts, UpdateTicket
from maild.settings import Settings
from maild.ticket import moving, waiting
from maild.ticket.moving import Actor
from maild.ticket.phases import DONE, ENDED, Phase

WEB = "web"


#: one of the acts below: the ticket with its company and consents, who acts, and unguessable text for a token
CustomerAct = Callable[
    [
        TicketFacts,
        CompanyFacts | None,
        Sequence[ConsentFacts],
        Mailbox,
        Settings,
        datetime,
        Callable[[], str],
    ],
    Plan,
]


def close(
    ticket: TicketFacts, company: CompanyFacts | None, consents: Sequence[ConsentFacts], by: Mailbox,
    settings: Settings, now: datetime, _nonce: Callable[[], str],
) -> Plan:  # fmt: skip
    """It is solved. Refused for what has ended, and for what waits for somebody's approval."""
    if ticket.phase in ENDED:
        raise Refused(f"#{ticket.number} is {ticket.phase}")
    act = acts.ActContext(settings, now, "", company, None, tuple(consents))
    return Plan(tuple(acts.move(act, ticket, Phase.CLOSED, actor=Actor(by.address, WEB))))


def reopen(
    ticket: TicketFacts, company: CompanyFacts | None, consents: Sequence[ConsentFacts], by: Mailbox,
    settings: Settings, now: datetime, nonce: Callable[[], str],
) -> Plan:  # fmt: skip
    """It is not solved. Refused for what is open, and after the days in which a reply would reopen it."""
    ended = max(filter(None, (ticket.resolved_at, ticket.closed_at)), default=None)
    if ticket.phase not in DONE or ended is None:
        raise Refused(f"#{ticket.number} is {ticket.phase}")
    if now - ended > timedelta(days=settings.threading.reopen_days):
        raise Refused(f"#{ticket.number} ended more than {settings.threading.reopen_days} days ago")
    act = acts.ActContext(settings, now, "", company, None, tuple(consents))
    if not moving.may_stand(ticket.state.asks, Phase.IN_PROGRESS):
        return approvals.held_instead(act, ticket, "", nonce)
    changes = acts.move(act, ticket, Phase.IN_PROGRESS, notice="reopened", actor=Actor(by.address, WEB))
    waits = waiting.customer_wrote(ticket.after_all(changes), now, settings)
    return Plan((*changes, UpdateTicket(ticket.number, waits.change), *waits.deadlines))
