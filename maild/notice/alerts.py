"""Makes the mails to our own people: each in its reader's language, with how the ticket stands and what to type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.model import Change, CompanyFacts, Mailbox, Notice, SendNotice, TicketFacts
from maild.notice import notices
from maild.notice.agent_mails import AgentAlert, AlertEvent, DigestGroup, ToldFact, commands_for
from maild.notice.values import About
from maild.settings import Settings
from maild.ticket import clocks
from maild.ticket.phases import ENDED
from maild.ticket.vocabulary import AlertKind
from maild.values import replace

#: the name of these mails
NAME = AgentAlert.name


def about_ticket(
    box: Mailbox,
    ticket: TicketFacts,
    event: AlertEvent,
    settings: Settings,
    now: datetime,
    *,
    company: CompanyFacts | None = None,
    phone: str = "",
    commands: Sequence[str] = (),
) -> Notice:
    """An event of a ticket for one mailbox. `ticket`: as it leaves it. `commands`: besides those for any ticket."""
    here = replace(notices.about(ticket, company, settings, now), timezone=settings.desk.timezone)
    owner = settings.agents.get(ticket.owner)
    content = AgentAlert(
        about=here, alert=event.kind, events=(event,), phone=phone, due=clocks.next_due(ticket),
        waiting_since=ticket.waiting_since, owner=owner.shown if owner is not None else ticket.owner, team=ticket.team,
        commands=(*commands, *commands_for(owned=bool(ticket.owner) or ticket.phase in ENDED)),
        answerable=settings.agent_mail.require != "off" and box.name in settings.agents,
    )  # fmt: skip
    return _letter(content, ticket.number, box, settings)


def to_each(
    boxes: Iterable[Mailbox], ticket: TicketFacts, event: AlertEvent, settings: Settings, now: datetime,
    *, company: CompanyFacts | None = None, phone: str = "", commands: Sequence[str] = (),
) -> list[Change]:  # fmt: skip
    """`about_ticket`, a mail to each of these."""
    return [
        SendNotice(
            about_ticket(box, ticket, event, settings, now, company=company, phone=phone, commands=commands)
        )
        for box in boxes
    ]


def beside_tickets(
    box: Mailbox, kind: AlertKind, number: int, subject: str, lines: Sequence[str], settings: Settings,
    *, facts: Sequence[ToldFact] = (), commands: Sequence[str] = (), groups: Sequence[DigestGroup] = (),
    now: datetime,
) -> Notice:  # fmt: skip
    """What is about no ticket, or of one of which nothing more is known. `number`: NEW = about none."""
    event = AlertEvent(kind=kind, at=now, facts=tuple(facts), lines=tuple(lines))
    events = (event,) if facts or lines else ()
    content = AgentAlert(
        about=About(subject=subject, timezone=settings.desk.timezone, at=now), alert=kind, events=events,
        commands=tuple(commands), groups=tuple(groups),
    )  # fmt: skip
    return _letter(content, number, box, settings)


def _letter(content: AgentAlert, number: int, box: Mailbox, settings: Settings) -> Notice:
    agent = settings.agents.get(box.name)
    language = (agent.language if agent is not None else "") or settings.desk.language
    return notices.letter(content, number, (box,), language)
