"""The decision word: the beginning of the first line, and nothing that takes it back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.consent.decision_tables import ACCEPT, NO, UNCLEAR, YES
from maild.consent.decision_word import Word, words_for
from maild.consent.decision_word import decision as decided
from maild.settings import Approval
from tests.cases import cases

APPROVAL = Approval()
NAMES = ("Nagy Bela", "Kata", "Anna")


def decision(text: str, approval: Approval, *, offer: bool = False) -> Word:
    return decided(text, approval, offer=offer, names=NAMES)


@cases(
    "text",
    [
        "No problem, go ahead.", "Yes, I have received it and will look at it.", "Yes what is this about",
        "Approved would be wrong here.", "Yes, provided that it ends in May", "Yes after Friday",
        "Yes\n\nWait, I have to ask first.", "Yes we can GmbH", "Yes\n\nFriday", "Yes\nMaybe", "Yes.. ", "Yes…", "Yes 👎",
        "Yes\n\nBela\nWait", "Yes\n\nBela\nbut not now\n+36 1 555 0100", "No, go ahead", "Ja Montag", "Oui mais non",
        "Yes (not really)", "Approved by nobody", "Yes > no", "Agreed", "Yes, Mallory", "I", "We nehmen an", "yes/no",
        "Igen, de csak pénteken", "Elfogadom az árajánlatot",
    ],
)  # fmt: skip
def test_what_stands_beside_the_word_and_is_not_listed_makes_it_unclear(text: str) -> None:
    assert decision(text, APPROVAL).verdict == "unclear"


@cases(
    "text",
    [
        "Yes, approved.", "Yes, I approve this request. Thank you!\n\nKind regards\nBela", "I approve it, go ahead.",
        "*Approved*\n\nBela", "Ja, akkoord. Ga je gang!", "Igen, jóváhagyom a kérést.\n\nÜdvözlettel,\nNagy Bela",
        "Ja, genehmigt, danke.\nBela", "Oui, j'approuve la demande. Cordialement", "Yes\n\nmaild-" + "a" * 26,
        "Approved\n\nNagy Bela\nManaging Director\nAcme Kft.\n+36 1 555 0100\nwww.acme.example",
        "Approved, thanks Kata", "Ik ga akkoord met het verzoek",
    ],
)  # fmt: skip
def test_pronouns_tails_greetings_names_and_signatures_may_stand_beside_the_word(text: str) -> None:
    assert decision(text, APPROVAL).verdict == "yes"


@cases(
    "title",
    [
        "CEO", "Managing Director", "IT manager", "Head of IT", "ügyvezető igazgató", "Geschäftsführer", "Inhaberin",
        "Algemeen directeur", "Gérant", "Directrice générale",
    ],
)  # fmt: skip
def test_a_title_alone_below_the_name_says_who_wrote_and_nothing_beside_it_does(title: str) -> None:
    assert decision(f"Approved.\n\nNagy Bela\n{title}", APPROVAL).verdict == "yes"
    for more in (f"{title} only", f"{title}\nreading part", f"{title}, after Friday", f"{title}\nno"):
        assert decision(f"Approved.\n\nNagy Bela\n{more}", APPROVAL).verdict == "unclear", more
    assert decision(f"Approved.\n\n{title}", APPROVAL).verdict == "unclear"


@cases(
    "text",
    [
        "I accept your offer.", "We accept the quote, please go ahead.", "Agreed.", "Wir nehmen das Angebot an.",
        "Ich nehme Ihr Angebot an, vielen Dank.\nBela", "Angenommen", "J'accepte l'offre.", "Bon pour accord",
        "Elfogadom az árajánlatot.", "Elfogadjuk az ajánlatukat, köszönjük!", "Akkoord met de offerte",
        "Wij gaan akkoord met uw offerte.", "Nous acceptons votre devis.",
    ],
)  # fmt: skip
def test_an_offer_is_accepted_in_the_words_of_five_languages(text: str) -> None:
    assert decision(text, APPROVAL, offer=True).verdict == "yes"
    assert decision(f"{text} mais", APPROVAL, offer=True).verdict == "unclear"


@pytest.mark.parametrize(
    "text", ["What does the second item cost?", "Wir nehmen an, dass es teurer wird", "Hm"]
)
def test_a_question_about_an_offer_accepts_nothing(text: str) -> None:
    assert decision(text, APPROVAL, offer=True).verdict == "unclear"


def test_words_and_tails_of_the_configuration_are_added() -> None:
    own = Approval(accept={"en": ("deal",)}, tails={"en": ("the whole package",)})
    assert decision("Deal, the whole package", own, offer=True).verdict == "yes"
    assert decision("Deal, the whole package", own).verdict == "unclear"


def test_each_word_of_acceptance_counts_for_offers_alone() -> None:
    for word in (w.replace("...", "das angebot") for words in ACCEPT.values() for w in words):
        assert decision(word, APPROVAL, offer=True).verdict == "yes", word


@cases("word", sorted({w for words in YES.values() for w in words}))
def test_each_yes_is_a_yes_with_a_name_or_a_greeting_after_it(word: str) -> None:
    for text in (word, f"{word.upper()}!", f"\n\n{word.capitalize()}, Kata\n\nBela\n+36 1 555 0100"):
        assert decision(text, APPROVAL).verdict == "yes", text


@cases("word", sorted({w for words in NO.values() for w in words}))
def test_each_no_is_a_no(word: str) -> None:
    assert decision(f"{word}.\nBela", APPROVAL).verdict == "no"


@cases(
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


@cases("mark", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u200d", "\u034f", "\U000e0041"])
def test_an_invisible_character_within_the_first_line_is_unclear_and_one_around_it_is_none(mark: str) -> None:
    for text in (f"Appr{mark}oved", f"Approved{mark}, thanks", f"Yes{mark} indeed\nBela"):
        assert decision(text, APPROVAL).verdict == "unclear", text
    assert decision(f"{mark}Approved {mark}\nBela", APPROVAL).verdict == "yes"
    assert decision(f"{mark}\nApproved", APPROVAL).verdict == "yes"
    assert decision(mark, APPROVAL).verdict == "none"
    assert decision(f"Approved\nn{mark}o", APPROVAL).verdict == "unclear"


@cases("mark", ["\u202b", "\u202d", "\u202e", "\u2067"])
def test_a_mark_that_turns_what_follows_is_unclear_wherever_it_stands(mark: str) -> None:
    for text in (
        f"{mark}Approved",
        f"{mark}\nApproved",
        f"Appr{mark}oved",
        f"Approved{mark}",
        f"Approved\n{mark}Bela",
    ):
        assert decision(text, APPROVAL).verdict == "unclear", text


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
