"""A request that waits for its consent and grows by later mails: it is asked for again, as a whole."""

from __future__ import annotations

from collections.abc import Callable

from maild.app import holding
from maild.app.case import Case
from maild.consent import alert, asking, outcome
from maild.consent.wanted import wanted_of
from maild.model import ActKind, Change, ConsentFacts, DecidedAct, Threading, TicketAct, TicketFacts
from maild.notice import notices
from maild.notice.agent_mails import ToldFact
from maild.party import entitlement
from maild.ticket import moving
from maild.ticket.moving import DESK
from maild.ticket.vocabulary import EntryType
from maild.values import replace

#: characters of a request that grew by later mails; the first mail may be longer
MOST_REQUEST = 65_536


def grown(
    case: Case, threading: Threading, nonce: Callable[[], str]
) -> tuple[list[Change], list[DecidedAct]]:
    """A later mail of the requester on a held ticket becomes part of the request: asked again with the whole.

    What is asked about an offer goes to the agent and voids nothing.
    """
    ticket = case.facts.tickets.get(threading.ticket) if threading.ticket else None
    consent = holding.waiting(case, ticket) if ticket is not None else None
    if ticket is None or consent is None:
        return [], []
    offered = consent.kind in entitlement.OFFERS
    if case.sender.address != consent.requester and not (offered and holding.was_asked(case, consent)):
        return [], []
    if holding.only_thanks(case, ticket):
        return [], []
    if offered:
        text = f"C{consent.id}: {case.sender.address} wrote about the {consent.kind.value}; it stands as it was sent"
        fact = ToldFact(
            code=f"written_{consent.kind}", consent=f"C{consent.id}", who=(case.sender.address or "",)
        )
        return _noted(case, ticket, text, fact), []
    if holding.unproven(case, ticket):
        text = (
            f"C{consent.id}: {case.sender.address} added words by a mail that is not authenticated: "
            "no part of the request"
        )
        fact = ToldFact(code="unproven_words", consent=f"C{consent.id}", who=(case.sender.address or "",))
        return _noted(case, ticket, text, fact), [TicketAct(ActKind.FILE, ticket.number)]
    old = wanted_of(consent, ticket)
    request = f"{consent.request_text}\n\n{case.mail.new_text.strip()}"
    if len(request) > max(MOST_REQUEST, len(consent.request_text)):
        return _too_long(case, ticket, consent), [TicketAct(ActKind.HOLD, ticket.number, because="too long")]
    verified = old.terms.requester_verified and case.verified
    wanted = replace(
        old, request=request, terms=replace(old.terms, requester_verified=verified), paced=not verified
    )
    changes = asking.hold(
        ticket, case.company_of(ticket), wanted, case.settings, case.now, nonce, by=DESK,
        message="the requester wrote again", old=consent,
    )  # fmt: skip
    act = TicketAct(ActKind.HOLD, ticket.number, because="the request changed")
    return [*changes, *holding.told(case, ticket, changes)], [act, *holding.mails(case, changes)]


def _noted(case: Case, ticket: TicketFacts, text: str, fact: ToldFact) -> list[Change]:
    """A note for the agents, and a mail to them: this changes nothing by itself."""
    entry = moving.noted(ticket.number, EntryType.CONSENT, text)
    said = notices.excerpt(case.mail.new_text)
    return [entry, *alert.tell(ticket, case.settings, case.now, [fact], said=said)]


def _too_long(case: Case, ticket: TicketFacts, consent: ConsentFacts) -> list[Change]:
    """Nobody can approve what nobody can read: the earlier question is void, and an agent asks for a shorter one."""
    why = f"the request grew beyond {MOST_REQUEST} characters"
    text = f"C{consent.id} void: {why}; `maild approval request {ticket.number}` asks anew with all that was written"
    return [
        *outcome.voided(consent, DESK.name, why),
        *outcome.no_deadlines(ticket),
        moving.noted(ticket.number, EntryType.CONSENT, text),
        *alert.tell(
            ticket, case.settings, case.now, [ToldFact(code="too_long", consent=f"C{consent.id}", count=MOST_REQUEST)],
            commands=("maild approval request N",),
        ),
    ]  # fmt: skip
