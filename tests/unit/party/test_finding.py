from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import NotFound, Refused
from maild.model import PersonFacts
from maild.party import finding
from tests.cases import cases

PEOPLE = (
    PersonFacts(1, "anna@acme.example", "Kovács Anna", addresses=("anna@acme.example", "ak@home.example")),
    PersonFacts(2, "boss@acme.example", "Nagy Béla"),
    PersonFacts(3, "annamaria.szucs@globex.example", "Szűcs Annamária"),
)


@cases(
    ("typed", "address"),
    [("kovacs", "anna@acme.example"), ("Béla", "boss@acme.example"), ("bela nagy", "boss@acme.example"),
     ("anna kov", "anna@acme.example"), ("boss", "boss@acme.example"), ("szűcs", "annamaria.szucs@globex.example"),
     ("ak", "anna@acme.example"), ("Kovács Anna", "anna@acme.example")],
)  # fmt: skip
def test_name_as_people_type_it(typed: str, address: str) -> None:
    assert finding.by_name(typed, PEOPLE).address == address


def test_name_of_several_or_of_nobody_is_refused_and_names_them() -> None:
    with pytest.raises(Refused, match=r"'anna' may be Kovács Anna <anna@acme.example>, Szűcs Annamária"):
        finding.by_name("anna", PEOPLE)
    with pytest.raises(NotFound, match="no contact is called 'zoe'"):
        finding.by_name("zoe", PEOPLE)
    with pytest.raises(NotFound):
        finding.by_name(" ", PEOPLE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("anan@acme.example", "anna@acme.example"), ("ana@acme.example", "anna@acme.example"),
     ("anna@acem.example", "anna@acme.example"), ("anamaria.szucs@globex.example", "annamaria.szucs@globex.example")],
)  # fmt: skip
def test_slip_of_the_finger_is_near_a_contact(typed: str, meant: str) -> None:
    found = finding.near(typed, PEOPLE, ("acme.example", "globex.example"))
    assert found is not None
    assert found.address == meant


@pytest.mark.parametrize(
    "typed",
    ["bela@acme.example", "anna@acme.example", "anna@globex.example", "x@y.example", "otto@acme.example"],
)
def test_other_person_is_no_slip(typed: str) -> None:
    assert finding.near(typed, PEOPLE, ("acme.example", "globex.example")) is None


@given(st.text(max_size=8), st.text(max_size=8))
def test_distance_is_the_same_both_ways_and_none_to_itself(one: str, other: str) -> None:
    assert finding.distance(one, one) == 0
    assert finding.distance(one, other) == finding.distance(other, one)
    assert (finding.distance(one, other) == 0) is (one == other)
