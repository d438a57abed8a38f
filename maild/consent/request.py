"""What a request consists of: the words that its requester wrote, and whether each mail of them is verified."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maild.model import ConsentFacts, EntryFacts, Mailbox, TicketFacts
from maild.party.entitlement import OFFERS
from maild.ticket.entries import CallDetails, MailDetails, MergeDetails, MoveDetails
from maild.ticket.phases import ConsentState
from maild.ticket.vocabulary import ConsentKind, EntryType
from maild.values import dataclass

#: the channel of a ticket and of a call by phone
PHONE = "phone"


def _own(ticket: TicketFacts) -> list[EntryFacts]:
    """What the requester wrote, in order; what was said on the phone, or written in their name, is none of it."""
    return [e for e in ticket.entries if _is_own(e, ticket.requester)]


def _is_own(entry: EntryFacts, requester: str) -> bool:
    said = entry.details
    if entry.type == EntryType.MAIL and entry.author == requester:
        return not (isinstance(said, MailDetails) and said.unproven)
    return isinstance(said, CallDetails) and entry.channel != PHONE and said.by == requester


def written(ticket: TicketFacts) -> str:
    """All that the requester wrote on the ticket."""
    texts = (e.text.strip() for e in _own(ticket))
    return "\n\n".join(t for t in texts if t)


def unconsented(ticket: TicketFacts, consents: Iterable[ConsentFacts]) -> tuple[EntryFacts, ...]:
    """Mails on the ticket whose words ask for what needs a consent, and that none of these consents, granted or given
    up by an agent, was about. The same words of somebody else are others: "me" is another. So are words that were a part
    of a longer sentence. What was granted while the ticket was another company's, nobody of this one has consented to.
    `ticket` has its entries."""
    granted = [
        (c.requester, _paragraphs(c.request_text))
        for c in consents
        if _permits(c) and not _elsewhere(ticket, c)
    ]
    settled = {
        one
        for e in ticket.entries
        if isinstance(e.details, MergeDetails) and _company_at(ticket, e.at) == ticket.company
        for one in e.details.settled
    }
    cleared = _cleared_at(consents)
    return tuple(
        e
        for e in ticket.entries
        if isinstance(e.details, MailDetails) and e.details.asks is not None and not e.details.unproven
        and e.id not in settled
        and not any(e.author == who and _paragraphs(e.text) in text for who, text in granted)
        and (cleared is None or e.at > cleared)
    )  # fmt: skip


def granted_elsewhere(ticket: TicketFacts, consents: Iterable[ConsentFacts]) -> ConsentFacts | None:
    """The newest that another company granted, and that no agent has given up since: what was granted then is asked of
    the company whose ticket it is now."""
    every = tuple(consents)
    cleared = _cleared_at(every)
    return next(
        (
            c
            for c in reversed(every)
            if _permits(c)
            and _elsewhere(ticket, c)
            and (cleared is None or c.decided_at is None or c.decided_at > cleared)
        ),
        None,
    )


def _elsewhere(ticket: TicketFacts, consent: ConsentFacts) -> bool:
    """Whether it was decided while the ticket was another company's."""
    return consent.decided_at is not None and _company_at(ticket, consent.decided_at) != ticket.company


def _company_at(ticket: TicketFacts, at: datetime) -> str | None:
    """Whose the ticket was then."""
    moved = (e.details.old for e in ticket.entries if isinstance(e.details, MoveDetails) and e.at >= at)
    return next(moved, ticket.company)


def _cleared_at(consents: Iterable[ConsentFacts]) -> datetime | None:
    """When an agent said last that nothing is asked for."""
    return max((c.decided_at for c in consents if _given_up(c) and c.decided_at is not None), default=None)


def _permits(consent: ConsentFacts) -> bool:
    """Whether it grants what was asked for: not money, nor that somebody asked."""
    return (
        consent.state is ConsentState.GRANTED
        and consent.kind not in OFFERS
        and consent.kind is not ConsentKind.CONFIRM
    )


def _paragraphs(text: str) -> str:
    """So that only whole paragraphs of one text are found in another."""
    return f"\n\n{text.strip()}\n\n"


def _given_up(consent: ConsentFacts) -> bool:
    return consent.state is ConsentState.WITHDRAWN and consent.kind not in OFFERS


def in_writing(ticket: TicketFacts) -> bool:
    """Whether the requester wrote a mail, or nobody called: a phone call never starts an approval (contract, Phone)."""
    calls = ticket.state.channel == PHONE or any(is_call(e) for e in ticket.entries)
    return not calls or bool(written(ticket))


def is_call(entry: EntryFacts) -> bool:
    """Whether the words were said on the phone."""
    return entry.type == EntryType.CALL and entry.channel == PHONE


def verified(ticket: TicketFacts) -> bool:
    """Whether each mail that the request is made of was proven to be the requester's."""
    said = [e.details for e in _own(ticket)]
    return bool(said) and all(isinstance(d, MailDetails) and d.verified for d in said)


@dataclass(frozen=True, slots=True)
class WrittenRequest:
    """Words that one person asks with. `verified`: each mail of them was proven to be theirs."""

    author: Mailbox
    words: str
    verified: bool


def present(
    ticket: TicketFacts, consents: Iterable[ConsentFacts], current: ConsentFacts | None
) -> WrittenRequest:
    """What is asked when an agent asks for a consent: the words of one person, never another's in their name.

    `current`: the consent that is asked for anew; what its requester wrote since is part of it. Without one the
    ticket's requester asks with all that they wrote, or, where only words of others wait, the first of those.
    What others ask for besides is asked about after these (`holding.left_asked`).
    """
    left = unconsented(ticket, consents)
    if current is not None:
        name = next((e.details.author_name for e in left if e.author == current.requester
                     and isinstance(e.details, MailDetails)), "")  # fmt: skip
        name = ticket.requester_name if current.requester == ticket.requester else name
        author, words = Mailbox(current.requester, name), current.request_text.partition("\n\n")[2]
        proven = current.terms.requester_verified
    elif left and all(e.author != ticket.requester for e in left):
        first = left[0].details
        assert isinstance(first, MailDetails)
        author, words, proven = Mailbox(left[0].author, first.author_name), "", True
    else:
        author, words, proven = (
            Mailbox(ticket.requester, ticket.requester_name),
            written(ticket),
            verified(ticket),
        )
    for entry in left:
        text = entry.text.strip()
        if entry.author == author.address and text not in words:
            words = f"{words}\n\n{text}".strip()
            proven = proven and isinstance(entry.details, MailDetails) and entry.details.verified
    return WrittenRequest(author, words, proven)
