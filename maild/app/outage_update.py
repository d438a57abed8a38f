"""What the people of a linked ticket are told of an outage."""

from __future__ import annotations

from datetime import datetime, timedelta

from maild.model import (
    AddEntry,
    Change,
    CompanyFacts,
    OutageFacts,
    Plan,
    SendNotice,
    SetDeadline,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.status_mails import OutageResolved, OutageUpdate
from maild.settings import Settings
from maild.ticket.entries import OutageDetails
from maild.ticket.phases import ENDED
from maild.ticket.vocabulary import DeadlineType, EntryType


def news(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    outage: OutageFacts,
    settings: Settings,
    now: datetime,
    agent: str,
    words: str,
    *,
    resolved: bool,
) -> Plan:
    """One mail and one entry; at recovery also the day on which a ticket that nobody answers is closed."""
    if ticket.phase in ENDED:
        return Plan()
    text = words or outage.text or outage.title
    changes: list[Change] = [
        AddEntry(
            ticket.number,
            EntryType.OUTAGE,
            agent,
            "cli",
            text,
            public=True,
            details=OutageDetails(outage=outage.id, resolved=resolved),
        )
    ]
    said = notices.base(
        ticket, company, settings, now, actor=notices.shown_name(agent, settings), message=words
    )
    mail = OutageResolved if resolved else OutageUpdate
    made = notices.status(mail(**said, outages=notices.outages([outage])), ticket)
    if made is not None:
        changes.append(SendNotice(made))
    if resolved:
        at = now + timedelta(days=settings.tickets.outage_close_days)
        changes.append(SetDeadline(DeadlineType.OUTAGE_CLOSE, ticket.number, at, since=now))
    return Plan(tuple(changes))
