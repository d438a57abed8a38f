"""A mail that opens a ticket: whose, of what kind, what was promised, what it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from maild.app import holding, join
from maild.app.case import Case, acknowledge, subject_of
from maild.app.decided_ticket import decided_ticket
from maild.app.first_answer import NewRequest, first_answer
from maild.app.thread_keys import remember
from maild.mail.newtext import sentences
from maild.model import (
    NEW,
    ActKind,
    AddEntry,
    AddLink,
    Change,
    Classification,
    DecidedAct,
    Decision,
    Kind,
    MailAct,
    Mailbox,
    OutageFacts,
    Plan,
    Reason,
    SendNotice,
    Threading,
    TicketAct,
    TicketFacts,
    Verdict,
)
from maild.notice import notices
from maild.notice.first_mails import AdoptRequest
from maild.party import entitlement
from maild.ticket import classify, hints, outages, routing
from maild.ticket.entries import MailDetails
from maild.ticket.opening import Opened, Request, open_ticket
from maild.ticket.phases import InboundState, Phase
from maild.ticket.routing import Standing
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import EntryType


def request(case: Case, threading: Threading, nonce: Callable[[], str]) -> Plan:
    """The plan for a person's mail that belongs to no ticket, or not to the one it names."""
    company, mail, settings = case.company, case.mail, case.settings
    # a reply written below a quoted subject classifies by what the person adds
    hidden = sentences(mail.elided, mail.boilerplate) if mail.left_out else ""
    words = "" if mail.is_unreadable else mail.new_text  # what stands there instead is ours
    what = classify.classify(
        subject_of(mail), words, mail.language, company, settings, left_out=hidden, seen=mail.visible_new_text
    )
    standing = Standing.ACTIVE if case.sender.how == "agent" else routing.standing(company)
    may = company is None or entitlement.may_file(case.person, company)
    known = (
        outages.matching(case.facts.outages, case.sender.company, mail.subject, f"{mail.new_text}\n{hidden}")
        if standing is Standing.ACTIVE
        else ()
    )
    hold = may and what.asks is not None
    asks, asked_why = _hints(case, what, standing, may, bool(known))
    checked = case.auth.result not in ("unchecked", "none")
    phase = Phase.AWAITING_APPROVAL if hold else Phase.RECEIVED if may else Phase.WAITING_CUSTOMER
    opened = _opened(
        case, what, standing=standing, phase=phase, outages=known,
        state=TicketState(
            ambiguous_sender=case.sender.ambiguous, adoptable=not may, hinted=asks,
            authenticated=case.auth.result if checked else "",
        ),
    )  # fmt: skip
    ticket = opened.ticket
    changes: list[Change] = [*opened.changes]
    changes += [AddLink(NEW, *threading.link)] if threading.link is not None else []
    opens = ActKind.FOLLOW_UP if threading.how == "follow_up" else ActKind.OPEN
    would: list[DecidedAct] = [TicketAct(opens, None, link=threading.link)]
    held: holding.WhoDecides | None = None
    if hold:
        asked, acts, held = holding.opening(case, ticket, nonce)
        changes += asked
        would += acts
    said = first_answer(
        opened,
        NewRequest(
            person=case.person, company=company, outages=known, text=mail.new_text, files=notices.files(mail), hints=asks,
            may_file=may, held=held,
            follow_up_of=threading.link[1] if threading.link is not None and threading.how == "follow_up" else None,
        ),
        settings, case.now,
    )  # fmt: skip
    sent, answers = acknowledge(case, said, ticket, ticket.language, echo=case.known)
    changes += sent
    would += answers
    if not may:
        asked, acts = _ask_references(case, ticket)
        changes += asked
        would += acts
    decision = Decision(
        "request", _why(case, threading, what, opened, known, asked_why), case.sender, threading, decided_ticket(ticket),
        tuple(would),
    )  # fmt: skip
    return Plan(tuple(changes), decision, InboundState.DONE, NEW)


def review(case: Case, threading: Threading, nonce: Callable[[], str]) -> Plan:
    """No single strict From: a ticket for a person to look at; nobody is answered."""
    defect = case.mail.sender_defect or Reason("no-strict-from", "")
    return _unanswered(case, threading, case.settings.tickets.review_team, "request", (defect,), nonce)


def spam(case: Case, verdict: Verdict, threading: Threading) -> Plan:
    """What the trusted filter marked: team spam, unanswered."""
    return _unanswered(case, threading, case.settings.tickets.spam_team, "spam", verdict.reasons)


