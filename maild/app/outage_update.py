"""Known disturbances: what is opened, which tickets it touches, and what their people are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from maild.app import merging
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.model import (
    AddEntry,
    Change,
    CompanyFacts,
    OpenOutage,
    OutageFacts,
    Plan,
    SendNotice,
    SetDeadline,
    TellOutage,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.status_mails import OutageResolved, OutageUpdate
from maild.settings import Settings
from maild.ticket import dates, outages
from maild.ticket.entries import OutageDetails
from maild.ticket.phases import ENDED
from maild.ticket.vocabulary import DeadlineType, EntryType
from maild.values import replace


def opened(
    act: ActContext, outage: OutageFacts, candidates: Iterable[TicketFacts]
) -> tuple[Plan, tuple[TicketFacts, ...]]:
    """`maild outage open`: those of the open tickets that its words match are linked; nobody is mailed yet. Without
    words all would match: none is. Refused without a title."""
    if not outage.title:
        raise Refused("an outage needs a title")
    _need_to_come(outage.eta, act.now, act.settings)
    touched = tuple(ticket for ticket in candidates if outage.words and _speaks_of(outage, ticket))
    changes: list[Change] = [OpenOutage(outage, act.agent)]
    for ticket in touched:
        changes += merging.link_outage(act, ticket, outage.id, outage.title).changes
    return Plan(tuple(changes)), touched


def _need_to_come(eta: datetime | None, now: datetime, settings: Settings) -> None:
    """Refuses to tell customers that it works again at a moment that is over."""
    if eta is not None and eta <= now:
        when = dates.absolute(eta, now, settings.desk.timezone)
        raise Refused(f"{when} is in the past: --eta TIME says when it shall work again")


def _speaks_of(outage: OutageFacts, ticket: TicketFacts) -> bool:
    said = "\n".join(e.text for e in ticket.entries if e.type in (EntryType.MAIL, EntryType.CALL))
    return bool(outages.matching((outage,), ticket.company, ticket.subject, said))


def news(
    outage: OutageFacts,
    touched: Sequence[tuple[TicketFacts, CompanyFacts | None]],
    settings: Settings,
    now: datetime,
    agent: str,
    words: str,
    *,
    eta: datetime | None = None,
    resolved: bool,
) -> Plan:
    """`maild outage update` and `resolve`: each of the `touched` tickets with its company hears of it once. Refused
    for an outage that is over."""
    if outage.resolved_at is not None:
        when = dates.absolute(outage.resolved_at, now, settings.desk.timezone)
        raise Refused(f"outage {outage.id} was resolved on {when}")
    _need_to_come(eta, now, settings)
    until = None if resolved else eta or outage.eta
    after = replace(outage, text=words, eta=until or outage.eta, resolved_at=now if resolved else None)
    changes: list[Change] = [TellOutage(outage.id, words, agent, until, resolved)]
    for ticket, company in touched:
        changes += _told(ticket, company, after, settings, now, agent, words, resolved=resolved)
    return Plan(tuple(changes))


def _told(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    outage: OutageFacts,
    settings: Settings,
    now: datetime,
    agent: str,
    words: str,
    *,
    resolved: bool,
) -> list[Change]:
    """One mail and one entry; at recovery also the day on which a ticket that nobody answers is closed."""
    if ticket.phase in ENDED:
        return []
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
    told = notices.outages([outage])
    made = notices.status(
        OutageResolved(**said, outages=told, stays_open=not outages.closes_by_silence(ticket))
        if resolved
        else OutageUpdate(**said, outages=told),
        ticket,
    )
    if made is not None:
        changes.append(SendNotice(made))
    if resolved:
        at = now + timedelta(days=settings.tickets.outage_close_days)
        changes.append(SetDeadline(DeadlineType.OUTAGE_CLOSE, ticket.number, at, since=now))
    return changes
