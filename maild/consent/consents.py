"""Asking for a written consent: who is asked, with which mail, until when; and what follows a decision.

Pure. The hold is opened by a mail (app/), or by an agent (approval request, quote, cost); both come here.

Over 300 lines: asking, holding and releasing share what was asked; apart they would have to agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from maild.consent import decision_word
from maild.consent.evidence import AnswerEvidence
from maild.errors import Refused
from maild.model import (
    NEW,
    AddEntry,
    AddTokens,
    Change,
    CompanyFacts,
    ConsentFacts,
    DecideConsent,
    EntryFacts,
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
from maild.notice import alerts, notices
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.notice.consent_mails import (
    ApprovalConfirm,
    ApprovalReminder,
    ApprovalRequest,
    ApprovalResult,
    Asking,
    CostRequest,
    QuoteRequest,
)
from maild.notice.first_mails import AwaitingApproval
from maild.notice.values import Item, RequestedConsent
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket import moving, readers, waiting
from maild.ticket.calendars import build
from maild.ticket.entries import ConsentDetails, MailDetails
from maild.ticket.moving import Actor
from maild.ticket.phases import DONE, ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import AlertKind, ConsentEvent, ConsentKind, DeadlineType, EntryType, TicketKind

#: kind of consent -> the mail that asks
REQUESTS: dict[ConsentKind, type[Asking]] = {
    ConsentKind.QUOTE: QuoteRequest,
    ConsentKind.COST: CostRequest,
    ConsentKind.CONFIRM: ApprovalConfirm,
}
#: characters of 5 bits in a token: 130 bits
TOKEN_LENGTH = 26


@dataclass(frozen=True, slots=True)
class ConsentWanted:
    """What somebody must consent to. `request` is the exact text that the approver reads and the hash binds."""

    kind: ConsentKind
    request: str
    requester: str
    requester_name: str = ""
    terms: ConsentTerms = field(default_factory=ConsentTerms)
    phase_before: Phase = Phase.RECEIVED
    expires_at: datetime | None = None  # an offer is valid for as long as it says
    replaces: bool = False  # an earlier one, which counts no more
    paced: bool = (
        False  # asked for by a mail that was not authenticated: such mails have an hourly cap of their own
    )


def request_text(subject: str, text: str) -> str:
    """The exact request: subject and words, as the approver reads it."""
    return f"{subject.strip()}\n\n{text.strip()}".strip()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def token_of(nonce: Callable[[], str]) -> str:
    """A token of 130 unguessable bits from `nonce` (a-z 2-7)."""
    token = nonce()
    while len(token) < TOKEN_LENGTH:
        token += nonce()
    return token[:TOKEN_LENGTH]


def asked_of(wanted: ConsentWanted, company: CompanyFacts | None) -> tuple[PersonFacts, ...]:
    """Who may decide: the company's approvers for the kind; for a confirmation the requester themselves."""
    if company is None:
        return ()
    if wanted.kind == ConsentKind.CONFIRM:
        return entitlement.persons_of(company, wanted.requester)
    return entitlement.approvers(company, wanted.kind, wanted.requester)


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
            tuple((p.address, sha256(t)) for p, t in tokens), wanted.terms,
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


def kind_asked(kind: ConsentKind, terms: ConsentTerms) -> TicketKind | None:
    """What a customer's words ask for where that consent is needed; None for what the desk offers."""
    wanted = terms.kind_after if kind is ConsentKind.CONFIRM else kind
    return None if wanted is None or wanted in entitlement.OFFERS else TicketKind(wanted)


def shown_words(kind: ConsentKind, terms: ConsentTerms, request: str) -> str:
    """What people read of what a yes is bound to: of an offer its words, of a cost its reason, since their lines, sums
    and days stand beside them as the language writes them; of a request all of it."""
    if kind is ConsentKind.QUOTE and terms.words is not None:
        return terms.words
    return terms.reason if kind is ConsentKind.COST and terms.reason else request


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
        currency=terms.currency, items=_items(terms), vat=terms.vat,
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
    changes: list[Change] = [
        AddEntry(ticket.number, EntryType.CONSENT, "maild", "system", text, public=False)
    ]
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
    return changes + tell(ticket, settings, now, [ToldFact(code="no_approver", kind=wanted.kind)])


