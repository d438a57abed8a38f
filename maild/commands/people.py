"""How a person is printed, by several verbs."""

from __future__ import annotations

from maild.model import JsonObject, Membership, PersonFacts


def place_of(person: PersonFacts, company: str | None) -> Membership:
    """Who they are in `company`, or in the first of their companies; nobody where they are of none."""
    return next((m for m in person.memberships if company in (None, m.company)), Membership(""))


def person_json(person: PersonFacts, company: str | None = None) -> JsonObject:
    """A contact for scripts; roles as in `company`, or in the first of the companies."""
    first = place_of(person, company)
    return {
        "address": person.address, "name": person.name, "phone": person.phone, "language": person.language,
        "addresses": list(person.addresses or (person.address,)), "bounced": person.bounced,
        "company": first.company or None,
        "companies": [m.company for m in person.memberships],
        "roles": list(first.roles), "approves": list(first.approves), "site": first.site,
    }  # fmt: skip
