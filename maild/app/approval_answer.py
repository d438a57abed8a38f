"""A mail that may decide a consent: every condition is looked at, and what follows is one plan.

An answer that does not count leaves the ticket held, is kept with its reasons, is shown to the agent, and
the registered approver learns of it. Nothing of the ticket goes to whoever wrote it.

Over 300 lines: an answer to a consent from its candidate to the mails that follow: read as a whole, it is the law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from maild.app import automatic_mail, holding, join, new_by_mail
from maild.app.case import Case
from maild.app.lookup import approval_tokens, token_hash
from maild.app.remember import remember
from maild.consent import consents
from maild.consent.conditions import ApprovalAnswer, check_all
from maild.consent.decision_word import Word, beyond, decision, doubtful, torn_from
from maild.consent.evidence import AnswerEvidence
from maild.errors import NotYet
from maild.mail.auth.block import block_of
from maild.mail.own_ids import REFERENCE_LINE, nonce_of, subaddress
from maild.model import (
    ActKind,
    AddEntry,
    AddTokens,
    Change,
    CompanyFacts,
    ConditionResult,
    ConsentFacts,
    DecideConsent,
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
    TokenFacts,
    UpdateTicket,
    Verdict,
)
from maild.notice import notices
from maild.notice.agent_mails import ToldFact
from maild.notice.consent_mails import ApprovalChanged, ApprovalNotAccepted, ApprovalUnclear
from maild.party import entitlement
from maild.ticket import classify
from maild.ticket.entries import ConsentDetails
from maild.ticket.phases import ConsentState, InboundState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentEvent, ConsentKind, EntryType

#: conditions that only an answer of DNS can settle; while it does not answer the mail waits, and is tried again
BY_DNS = frozenset({"authenticated"})
DNS_PATIENCE = timedelta(days=3)
#: what an answer to an earlier version of a request fails; its writer is who they say
EARLIER = frozenset({"request_unchanged", "unexpired", "decision_word"})
#: what nobody wrote, whatever token it quotes: reports on the approval mail itself
NO_ANSWER = frozenset({"bounce", "own", "loop", "hostile"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """The consent that a mail may decide."""

    consent: ConsentFacts
    ticket: TicketFacts
    token: TokenFacts | None
    places: tuple[str, ...]


def candidate(case: Case, threading: Threading, verdict: Verdict | None) -> Candidate | None:
    """The consent this mail is an answer to: by its token, else by a decision word of an approver who was asked."""
    if verdict is not None and verdict.kind in NO_ANSWER:
        return None
    fallback: Candidate | None = None
    for token, _ in approval_tokens(case.mail, case.envelope):
        known = case.facts.tokens.get(token_hash(token))
        consent = case.facts.consents.get(known.consent_id) if known else None
        ticket = case.facts.tickets.get(consent.ticket) if consent else None
        if known is None or consent is None or ticket is None:
            continue
        made = Candidate(consent, ticket, known, places(case, token))
        if consent.state == ConsentState.WAITING:
            return made
        fallback = fallback or made
    if fallback is not None or threading.ticket is None or verdict is not None:
        return fallback
    ticket = case.facts.tickets.get(threading.ticket)
    if ticket is None or ticket.phase != Phase.AWAITING_APPROVAL:
        return None
    for consent in case.facts.consents.values():
        waits = consent.ticket == ticket.number and consent.state == ConsentState.WAITING
        if waits and holding.was_asked(case, consent) and word_of(case, consent).verdict in ("yes", "no"):
            return Candidate(consent, ticket, None, ())
    return None


def places(case: Case, token: str) -> tuple[str, ...]:
    """Every place where the token stands, as names of header fields, and "body"."""
    mail = case.mail
    answered_in = []
    if any(nonce_of(i) == token for i in mail.in_reply_to):
        answered_in.append("in-reply-to")
    if any(nonce_of(i) == token for i in mail.references):
        answered_in.append("references")
    if any(subaddress(b.address) == token for b in mail.to):
        answered_in.append("to")
    if any(subaddress(b.address) == token for b in mail.cc):
        answered_in.append("cc")
    if any(m[1].lower() == token for m in REFERENCE_LINE.finditer(mail.text)):
        answered_in.append("body")
    return tuple(answered_in)


def word_of(case: Case, consent: ConsentFacts) -> Word:
    """The decision word in the new, visible text; what was kept because nothing new was found holds none."""
    mail = case.mail
    if mail.capped:
        return Word("none", "the mail was too large or too deep to be read")
    if mail.new_text_confidence <= 0:
        return Word("none", "the answer has no words of its own above the quote")
    offer, names = consent.kind in entitlement.OFFERS, _names(case)
    asks = partial(classify.names_request, settings=case.settings)
    word = decision(mail.visible_new_text, case.settings.approval, offer=offer, names=names, asks=asks)
    if word.verdict not in ("yes", "no"):
        return word
    for reading in mail.readings:
        other = decision(reading, case.settings.approval, offer=offer, names=names, asks=asks)
        if other.verdict != word.verdict:
            why = "its text and its HTML say different things, or the HTML does not plainly show the word"
            return Word("unclear", f"{why}: {reading[:80]!r}")
    own = _own_names(case)
    said = (doubtful(one, case.settings.approval, own=own, asks=asks) for one in mail.endings)
    if more := next(filter(None, said), ""):
        return Word("unclear", f"the signature says more than who wrote: {more[:80]!r}")
    if mail.between_quoted:
        return Word("unclear", "a line of the answer stands between quoted lines")
    if torn_from(consent.request_text, mail.below_quoted, mail.visible_new_text):
        return Word(
            "unclear", f"the word may be the end of the quoted line above it: {mail.below_quoted[:80]!r}"
        )
    return word


def _names(case: Case) -> tuple[str, ...]:
    """The writer's names, and those of our agents, whom they may greet. Names that the requester chose are none of
    them."""
    agents = [name for agent in case.settings.agents.values() for name in (agent.name, agent.full_name)]
    return (*_own_names(case), *agents)


def _own_names(case: Case) -> tuple[str, ...]:
    """The writer's, as they sign and as we know them."""
    own = [case.sender.name, (case.sender.address or "").partition("@")[0].replace(".", " ")]
    if case.mail.sender is not None:
        own.append(case.mail.sender.name)
    if case.person is not None:
        own.append(case.person.name)
    return tuple(own)


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
    return _not_accepted(case, threading, verdict, who, looked_at, rows, failed, nonce)


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


