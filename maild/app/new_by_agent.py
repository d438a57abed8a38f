"""A ticket that an agent opens: a phone call, a visit. The caller is told by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from maild.errors import Refused
from maild.model import (
    NEW,
    AddEntry,
    Change,
    Classification,
    CompanyFacts,
    Facts,
    LinkOutage,
    Mailbox,
    OpenTicket,
    PersonFacts,
    Plan,
    SendNotice,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.first_mails import (
    Acknowledgement,
    Complaint,
    NoContract,
    PhonePermission,
    Received,
    Suspended,
    UnknownSender,
)
from maild.notice.values import OnCall
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket import classify, clocks, outages, service
from maild.ticket.entries import CallDetails
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import EntryType, Severity, TicketKind, chosen


def company_of(facts: Facts, person: PersonFacts | None) -> CompanyFacts | None:
    """The caller's company: the contact's first membership, else the declared domain."""
    if person is not None and person.memberships:
        return facts.companies.get(person.memberships[0].company)
    return facts.companies.get(facts.domain_company) if facts.domain_company else None


def new(
    facts: Facts,
    settings: Settings,
    now: datetime,
    agent: str,
    *,
    address: str,
    name: str,
    subject: str,
    text: str,
    kind: str | None,
    severity: str | None,
    channel: str,
    called: str,
) -> Plan:
    """`maild new`: one ticket, its first entry, one acknowledgement.

    A permission change or an order asked by phone is not started: the mail asks to write it (SPEC, Phone). One
    that came in another way is to be held at once (`to_hold`), and the hold's mail acknowledges it.
    """
    subject = " ".join(subject.split())
    if not subject:
        raise Refused("a ticket needs a subject: --subject S")
    wanted = chosen(TicketKind, "kind", kind) if kind is not None else None
    person = facts.people.get(address)
    company = company_of(facts, person)
    what = classify.classify(subject, text, None, company, settings)
    what = Classification(
        wanted or what.kind,
        chosen(Severity, "severity", severity) if severity is not None else what.severity,
        classify.team_of(wanted, what, settings),
        what.topic,
        what.out_of_scope,
        what.reasons,
    )
    site = entitlement.site_of(person, company)
    promise = service.promise(company, what.kind, what.severity, what.topic, now, settings, site=site)
    in_writing = channel == "phone" and what.kind in settings.approval.kinds
    known = outages.matching(facts.outages, company.key if company else None, subject, text)
    ticket = TicketFacts(
        number=NEW, subject=subject, company=company.key if company else None, requester=address,
        requester_name=name or (person.name if person else ""), kind=what.kind, severity=what.severity,
        team=_team(company, what, settings), owner="", phase=Phase.WAITING_CUSTOMER if in_writing else Phase.RECEIVED,
        language=notices.language_of(person, company, settings), created_at=now, root_message_id="", topic=what.topic,
        respond_by=promise.respond_by, resolve_by=promise.resolve_by,
    )  # fmt: skip
    clock = clocks.at_start(ticket, promise, settings, company)
    ticket = ticket.after(clock.change)
    state = replace(
        ticket.state, channel=channel, opened_by=agent, site=site, out_of_scope=what.out_of_scope,
        classified=tuple((r.code, r.evidence) for r in what.reasons), outages=tuple(o.id for o in known),
    )  # fmt: skip
    changes: list[Change] = [
        OpenTicket(
            subject=subject, company=ticket.company, requester=address, requester_name=ticket.requester_name,
            kind=ticket.kind, severity=ticket.severity, team=ticket.team, phase=ticket.phase, language=ticket.language,
            created_at=now, topic=ticket.topic, respond_by=ticket.respond_by, resolve_by=ticket.resolve_by, state=state,
        ),
        AddEntry(NEW, EntryType.CALL, agent, channel, text, public=True, details=CallDetails(by=address, called=called)),
        *clock.deadlines,
        *(LinkOutage(NEW, o.id) for o in known),
    ]  # fmt: skip
    about = notices.about(replace(ticket, state=state), company, settings, now)
    promised = None if in_writing else notices.promised(promise, now)
    said: dict[str, Any] = {
        "about": about, "channel": channel, "actor": notices.shown_name(agent, settings),
        "on_file": notices.on_file(person), "outages": notices.outages(known), "promise": promised,
    }  # fmt: skip
    contract = company is not None and company.service_level and company.standing == "active"
    if what.out_of_scope and contract:
        said["out_of_scope"] = True
        said["out_of_scope_text"] = settings.tickets.out_of_scope_text.get(ticket.language, "")
    if company is not None and company.oncall_phone and promised is not None and promised.call_back_by:
        said["oncall"] = OnCall(phone=company.oncall_phone, code=company.oncall_code)
    if what.kind in settings.approval.kinds and not in_writing:
        return Plan(tuple(changes), inbound_ticket=NEW)
    changes.append(
        SendNotice(
            notices.letter(
                _notice(company, in_writing, what.kind)(**said), NEW, (Mailbox(address, ticket.requester_name),),
                ticket.language,
            )
        )
    )  # fmt: skip
    return Plan(tuple(changes), inbound_ticket=NEW)


def to_hold(ticket: TicketFacts, settings: Settings) -> bool:
    """Whether a ticket that was just opened by hand must wait for a written consent."""
    return ticket.kind in settings.approval.kinds and ticket.phase == Phase.RECEIVED


def _team(company: CompanyFacts | None, what: Classification, settings: Settings) -> str:
    if company is None or not company.service_level:
        return settings.tickets.sales_team
    return settings.tickets.billing_team if company.standing == "suspended" else what.team


def _notice(company: CompanyFacts | None, in_writing: bool, kind: TicketKind) -> type[Acknowledgement]:
    if in_writing:
        return PhonePermission
    if company is None:
        return UnknownSender
    if company.standing == "suspended":
        return Suspended
    if not company.service_level:
        return NoContract
    return Complaint if kind is TicketKind.COMPLAINT else Received
