"""A mail that opens a ticket: whose, of what kind, what was promised, what it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from maild.app import holding, join
from maild.app.case import Case, acknowledge, subject_of
from maild.app.ticket_json import ticket_json
from maild.model import (
    NEW,
    AddEntry,
    AddLink,
    Change,
    Classification,
    Decision,
    Json,
    LinkOutage,
    OpenTicket,
    OutageFacts,
    Plan,
    Promise,
    Reason,
    SendNotice,
    Threading,
    TicketFacts,
    Verdict,
)
from maild.notice import notices
from maild.notice.first_mails import (
    Acknowledgement,
    AdoptRequest,
    AwaitingApproval,
    Complaint,
    NoContract,
    NotEntitled,
    Received,
    Suspended,
    UnknownSender,
)
from maild.notice.values import OnCall
from maild.party import entitlement
from maild.ticket import classify, clocks, hints, outages, service
from maild.ticket.entries import MailDetails
from maild.ticket.phases import PAUSED, InboundState, Phase
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import EntryType, Severity, TicketKind


def request(case: Case, found: Threading, nonce: Callable[[], str]) -> Plan:
    """The plan for a person's mail that belongs to no ticket, or not to the one it names."""
    company, mail, settings = case.company, case.mail, case.settings
    # a reply written below a quoted subject classifies by what the person adds
    what = classify.classify(subject_of(mail), mail.new_text, mail.language, company, settings)
    team, standing = _team(case, what)
    site = entitlement.site_of(case.person, company)
    promise = service.promise(
        company, what.kind, what.severity, what.topic, case.envelope.received_at, settings, site=site
    )
    may = company is None or entitlement.may_file(case.person, company, case.sender.address or "")
    known = (
        outages.matching(case.facts.outages, case.sender.company, mail.subject, mail.new_text)
        if standing == "active"
        else ()
    )
    hold = may and holding.held(case, what.kind)
    phase = Phase.AWAITING_APPROVAL if hold else Phase.RECEIVED if may else Phase.WAITING_CUSTOMER
    ticket = TicketFacts(
        number=NEW, subject=subject_of(mail), company=case.sender.company, requester=case.sender.address or "",
        requester_name=case.sender.name, kind=what.kind, severity=what.severity, team=team, owner="", phase=phase,
        language=case.language(), created_at=case.envelope.received_at, root_message_id="", topic=what.topic,
        respond_by=promise.respond_by, resolve_by=promise.resolve_by, last_message_id=mail.message_id,
    )  # fmt: skip
    asks, asked_why = _hints(case, what.kind, standing, may, bool(known))
    clock = clocks.at_start(ticket, promise, case.settings, case.company)
    ticket = replace(ticket, state=_state(case, ticket.after(clock.change), what, known, asks))
    changes: list[Change] = [*opened(case, ticket, promise, clock), *_linked(found)]
    would: list[Json] = [{"act": "follow_up" if found.how == "follow_up" else "open", "ticket": None}]
    if found.link is not None:
        would[0]["link"] = {"type": found.link[0], "ticket": found.link[1]}
    changes += [LinkOutage(NEW, o.id) for o in known]
    said = _answer(case, ticket, what, promise, known, standing, may, asks)
    if found.how == "follow_up" and found.link is not None:
        said = replace(said, follow_up_of=found.link[1])
    if hold:
        asked, acts, more = holding.opening(case, ticket, nonce)
        changes += asked
        would += acts
        if isinstance(said, Received | NoContract):
            said = AwaitingApproval(**shallow(said), **more)
    sent, answers = acknowledge(case, said, ticket, ticket.language, echo=case.known)
    changes += sent
    would += answers
    if not may:
        asked, acts = _ask_references(case, ticket)
        changes += asked
        would += acts
    reasons = (*_why(case, found), *what.reasons, *_team_why(ticket, what, standing), *promise.reasons)
    reasons += (*_promised(promise), *(Reason("outage", f"{o.id}: {o.title}") for o in known), *asked_why)
    decision = Decision("request", reasons, case.sender, found, ticket_json(ticket), tuple(would))
    return Plan(tuple(changes), decision, InboundState.DONE, NEW)


