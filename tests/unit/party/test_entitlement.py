from __future__ import annotations

from dataclasses import replace

import pytest

from maild.model import CompanyFacts, CompanySite, Membership, PersonFacts
from maild.party.entitlement import (
    approvers,
    belongs,
    may_adopt,
    may_file,
    references,
    same_person,
    site_of,
)
from tests.cases import cases


def person(
    name: str, *roles: str, approves: tuple[str, ...] = (), site: str = "", company: str = "acme"
) -> PersonFacts:
    address = f"{name}@acme.example"
    place = Membership(company, roles, approves, site)
    return PersonFacts(
        1, address, name.title(), memberships=(place,), addresses=(address, f"{name}@home.example")
    )


ANNA = person("anna", "reference", site="north")
BOSS = person("boss", "reference", "approver", approves=("permission", "quote"))
DEPUTY = person("deputy", "approver")
CLERK = person("clerk")
STRANGER = person("eve", "reference", "approver", company="other")
ACME = CompanyFacts("acme", "Acme", people=(ANNA, BOSS, DEPUTY, CLERK, STRANGER))


@cases(
    ("who", "rule", "may"),
    [
        (None, "anyone", True), (None, "contacts", False), (None, "reference", False),
        (CLERK, "contacts", True), (CLERK, "reference", False), (ANNA, "reference", True),
        (STRANGER, "contacts", False), (STRANGER, "reference", False),
    ],
)  # fmt: skip
def test_who_may_file(who: PersonFacts | None, rule: str, may: bool) -> None:
    assert may_file(who, replace(ACME, who_may_file=rule)) is may


def names(kind: str, requester: str, company: CompanyFacts = ACME) -> list[str]:
    return [p.name for p in approvers(company, kind, requester)]


def test_approver_without_a_list_approves_permissions_and_devices_but_no_money() -> None:
    assert names("permission", "clerk@acme.example") == ["Boss", "Deputy"]
    assert names("device", "clerk@acme.example") == ["Deputy"]
    assert names("quote", "clerk@acme.example") == ["Boss"]
    assert names("cost", "clerk@acme.example") == []


@pytest.mark.parametrize("address", ["boss@acme.example", "boss@home.example", "BOSS@Home.example"])
def test_nobody_approves_their_own_request_by_any_of_their_addresses(address: str) -> None:
    assert names("permission", address) == ["Deputy"]
    assert names("permission", address, replace(ACME, self_approval=("permission",))) == ["Boss", "Deputy"]


def test_roles_at_another_company_count_nothing_here() -> None:
    assert "Eve" not in names("permission", "clerk@acme.example")
    assert STRANGER not in references(ACME)
    assert not may_adopt(STRANGER, ACME)


def test_reference_persons_of_the_site_come_before_those_of_the_company() -> None:
    assert references(ACME, "north") == (ANNA,)
    assert references(ACME, "south") == (ANNA, BOSS)
    assert may_adopt(ANNA, ACME)
    assert not may_adopt(CLERK, ACME)
    assert not may_adopt(None, ACME)


@cases(
    ("one", "other", "same"),
    [
        ("boss@acme.example", "boss@acme.example", True),
        ("boss@acme.example", "Boss+it@ACME.example", True),
        ("boss@acme.example", "boss@mail.acme.example", True),
        ("boss@a.acme.example", "boss+x@b.acme.example", True),
        ("boss@acme.example", "boss@acme.hu", False),
        ("boss@acme.example", "bo.ss@acme.example", False),
        ("b.o.ss@gmail.com", "boss+acme@googlemail.com", True),
        ("boss@other.example", "boss@mail.other.example", False),
        ("+boss@acme.example", "+anna@acme.example", False),
        ("boss@gmail.com", "anna@gmail.com", False),
    ],
)
def test_addresses_that_count_as_one_persons_when_it_is_asked_who_may_not_approve(
    one: str, other: str, same: bool
) -> None:
    company = CompanyFacts("acme", "Acme", ("acme.example", ".acme.example", "acme.hu"))
    assert same_person(one, other, None, company) is same
    assert same_person(other, one, None, company) is same


def test_who_asked_may_accept_an_offer_if_entitled() -> None:
    asked = approvers(ACME, "quote", "boss@acme.example")
    assert [p.address for p in asked] == ["boss@acme.example"]


def test_the_site_of_a_person_is_one_that_their_company_has() -> None:
    acme = replace(ACME, sites={"north": CompanySite("north")})
    assert site_of(ANNA, acme) == "north"
    assert site_of(person("gone", site="south"), acme) == ""
    assert site_of(STRANGER, replace(acme, sites={"": CompanySite("")})) == ""
    assert site_of(None, acme) == ""
    assert site_of(ANNA, None) == ""


@cases(
    ("who", "address", "of"),
    [
        (ANNA, "anna@home.example", True),
        (STRANGER, "eve@acme.example", False),
        (replace(STRANGER, memberships=()), "eve@acme.example", True),
        (None, "new@acme.example", True),
        (None, "new@mail.acme.example", False),
        (None, "new@acme.hu", False),
        (None, "new@shop.acme.hu", True),
        (None, "new@other.example", False),
    ],
)
def test_an_address_is_of_the_company_by_contact_else_by_declared_domain(
    who: PersonFacts | None, address: str, of: bool
) -> None:
    assert belongs(who, replace(ACME, domains=("acme.example", ".acme.hu")), address) is of
