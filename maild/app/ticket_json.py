"""The ticket that a mail opens or joins, as `explain` and `why` show it."""

from __future__ import annotations

from dataclasses import replace

from maild.model import Decision, Facts, Json, Plan, TicketFacts
from maild.notice import notices


def ticket_json(ticket: TicketFacts) -> Json:
    """Kind, severity, team and what was promised by which level in which calendar; times in UTC."""
    clock = ticket.state.clock
    return {
        "kind": ticket.kind, "severity": ticket.severity, "team": ticket.team, "topic": ticket.topic,
        "company": ticket.company, "language": ticket.language, "phase": ticket.phase,
        "respond_by": notices.iso(ticket.respond_by), "resolve_by": notices.iso(ticket.resolve_by),
        "service_level": clock.level if clock else "", "calendar": clock.calendar if clock else "",
        "out_of_scope": ticket.state.out_of_scope,
    }  # fmt: skip


def with_ticket(plan: Plan, facts: Facts) -> Plan:
    """The plan whose decision shows the ticket that the mail joins, where it shows none yet."""
    decision: Decision | None = plan.decision
    found = facts.tickets.get(plan.inbound_ticket) if plan.inbound_ticket else None
    if decision is None or decision.ticket is not None or found is None:
        return plan
    return replace(plan, decision=replace(decision, ticket=ticket_json(found.after_all(plan.changes))))
