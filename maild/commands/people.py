"""How a person is typed and printed, by several verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maild.errors import NotFound, Refused
from maild.model import JsonObject, Mailbox, Membership, PersonFacts

if TYPE_CHECKING:
    from maild.store import Tx


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


def mailbox_of(tx: Tx, text: str, option: str = "", company: str | None = None) -> Mailbox:
    """Who was typed: an address, or the name of one contact, of `company` first. `option`: before which it stood.

    Refused for what is no address, and for a name of several; NotFound for one of nobody.
    """
    from maild.mail.text.addresses import normalise
    from maild.party import finding

    if "@" not in text:
        try:
            person = finding.by_name(text, tx.contacts.list(company) if company else ())
        except NotFound:
            person = finding.by_name(text, tx.contacts.list())
        return Mailbox(person.address, person.name)
    address = normalise(text)
    if address is None:
        raise Refused(f"{option}{text!r} is not a mail address")
    known = tx.contacts.find(address)
    return Mailbox(address, known.name if known is not None else "")
