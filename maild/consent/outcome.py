"""What follows when a consent has come to its end: granted, refused, withdrawn, expired, void. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maild.consent import alert
from maild.consent.evidence import AnswerEvidence
from maild.consent.wanted import items_of, kind_asked, shown_words
from maild.model import (
    AddEntry,
    Change,
    CompanyFacts,
    ConsentFacts,
    DecideConsent,
    EntryFacts,
    LogConsent,
    Mailbox,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.agent_mails import ToldFact
from maild.notice.consent_mails import (
    ApprovalResult,
)
from maild.notice.values import RequestedConsent
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket import moving, waiting
from maild.ticket.entries import ConsentDetails, MailDetails
from maild.ticket.moving import Actor
from maild.ticket.phases import DONE, ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import ConsentEvent, ConsentKind, DeadlineType, EntryType, TicketKind
from maild.values import replace


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
    return changes + alert.tell(ticket, settings, now, facts, said=said_why, by=by)


def voided(consent: ConsentFacts, by: str, reason: str, *, expired: bool = False) -> list[Change]:
    """What was asked means nothing any more; of one that waits no longer nothing is left to take back.

    `expired`: one that expired goes as well, for nobody is asked the same anew; else it would hold its ticket on."""
    if consent.state is not ConsentState.WAITING and not (expired and consent.state is ConsentState.EXPIRED):
        return []
    return [
        DecideConsent(consent.id, ConsentState.VOID, by, reason),
        LogConsent(consent.id, ConsentEvent.VOID, {"by": by, "reason": reason}),
    ]


def no_deadlines(ticket: TicketFacts) -> list[Change]:
    """The consent is decided: nobody is reminded any more."""
    return [
        SetDeadline(DeadlineType.CONSENT_REMIND, ticket.number),
        SetDeadline(DeadlineType.CONSENT_EXPIRE, ticket.number),
    ]


def agreed(consent: ConsentFacts) -> RequestedConsent:
    """What was decided, for the mail that confirms it: an offer by its words and amount, a cost by its estimate."""
    terms, offer = consent.terms, consent.kind is ConsentKind.QUOTE
    words = shown_words(consent.kind, terms, consent.request_text)
    return RequestedConsent(
        kind=consent.kind, id=f"C{consent.id}", request=notices.excerpt(words) if offer else "",
        amount=terms.amount or None, currency=terms.currency, vat=terms.vat, estimate_minutes=terms.estimate_minutes,
        quantum_minutes=terms.quantum_minutes or 0, reason=terms.reason, items=items_of(terms),
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
