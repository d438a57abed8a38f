"""What a sender is to a ticket, and the table that says what evidence of each kind lets them do."""

from __future__ import annotations

from typing import Literal

from maild.model import Facts, Sender, TicketFacts
from maild.ticket.phases import Phase

Relation = Literal["participant", "company", "stranger", "agent"]
How = Literal["join", "claim", "linked", "new"]

#: (strength of the evidence, relation of the sender to the ticket) -> what becomes of the mail. "awaited" is an id
#: that somebody else's mail named and that nobody has seen; for whoever named it, it counts as "message_id".
TABLE: dict[tuple[str, Relation], How] = {
    ("token", "participant"): "join",
    ("token", "company"): "join",
    ("token", "agent"): "join",
    ("token", "stranger"): "claim",
    ("message_id", "participant"): "join",
    ("message_id", "company"): "join",
    ("message_id", "agent"): "join",
    ("message_id", "stranger"): "linked",
    ("awaited", "participant"): "new",
    ("awaited", "company"): "new",
    ("awaited", "agent"): "new",
    ("awaited", "stranger"): "new",
    ("tag", "participant"): "join",
    ("tag", "company"): "join",
    ("tag", "agent"): "join",
    ("tag", "stranger"): "linked",
    ("bare", "participant"): "join",
    ("bare", "company"): "linked",
    ("bare", "agent"): "linked",
    ("bare", "stranger"): "new",
}


def merged_chain(number: int, facts: Facts) -> tuple[TicketFacts, ...]:
    """The ticket and those it was merged into, survivor last. A circle or a gap ends at a merged ticket."""
    chain: list[TicketFacts] = []
    visited: set[int] = set()
    following: int | None = number
    while following is not None and following not in visited and following in facts.tickets:
        visited.add(following)
        ticket = facts.tickets[following]
        chain.append(ticket)
        following = ticket.merged_into if ticket.phase == Phase.MERGED else None
    return tuple(chain)


def own_addresses(sender: Sender, facts: Facts) -> frozenset[str]:
    """All addresses on file of whoever wrote."""
    assert sender.address is not None
    person = facts.people.get(sender.address)
    return frozenset((sender.address, *(person.addresses if person else ())))


def takes_part(ticket: TicketFacts, own: frozenset[str]) -> bool:
    """Whether it is their ticket, or they joined it."""
    return ticket.requester in own or any(box.address in own for box in ticket.participants)


def relation(sender: Sender, chain: tuple[TicketFacts, ...], facts: Facts) -> Relation:
    """What the sender is to the ticket: by their own addresses, then by the survivor's company."""
    own = own_addresses(sender, facts)
    if any(takes_part(ticket, own) for ticket in chain):
        return "participant"
    if sender.how == "agent":
        return "agent"
    person = facts.people.get(sender.address or "")
    companies = {sender.company, *(m.company for m in person.memberships)} if person else {sender.company}
    company = chain[-1].company
    return "company" if company is not None and company in companies else "stranger"
