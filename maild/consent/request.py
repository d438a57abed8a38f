"""What a request consists of: the words that its requester wrote, and whether each mail of them is verified."""

from __future__ import annotations

from collections.abc import Iterable

from maild.model import ConsentFacts, EntryFacts, TicketFacts
from maild.party.entitlement import OFFERS
from maild.ticket.entries import CallDetails, MailDetails
from maild.ticket.phases import ConsentState
from maild.ticket.vocabulary import EntryType


def _own(ticket: TicketFacts) -> list[EntryFacts]:
    """What the requester wrote, in order; what was said on the phone, or written in their name, is none of it."""
    return [e for e in ticket.entries if _is_own(e, ticket.requester)]


def _is_own(entry: EntryFacts, requester: str) -> bool:
    said = entry.details
    if entry.type == EntryType.MAIL and entry.author == requester:
        return not (isinstance(said, MailDetails) and said.unproven)
    return isinstance(said, CallDetails) and entry.channel != "phone" and said.by == requester


def written(ticket: TicketFacts) -> str:
    """All that the requester wrote on the ticket."""
    texts = (e.text.strip() for e in _own(ticket))
    return "\n\n".join(t for t in texts if t)


def unconsented(ticket: TicketFacts, consents: Iterable[ConsentFacts]) -> tuple[EntryFacts, ...]:
    """Mails on the ticket whose words ask for what needs a consent, and that none of these consents, granted or given
    up by an agent, was about. The same words of somebody else are others: "me" is another. `ticket` has its entries."""
    granted = [(c.requester, c.request_text) for c in consents if c.state is ConsentState.GRANTED]
    cleared = max((c.decided_at for c in consents if _given_up(c) and c.decided_at is not None), default=None)
    return tuple(
        e
        for e in ticket.entries
        if isinstance(e.details, MailDetails) and e.details.asks is not None and not e.details.unproven
        and not any(e.author == who and e.text.strip() in text for who, text in granted)
        and (cleared is None or e.at > cleared)
    )  # fmt: skip


def _given_up(consent: ConsentFacts) -> bool:
    return consent.state is ConsentState.WITHDRAWN and consent.kind not in OFFERS


def in_writing(ticket: TicketFacts) -> bool:
    """Whether the requester wrote a mail, or nobody called: a phone call never starts an approval (contract, Phone)."""
    calls = any(e.type == EntryType.CALL and e.channel == "phone" for e in ticket.entries)
    return not calls or bool(written(ticket))


def verified(ticket: TicketFacts) -> bool:
    """Whether each mail that the request is made of was proven to be the requester's."""
    said = [e.details for e in _own(ticket)]
    return bool(said) and all(isinstance(d, MailDetails) and d.verified for d in said)
