"""The ticket that a mail opens or joins, as `explain` and `why` show it."""

from __future__ import annotations

from operator import attrgetter

from maild.model import DecidedTicket, Decision, Facts, Plan, TicketFacts, UpdateTicket
from maild.ticket.state import UNSET, TicketChange
from maild.values import replace


def decided_ticket(ticket: TicketFacts) -> DecidedTicket:
    """The ticket as the decision tells of it."""
    clock = ticket.state.clock
    return DecidedTicket(
        ticket.kind, ticket.severity, ticket.team, ticket.topic, ticket.company, ticket.language, ticket.phase,
        ticket.respond_by, ticket.resolve_by, clock.level if clock else "", clock.calendar if clock else "",
        ticket.state.out_of_scope,
    )  # fmt: skip


_SHOWN = attrgetter(
    "kind", "severity", "team", "topic", "company", "language", "phase", "respond_by", "resolve_by", "clock", "out_of_scope"
)  # fmt: skip


def _is_shown(change: TicketChange) -> bool:
    """Whether it sets anything that `decided_ticket` tells: what nobody sees is not worked out."""
    return any(value is not UNSET for value in _SHOWN(change))


def with_ticket(plan: Plan, facts: Facts) -> Plan:
    """The plan whose decision shows the ticket that the mail joins, where it shows none yet."""
    decision: Decision | None = plan.decision
    before = facts.tickets.get(plan.inbound_ticket) if plan.inbound_ticket else None
    if decision is None or decision.ticket is not None or before is None:
        return plan
    changes = [one for one in plan.changes if isinstance(one, UpdateTicket) and _is_shown(one.change)]
    return replace(plan, decision=replace(decision, ticket=decided_ticket(before.after_all(changes))))
