"""Asking for a written consent: who is asked, with which mail, until when; once more; anew. Pure.

The hold is opened by a mail, or by an agent (approval request, quote, cost); both come here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from maild.consent import alert, decision_word, outcome
from maild.consent.hiding import token_hash
from maild.consent.wanted import (
    ConsentWanted,
    asked_of,
    items_of,
    kind_asked,
    sha256,
    shown_words,
    token_of,
    wanted_of,
)
from maild.errors import Refused
from maild.model import (
    NEW,
    AddTokens,
    Change,
    CompanyFacts,
    ConsentFacts,
    LogConsent,
    Mailbox,
    Notice,
    OpenConsent,
    PersonFacts,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.agent_mails import ToldFact
from maild.notice.consent_mails import (
    ApprovalConfirm,
    ApprovalReminder,
    ApprovalRequest,
    Asking,
    CostRequest,
    QuoteRequest,
)
from maild.notice.first_mails import AwaitingApproval
from maild.notice.values import RequestedConsent
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket import moving
from maild.ticket.calendars import build
from maild.ticket.moving import Actor
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import ConsentEvent, ConsentKind, DeadlineType, EntryType
from maild.values import replace

#: kind of consent -> the mail that asks
REQUESTS: dict[ConsentKind, type[Asking]] = {
    ConsentKind.QUOTE: QuoteRequest,
    ConsentKind.COST: CostRequest,
    ConsentKind.CONFIRM: ApprovalConfirm,
}


#: how long before an offer lapses its reader is reminded once more
LAST_CALL = timedelta(days=2)


def ask(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    wanted: ConsentWanted,
    settings: Settings,
    now: datetime,
    nonce: Callable[[], str],
) -> tuple[list[Change], tuple[PersonFacts, ...]]:
    """Open the consent and send each approver one mail with a token of their own.

    `ticket.phase` is the phase it stands in already (`awaiting_approval`).
    """
    approvers = asked_of(wanted, company)
    expires = wanted.expires_at or now + timedelta(days=settings.approval.expires_days)
    require = company.require if company is not None and company.require else settings.approval.require
    tokens = [(p, token_of(nonce)) for p in approvers]
    changes: list[Change] = [
        OpenConsent(
            ticket.number, wanted.kind, tuple(p.address for p in approvers), wanted.requester, wanted.request,
            sha256(wanted.request), require, expires, wanted.phase_before,
            tuple((p.address, token_hash(t)) for p, t in tokens), wanted.terms,
        ),
        LogConsent(
            NEW, ConsentEvent.ASKED,
            {
                "kind": wanted.kind, "request_sha256": sha256(wanted.request), "require": require,
                "approvers": [p.address for p in approvers], "requester": wanted.requester,
                "requester_verified": wanted.terms.requester_verified, "expires_at": notices.iso(expires),
            },
        ),
    ]  # fmt: skip
    for person, token in tokens:
        notice = _request(ticket, company, wanted, person, token, require, expires, settings, now)
        changes.append(SendNotice(notice))
    if ticket.state.asks is None and (asks := kind_asked(wanted.kind, wanted.terms)) is not None:
        changes.append(UpdateTicket(ticket.number, TicketChange(asks=asks)))
    if not approvers:
        changes += _nobody(ticket, company, wanted, settings, now)
    changes += _deadlines(ticket, settings, now, expires)
    return changes, approvers


def hold(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    wanted: ConsentWanted,
    settings: Settings,
    now: datetime,
    nonce: Callable[[], str],
    *,
    by: Actor,
    message: str = "",
    old: ConsentFacts | None = None,
    before: Phase | None = None,
) -> list[Change]:
    """Hold an existing ticket, or ask again for one that is held: the earlier consent is void then.

    `before`: where the ticket goes when it is granted; None = where it stands, or where it would have come if it was
    held without a question.
    """
    changes: list[Change] = []
    before = before or ticket.phase
    if old is not None:
        before = old.phase_before
        changes += outcome.voided(old, by.name, message or "the request changed")
    before = Phase.RECEIVED if before is Phase.AWAITING_APPROVAL else before
    stood, held = ticket.phase, ticket
    if stood is not Phase.AWAITING_APPROVAL:
        step = moving.move(ticket, Phase.AWAITING_APPROVAL, by, now, settings, message=message)
        held = step.ticket
        changes += step.changes
    wanted = replace(wanted, phase_before=before, replaces=old is not None and old.kind is wanted.kind)
    made, approvers = ask(held, company, wanted, settings, now, nonce)
    changes += made
    decides = any(entitlement.is_person(p, ticket.requester) for p in approvers)
    if stood is not Phase.AWAITING_APPROVAL and not decides:  # who decides is asked, and told nothing besides
        said = AwaitingApproval(
            **notices.base(
                held, company, settings, now, actor=notices.shown_name(by.name, settings), message=message
            ),
            approvers=notices.people(approvers),
            no_approver=not approvers,
        )
        told = notices.status(said, held)
        if told is not None:
            changes.append(SendNotice(told))
    return changes


def remind(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    consent: ConsentFacts,
    settings: Settings,
    now: datetime,
    nonce: Callable[[], str],
    *,
    by_agent: bool,
) -> list[Change]:
    """The same request once more to each who may still decide; the mail carries a token of its own."""
    if consent.state != ConsentState.WAITING:
        raise Refused(f"C{consent.id} is {consent.state}; `maild approval request {ticket.number}` asks anew")
    wanted = wanted_of(consent, ticket)
    wanted = replace(wanted, paced=not wanted.terms.requester_verified and not by_agent)
    approvers = [p for p in asked_of(wanted, company) if p.address in consent.approvers]
    if not approvers:
        raise Refused(
            f"nobody who was asked may approve any more; `maild approval request {ticket.number}` asks those who may"
        )
    tokens = [(p, token_of(nonce)) for p in approvers]
    changes: list[Change] = [
        AddTokens(consent.id, tuple((p.address, token_hash(t)) for p, t in tokens), consent.expires_at),
        LogConsent(consent.id, ConsentEvent.REMINDED, {"approvers": [p.address for p in approvers]}),
    ]
    for person, token in tokens:
        notice = _request(
            ticket, company, wanted, person, token, consent.require, consent.expires_at, settings, now,
            again=True, consent_id=consent.id,
        )  # fmt: skip
        changes.append(SendNotice(notice))
    return changes


def asked_for(
    wanted: ConsentWanted,
    require: str,
    expires: datetime,
    language: str,
    settings: Settings,
    consent_id: int | None = None,
) -> RequestedConsent:
    """What an approval mail says of the consent; the reference line is added when the mail is rendered."""
    yes, no = decision_word.words_for(language, settings.approval)
    if wanted.kind in entitlement.OFFERS:
        yes = ()  # an offer is accepted by words of its own: [approval.accept], or what the language says
    terms, words = wanted.terms, shown_words(wanted.kind, wanted.terms, wanted.request)
    return RequestedConsent(
        id=f"C{consent_id}" if consent_id else None, kind=wanted.kind, request=notices.excerpt(words),
        request_cut=len(words) > notices.EXCERPT_CHARACTERS,
        requester_name=wanted.requester_name, requester_address=wanted.requester,
        requester_verified=terms.requester_verified, yes_words=tuple(yes), no_words=tuple(no), expires_at=expires,
        require=require, quantum_minutes=settings.time.quantum_minutes, amount=terms.amount or None,
        currency=terms.currency, items=items_of(terms), vat=terms.vat,
        valid_until=terms.valid_until, estimate_minutes=terms.estimate_minutes, reason=terms.reason,
    )  # fmt: skip


def _request(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    wanted: ConsentWanted,
    person: PersonFacts,
    token: str,
    require: str,
    expires: datetime,
    settings: Settings,
    now: datetime,
    *,
    again: bool = False,
    consent_id: int | None = None,
) -> Notice:
    language = notices.language_of(person, company, settings)
    mail = ApprovalReminder if again else REQUESTS.get(wanted.kind, ApprovalRequest)
    said = mail(
        about=notices.about(ticket, company, settings, now),
        consent=asked_for(wanted, require, expires, language, settings, consent_id),
        replaces=wanted.replaces,
    )
    return notices.letter(
        said, ticket.number, (Mailbox(person.address, person.name),), language, token=token,
        attach=wanted.terms.attach,
        pace=person.address if wanted.paced else "",
    )  # fmt: skip


def _nobody(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    wanted: ConsentWanted,
    settings: Settings,
    now: datetime,
) -> list[Change]:
    """No approver is known: the reference persons and the agents are told, the hold stays."""
    text = f"no approver for {wanted.kind} is known at {company.key if company else 'no company'}: the hold stays"
    changes: list[Change] = [moving.noted(ticket.number, EntryType.CONSENT, text)]
    references = tuple(
        p
        for p in (entitlement.references(company) if company else ())
        if not entitlement.same_person(p.address, wanted.requester, p, company)
    )
    if references and company is not None:
        said = AwaitingApproval(
            about=notices.about(ticket, company, settings, now),
            text=notices.excerpt(wanted.request),
            to_reference=True,
        )
        language = notices.language_of(references[0], company, settings)
        changes.append(SendNotice(notices.to_people(said, ticket, references, language)))
    return changes + alert.tell(ticket, settings, now, [ToldFact(code="no_approver", kind=wanted.kind)])


def _deadlines(ticket: TicketFacts, settings: Settings, now: datetime, expires: datetime) -> list[Change]:
    later = build(settings.calendars["office"]).add(now, round(settings.approval.remind_hours * 60))
    remind = expires if later is None else min(later, expires)
    return [
        SetDeadline(DeadlineType.CONSENT_REMIND, ticket.number, remind),
        SetDeadline(DeadlineType.CONSENT_EXPIRE, ticket.number, expires),
    ]


def last_call(consent: ConsentFacts, now: datetime) -> datetime | None:
    """When to remind once more before it lapses; None when that moment is over, or comes too soon after this one."""
    at = consent.expires_at - LAST_CALL
    return at if at > now + LAST_CALL / 2 else None