def tell(
    ticket: TicketFacts,
    settings: Settings,
    now: datetime,
    facts: Sequence[ToldFact],
    *,
    said: str = "",
    commands: Sequence[str] = (),
    by: str = "",
) -> list[Change]:
    """A mail to the ticket's owner, else its team; none where nobody has an address, and to `by`, who caused it.

    `said`: what somebody wrote, or gave as their reason. `commands`: what to type besides."""
    lines = (said,) if said else ()
    event = AlertEvent(kind=AlertKind.CONSENT, at=now, facts=tuple(facts), lines=lines)
    typed = (*commands, "maild approval show N")
    return [
        SendNotice(alerts.about_ticket(box, ticket, (event,), settings, now, commands=typed))
        for box in readers.heard((AlertKind.CONSENT,), ticket, settings, now, by=by)
    ]


def _deadlines(ticket: TicketFacts, settings: Settings, now: datetime, expires: datetime) -> list[Change]:
    later = build(settings.calendars["office"]).add(now, round(settings.approval.remind_hours * 60))
    remind = expires if later is None else min(later, expires)
    return [
        SetDeadline(DeadlineType.CONSENT_REMIND, ticket.number, remind),
        SetDeadline(DeadlineType.CONSENT_EXPIRE, ticket.number, expires),
    ]


#: how long before an offer lapses its reader is reminded once more
LAST_CALL = timedelta(days=2)


def last_call(consent: ConsentFacts, now: datetime) -> datetime | None:
    """When to remind once more before it lapses; None when that moment is over, or comes too soon after this one."""
    at = consent.expires_at - LAST_CALL
    return at if at > now + LAST_CALL / 2 else None


def no_deadlines(ticket: TicketFacts) -> list[Change]:
    """The consent is decided: nobody is reminded any more."""
    return [
        SetDeadline(DeadlineType.CONSENT_REMIND, ticket.number),
        SetDeadline(DeadlineType.CONSENT_EXPIRE, ticket.number),
    ]


def voided(consent: ConsentFacts, by: str, reason: str) -> list[Change]:
    """What was asked means nothing any more; of one that waits no longer nothing is left to take back."""
    if consent.state is not ConsentState.WAITING:
        return []
    return [
        DecideConsent(consent.id, ConsentState.VOID, by, reason),
        LogConsent(consent.id, ConsentEvent.VOID, {"by": by, "reason": reason}),
    ]


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
        changes += voided(old, by.name, message or "the request changed")
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
        AddTokens(consent.id, tuple((p.address, sha256(t)) for p, t in tokens), consent.expires_at),
        LogConsent(consent.id, ConsentEvent.REMINDED, {"approvers": [p.address for p in approvers]}),
    ]
    for person, token in tokens:
        notice = _request(
            ticket, company, wanted, person, token, consent.require, consent.expires_at, settings, now,
            again=True, consent_id=consent.id,
        )  # fmt: skip
        changes.append(SendNotice(notice))
    return changes


def wanted_of(consent: ConsentFacts, ticket: TicketFacts) -> ConsentWanted:
    """The request of a stored consent."""
    return ConsentWanted(
        consent.kind, consent.request_text, consent.requester, ticket.requester_name, consent.terms,
        consent.phase_before,
    )  # fmt: skip


def _after(consent: ConsentFacts, state: ConsentState) -> Phase:
    """Where its outcome brings the ticket: back to where it stood, and what was done before to work."""
    if state is ConsentState.REFUSED:
        return Phase.REJECTED
    done = consent.phase_before in DONE and state is ConsentState.GRANTED
    return Phase.IN_PROGRESS if done else consent.phase_before


def _asks_after(
    ticket: TicketFacts, consent: ConsentFacts, state: ConsentState, left: Sequence[EntryFacts]
) -> TicketKind | None:
    """What the ticket's words still ask for when that consent has come to its end."""
    about = kind_asked(consent.kind, consent.terms)
    if about is None:
        return ticket.state.asks
    if state is ConsentState.GRANTED:
        more = (e.details.asks for e in left if isinstance(e.details, MailDetails))
        return next(more, None)
    return None if state is ConsentState.WITHDRAWN else ticket.state.asks or about


def _items(terms: ConsentTerms) -> tuple[Item, ...]:
    """The lines of an offer, for a mail."""
    return tuple(Item(text=line.text, amount=line.amount) for line in terms.items)


def agreed(consent: ConsentFacts) -> RequestedConsent:
    """What was decided, for the mail that confirms it: an offer by its words and amount, a cost by its estimate."""
    terms, offer = consent.terms, consent.kind is ConsentKind.QUOTE
    words = shown_words(consent.kind, terms, consent.request_text)
    return RequestedConsent(
        kind=consent.kind, id=f"C{consent.id}", request=notices.excerpt(words) if offer else "",
        amount=terms.amount or None, currency=terms.currency, vat=terms.vat, estimate_minutes=terms.estimate_minutes,
        quantum_minutes=terms.quantum_minutes or 0, reason=terms.reason, items=_items(terms),
    )  # fmt: skip


