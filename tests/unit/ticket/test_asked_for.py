"""The short look and the whole classification agree on what a text asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.keywords import MOST_CHARACTERS, default_keywords, phrases
from maild.settings import Keywords
from maild.ticket import asked_for as looked_at
from maild.ticket.asked_for import asked_for
from maild.ticket.classify import classify
from maild.ticket.request_words import HELD
from maild.ticket.vocabulary import TicketKind
from tests.unit.ticket.keyed import SETTINGS

HELD_WORDS = [word for table in default_keywords() if table.kind in HELD for word in table.words]
PIECES = (
    *(word.replace("*", "s") for word in HELD_WORDS),
    *(word.lstrip("!").replace("*", "") for word in HELD_WORDS),
    *(word.replace("*", "") for name in ("rights", "devices", "giving", "denied") for word in phrases(name)),
    *(word.replace("*", "") for word in phrases("frauds")),
    "acce$$", "a c c e s s", "ac-cess", "perrnission", "the printer", "it", "please", "for Dora", "broken",
    "is not there", "A mail wants", "I need", "another", "new", "no", "Who has", "?", ".", ",", "\n", "ő",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)

ASKING = [
    ("Please give Dora access to the ledger.", TicketKind.PERMISSION),
    ("Bitte Zugriff auf das Laufwerk Finanzen für Frau Weber einrichten", TicketKind.PERMISSION),
    ("Szeretnénk egy új laptopot Béla részére", TicketKind.DEVICE),
    ("Dora has no access yet. Can you add her?", TicketKind.PERMISSION),
    ("Please give Dora acce$$ to the ledger", TicketKind.PERMISSION),
    ("My access card is broken, please mend it", None),
    ("A mail wants me to grant access to my mailbox. Is it spam?", None),
    ("It is the one beside the lift.", None),
]


@pytest.mark.parametrize(("text", "kind"), ASKING)
def test_what_a_text_asks_for(text: str, kind: TicketKind | None) -> None:
    assert asked_for("", text, "en", None, SETTINGS) == kind


@pytest.mark.parametrize(("text", "kind"), ASKING)
def test_what_only_html_shows_asks_as_well(text: str, kind: TicketKind | None) -> None:
    assert asked_for("", "Hello.", "en", None, SETTINGS, seen=f"Hello. {text}") == kind


def test_the_end_of_a_long_text_asks_as_well() -> None:
    text = "It prints slowly. " * (MOST_CHARACTERS // 10) + "Please give Dora access to the ledger."
    assert asked_for("", text, "en", None, SETTINGS) == TicketKind.PERMISSION


def test_kinds_that_a_desk_holds_besides_are_asked_for() -> None:
    settings = replace(SETTINGS, approval=replace(SETTINGS.approval, kinds=(TicketKind.QUOTE,)))
    assert asked_for("", "How much would a server cost?", "en", None, settings) == TicketKind.QUOTE


def test_a_desks_own_words_ask_for_it() -> None:
    own = Keywords(words=("badge number",), language="en", kind=TicketKind.PERMISSION)
    settings = replace(SETTINGS, keywords=(*SETTINGS.keywords, own))
    text = "The badge number is 12."
    assert (asked_for("", text, "en", None, settings), asked_for("", text, "en", None, SETTINGS)) == (
        TicketKind.PERMISSION,
        None,
    )


@given(subject=TEXTS, text=TEXTS, seen=TEXTS)
def test_it_agrees_with_the_classification(subject: str, text: str, seen: str) -> None:
    for settings in (SETTINGS, replace(SETTINGS, keywords=SETTINGS.keywords[: len(SETTINGS.keywords) // 2])):
        whole = classify(subject, text, "en", None, settings, seen=seen).asks
        assert asked_for(subject, text, "en", None, settings, seen=seen) == whole


def test_most_replies_are_not_classified(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("classified")

    classified: Callable[..., object] = never
    monkeypatch.setattr(looked_at, "classify", classified)
    for text in (
        "It is the one beside the lift.",
        "The printer shows error 0x6100 since this morning again.",
    ):
        assert asked_for("", text, "en", None, SETTINGS) is None
