"""The decision word: the beginning of the first line, and nothing that takes it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.consent.decision_word import NO, UNCLEAR, YES, decision, words_for
from maild.settings import Approval

APPROVAL = Approval()


@pytest.mark.parametrize("word", sorted({w for words in YES.values() for w in words}))
def test_each_yes_is_a_yes_with_a_name_or_a_greeting_after_it(word: str) -> None:
    for text in (word, f"{word.upper()}!", f"\n\n{word.capitalize()}, Kata\n\nBela\n+36 1 555 0100"):
        assert decision(text, APPROVAL).verdict == "yes", text


@pytest.mark.parametrize("word", sorted({w for words in NO.values() for w in words}))
def test_each_no_is_a_no(word: str) -> None:
    assert decision(f"{word}.\nBela", APPROVAL).verdict == "no"


@pytest.mark.parametrize(
    "text",
    [
        "I do not approve", "Approved?", "Yes and no", "Yes\n\nno", "Yes, but only until Friday", "Not approved",
        "Yesterday",
        "Noted", "Is it approved", "Dear Kata, yes", "Jaja", "Nein, ja", "Ｙｅｓ", "y\u0435s", "ok", "approve-not",
        "Yes if Anna agrees", "Ja, aber nicht heute", "Oui mais", "Igen, de csak holnap",
    ],
)  # fmt: skip
def test_anything_else_is_unclear(text: str) -> None:
    assert decision(text, APPROVAL).verdict == "unclear"


@pytest.mark.parametrize(
    "mark", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u200d", "\u034f", "\U000e0041"]
)
def test_an_invisible_character_within_the_first_line_is_unclear_and_one_around_it_is_none(mark: str) -> None:
    for text in (f"Appr{mark}oved", f"Approved{mark}, thanks", f"Yes{mark} indeed\nBela"):
        assert decision(text, APPROVAL).verdict == "unclear", text
    assert decision(f"{mark}Approved {mark}\nBela", APPROVAL).verdict == "yes"
    assert decision(f"{mark}\nApproved", APPROVAL).verdict == "yes"
    assert decision(mark, APPROVAL).verdict == "none"
    assert decision(f"Approved\nn{mark}o", APPROVAL).verdict == "unclear"


@pytest.mark.parametrize("text", ["", "\n \n", "\t"])
def test_no_words_are_no_answer(text: str) -> None:
    assert decision(text, APPROVAL).verdict == "none"


@given(st.sampled_from(sorted(UNCLEAR)), st.sampled_from(["Yes", "Approved", "Akkoord", "Igen"]))
def test_a_doubt_in_the_first_line_is_never_a_decision(doubt: str, word: str) -> None:
    assert decision(f"{word} {doubt}", APPROVAL).verdict != "yes"


@given(st.text(max_size=200))
def test_a_yes_begins_with_a_word_of_the_table(text: str) -> None:
    if decision(text, APPROVAL).verdict == "yes":
        first = next(line for line in text.splitlines() if line.strip()).casefold()
        assert any(word.split()[0].split("'")[0] in first for words in YES.values() for word in words)


def test_the_operators_words_count_and_are_named_first() -> None:
    own = Approval(yes={"en": ("so be it",)}, no={"en": ("never ever",)})
    assert decision("So be it.", own).verdict == "yes"
    assert decision("Never ever.", own).verdict == "no"
    assert words_for("en", own)[0][0] == "so be it"
    assert words_for("xx", APPROVAL) == words_for("en", APPROVAL)
