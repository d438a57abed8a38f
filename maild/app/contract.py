"""What a change of a contract does to tickets that are open."""

from __future__ import annotations

from datetime import datetime

from maild.model import AddEntry, CompanyFacts, Plan, TicketFacts, UpdateTicket
from maild.settings import Settings
from maild.ticket import clocks
from maild.ticket.vocabulary import EntryType


def recount(ticket: TicketFacts, company: CompanyFacts | None, settings: Settings, now: datetime) -> Plan:
    """The ticket's promises under the new contract; an empty plan when nothing moves."""
    clock = clocks.on_change(ticket, now, settings, company)
    if not clock.change:
        return Plan()
    return Plan(
        (
            UpdateTicket(ticket.number, clock.change),
            *(
                AddEntry(ticket.number, EntryType.CLOCK, "maild", "system", why, public=False)
                for why in clock.explanations
            ),
            *clock.deadlines,
        )
    )
