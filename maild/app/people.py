"""Who is on a ticket: its requester and those who get its mails, as an agent sets them."""

from __future__ import annotations

from enum import StrEnum

from maild.app.acts import ActContext
from maild.errors import Refused
from maild.mail.impersonal import nobody_reads
from maild.model import (
    AddEntry,
    AddParticipant,
    Change,
    Mailbox,
    PersonFacts,
    Plan,
    RemoveParticipants,
    TicketFacts,
    UpdateTicket,
)
from maild.party import entitlement
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType


class PeopleStep(StrEnum):
    """What an agent does with a person of a ticket."""

    ADD = "add"
    REMOVE = "remove"
    REQUESTER = "requester"


def change(
    act: ActContext, ticket: TicketFacts, part: PeopleStep, who: Mailbox, person: PersonFacts | None
) -> Plan:
    """`maild people N add|remove|requester ADDRESS`. `person`: the contact with that address."""
    if ticket.phase == Phase.MERGED:
        raise Refused(
            f"#{ticket.number} was merged; `maild people {ticket.merged_into} {part} {who.address}`"
        )
    if part is PeopleStep.REMOVE:
        changes, text = _remove(ticket, who)
    else:
        changes, text = (_add if part is PeopleStep.ADD else _requester)(act, ticket, who, person)
    said = AddEntry(ticket.number, EntryType.PEOPLE, act.agent, act.channel, text, public=False)
    return Plan((*changes, said))


def _on(ticket: TicketFacts) -> frozenset[str]:
    return frozenset((ticket.requester, *(box.address for box in ticket.participants)))


def _add(
    act: ActContext, ticket: TicketFacts, who: Mailbox, person: PersonFacts | None
) -> tuple[list[Change], str]:
    if who.address in _on(ticket):
        raise Refused(f"{who.address} is on #{ticket.number} already")
    _of_the_company(act, who, person, f"`maild reply {ticket.number} --cc {who.address}` copies one mail")
    return [
        AddParticipant(ticket.number, who.address, who.name, f"added by {act.agent}")
    ], f"added {who.address}"


def _remove(ticket: TicketFacts, who: Mailbox) -> tuple[list[Change], str]:
    if who.address == ticket.requester:
        raise Refused(
            f"{who.address} asked for #{ticket.number}; `maild people {ticket.number} requester ADDRESS` names another"
        )
    if who.address not in _on(ticket):
        there = ", ".join(box.address for box in ticket.participants) or "nobody"
        raise Refused(f"{who.address} is not on #{ticket.number}; beside the requester there is {there}")
    return [RemoveParticipants(ticket.number, (who.address,))], f"removed {who.address}"


def _requester(
    act: ActContext, ticket: TicketFacts, who: Mailbox, person: PersonFacts | None
) -> tuple[list[Change], str]:
    """Another person asks: the one before stays on the ticket, unless nobody reads that box."""
    if who.address == ticket.requester:
        raise Refused(f"{who.address} is the requester of #{ticket.number} already")
    if ticket.phase == Phase.AWAITING_APPROVAL:
        raise Refused(
            f"#{ticket.number} waits for the approval of a request of {ticket.requester}; whose it is cannot change now: "
            f"`maild approval withdraw {ticket.number} -m WHY` first"
        )
    _of_the_company(act, who, person, f"`maild move {ticket.number} COMPANY` first")
    if nobody_reads(who.address.rpartition("@")[0]):
        raise Refused(f"{who.address} says itself that nobody reads it; name a person")
    changes: list[Change] = [
        UpdateTicket(ticket.number, TicketChange(requester=who.address, requester_name=who.name))
    ]
    if who.address in _on(ticket):
        changes.append(RemoveParticipants(ticket.number, (who.address,)))
    before = ticket.requester
    if before and not nobody_reads(before.rpartition("@")[0]):
        changes.append(AddParticipant(ticket.number, before, ticket.requester_name, "asked first"))
    return changes, f"requester: {before or 'nobody'} -> {who.address}"


def _of_the_company(act: ActContext, who: Mailbox, person: PersonFacts | None, remedy: str) -> None:
    """What a ticket says is for its company's people."""
    if act.company is None or entitlement.belongs(person, act.company, who.address):
        return
    raise Refused(
        f"{who.address} does not belong to {act.company.key}, and its mails are for its own people; {remedy}"
    )
