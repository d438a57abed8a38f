"""What a consent is about, and the words that are read of it and that decide it."""

from __future__ import annotations

import pytest

from maild.consent import decision_tables
from maild.consent.decision_word import words_for
from maild.consent.wanted import ConsentWanted, asked_of, kind_asked, shown_words
from maild.model import CompanyFacts
from maild.settings import Approval
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, TicketKind
from tests.unit.app.act_world import person

K = ConsentKind


@pytest.mark.parametrize(
    ("kind", "after", "asks"),
    [
        (K.CONFIRM, K.DEVICE, TicketKind.DEVICE),
        (K.CONFIRM, K.QUOTE, None),
        (K.CONFIRM, None, None),
        (K.PERMISSION, K.DEVICE, TicketKind.PERMISSION),
        (K.COST, None, None),
    ],
)
def test_a_confirmation_is_about_what_is_asked_after_it(
    kind: ConsentKind, after: ConsentKind | None, asks: TicketKind | None
) -> None:
    assert kind_asked(kind, ConsentTerms(kind_after=after)) is asks


def test_who_asked_confirms_themselves_and_others_decide_about_the_rest() -> None:
    anna, boss = person("anna@acme.example", "acme"), person("boss@acme.example", "acme", "approver")
    acme = CompanyFacts("acme", "Acme", people=(anna, boss))

    def asked(kind: ConsentKind, company: CompanyFacts | None = acme) -> tuple[str, ...]:
        return tuple(one.address for one in asked_of(ConsentWanted(kind, "x", anna.address), company))

    assert asked(K.CONFIRM) == (anna.address,)
    assert asked(K.PERMISSION) == (boss.address,)
    assert asked(K.CONFIRM, None) == asked(K.PERMISSION, None) == ()


def test_of_a_cost_its_reason_is_read_and_of_an_offer_its_words() -> None:
    for kind, terms, read in (
        (K.COST, ConsentTerms(reason="a new board"), "a new board"),
        (K.COST, ConsentTerms(), "the request"),
        (K.PERMISSION, ConsentTerms(reason="a new board", words="x"), "the request"),
        (K.QUOTE, ConsentTerms(words="Two laptops", reason="x"), "Two laptops"),
        (K.QUOTE, ConsentTerms(reason="x"), "the request"),
    ):
        assert shown_words(kind, terms, "the request") == read


def test_a_mail_names_the_first_words_of_its_language_behind_those_of_the_configuration() -> None:
    yes, no = decision_tables.YES, decision_tables.NO
    own = Approval(yes={"de": ("passt", yes["de"][0])}, no={"de": ("nein danke",)})
    assert words_for("de", own) == (("passt", *yes["de"][:2]), ("nein danke", no["de"][0]))
    assert words_for("xx", Approval()) == (yes["en"][:2], no["en"][:1])
