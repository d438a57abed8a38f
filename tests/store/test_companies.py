from __future__ import annotations

import pytest

from maild.errors import NotFound, Refused
from maild.model import CompanyFacts, CompanySite, ContactInput
from maild.store import Store, Tx
from maild.store.companies import candidates
from tests.store.values import ask

ACME = CompanyFacts(
    "acme", "Acme Kft.", domains=("acme.example", ".acme.example"), language="hu", service_level="standard",
    calendars={"tills": "always"}, covered=("mail",), self_approval=("device",),
    sites={"south": CompanySite(timezone="Europe/Paris")},
)  # fmt: skip


def test_saved_company_is_read_back_and_saving_it_again_changes_nothing(store: Store) -> None:
    with store.write() as tx:
        assert tx.companies.save(ACME) is True
        assert tx.companies.save(ACME) is False
        assert tx.companies.get("acme") == ACME
        generation = tx.meta("generation")
        tx.companies.save(ACME)
        assert tx.meta("generation") == generation


def test_domain_of_another_company_is_refused_and_named(store: Store) -> None:
    beta = CompanyFacts("beta", "Beta", domains=("beta.example", "acme.example"))

    def bring_in(tx: Tx) -> None:
        tx.companies.save(CompanyFacts("gamma", "Gamma"))
        tx.companies.save(beta)

    with store.write() as tx:
        tx.companies.save(ACME)
    with pytest.raises(Refused, match=r"acme\.example belongs to company acme"), store.write() as tx:
        bring_in(tx)
    assert [one.key for one in ask(store, lambda tx: tx.companies.list())] == ["acme"]


def test_removed_company_frees_its_domains_and_keeps_its_people(store: Store) -> None:
    with store.write() as tx:
        tx.companies.save(ACME)
        tx.contacts.save("acme", ContactInput(("anna@acme.example",)))
        tx.companies.remove("acme")
        tx.companies.save(CompanyFacts("beta", "Beta", domains=("acme.example",)))
        assert tx.contacts.get("anna@acme.example").memberships == ()
        with pytest.raises(NotFound):
            tx.companies.remove("acme")


def test_person_has_several_addresses_and_companies(store: Store) -> None:
    with store.write() as tx:
        tx.companies.save(ACME)
        tx.companies.save(CompanyFacts("beta", "Beta"))
        contact = ContactInput(("a@x", "b@x"), "Anna", "+36", roles=("reference",), site="south")
        assert tx.contacts.save("acme", contact) is True
        assert tx.contacts.save("acme", contact) is False
        tx.contacts.save(
            "beta", ContactInput(("b@x",), roles=("approver",), approves=("quote",), desk_address="b@desk")
        )
        person = tx.contacts.get("a@x")
        assert [(one.company, one.roles, one.site, one.desk_address) for one in person.memberships] == [
            ("acme", ("reference",), "south", ""), ("beta", ("approver",), "", "b@desk"),
        ]  # fmt: skip
        assert set(person.addresses) == {"a@x", "b@x"}
        assert (person.name, person.phone) == ("Anna", "+36")
        assert [one.contact_id for one in tx.contacts.list("beta")] == [person.contact_id]
        tx.contacts.leave("a@x", "acme")
        assert [one.company for one in tx.contacts.get("b@x").memberships] == ["beta"]


def test_address_moves_to_the_person_it_is_given_to(store: Store) -> None:
    with store.write() as tx:
        tx.contacts.save(None, ContactInput(("a@x", "shared@x"), "A"))
        tx.contacts.save(None, ContactInput(("b@x",), "B"))
        tx.contacts.save(None, ContactInput(("b@x", "shared@x"), "B"))
        assert tx.contacts.get("shared@x").name == "B"
        assert tx.contacts.get("a@x").addresses == ("a@x",)
        assert len(tx.contacts.list()) == 2


def test_person_without_address_is_gone(store: Store) -> None:
    with store.write() as tx:
        tx.contacts.save(None, ContactInput(("a@x", "b@x"), "A"))
        tx.contacts.remove("a@x")
        assert tx.contacts.get("b@x").name == "A"
        tx.contacts.remove("b@x")
        assert tx.contacts.list() == ()
        with pytest.raises(NotFound):
            tx.contacts.get("b@x")


def test_contact_of_unknown_company_or_without_address_is_refused(store: Store) -> None:
    with store.write() as tx:
        with pytest.raises(Refused, match="no company nobody"):
            tx.contacts.save("nobody", ContactInput(("a@x",)))
        with pytest.raises(Refused, match="needs an address"):
            tx.contacts.save(None, ContactInput(()))


def test_candidates_go_from_exact_to_wide() -> None:
    assert candidates("a.b.example") == ("a.b.example", ".b.example", ".example")