def _unanswered(
    case: Case, threading: Threading, team: str, kind: Kind, reasons: tuple[Reason, ...],
    nonce: Callable[[], str] | None = None,
) -> Plan:  # fmt: skip
    """`nonce`: None = nobody is asked for a consent; what asks for one is held all the same."""
    mail = case.mail
    what = classify.classify(
        subject_of(mail),
        mail.new_text,
        mail.language,
        case.company,
        case.settings,
        seen=mail.visible_new_text,
    )
    shown = case.sender.address or (mail.froms[0].address if mail.froms else "")
    pairs = tuple((r.code, r.evidence) for r in reasons)
    entry = AddEntry(
        NEW, EntryType.MAIL, shown, "email", mail.new_text, public=False, full_text=mail.text, elided=mail.elided,
        from_mail=True, details=MailDetails(reasons=pairs, asks=what.asks),
    )  # fmt: skip
    nothing = Classification(
        what.asks or classify.DEFAULT_KIND, classify.DEFAULT_SEVERITY, team, asks=what.asks,
        reasons=what.reasons if what.asks else (),
    )  # fmt: skip
    opened = _opened(
        case, nothing, team=team, promised=False, first=entry, state=TicketState(unanswered=pairs)
    )
    changes: list[Change] = [*opened.changes]
    would: list[DecidedAct] = [TicketAct(ActKind.OPEN, None)]
    if what.asks is not None and nonce is not None:
        asked, acts, _ = holding.opening(case, opened.ticket, nonce)
        changes += asked
        would += acts
    decision = Decision(kind, reasons, case.sender, threading, decided_ticket(opened.ticket), tuple(would))
    return Plan(tuple(changes), decision, InboundState.DONE, NEW)


def _opened(case: Case, what: Classification, first: AddEntry | None = None, **more: Any) -> Opened:
    """The ticket of the mail, with its entry, its people and the ids that mean it; or `first`, its entry alone.
    `more`: of `Request`."""
    wanted = Request(
        subject=subject_of(case.mail), requester=Mailbox(case.sender.address or "", case.sender.name),
        company=case.company, what=what, language=case.language(), received_at=case.envelope.received_at,
        site=entitlement.site_of(case.person, case.company), last_message_id=case.mail.message_id, **more,
    )  # fmt: skip
    if first is not None:
        return open_ticket(wanted, case.settings, lambda _: (first,))
    return open_ticket(
        wanted, case.settings,
        lambda ticket: (
            *join.entry(case, ticket, asks=what.asks), *join.people(case, ticket), remember(case, ticket.number)
        ),
    )  # fmt: skip


def _hints(
    case: Case, what: Classification, standing: Standing, may: bool, outage: bool
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The one question that a vague report gets, once; none where an outage or the company's rules answer first."""
    if not may or case.quiet or standing in (Standing.SUSPENDED, Standing.UNKNOWN):
        return (), ()
    if case.mail.is_unreadable:
        return (hints.READABLE,), (Reason("encrypted", case.mail.encrypted),)
    if outage:
        return (), ()
    return hints.explain(
        what.kind,
        case.mail.new_text,
        case.mail.attachments,
        case.mail.language or case.language(),
        case.settings,
        what.severity,
    )


def _why(
    case: Case,
    threading: Threading,
    what: Classification,
    opened: Opened,
    known: tuple[OutageFacts, ...],
    asked: tuple[Reason, ...],
) -> tuple[Reason, ...]:
    """Everything that decided, in the order in which it was decided."""
    sender, promise, ticket = case.sender, opened.promise, opened.ticket
    reasons = [
        *case.quiet,
        Reason(f"sender-{sender.how}", f"{sender.address} -> {sender.company or 'no company'}"),
    ]
    if sender.ambiguous:
        reasons.append(Reason("sender-ambiguous", "a person at several companies; the first was taken"))
    conflicts = "; ".join(r.evidence for r in threading.conflicts)
    reasons.append(Reason(f"thread-{threading.how}", conflicts or "no ticket claims it"))
    reasons += what.reasons
    if ticket.team != what.team:
        reasons.append(Reason(f"team-{opened.standing}", ticket.team))
    reasons += promise.reasons
    times = (("respond-by", promise.respond_by), ("resolve-by", promise.resolve_by))
    reasons += [Reason(code, notices.iso(at) or "") for code, at in times if at is not None]
    return (*reasons, *[Reason("outage", f"{o.id}: {o.title}") for o in known], *asked)


def _ask_references(case: Case, ticket: TicketFacts) -> tuple[list[Change], list[DecidedAct]]:
    """The company's reference persons get one mail: adopt the request by answering "ok"."""
    company = case.company
    people = entitlement.references(company, ticket.state.site) if company is not None else ()
    if not people or company is None:
        return [], []
    # they are asked about a colleague's words
    said = AdoptRequest(
        about=notices.about(ticket, company, case.settings, case.now),
        text=notices.excerpt(case.mail.new_text),
    )
    language = notices.language_of(people[0], company, case.settings)
    notice = notices.to_people(said, ticket, people, language)
    return [SendNotice(notice)], [MailAct(AdoptRequest.name, tuple(p.address for p in people))]
