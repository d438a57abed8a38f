"""What follows where a mail on a ticket did not reach somebody, whether the relay refused it or a report told later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maild.model import Change, CompanyFacts, TicketFacts, UpdateTicket
from maild.notice import alerts
from maild.notice.agent_mails import AgentAlert, AlertEvent
from maild.notice.content import Reader, registry
from maild.settings import Settings
from maild.ticket import alert_rules, waiting
from maild.ticket.phases import ENDED
from maild.ticket.vocabulary import AlertKind, EntryType

#: entries whose author sent the customer a mail, where it is not known which mail it was
_SENT = (EntryType.REPLY, EntryType.PHASE, EntryType.CALL)


def followed(
    ticket: TicketFacts,
    notice: str,
    failed: Sequence[str],
    settings: Settings,
    now: datetime,
    *,
    made_at: datetime | None,
    company: CompanyFacts | None = None,
) -> list[Change]:
    """The ticket is due again, and who wrote the mail is told. `notice`: the mail's name, "" where it is not known;
    `failed`: whom it did not reach, [] likewise; `made_at`: when the mail was caused, None likewise."""
    if notice == AgentAlert.name:
        return []  # our own people: nobody is told that they were not told
    told = _told(ticket, failed, settings, now, made_at, company)
    return [*_unread(ticket, notice, failed, settings, now), *told]


def _unread(
    ticket: TicketFacts, notice: str, failed: Sequence[str], settings: Settings, now: datetime
) -> list[Change]:
    """Who a ticket is for has not got what we wrote last: it is due again, in whatever phase it waits for them."""
    if ticket.phase in ENDED or ticket.requester not in failed or ticket.waiting_since is not None:
        return []
    known = registry().get(notice)  # an older maild may have named it
    if known is not None and known.reader is not Reader.CUSTOMER:
        return []
    made = waiting.undelivered(ticket, (ticket.requester,), now, settings)
    return [UpdateTicket(ticket.number, made.change), *made.deadlines]


def writer_of(ticket: TicketFacts, made_at: datetime | None, settings: Settings) -> str:
    """The agent whose act caused the mail: their entry and the mail were made in one transaction, at one moment. "" for
    a mail that nobody of us wrote. Where it is not known which mail it was, who wrote last."""
    for entry in reversed(ticket.entries):
        if entry.author in settings.agents and (
            entry.type in _SENT if made_at is None else entry.at == made_at
        ):
            return entry.author
    return ""


def _told(
    ticket: TicketFacts,
    failed: Sequence[str],
    settings: Settings,
    now: datetime,
    made_at: datetime | None,
    company: CompanyFacts | None,
) -> list[Change]:
    """Who wrote the mail learns that the customer did not get it; else the ticket's owner, else the team."""
    writer = writer_of(ticket, made_at, settings)
    event = AlertEvent(kind=AlertKind.BOUNCE, at=now, unreached=tuple(failed))
    boxes = alert_rules.heard((AlertKind.BOUNCE,), ticket, settings, now, writer=writer)
    reached = [box for box in boxes if box.address not in failed]
    return alerts.to_each(reached, ticket, event, settings, now, company=company)
