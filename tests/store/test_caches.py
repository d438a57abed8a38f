"""Whoever changes master data, the next look sees it: a demoted approver is one no longer, in every process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maild.model import CompanyFacts, ContactInput
from maild.store import Store, Tx

ACME = CompanyFacts("acme", "Acme Kft.", domains=("acme.example",), service_level="standard")
BOSS = ContactInput(
    ("boss@acme.example", "b@acme.example"), "Nagy Béla", roles=("approver",), approves=("permission",)
)


def seen(tx: Tx) -> tuple[object, ...]:
    """All that the path of a mail reads from the cache."""
    people = tx.contacts.by_address(["boss@acme.example", "b@acme.example", "anna@acme.example"])
    rights = tuple((a, p.name, p.memberships, p.bounced) for a, p in people.items())
    return rights, tx.companies.cached(["acme"]), tx.companies.by_domain("acme.example")


CHANGES: dict[str, Callable[[Tx], object]] = {
    "contact_is_demoted": lambda tx: tx.contacts.save("acme", ContactInput(BOSS.addresses, BOSS.name)),
    "contact_gains_an_address": lambda tx: tx.contacts.save(
        "acme",
        ContactInput(
            ("boss@acme.example", "b@acme.example", "anna@acme.example"),
            BOSS.name,
            roles=BOSS.roles,
            approves=BOSS.approves,
        ),
    ),
    "contact_is_new": lambda tx: tx.contacts.save("acme", ContactInput(("anna@acme.example",), "Anna")),
    "contact_leaves_the_company": lambda tx: tx.contacts.leave("boss@acme.example", "acme"),
    "contact_is_removed": lambda tx: tx.contacts.remove("boss@acme.example"),
    "company_is_suspended": lambda tx: tx.companies.save(
        CompanyFacts(
            "acme", "Acme Kft.", domains=("acme.example",), service_level="standard", standing="suspended"
        )
    ),
    "company_gives_up_its_domain": lambda tx: tx.companies.save(
        CompanyFacts("acme", "Acme Kft.", service_level="standard")
    ),
    "company_is_removed": lambda tx: tx.companies.remove("acme"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_change_by_one_process_is_seen_by_another(store: Store, name: str) -> None:
    with store.write() as tx:
        tx.companies.save(ACME)
        tx.contacts.save("acme", BOSS)
    other = Store.open(store.settings)
    try:
        with other.read() as tx:
            before = seen(tx)
            assert seen(tx) == before
        with store.write() as tx:
            assert seen(tx) == before
            CHANGES[name](tx)
            assert seen(tx) != before, "in the transaction that changed it"
        with store.read() as tx:
            after = seen(tx)
            assert after != before, "in the process that changed it"
        with other.read() as tx:
            assert seen(tx) == after, "in another process"
    finally:
        other.close()
