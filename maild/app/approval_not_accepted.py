"""An answer that does not count: the ticket stays held, the mail is kept with its reasons, agents see it, and the registered
approver learns of it. Nothing of the ticket goes to whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from maild.app import automatic_mail, holding, join, new_by_mail
from maild.app.approval_candidate import Candidate
from maild.app.case import Case
from maild.app.thread_keys import remember
from maild.consent import alert, asking
from maild.consent.conditions import ApprovalAnswer
from maild.consent.decision_word import Word, beyond
from maild.consent.evidence import AnswerEvidence
from maild.consent.hiding import token_hash
from maild.consent.wanted import asked_of, token_of, wanted_of
from maild.model import (
    ActKind,
    AddTokens,
    Change,
    ConditionResult,
    ConsentFacts,
    DecidedAct,
    Decision,
    LogConsent,
    Mailbox,
    Notice,
    PersonFacts,
    Plan,
    Reason,
    SendNotice,
    Threading,
    TicketAct,
    TicketFacts,
    UpdateTicket,
    Verdict,
)
from maild.notice import notices
from maild.notice.agent_mails import ToldFact
from maild.notice.consent_mails import ApprovalChanged, ApprovalNotAccepted, ApprovalUnclear
from maild.party import entitlement
from maild.ticket import moving
from maild.ticket.entries import ConsentDetails
from maild.ticket.phases import ConsentState, InboundState
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import ConsentEvent, EntryType
from maild.values import replace

#: what an answer to an earlier version of a request fails; its writer is who they say
EARLIER = frozenset({"request_unchanged", "unexpired", "decision_word"})


def evidence_of(case: Case, rows: tuple[ConditionResult, ...], word: Word) -> AnswerEvidence:
    return AnswerEvidence(
        case.sender.address, case.mail.message_id, case.mail.sha256, notices.iso(case.envelope.received_at),
        case.envelope.source, word.evidence, case.auth.result, case.auth.how, case.auth.domain, rows,
    )  # fmt: skip


def decision_of(
    kind: str,
    reasons: tuple[Reason, ...],
    case: Case,
    threading: Threading,
    would: list[DecidedAct],
    rows: tuple[ConditionResult, ...],
) -> Decision:
    return Decision(kind, reasons, case.sender, threading, None, tuple(would), rows)  # type: ignore[arg-type]


def not_accepted(
    case: Case,
    threading: Threading,
    verdict: Verdict | None,
    who: Candidate,
    looked_at: ApprovalAnswer,
    rows: tuple[ConditionResult, ...],
    failed: list[str],
    nonce: Callable[[], str],
) -> Plan:
    """Held: the mail goes the way it would have gone anyway, and those concerned are told."""
    consent, ticket = who.consent, who.ticket
    first = next(r for r in rows if not r.ok)
    why = "; ".join(f"{r.name}: {r.evidence}" for r in rows if not r.ok)
    told: list[Change] = [
        LogConsent(
            consent.id,
            ConsentEvent.NOT_ACCEPTED,
            {"failed": failed, **evidence_of(case, rows, looked_at.word).to_json()},
        ),
        moving.noted(
            ticket.number, EntryType.CONSENT, f"C{consent.id}: an answer was not accepted: {why}"[:2000],
            ConsentDetails(consent=consent.id, failed=tuple(failed), sender=case.sender.address or ""),
        ),
    ]  # fmt: skip
    if (
        set(failed) <= EARLIER
        and "request_unchanged" in failed
        and (present := _present(case, who)) is not None
    ):
        told += _show_present(case, who, present, nonce)
    elif failed == ["decision_word"] and verdict is None and _first_unclear(who):
        told += _ask_plainly(case, who, nonce)
    else:
        told += _tell_approver(case, who, first)
    told += _tell_agents(case, who, first)
    base = _ordinary(case, threading, verdict, consent, ticket, nonce)
    assert base.decision is not None
    would = [
        *base.decision.would,
        TicketAct(ActKind.HOLD, ticket.number, consent.id),
        *holding.mails(case, told),
    ]
    reason = Reason("consent-not-accepted", f"C{consent.id}: {why}"[:1000])
    made = replace(base.decision, reasons=(reason, *base.decision.reasons), would=tuple(would), checks=rows)
    return replace(base, changes=(*base.changes, *told), decision=made)


def _ordinary(
    case: Case,
    threading: Threading,
    verdict: Verdict | None,
    consent: ConsentFacts,
    ticket: TicketFacts,
    nonce: Callable[[], str],
) -> Plan:
    """Where the mail goes without deciding anything; nothing of the ticket is sent back to its writer."""
    if verdict is not None:
        return automatic_mail.automatic(case, verdict, threading)
    if case.sender.address is None:
        return new_by_mail.review(case, threading, nonce)
    if threading.how in ("join", "reopen") and threading.ticket == ticket.number:
        return _kept(case, threading, consent, ticket, nonce)
    if threading.how in ("join", "reopen"):
        return join.join(case, threading, nonce)
    return new_by_mail.request(case, threading, nonce)


def _kept(
    case: Case, threading: Threading, consent: ConsentFacts, ticket: TicketFacts, nonce: Callable[[], str]
) -> Plan:
    """For agents alone, on its ticket. What it asks for beside the answer is looked at as in each other mail."""
    offer = consent.kind in entitlement.OFFERS
    more = beyond(case.mail.new_text, case.settings.approval, offer=offer)
    asks = None if holding.unproven(case, ticket) else holding.asked_in(case, ticket, more)
    changes = [*join.entry(case, ticket, public=False, asks=asks), remember(case, ticket.number)]
    would: list[DecidedAct] = [TicketAct(ActKind.APPEND, ticket.number)]
    if asks is not None:
        held, acts = join.held(case, threading, ticket, asks, nonce)
        changes += held
        would += acts
        if ticket.after_all(changes).state.asks is None:
            changes.append(UpdateTicket(ticket.number, TicketChange(asks=asks)))
    reasons = (Reason(f"thread-{threading.rule}", "an answer that did not count"),)
    return Plan(
        tuple(changes),
        decision_of("reply", reasons, case, threading, would, ()),
        InboundState.DONE,
        ticket.number,
    )


def _tell_agents(case: Case, who: Candidate, first: ConditionResult) -> list[Change]:
    """A mail to the ticket's agents, once in a window: the entries tell all, and a flood of forgeries is none of
    mails to us."""
    consent, ticket = who.consent, who.ticket
    if consent.state != ConsentState.WAITING:
        return []
    last = ticket.state.consent_alert
    window = timedelta(minutes=case.settings.limits.same_notice_minutes)
    if last is not None and case.now - last < window:
        return []
    who_wrote = (case.sender.address,) if case.sender.address else ()
    fact = ToldFact(
        code="answer_refused" if who_wrote else "answer_refused_nobody", consent=f"C{consent.id}", who=who_wrote,
        because=first.name,
    )  # fmt: skip
    explains = f"maild approval explain C{consent.id}"
    return [
        UpdateTicket(ticket.number, TicketChange(consent_alert=case.now)),
        *alert.tell(ticket, case.settings, case.now, [fact], commands=(explains,)),
    ]


def _approver(case: Case, who: Candidate) -> PersonFacts | None:
    """Whom to tell: the approver whose token it is, or in whose name it was written; somebody who may approve
    no more learns nothing."""
    company = case.company_of(who.ticket)
    if company is None:
        return None
    now = asked_of(wanted_of(who.consent, who.ticket), company)
    named = who.token.approver if who.token else case.sender.address
    asked = (named, *who.consent.approvers)
    return next((p for a in asked if a for p in now if a == p.address or a in p.addresses), None)


def _present(case: Case, who: Candidate) -> ConsentFacts | None:
    """What is asked of that approver now, in place of what they answered."""
    asked = (
        c
        for c in case.facts.consents.values()
        if c.ticket == who.ticket.number and c.state == ConsentState.WAITING
    )
    return next((c for c in asked if who.token is not None and who.token.approver in c.approvers), None)


def _show_present(
    case: Case, who: Candidate, present: ConsentFacts, nonce: Callable[[], str]
) -> list[Change]:
    """Their answer was to an earlier version of the request, or to an offer that was replaced: they get the
    present one, which says so. It is no forgery."""
    now = replace(who, consent=present)
    person, name = _approver(case, now), ApprovalChanged.name
    if person is None or (who.ticket.number, name, person.address) in case.facts.recent_notices:
        return []
    made = _notice(case, now, person, ApprovalChanged, "request_unchanged")
    token = token_of(nonce)
    wanted = wanted_of(present, who.ticket)
    return [
        AddTokens(present.id, ((person.address, token_hash(token)),), present.expires_at),
        SendNotice(replace(made, token=token, attach=wanted.terms.attach)),
    ]


def _unclear_key(who: Candidate) -> str:
    return f"C{who.consent.id} {who.token.approver if who.token else ''}"


def _first_unclear(who: Candidate) -> bool:
    return (
        who.consent.state == ConsentState.WAITING and _unclear_key(who) not in who.ticket.state.asked_plainly
    )


def _ask_plainly(case: Case, who: Candidate, nonce: Callable[[], str]) -> list[Change]:
    """Their own words were not clear: once more, with a token, so that a reply to this mail counts."""
    person = _approver(case, who)
    if person is None:
        return []
    made = _notice(case, who, person, ApprovalUnclear, "decision_word")
    token = token_of(nonce)
    return [
        AddTokens(who.consent.id, ((person.address, token_hash(token)),), who.consent.expires_at),
        UpdateTicket(
            who.ticket.number,
            TicketChange(asked_plainly=(*who.ticket.state.asked_plainly, _unclear_key(who))),
        ),
        SendNotice(replace(made, token=token)),
    ]


def _tell_approver(case: Case, who: Candidate, first: ConditionResult) -> list[Change]:
    """The registered approver learns that an answer in their name did not count; at most once in a window."""
    person, name = _approver(case, who), ApprovalNotAccepted.name
    if person is None or (who.ticket.number, name, person.address) in case.facts.recent_notices:
        return []
    return [SendNotice(_notice(case, who, person, ApprovalNotAccepted, first.name))]


def _notice(
    case: Case,
    who: Candidate,
    person: PersonFacts,
    mail: type[ApprovalUnclear | ApprovalChanged | ApprovalNotAccepted],
    reason: str,
) -> Notice:
    consent, ticket = who.consent, who.ticket
    company = case.company_of(ticket)
    language = notices.language_of(person, company, case.settings)
    asked = asking.asked_for(
        wanted_of(consent, ticket), consent.require, consent.expires_at, language, case.settings, consent.id
    )  # fmt: skip
    asked = replace(asked, asked_at=consent.requested_at)
    said = mail(about=notices.about(ticket, company, case.settings, case.now), consent=asked, reason=reason)
    return notices.letter(said, ticket.number, (Mailbox(person.address, person.name),), language)
