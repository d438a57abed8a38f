"""A customer's mail moves a ticket: back to work, with its clock going on."""

from __future__ import annotations

from dataclasses import replace

from maild.app.case import Case
from maild.model import AddEntry, Change, SetDeadline, TicketFacts, UpdateTicket
from maild.ticket import clocks
from maild.ticket.entries import PhaseDetails
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import DeadlineType, EntryType

#: a change that sets nothing
NOTHING = TicketChange()


def wake(case: Case, ticket: TicketFacts) -> tuple[TicketFacts, list[Change]]:
    """Back to the phase that the ticket waited in, or in_progress."""
    before = ticket.phase_before if ticket.phase is Phase.WAITING_CUSTOMER else None
    kept = before in (Phase.RECEIVED, Phase.ACCEPTED, Phase.SCHEDULED)
    new = before if before is not None and kept else Phase.IN_PROGRESS
    return to_phase(case, ticket, new)


def to_phase(
    case: Case, ticket: TicketFacts, new: Phase, who: str = "", more: TicketChange = NOTHING
) -> tuple[TicketFacts, list[Change]]:
    """The ticket as it stands then, and the changes. `who`: whose step it was, where customers may see it;
    `more`: what else the step sets."""
    company = case.facts.companies.get(ticket.company) if ticket.company else None
    clock = clocks.on_phase(ticket, new, case.now, case.settings, company)
    change = replace(
        last_mail(case).over(more).over(clock.change), phase=new, resolved_at=None, closed_at=None
    )
    changes: list[Change] = [
        UpdateTicket(ticket.number, change),
        AddEntry(
            ticket.number, EntryType.PHASE, who or "maild", "email" if who else "system", "", public=bool(who),
            details=PhaseDetails(old=ticket.phase, new=new, because="the customer wrote"),
        ),
        *clock.deadlines,
        SetDeadline(DeadlineType.AUTO_CLOSE, ticket.number),
    ]  # fmt: skip
    return ticket.after(change), changes


def last_mail(case: Case) -> TicketChange:
    """From now on status mails answer this mail."""
    return TicketChange(last_message_id=case.mail.message_id) if case.mail.message_id else NOTHING