def _hints(
    case: Case, kind: str, standing: str, may: bool, outage: bool
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The one question that a vague report gets, once; none where an outage or the company's rules answer first."""
    if not may or outage or case.quiet or standing in ("suspended", "unknown"):
        return (), ()
    return hints.explain(
        kind, case.mail.new_text, case.mail.attachments, case.mail.language or case.language(), case.settings
    )


def _team_why(ticket: TicketFacts, what: Classification, standing: str) -> list[Reason]:
    return [Reason(f"team-{standing}", ticket.team)] if ticket.team != what.team else []


def _promised(promise: Promise) -> list[Reason]:
    times = (("respond-by", promise.respond_by), ("resolve-by", promise.resolve_by))
    return [Reason(code, notices.iso(at) or "") for code, at in times if at is not None]


def _state(
    case: Case,
    ticket: TicketFacts,
    what: Classification,
    known: tuple[OutageFacts, ...],
    asks: tuple[str, ...],
) -> TicketState:
    """What is kept with the ticket: its clock, why it is what it is, what was asked already."""
    checked = case.auth.result not in ("unchecked", "none")
    return replace(
        ticket.state,
        classified=tuple((r.code, r.evidence) for r in what.reasons),
        out_of_scope=what.out_of_scope,
        ambiguous_sender=case.sender.ambiguous,
        adoptable=ticket.phase is Phase.WAITING_CUSTOMER,
        outages=tuple(o.id for o in known),
        hinted=asks,
        site=entitlement.site_of(case.person, case.company),
        authenticated=case.auth.result if checked else "",
    )


def _team(case: Case, what: Classification) -> tuple[str, str]:
    """Team, and the standing that decides the acknowledgement: active, suspended, no_contract, unknown, agent."""
    t, company = case.settings.tickets, case.company
    if case.sender.how == "agent":
        return what.team, "active"
    if company is None:
        return t.sales_team, "unknown"
    if company.standing == "suspended":
        return t.billing_team, "suspended"
    if not company.service_level:
        return t.sales_team, "no_contract"
    return what.team, "active"


def _why(case: Case, found: Threading) -> list[Reason]:
    sender = case.sender
    reasons = [
        *case.quiet,
        Reason(f"sender-{sender.how}", f"{sender.address} -> {sender.company or 'no company'}"),
    ]
    if sender.ambiguous:
        reasons.append(Reason("sender-ambiguous", "a person at several companies; the first was taken"))
    reasons.append(
        Reason(f"thread-{found.how}", "; ".join(r.evidence for r in found.conflicts) or "no ticket claims it")
    )
    return reasons


def _linked(found: Threading) -> list[Change]:
    return [AddLink(NEW, *found.link)] if found.link is not None else []


def opened(case: Case, ticket: TicketFacts, promise: Promise, clock: clocks.ClockChange) -> list[Change]:
    """The ticket, its first entry, its people, the ids that mean it, its clocks."""
    changes: list[Change] = [
        OpenTicket(
            subject=ticket.subject, company=ticket.company, requester=ticket.requester,
            requester_name=ticket.requester_name, kind=ticket.kind, severity=ticket.severity, team=ticket.team,
            phase=ticket.phase, language=ticket.language, created_at=ticket.created_at, topic=ticket.topic,
            respond_by=ticket.respond_by, resolve_by=ticket.resolve_by, state=ticket.state,
        )
    ]  # fmt: skip
    changes += join.entry(case, ticket)
    changes += join.people(case, ticket)
    changes.append(join.remember(case, NEW))
    changes += clock.deadlines
    for reason in promise.reasons:
        if reason.code.startswith("contract-"):
            changes.append(
                AddEntry(
                    NEW, EntryType.SYSTEM, "maild", "system", reason.evidence or reason.code, public=False
                )
            )
    return changes


def shallow(said: Acknowledgement) -> Json:
    """The fields of a mail, for another that says the same and more."""
    return {field.name: getattr(said, field.name) for field in fields(Acknowledgement)}


def _answer(
    case: Case,
    ticket: TicketFacts,
    what: Classification,
    promise: Promise,
    known: tuple[OutageFacts, ...],
    standing: str,
    may: bool,
    asks: tuple[str, ...],
) -> Acknowledgement:
    """Which acknowledgement, and what it says."""
    company, settings = case.company, case.settings
    said: Json = {
        "about": notices.about(ticket, company, settings, case.now), "text": notices.excerpt(case.mail.new_text),
        "attachments": notices.files(case.mail),
    }  # fmt: skip
    if standing == "suspended":
        return Suspended(**said)
    if standing == "unknown":
        return UnknownSender(**said)
    promised = notices.promised(promise, case.now) if ticket.phase not in PAUSED else None
    if not may:
        references = entitlement.references(company, _site(ticket)) if company else ()
        return NotEntitled(**said, who_may=notices.people(references))
    said.update(
        on_file=notices.on_file(case.person), outages=notices.outages(known), hints=asks, promise=promised
    )
    if standing == "no_contract":
        return NoContract(**said)
    if what.out_of_scope:
        # without a text of the desk's own the template has one
        text = settings.tickets.out_of_scope_text.get(ticket.language, "")
        said.update(out_of_scope=True, out_of_scope_text=text)
    if company is not None and company.oncall_phone and promised is not None and promised.call_back_by:
        said["oncall"] = OnCall(phone=company.oncall_phone, code=company.oncall_code)
    return (Complaint if what.kind == TicketKind.COMPLAINT else Received)(**said)


def _site(ticket: TicketFacts) -> str:
    return ticket.state.site


def _ask_references(case: Case, ticket: TicketFacts) -> tuple[list[Change], list[Json]]:
    """The company's reference persons get one mail: adopt the request by answering "ok"."""
    company = case.company
    people = entitlement.references(company, _site(ticket)) if company is not None else ()
    if not people or company is None:
        return [], []
    # they are asked about a colleague's words
    said = AdoptRequest(
        about=notices.about(ticket, company, case.settings, case.now),
        text=notices.excerpt(case.mail.new_text),
    )
    language = notices.language_of(people[0], company, case.settings)
    notice = notices.to_people(said, ticket, people, language)
    return [SendNotice(notice)], [
        {"act": "mail", "notice": "adopt_request", "to": [p.address for p in people]}
    ]


def review(case: Case, found: Threading) -> Plan:
    """No single strict From: a ticket for a person to look at; nobody is answered."""
    defect = case.mail.sender_defect or Reason("no-strict-from", "")
    return _unanswered(case, found, case.settings.tickets.review_team, "request", (defect,))


def spam(case: Case, verdict: Verdict, found: Threading) -> Plan:
    """What the trusted filter marked: team spam, unanswered."""
    return _unanswered(case, found, case.settings.tickets.spam_team, "spam", verdict.reasons)


def _unanswered(case: Case, found: Threading, team: str, kind: str, reasons: tuple[Reason, ...]) -> Plan:
    mail = case.mail
    shown = case.sender.address or ""
    changes: list[Change] = [
        OpenTicket(
            subject=subject_of(mail), company=case.sender.company, requester=shown, requester_name=case.sender.name,
            kind=TicketKind.QUESTION, severity=Severity.USER, team=team, phase=Phase.RECEIVED, language=case.language(),
            created_at=case.envelope.received_at,
            state=TicketState(unanswered=tuple((r.code, r.evidence) for r in reasons)),
        ),
        AddEntry(
            NEW, EntryType.MAIL, shown or (mail.froms[0].address if mail.froms else ""), "email", mail.new_text,
            public=False, full_text=mail.text, elided=mail.elided, from_mail=True,
            details=MailDetails(reasons=tuple((r.code, r.evidence) for r in reasons)),
        ),
    ]  # fmt: skip
    would: tuple[Json, ...] = ({"act": "open", "ticket": None},)
    ticket = {"kind": "question", "severity": "user", "team": team, "respond_by": None}
    decision = Decision(kind, reasons, case.sender, found, ticket, would)  # type: ignore[arg-type]
    return Plan(tuple(changes), decision, InboundState.DONE, NEW)