def _confirmed(
    said: ApprovalResult, ticket: TicketFacts, company: CompanyFacts | None, by: Mailbox, settings: Settings
) -> list[Change]:
    """Who bound their company to pay, or declined to, has it in writing too: without the ticket's history, which was
    not theirs to read."""
    to, cc = notices.recipients(ticket)
    if company is None or by.address in {box.address for box in (*to, *cc)}:
        return []
    person = next(iter(entitlement.persons_of(company, by.address)), None)
    own = replace(said, to_decider=True, history=(), earlier=0, promise=None)
    language = notices.language_of(person, company, settings)
    return [SendNotice(notices.letter(own, ticket.number, (by,), language))]


def release(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    consent: ConsentFacts,
    state: ConsentState,
    settings: Settings,
    now: datetime,
    *,
    by: str,
    shown: str,
    reason: str = "",
    spend: str | None = None,
    evidence: AnswerEvidence | None = None,
    left: Sequence[EntryFacts] = (),
) -> list[Change]:
    """What a decision does: the consent, the log, the ticket's phase, its entry, the mails. One transaction.

    `state`: granted, refused, withdrawn, expired. `shown` is who, in words. `left`: mails that ask for more than what
    this consent was about (`request.unconsented`): they hold the ticket on.
    """
    asks = _asks_after(ticket, consent, state, left)
    changes: list[Change] = [
        DecideConsent(consent.id, state, by, reason, spend),
        LogConsent(
            consent.id,
            ConsentEvent(state),
            {"by": by, **({"reason": reason} if reason else {}), **(evidence.to_json() if evidence else {})},
        ),
        *no_deadlines(ticket),
    ]
    new = ticket.phase
    if ticket.phase is Phase.AWAITING_APPROVAL and state is not ConsentState.EXPIRED:
        new = moving.lawful(_after(consent, state), asks, in_writing=bool(left))
    if new is not ticket.phase:
        step = moving.move(
            ticket, new, Actor(shown, "system"), now, settings, details=None, decided=True,
            also=TicketChange(asks=asks),
        )  # fmt: skip
        changes += step.changes
        ticket = step.ticket
        if state is ConsentState.GRANTED:  # somebody of the customer's side wrote: now it is our turn
            waits = waiting.customer_wrote(ticket, now, settings)
            changes += [UpdateTicket(ticket.number, waits.change), *waits.deadlines]
            ticket = ticket.after(waits.change)
    elif asks is not ticket.state.asks:
        changes.append(UpdateTicket(ticket.number, TicketChange(asks=asks)))
    public = state in (ConsentState.GRANTED, ConsentState.REFUSED)
    weak = ", by the one-time token alone" if public and consent.require == "token" else ""
    outcome = f"{consent.kind}: {state} by {shown}{weak}"
    text = f"C{consent.id} {outcome}" + (f": {reason}" if reason else "")
    still_held = new is Phase.AWAITING_APPROVAL and state in (ConsentState.GRANTED, ConsentState.WITHDRAWN)
    if still_held:
        text += f"; still held: other words ask for a {asks}"
    changes.append(
        AddEntry(
            ticket.number, EntryType.CONSENT, shown, "system", outcome if public else text, public=public,
            details=ConsentDetails(
                consent=consent.id, outcome=state, old=Phase.AWAITING_APPROVAL, new=new, require=consent.require
            ),
        )
    )  # fmt: skip
    said = ApprovalResult(
        **notices.base(ticket, company, settings, now, actor=shown if public else ""), outcome=state,
        consent=agreed(consent),
    )  # fmt: skip
    told = notices.status(said, ticket)
    if told is not None:
        changes.append(SendNotice(told))
    if public and consent.kind in (ConsentKind.QUOTE, ConsentKind.COST):
        changes += _confirmed(said, ticket, company, Mailbox(by, shown), settings)
    facts = [
        ToldFact(code=state, consent=f"C{consent.id}", kind=consent.kind, who=(shown,), at=consent.expires_at)
    ]
    if weak:
        facts.append(ToldFact(code="by_token"))
    if still_held:
        facts.append(ToldFact(code="still_held", kind=asks or ""))
    said_why = reason if state is ConsentState.WITHDRAWN else ""
    return changes + tell(ticket, settings, now, facts, said=said_why, by=by)
