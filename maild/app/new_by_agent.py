"""A ticket that an agent opens: a phone call, a visit. The caller is told by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from maild.app import holding
from maild.app.first_answer import NewRequest, first_answer
from maild.consent import asking
from maild.consent.wanted import ConsentWanted, request_text
from maild.errors import Refused
from maild.model import NEW, AddEntry, Change, CompanyFacts, Facts, Mailbox, PersonFacts, Plan, SendNotice
from maild.notice import notices
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket import classify, outages, routing
from maild.ticket.entries import CallDetails
from maild.ticket.opening import Request, open_ticket
from maild.ticket.phases import Phase
from maild.ticket.routing import Standing
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import ConsentKind, EntryType, Severity, TicketKind, chosen
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an agent wrote down. `kind` and `severity` as they were typed, None where the words decide."""

    address: str
    subject: str
    text: str = ""
    name: str = ""
    kind: str | None = None
    severity: str | None = None
    channel: str = "phone"
    called: str = ""  # the number that was called


def company_of(facts: Facts, person: PersonFacts | None) -> CompanyFacts | None:
    """The caller's company: the contact's first membership, else the declared domain."""
    if person is not None and person.memberships:
        return facts.companies.get(person.memberships[0].company)
    return facts.companies.get(facts.domain_company) if facts.domain_company else None


def new(
    facts: Facts, settings: Settings, now: datetime, agent: str, call: Call, nonce: Callable[[], str]
) -> Plan:
    """`maild new`: one ticket, its first entry, one acknowledgement.

    A permission change or an order asked by phone is not started: the mail asks to write it (contract, Phone). One
    that came in another way is held at once.
    """
    subject = " ".join(call.subject.split())
    if not subject:
        raise Refused("a ticket needs a subject: --subject S")
    kind = chosen(TicketKind, "kind", call.kind) if call.kind is not None else None
    severity = chosen(Severity, "severity", call.severity) if call.severity is not None else None
    person = facts.people.get(call.address)
    company = company_of(facts, person)
    what = classify.classify(subject, call.text, None, company, settings)
    what = routing.with_kind(what, kind, settings)
    what = replace(what, severity=severity or what.severity)
    held = what.asks is not None
    in_writing_first = held and call.channel == "phone"
    phase = (
        Phase.WAITING_CUSTOMER if in_writing_first else Phase.AWAITING_APPROVAL if held else Phase.RECEIVED
    )
    known = (
        outages.matching(facts.outages, company.key if company else None, subject, call.text)
        if routing.standing(company) is Standing.ACTIVE
        else ()
    )
    entry = AddEntry(
        NEW, EntryType.CALL, agent, call.channel, call.text, public=True,
        details=CallDetails(by=call.address, called=call.called),
    )  # fmt: skip
    opened = open_ticket(
        Request(
            subject=subject, requester=Mailbox(call.address, call.name or (person.name if person else "")), company=company,
            what=what, severity_said=severity is not None, language=notices.language_of(person, company, settings),
            received_at=now, phase=phase, site=entitlement.site_of(person, company), outages=known,
            state=TicketState(channel=call.channel, opened_by=agent),
        ),
        settings, lambda _: (entry,),
    )  # fmt: skip
    ticket, changes = opened.ticket, [*opened.changes]
    asked: list[Change] = []
    approvers: tuple[PersonFacts, ...] = ()
    if phase is Phase.AWAITING_APPROVAL:
        kind_of = ConsentKind(what.asks or what.kind)
        words = request_text(subject, call.text)
        wanted = ConsentWanted(kind_of, words, ticket.requester, ticket.requester_name)
        asked, approvers = asking.ask(ticket, company, wanted, settings, now, nonce)
    said = first_answer(
        opened,
        NewRequest(
            person=person, company=company, outages=known, channel=call.channel, actor=notices.shown_name(agent, settings),
            text=call.text, in_writing_first=in_writing_first,
            held=holding.said(approvers) if phase is Phase.AWAITING_APPROVAL else None,
        ),
        settings, now,
    )  # fmt: skip
    to = (Mailbox(call.address, ticket.requester_name),)
    changes += [*asked, SendNotice(notices.letter(said, NEW, to, ticket.language))]
    return Plan(tuple(changes), inbound_ticket=NEW)
