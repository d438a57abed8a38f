"""What a change of a contract does to tickets that are open."""

from __future__ import annotations

from datetime import datetime

from maild.model import AddEntry, CompanyFacts, Plan, TicketFacts, UpdateTicket
from maild.settings import Settings
from maild.ticket import clocks, routing
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType


def recount(ticket: TicketFacts, company: CompanyFacts | None, settings: Settings, now: datetime) -> Plan:
    """The ticket's severity and promises under the new contract; an empty plan when nothing moves."""
    theirs = ticket.beyond(TicketChange(severity=routing.severity_under(ticket, company)))
    clock = clocks.on_change(ticket.after(theirs), now, settings, company)
    change = theirs.over(clock.change)
    if not change:
        return Plan()
    return Plan(
        (
            UpdateTicket(ticket.number, change),
            *(
                AddEntry(ticket.number, EntryType.CLOCK, "maild", "system", why, public=False)
                for why in clock.explanations
            ),
            *clock.deadlines,
        )
    )
