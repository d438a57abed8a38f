"""Who is on a ticket: its requester and those who get its mails, as an agent sets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from maild.app import change_company
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.mail.impersonal import nobody_reads
from maild.model import (
    AddEntry,
    AddParticipant,
    Change,
    CompanyFacts,
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
from maild.values import replace


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


def named(
    act: ActContext,
    ticket: TicketFacts,
    who: Mailbox,
    company: CompanyFacts,
    people: Mapping[str, PersonFacts],
    nonce: Callable[[], str],
) -> Plan:
    """The requester of a ticket of no company, as a web form opens it: it is their company's from then on, with its
    promise. `people`: the contacts on it and `who`, by address. Who is not of the company takes part no longer."""
    theirs = replace(act, company=company)
    plan = change(theirs, ticket, PeopleStep.REQUESTER, who, people.get(who.address))
    changes = [
        one for one in plan.changes
        if not isinstance(one, AddParticipant) or entitlement.belongs(people.get(one.address), company, one.address)
    ]  # fmt: skip
    asked = ticket.after(TicketChange(requester=who.address, requester_name=who.name))
    return Plan((*changes, *change_company.move(act, asked, company, people, nonce).changes))


def company_of(
    ticket: TicketFacts, who: Mailbox, person: PersonFacts | None, by_domain: str | None
) -> str | None:
    """Whose the ticket becomes when `who` asks for it: their company, by contact, else by declared domain; None where
    the ticket has one, or they have none. Refused where they have several."""
    if ticket.company is not None or ticket.phase == Phase.MERGED:
        return None
    keys = tuple(one.company for one in person.memberships) if person is not None else ()
    if len(keys) > 1:
        raise Refused(
            f"{who.address} belongs to {', '.join(keys)}; `maild move {ticket.number} COMPANY` first says for which"
        )
    return keys[0] if keys else by_domain


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
