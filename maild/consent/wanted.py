"""What somebody must consent to, and whose decision that is. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import field
from datetime import datetime

from maild.consent.request import WrittenRequest
from maild.model import CompanyFacts, ConsentFacts, PersonFacts, TicketFacts
from maild.notice.values import Item
from maild.party import entitlement
from maild.ticket.phases import Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, TicketKind
from maild.values import dataclass

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


def wanted_anew(kind: str, request: str, asked: WrittenRequest) -> ConsentWanted:
    """What an agent asks for with these words of somebody's."""
    terms = ConsentTerms(requester_verified=asked.verified)
    return ConsentWanted(ConsentKind(kind), request, asked.author.address, asked.author.name, terms)


def wanted_of(consent: ConsentFacts, ticket: TicketFacts) -> ConsentWanted:
    """The request of a stored consent."""
    return ConsentWanted(
        consent.kind, consent.request_text, consent.requester, ticket.requester_name, consent.terms,
        consent.phase_before,
    )  # fmt: skip


def request_text(subject: str, text: str) -> str:
    """The exact request: subject and words, as the approver reads it."""
    return f"{subject.strip()}\n\n{text.strip()}".strip()


def shown_words(kind: ConsentKind, terms: ConsentTerms, request: str) -> str:
    """What people read of what a yes is bound to: of an offer its words, of a cost its reason, since their lines, sums
    and days stand beside them as the language writes them; of a request all of it."""
    if kind is ConsentKind.QUOTE and terms.words is not None:
        return terms.words
    return terms.reason if kind is ConsentKind.COST and terms.reason else request


def kind_asked(kind: ConsentKind, terms: ConsentTerms) -> TicketKind | None:
    """What a customer's words ask for where that consent is needed; None for what the desk offers."""
    wanted = terms.kind_after if kind is ConsentKind.CONFIRM else kind
    return None if wanted is None or wanted in entitlement.OFFERS else TicketKind(wanted)


def items_of(terms: ConsentTerms) -> tuple[Item, ...]:
    """The lines of an offer, for a mail."""
    return tuple(Item(text=line.text, amount=line.amount) for line in terms.items)


def asked_of(wanted: ConsentWanted, company: CompanyFacts | None) -> tuple[PersonFacts, ...]:
    """Who may decide: the company's approvers for the kind; for a confirmation the requester themselves."""
    if company is None:
        return ()
    if wanted.kind == ConsentKind.CONFIRM:
        return entitlement.persons_of(company, wanted.requester)
    return entitlement.approvers(company, wanted.kind, wanted.requester)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def token_of(nonce: Callable[[], str]) -> str:
    """A token of 130 unguessable bits from `nonce` (a-z 2-7)."""
    token = nonce()
    while len(token) < TOKEN_LENGTH:
        token += nonce()
    return token[:TOKEN_LENGTH]
