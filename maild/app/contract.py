"""Changes of a company's record, and what those of its contract do to tickets that are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from maild.app.acts import reckoned
from maild.model import Change, CompanyFacts, Plan, SaveCompany, TicketFacts, UpdateTicket
from maild.party.company_import import check_company
from maild.settings import Settings
from maild.ticket import clocks, routing
from maild.ticket.state import TicketChange

#: what promises are counted by
COUNTED = (
    "service_level", "calendar", "calendars", "valid_from", "valid_until", "covered", "excluded", "oncall_phone",
    "oncall_calendar", "sites",
)  # fmt: skip


def moves_clocks(known: CompanyFacts | None, wanted: CompanyFacts) -> bool:
    """Whether open tickets have to be looked at: by whichever verb the contract is changed."""
    return known is not None and any(getattr(known, name) != getattr(wanted, name) for name in COUNTED)


def save(
    wanted: CompanyFacts, others: Mapping[str, Sequence[str]], tickets: Iterable[TicketFacts], settings: Settings,
    now: datetime,
) -> Plan:  # fmt: skip
    """The company as it shall be, and its open `tickets` under its new contract. `others`: domains by company.
    Refused where it cannot stand beside them."""
    check_company(wanted, settings, others)
    changes: list[Change] = [SaveCompany(wanted)]
    for ticket in tickets:
        changes += recount(ticket, wanted, settings, now)
    return Plan(tuple(changes))


def recount(
    ticket: TicketFacts, company: CompanyFacts | None, settings: Settings, now: datetime
) -> tuple[Change, ...]:
    """The ticket's severity and promises under the new contract; nothing where none of them moves."""
    theirs = ticket.beyond(TicketChange(severity=routing.severity_under(ticket, company)))
    clock = clocks.on_change(ticket.after(theirs), now, settings, company)
    change = theirs.over(clock.change)
    if not change:
        return ()
    return (UpdateTicket(ticket.number, change), *reckoned(ticket.number, clock))
