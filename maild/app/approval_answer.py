"""A mail that may decide a consent: every condition is looked at, and what follows is one plan.

`approval_candidate.py` says which consent it may decide, and an answer that does not count goes on in
`approval_not_accepted.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from maild.app import holding, join
from maild.app.approval_candidate import Candidate, word_of
from maild.app.approval_not_accepted import decision_of, evidence_of, not_accepted
from maild.app.case import Case
from maild.app.thread_keys import remember
from maild.consent import asking, outcome
from maild.consent.conditions import ApprovalAnswer, check_all
from maild.consent.evidence import AnswerEvidence
from maild.consent.wanted import ConsentWanted
from maild.errors import NotYet
from maild.mail.auth.block import block_of
from maild.model import (
    ActKind,
    AddEntry,
    Change,
    CompanyFacts,
    ConditionResult,
    ConsentFacts,
    DecideConsent,
    DecidedAct,
    LogConsent,
    Plan,
    Reason,
    Threading,
    TicketAct,
    Verdict,
)
from maild.party import entitlement
from maild.ticket.phases import ConsentState, InboundState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentEvent, ConsentKind, EntryType
from maild.values import replace

#: conditions that only an answer of DNS can settle; while it does not answer the mail waits, and is tried again
BY_DNS = frozenset({"authenticated"})
DNS_PATIENCE = timedelta(days=3)


def answer(
    case: Case, threading: Threading, verdict: Verdict | None, who: Candidate, nonce: Callable[[], str]
) -> Plan | None:
    """The plan for a candidate, or None when it is an ordinary mail after all."""
    looked_at, rows = _looked_at(case, verdict, who)
    failed = [r.name for r in rows if not r.ok]
    if not failed:
        return _decided(case, threading, who, looked_at, rows, nonce)
    _wait_for_dns(case, who, failed)
    word = looked_at.word.verdict
    if _is_requester(case, who.consent) and word not in ("yes", "no") and verdict is None:
        # not an answer but more of the request: the whole is asked for again
        return None
    asks = not looked_at.word.begins and who.consent.kind in entitlement.OFFERS
    if failed == ["decision_word"] and asks:
        return None  # a question about an offer goes to the agent, and the offer stands
    return not_accepted(case, threading, verdict, who, looked_at, rows, failed, nonce)


def taken_though_a_copy_came(
    case: Case, threading: Threading, verdict: Verdict | None, who: Candidate, nonce: Callable[[], str]
) -> Plan | None:
    """The plan for an answer of which a copy came before that passed less: without its signature, for example.

    None where it decides nothing either; then it is a duplicate like any other.
    """
    looked_at, rows = _looked_at(case, verdict, who)
    failed = [r.name for r in rows if not r.ok]
    if not failed:
        return _decided(case, threading, who, looked_at, rows, nonce)
    _wait_for_dns(case, who, failed)
    return None


def _looked_at(
    case: Case, verdict: Verdict | None, who: Candidate
) -> tuple[ApprovalAnswer, tuple[ConditionResult, ...]]:
    """The answer with all that is known of it, and each condition's verdict."""
    company = case.company_of(who.ticket)
    looked_at = ApprovalAnswer(
        case.mail, case.envelope, block_of(case.mail.raw_headers), case.auth, verdict, case.settings, case.sender,
        case.person, word_of(case, who.consent), who.token, who.places, who.consent, who.ticket, company,
    )  # fmt: skip
    return looked_at, check_all(looked_at)


def _wait_for_dns(case: Case, who: Candidate, failed: list[str]) -> None:
    """Raise `NotYet` where only DNS, which does not answer now, keeps an answer from counting."""
    waits = case.auth.result == "temperror" and set(failed) <= BY_DNS
    if waits and case.now - case.envelope.received_at < DNS_PATIENCE:
        raise NotYet(
            f"an answer to C{who.consent.id}: DNS does not answer, so its signature cannot be checked yet"
        )


def _is_requester(case: Case, consent: ConsentFacts) -> bool:
    return case.sender.address == consent.requester


def _decided(
    case: Case,
    threading: Threading,
    who: Candidate,
    looked_at: ApprovalAnswer,
    rows: tuple[ConditionResult, ...],
    nonce: Callable[[], str],
) -> Plan:
    consent, ticket, word, company = who.consent, who.ticket, looked_at.word, looked_at.company
    state = ConsentState.GRANTED if word.verdict == "yes" else ConsentState.REFUSED
    shown = case.person.name if case.person and case.person.name else case.sender.address or ""
    evidence = evidence_of(case, rows, word)
    spend = who.token.token_hash if who.token else None
    changes: list[Change] = [*join.entry(case, ticket, public=False), remember(case, ticket.number)]
    if consent.kind == ConsentKind.CONFIRM and state is ConsentState.GRANTED:
        changes += _confirmed(case, who, company, shown, spend, evidence, nonce)
        act = ActKind.HOLD
    else:
        left = holding.left_over(case, ticket, consent) if state is ConsentState.GRANTED else ()
        changes += outcome.release(
            ticket, company, consent, state, case.settings, case.now, by=case.sender.address or "", shown=shown, spend=spend,
            evidence=evidence, left=left,
        )  # fmt: skip
        stands = ticket.after_all(changes)
        if left and stands.phase is Phase.AWAITING_APPROVAL:
            changes += holding.left_asked(case, stands, left, consent.phase_before, nonce)
        act = ActKind.GRANT if state is ConsentState.GRANTED else ActKind.REFUSE
    would: list[DecidedAct] = [TicketAct(act, ticket.number, consent.id)]
    would += holding.mails(case, changes)
    reasons = (Reason(f"consent-{state}", f"C{consent.id} by {case.sender.address}; {word.evidence}"),)
    thread = replace(threading, ticket=ticket.number)
    return Plan(
        tuple(changes),
        decision_of("reply", reasons, case, thread, would, rows),
        InboundState.DONE,
        ticket.number,
    )


def _confirmed(
    case: Case,
    who: Candidate,
    company: CompanyFacts | None,
    shown: str,
    spend: str | None,
    evidence: AnswerEvidence,
    nonce: Callable[[], str],
) -> list[Change]:
    """The requester confirmed that they asked: now those who may approve are asked."""
    consent, ticket = who.consent, who.ticket
    kind = consent.terms.kind_after or ConsentKind(ticket.kind)
    wanted = ConsentWanted(
        kind, consent.request_text, consent.requester, ticket.requester_name,
        ConsentTerms(requester_verified=True), consent.phase_before,
    )  # fmt: skip
    asked, approvers = asking.ask(ticket, company, wanted, case.settings, case.now, nonce)
    names = ", ".join(p.name or p.address for p in approvers) or "nobody: no approver is known"
    text = f"{shown} confirmed the request; asked now: {names}"
    return [
        DecideConsent(consent.id, ConsentState.GRANTED, case.sender.address or "", "", spend),
        LogConsent(consent.id, ConsentEvent.GRANTED, evidence.to_json()),
        AddEntry(ticket.number, EntryType.CONSENT, shown, "system", text, public=False),
        *asked,
    ]
