"""Which consent a mail may decide, by what evidence, and the decision word in it."""

from __future__ import annotations

from functools import partial

from maild.app import holding
from maild.app.case import Case
from maild.app.lookup import approval_tokens
from maild.consent.decision_word import Word, decision, doubtful, torn_from
from maild.consent.hiding import token_hash
from maild.mail.own_ids import REFERENCE_LINE, nonce_of, subaddress
from maild.model import (
    ConsentFacts,
    Threading,
    TicketFacts,
    TokenFacts,
    Verdict,
)
from maild.party import entitlement
from maild.ticket import request_words
from maild.ticket.phases import ConsentState, Phase
from maild.values import dataclass

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
    for token, _ in approval_tokens(case.mail, case.envelope) if case.facts.tokens else ():
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
    asks = partial(request_words.names_request, settings=case.settings)
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