def _evidence(case: Case, rows: tuple[ConditionResult, ...], word: Word) -> AnswerEvidence:
    return AnswerEvidence(
        case.sender.address, case.mail.message_id, case.mail.sha256, notices.iso(case.envelope.received_at),
        case.envelope.source, word.evidence, case.auth.result, case.auth.how, case.auth.domain, rows,
    )  # fmt: skip


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
    evidence = _evidence(case, rows, word)
    spend = who.token.token_hash if who.token else None
    changes: list[Change] = [*join.entry(case, ticket, public=False), remember(case, ticket.number)]
    if consent.kind == ConsentKind.CONFIRM and state == "granted":
        changes += _confirmed(case, who, company, shown, spend, evidence, nonce)
        act = ActKind.HOLD
    else:
        left = holding.left_over(case, ticket, consent) if state is ConsentState.GRANTED else ()
        changes += consents.release(
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
        _decision("reply", reasons, case, thread, would, rows),
        InboundState.DONE,
        ticket.number,
    )


def _decision(
    kind: str,
    reasons: tuple[Reason, ...],
    case: Case,
    threading: Threading,
    would: list[DecidedAct],
    rows: tuple[ConditionResult, ...],
) -> Decision:
    return Decision(kind, reasons, case.sender, threading, None, tuple(would), rows)  # type: ignore[arg-type]


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
    wanted = consents.ConsentWanted(
        kind, consent.request_text, consent.requester, ticket.requester_name,
        ConsentTerms(requester_verified=True), consent.phase_before,
    )  # fmt: skip
    asked, approvers = consents.ask(ticket, company, wanted, case.settings, case.now, nonce)
    names = ", ".join(p.name or p.address for p in approvers) or "nobody: no approver is known"
    text = f"{shown} confirmed the request; asked now: {names}"
    return [
        DecideConsent(consent.id, ConsentState.GRANTED, case.sender.address or "", "", spend),
        LogConsent(consent.id, ConsentEvent.GRANTED, evidence.to_json()),
        AddEntry(ticket.number, EntryType.CONSENT, shown, "system", text, public=False),
        *asked,
    ]


def _not_accepted(
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
            {"failed": failed, **_evidence(case, rows, looked_at.word).to_json()},
        ),
        AddEntry(
            ticket.number, EntryType.CONSENT, "maild", "system", f"C{consent.id}: an answer was not accepted: {why}"[:2000],
            public=False, details=ConsentDetails(consent=consent.id, failed=tuple(failed), sender=case.sender.address or ""),
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
        _decision("reply", reasons, case, threading, would, ()),
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
        *consents.tell(ticket, case.settings, case.now, [fact], commands=(explains,)),
    ]


def _approver(case: Case, who: Candidate) -> PersonFacts | None:
    """Whom to tell: the approver whose token it is, or in whose name it was written; somebody who may approve
    no more learns nothing."""
    company = case.company_of(who.ticket)
    if company is None:
        return None
    now = consents.asked_of(consents.wanted_of(who.consent, who.ticket), company)
    named = who.token.approver if who.token else case.sender.address
    asked = (named, *who.consent.approvers)
    return next((p for a in asked if a for p in now if a in (p.address, *p.addresses)), None)


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
    token = consents.token_of(nonce)
    wanted = consents.wanted_of(present, who.ticket)
    return [
        AddTokens(present.id, ((person.address, consents.sha256(token)),), present.expires_at),
        SendNotice(
            replace(
                made,
                token=token,
                attach=wanted.terms.attach,
            )
        ),
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
    token = consents.token_of(nonce)
    return [
        AddTokens(who.consent.id, ((person.address, consents.sha256(token)),), who.consent.expires_at),
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
    company = case.facts.companies.get(ticket.company) if ticket.company else None
    language = notices.language_of(person, company, case.settings)
    asked = consents.asked_for(
        consents.wanted_of(consent, ticket), consent.require, consent.expires_at, language, case.settings, consent.id
    )  # fmt: skip
    asked = replace(asked, asked_at=consent.requested_at)
    said = mail(about=notices.about(ticket, company, case.settings, case.now), consent=asked, reason=reason)
    return notices.letter(said, ticket.number, (Mailbox(person.address, person.name),), language)
