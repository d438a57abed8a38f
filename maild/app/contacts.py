"""What agents do to the people of the customers: facts of a person in, a plan out."""

from __future__ import annotations

from maild.errors import Refused
from maild.model import (
    Change,
    ContactInput,
    LeaveCompany,
    MarkAddress,
    Membership,
    PersonFacts,
    Plan,
    RemoveContact,
    SaveContact,
)
from maild.party.company_checks import check_contact
from maild.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEdit:
    """What `contact edit` says; None is not said. `also`: further addresses; `works`: forget the bounce."""

    name: str | None = None
    phone: str | None = None
    language: str | None = None
    roles: tuple[str, ...] | None = None
    approves: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    site: str | None = None
    works: bool = False


def add(known: PersonFacts | None, company: str | None, wanted: ContactInput) -> Plan:
    """`maild contact add`: a new person, or a known one at one more company. Refused where they are of it already."""
    address = wanted.addresses[0]
    if known is not None and any(m.company == company for m in known.memberships):
        raise Refused(f"{address} is a contact of {company}; `maild contact edit {address}` changes it")
    check_contact(wanted.roles, wanted.approves, wanted.language)
    return Plan((SaveContact(company, wanted),))


def edit(person: PersonFacts, address: str, company: str | None, said: ContactEdit) -> Plan:
    """`maild contact edit`: what is said replaces what was there. Refused where it is not clear at which company."""
    place = _place(person, address, company)
    at = place or Membership(company or "")
    roles = at.roles if said.roles is None else said.roles
    approves = at.approves if said.approves is None else said.approves
    language = person.language if said.language is None else said.language
    check_contact(roles, approves, language)
    changes: list[Change] = [MarkAddress(address, "")] if said.works else []
    wanted = ContactInput(
        (address, *person.addresses, *said.also), person.name if said.name is None else said.name,
        person.phone if said.phone is None else said.phone, language, tuple(roles), tuple(approves),
        at.site if said.site is None else said.site, at.desk_address,
    )  # fmt: skip
    return Plan((*changes, SaveContact(place.company if place else company, wanted)))


def _place(person: PersonFacts, address: str, company: str | None) -> Membership | None:
    if company is None and len(person.memberships) > 1:
        raise Refused(
            f"{address} is at {', '.join(m.company for m in person.memberships)}: say which with --company"
        )
    return next((m for m in person.memberships if company in (None, m.company)), None)


def move(person: PersonFacts, address: str, to: str) -> Plan:
    """`maild contact move`: of `to` alone from now on. Roles do not move along: the new company says what one may;
    those that they have there already stay."""
    left = [LeaveCompany(address, m.company) for m in person.memberships if m.company != to]
    if any(m.company == to for m in person.memberships):
        if not left:
            raise Refused(f"{address} belongs to {to} already")
        return Plan(tuple(left))
    wanted = ContactInput(person.addresses or (address,), person.name, person.phone, person.language)
    return Plan((*left, SaveContact(to, wanted)))


def remove(address: str, company: str | None) -> Plan:
    """`maild contact remove`: from one company, or the address altogether."""
    return Plan((RemoveContact(address) if company is None else LeaveCompany(address, company),))
