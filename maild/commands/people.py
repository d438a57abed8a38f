"""How a person is printed, by several verbs."""

from __future__ import annotations

from typing import Any

from maild.model import PersonFacts


def person_json(person: PersonFacts, company: str | None = None) -> dict[str, Any]:
    """A contact for scripts; roles as in `company`, or in the first of the companies."""
    places = [m for m in person.memberships if company in (None, m.company)]
    first = places[0] if places else None
    return {
        "address": person.address, "name": person.name, "phone": person.phone, "language": person.language,
        "addresses": list(person.addresses or (person.address,)), "bounced": person.bounced,
        "company": first.company if first else None,
        "companies": [m.company for m in person.memberships],
        "roles": list(first.roles) if first else [], "approves": list(first.approves) if first else [],
        "site": first.site if first else "",
    }  # fmt: skip
