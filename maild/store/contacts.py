"""Persons, their addresses and their places in companies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from maild.errors import NotFound, Refused
from maild.model import ContactInput, PersonFacts
from maild.store import facts_of, hot
from maild.store.core import Transaction
from maild.store.plain import AT_ONCE, clean, in_parts
from maild.store.rows import DeadAddress
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import BOUNCED_ADDRESS, COMPANY, CONTACT, CONTACT_ADDRESS, MEMBERSHIP
from maild.values import replace

_ADDRESSES = (
    select(*CONTACT_ADDRESS.c["contact_id", "address"], BOUNCED_ADDRESS.c.address.label("dead"))
    .select_from(
        CONTACT_ADDRESS.outerjoin(BOUNCED_ADDRESS, BOUNCED_ADDRESS.c.address == CONTACT_ADDRESS.c.address)
    )
    .order_by(CONTACT_ADDRESS.c.contact_id, CONTACT_ADDRESS.c.position, CONTACT_ADDRESS.c.address)
)
_MEMBERSHIPS = select(MEMBERSHIP).order_by(*MEMBERSHIP.c["contact_id", "position", "company"])
_BOUNCE = insert_all(BOUNCED_ADDRESS).ext(
    OnConflict("(address) DO UPDATE SET at = excluded.at, reason = excluded.reason")
)


class Contacts:
    """`tx.contacts`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ------------------------------------------------------------------------------------- reading

    def ahead(self, addresses: Iterable[str]) -> None:
        """`by_address` is going to be asked for these."""
        people = self._tx.master_ahead().people
        missing = [address for address in dict.fromkeys(addresses) if address not in people]
        self._tx.ahead_in(hot.CONTACTS_WITH, missing[:AT_ONCE])

    def by_address(self, addresses: Iterable[str]) -> dict[str, PersonFacts]:
        """Persons by the given addresses, strangers left out. Cached: this is asked for every mail."""
        cache = self._tx.master.people
        missing = [address for address in dict.fromkeys(addresses) if address not in cache]
        for some in in_parts(missing):
            self._fetch(some, cache)
        people = {address: cache[address] for address in addresses}
        return {address: person for address, person in people.items() if person is not None}

    def _fetch(self, addresses: Sequence[str], cache: dict[str, PersonFacts | None]) -> None:
        owners = self._owners(addresses)
        if not owners:
            cache.update(dict.fromkeys(addresses))
            return
        persons = self.by_ids(sorted(set(owners.values())))
        query = select(BOUNCED_ADDRESS.c.address).where(BOUNCED_ADDRESS.c.address.in_(sorted(owners)))
        bounced = set(self._tx.execute(query).scalars())
        for address in addresses:
            person = persons.get(owners[address]) if address in owners else None
            if person is not None:
                person = replace(person, address=address, bounced=address in bounced)
            cache[address] = person

    def _owners(self, addresses: Sequence[str]) -> dict[str, int]:
        """Whose these addresses are, by contact id; strangers are left out."""
        return {row.address: row.contact_id for row in self._tx.rows_in(hot.CONTACTS_WITH, addresses)}

    def by_ids(self, ids: Sequence[int]) -> dict[int, PersonFacts]:
        """Persons by contact id; `address` is the main one, `bounced` that of it."""
        people: dict[int, PersonFacts] = {}
        for part in in_parts(ids):
            addresses = self._tx.execute(_ADDRESSES.where(CONTACT_ADDRESS.c.contact_id.in_(part))).all()
            places = self._tx.execute(_MEMBERSHIPS.where(MEMBERSHIP.c.contact_id.in_(part))).all()
            contacts = self._tx.execute(select(CONTACT).where(CONTACT.c.id.in_(part)))
            people |= facts_of.people(contacts, addresses, places)
        return people

    def find(self, address: str) -> PersonFacts | None:
        """The person with this address."""
        return self.by_address([address]).get(address)

    def get(self, address: str) -> PersonFacts:
        """NotFound when nobody has this address."""
        person = self.find(address)
        if person is None:
            raise NotFound(f"there is no contact {address}; `maild contact list` shows them all")
        return person

    def list(self, company: str | None = None) -> tuple[PersonFacts, ...]:
        """Persons of a company in the order they were added; without one, everybody by name."""
        if company is None:
            query = (
                select(CONTACT.c.id)
                .where(CONTACT.c.erased_at.is_(None))
                .order_by(CONTACT.c.name, CONTACT.c.id)
            )
        else:
            query = select(CONTACT.c.id).join(MEMBERSHIP, MEMBERSHIP.c.contact_id == CONTACT.c.id)
            query = query.where(MEMBERSHIP.c.company == company).order_by(CONTACT.c.id)
        ids = [row.id for row in self._tx.execute(query)]
        people = self.by_ids(ids)
        return tuple(people[key] for key in ids if key in people)

    def bounced(self) -> tuple[DeadAddress, ...]:
        """Addresses that delivery reports called dead."""
        query = select(BOUNCED_ADDRESS).order_by(BOUNCED_ADDRESS.c.at.desc())
        return tuple(DeadAddress(row.address, row.at, row.reason) for row in self._tx.execute(query))

    # ------------------------------------------------------------------------------------- writing

    def save(self, company: str | None, contact: ContactInput) -> bool:
        """Add or change a person; whether anything changed.

        The person is whoever has one of the addresses. Given addresses are theirs from now on, taken from
        others if need be; addresses and memberships that are not named stay. Refused without an address or
        for an unknown company.
        """
        addresses = tuple(dict.fromkeys(clean(address) for address in contact.addresses))
        if not addresses:
            raise Refused("a contact needs an address")
        if (
            company is not None
            and not self._tx.execute(select(COMPANY.c.key).where(COMPANY.c.key == company)).first()
        ):
            raise Refused(f"there is no company {company}; add it first with `maild company add`")
        owners = self._owners(addresses)
        key = next((owners[address] for address in addresses if address in owners), None)
        changed = self._save_person(key, contact)
        if key is None:
            key = int(self._tx.execute(
                insert(CONTACT).values(name=contact.name, phone=contact.phone, language=contact.language)
                .returning(CONTACT.c.id)
            ).scalar_one())  # fmt: skip
            changed = True
        changed = self._save_addresses(key, addresses) or changed
        if company is not None:
            changed = self._save_membership(key, company, contact) or changed
        if changed:
            self._tx.master_changed()
        return changed

    def _save_person(self, key: int | None, contact: ContactInput) -> bool:
        """Given values replace known ones; empty ones keep them."""
        if key is None:
            return False
        known = self._tx.execute(
            select(CONTACT.c.name, CONTACT.c.phone, CONTACT.c.language).where(CONTACT.c.id == key)
        ).one()
        wanted = (
            clean(contact.name) or known.name,
            contact.phone or known.phone,
            contact.language or known.language,
        )
        if wanted == tuple(known):
            return False
        name, phone, language = wanted
        self._tx.execute(
            update(CONTACT).where(CONTACT.c.id == key).values(name=name, phone=phone, language=language)
        )
        return True

    def _save_addresses(self, key: int, addresses: tuple[str, ...]) -> bool:
        query = select(CONTACT_ADDRESS.c.address).where(CONTACT_ADDRESS.c.contact_id == key)
        own = [
            row.address
            for row in self._tx.execute(query.order_by(CONTACT_ADDRESS.c.position, CONTACT_ADDRESS.c.address))
        ]
        wanted = (*addresses, *(address for address in own if address not in addresses))
        if wanted == tuple(own):
            return False
        self._tx.execute(delete(CONTACT_ADDRESS).where(CONTACT_ADDRESS.c.address.in_(wanted)))
        self._tx.execute(
            insert(CONTACT_ADDRESS),
            [{"address": address, "contact_id": key, "position": i} for i, address in enumerate(wanted)],
        )
        self._forget_empty()
        return True

    def _save_membership(self, key: int, company: str, contact: ContactInput) -> bool:
        of_person = select(MEMBERSHIP).where(MEMBERSHIP.c.contact_id == key)
        places = {row.company: row for row in self._tx.execute(of_person)}
        values = {
            "roles": list(contact.roles), "approves": list(contact.approves), "site": contact.site,
            "desk_address": contact.desk_address,
        }  # fmt: skip
        known = places.get(company)
        if known is None:
            place = {"contact_id": key, "company": company, "position": len(places)}
            self._tx.execute(insert(MEMBERSHIP).values(place | values))
            return True
        if all(getattr(known, name) == value for name, value in values.items()):
            return False
        self._tx.execute(
            update(MEMBERSHIP)
            .where(MEMBERSHIP.c.contact_id == key, MEMBERSHIP.c.company == company)
            .values(values)
        )
        return True

    def leave(self, address: str, company: str) -> None:
        """The person is no longer of that company. NotFound."""
        person = self.get(address)
        self._tx.execute(
            delete(MEMBERSHIP).where(
                MEMBERSHIP.c.contact_id == person.contact_id, MEMBERSHIP.c.company == company
            )
        )
        self._tx.master_changed()

    def remove(self, address: str) -> None:
        """Take one address from its person; the last one takes the person along. NotFound."""
        self.get(address)
        self._tx.execute(delete(CONTACT_ADDRESS).where(CONTACT_ADDRESS.c.address == address))
        self._forget_empty()
        self._tx.master_changed()

    def _forget_empty(self) -> None:
        """Remove persons who have no address left."""
        owners = select(CONTACT_ADDRESS.c.contact_id)
        self._tx.execute(delete(MEMBERSHIP).where(MEMBERSHIP.c.contact_id.not_in(owners)))
        self._tx.execute(delete(CONTACT).where(CONTACT.c.id.not_in(owners), CONTACT.c.erased_at.is_(None)))

    def mark_bounced(self, address: str, reason: str, now: datetime) -> None:
        """Note that mail to this address comes back for good."""
        self._tx.execute(_BOUNCE, {"address": address, "at": now, "reason": reason})
        self._tx.master_changed()

    def clear_bounce(self, address: str) -> None:
        """Forget that mail to this address came back: it works again."""
        self._tx.execute(delete(BOUNCED_ADDRESS).where(BOUNCED_ADDRESS.c.address == address))
        self._tx.master_changed()
