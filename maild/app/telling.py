"""Our own people are told of what a plan causes: one look at its changes, whoever caused them (a mail, an agent, a
customer on the page), so that nothing arrives unheard. Who hears of what is `ticket.alert_rules`' table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime

from maild.model import (
    NEW,
    AddEntry,
    Change,
    CompanyFacts,
    Mailbox,
    Notice,
    OpenTicket,
    PersonFacts,
    Plan,
    SendNotice,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import alerts, notices
from maild.notice.agent_mails import AgentAlert, AlertEvent, bundled
from maild.notice.content import freeze, thaw
from maild.notice.values import File, NamedPerson
from maild.settings import Settings
from maild.ticket import alert_rules
from maild.ticket.entries import MailDetails
from maild.ticket.phases import DONE, ENDED
from maild.ticket.vocabulary import AlertKind, EntryType
from maild.values import dataclass, replace

#: entries that hold a customer's words
_THEIRS = (EntryType.MAIL, EntryType.CALL)
#: of their words, as a mail to an agent repeats them
WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Cause:
    """What a plan is of. `by`: the agent, or the address, that caused it; `person`: whose phone is told."""

    settings: Settings
    now: datetime
    by: str = ""
    person: PersonFacts | None = None
    companies: Mapping[str, CompanyFacts] = field(default_factory=dict)
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class _Happened:
    """One event on a ticket as it stands then. `kinds`: who chose one of them hears; `given`: to which agent."""

    ticket: TicketFacts
    event: AlertEvent
    kinds: tuple[AlertKind, ...]
    given: str = ""


def told(plan: Plan, tickets: Mapping[int, TicketFacts], cause: Cause) -> Plan:
    """The plan with the mails to our own people. `tickets`: those that it touches, as they were."""
    changes = list(plan.changes)
    places = {
        (change.notice.ticket, change.notice.to[0].address): index
        for index, change in enumerate(changes)
        if isinstance(change, SendNotice) and change.notice.name == AgentAlert.name
    }
    told_already = set(places)
    for one in _happened(plan, tickets, cause):
        boxes = alert_rules.heard(
            one.kinds, one.ticket, cause.settings, cause.now, by=cause.by, given=one.given
        )
        for box in boxes:
            key = (one.ticket.number, box.address)
            mail = SendNotice(_mail(one, box, cause))
            if key not in places:
                places[key] = len(changes)
                changes.append(mail)
            elif key in told_already:  # of what a consent does: the words that did it belong to that mail
                told_already.remove(key)
                changes[places[key]] = _both(mail, changes[places[key]])
    return replace(plan, changes=tuple(changes))


def _both(mine: SendNotice, theirs: Change) -> SendNotice:
    assert isinstance(theirs, SendNotice)
    first, second = thaw(AgentAlert.name, mine.notice.data), thaw(AgentAlert.name, theirs.notice.data)
    assert isinstance(first, AgentAlert)
    assert isinstance(second, AgentAlert)
    commands = tuple(dict.fromkeys((*second.commands, *first.commands)))
    about = replace(second.about, company_name=second.about.company_name or first.about.company_name)
    both = replace(bundled(first, second), about=about, phone=first.phone, commands=commands)
    return SendNotice(replace(mine.notice, data=freeze(both)))


def quarantined(error: str, subject: str, settings: Settings, now: datetime) -> list[Change]:
    """A mail that nobody else will look at."""
    line = f"{subject}: {error}" if subject else error
    boxes = alert_rules.of_team(settings.tickets.review_team, settings)
    made = (
        alerts.beside_tickets(
            box, AlertKind.QUARANTINE, NEW, subject, [line], settings, commands=("maild mail quarantine",), now=now
        )
        for box in boxes
    )  # fmt: skip
    return [SendNotice(one) for one in made]


def _mail(one: _Happened, box: Mailbox, cause: Cause) -> Notice:
    company = cause.companies.get(one.ticket.company) if one.ticket.company else None
    phone = cause.person.phone if cause.person is not None else ""
    return alerts.about_ticket(
        box, one.ticket, one.event, cause.settings, cause.now, company=company, phone=phone
    )


def _happened(plan: Plan, tickets: Mapping[int, TicketFacts], cause: Cause) -> Iterator[_Happened]:
    """The gravest first, so that who hears of several hears of that."""
    events = [*_opened(plan, cause), *_on_tickets(plan, tickets, cause)]
    yield from sorted(events, key=lambda one: list(AlertKind).index(one.kinds[0]))


def _opened(plan: Plan, cause: Cause) -> Iterator[_Happened]:
    for change in plan.changes:
        if (
            not isinstance(change, OpenTicket)
            or change.ticket.state.project_of
            or change.ticket.state.split_from
        ):
            continue
        ticket = change.ticket.after_all(plan.changes)
        kinds: tuple[AlertKind, ...] = (AlertKind.NEW,)
        if alert_rules.urgent(ticket.kind, ticket.severity):
            kinds = (AlertKind.URGENT, *_complaint(ticket), AlertKind.NEW)
        words = next((c for c in plan.changes if _words(c, ticket.number)), None)
        yield _Happened(ticket, _event(kinds[0], words, ticket, cause), kinds)
        if ticket.owner and ticket.owner != cause.by:
            yield _given(ticket, cause, ticket.owner)


def _on_tickets(plan: Plan, tickets: Mapping[int, TicketFacts], cause: Cause) -> Iterator[_Happened]:
    for number, before in tickets.items():
        after = before.after_all(plan.changes)
        words = next((c for c in plan.changes if _words(c, number)), None)
        if before.phase in DONE and after.phase not in DONE | ENDED:
            kinds = (AlertKind.REOPENED, *((AlertKind.REPLY,) if words is not None else ()))
            yield _Happened(after, _event(AlertKind.REOPENED, words, after, cause), kinds)
        elif words is not None and not _thanks(words):
            yield _Happened(after, _event(AlertKind.REPLY, words, after, cause), (AlertKind.REPLY,))
        if after == before or not _changes(plan, number):
            continue
        if alert_rules.urgent(after.kind, after.severity) and not alert_rules.urgent(
            before.kind, before.severity
        ):
            kinds = (AlertKind.URGENT, *_complaint(after))
            yield _Happened(after, _event(AlertKind.URGENT, None, after, cause), kinds)
        elif after.team != before.team:
            yield _given(after, cause)
        if after.owner and after.owner not in (before.owner, cause.by):
            yield _given(after, cause, after.owner)


def _changes(plan: Plan, number: int) -> bool:
    return any(isinstance(c, UpdateTicket) and c.ticket == number for c in plan.changes)


def _complaint(ticket: TicketFacts) -> tuple[AlertKind, ...]:
    return (AlertKind.COMPLAINT,) if ticket.kind == "complaint" else ()


def _given(ticket: TicketFacts, cause: Cause, owner: str = "") -> _Happened:
    event = AlertEvent(kind=AlertKind.ASSIGNED, at=cause.now, who=_who(cause.by, cause.settings))
    return _Happened(ticket, event, (AlertKind.ASSIGNED,), owner)


def _words(change: Change, number: int) -> bool:
    """Whether the change writes a customer's words on that ticket; what an agent or a machine sent is none."""
    if not isinstance(change, AddEntry) or change.ticket != number or change.type not in _THEIRS:
        return False
    details = change.details
    return not (isinstance(details, MailDetails) and (details.by or details.by_agent))


def _thanks(change: Change) -> bool:
    """Says thank you and nothing else, and wakes nothing by it."""
    return isinstance(change, AddEntry) and isinstance(change.details, MailDetails) and change.details.thanks


def _event(kind: AlertKind, change: Change | None, ticket: TicketFacts, cause: Cause) -> AlertEvent:
    if not isinstance(change, AddEntry):
        return AlertEvent(kind=kind, at=cause.now, who=_who(cause.by, cause.settings))
    details = change.details
    name = details.author_name if isinstance(details, MailDetails) else ""
    mail = change.type is EntryType.MAIL
    who = (
        NamedPerson(name=name, address=change.author)
        if mail
        else NamedPerson(name=ticket.requester_name, address=ticket.requester)
    )
    return AlertEvent(
        kind=kind, at=cause.now, who=who, text=notices.excerpt(change.text)[:WORDS],
        left_out=sum(1 for line in change.elided.splitlines() if line.strip()),
        files=cause.files if change.from_mail else (),
    )  # fmt: skip


def _who(by: str, settings: Settings) -> NamedPerson | None:
    if not by:
        return None
    agent = settings.agents.get(by)
    return NamedPerson(name=agent.shown if agent is not None else by)
