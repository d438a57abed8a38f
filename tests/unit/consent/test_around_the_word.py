"""What stands around a decision word: the signature, what is asked beside it, a line that was torn from the quote."""

from __future__ import annotations

from maild.consent.decision_word import beyond, decision, doubtful, torn_from
from maild.settings import Approval
from tests.cases import cases

APPROVAL = Approval()
REQUEST = "Please give Anna access to the shared finance folder for one year"


@cases(
    "line",
    [
        "No", "[no]", "rejected so far", "denied", "Niet akkoord", "and Anna too", "me too", "if Anna agrees",
        "after Friday", "I would like to wait", "és Anna is", "aber nicht heute", "only until May",
        "ha Anna is", "with me", "on Monday", "si Anna", "als Anna", "[image: no]",
    ],
)  # fmt: skip
def test_a_line_below_that_doubts_refuses_or_adds_is_found(line: str) -> None:
    assert doubtful(f"Nagy Bela\n{line}\n+36 1 555 0100", APPROVAL) == line


@cases(
    "line",
    [
        "Reg. No. 12345", "Handelsregister no 12", "Non Profit Kft", "[image: Acme]", "[cid:logo.png]", "DE 12345",
        "follow me on LinkedIn", "Acme Kft., 1011 Budapest", "if@acme.example", "https://acme.example/no/if", "",
        "HA Nagy", "ME Acme",
    ],
)  # fmt: skip
def test_a_line_that_only_says_who_wrote_is_none(line: str) -> None:
    assert doubtful(f"Nagy Bela\n{line}\n+36 1 555 0100", APPROVAL) == ""


def test_what_asks_for_something_in_a_signature_is_found() -> None:
    assert doubtful("Bela\nLaptop", APPROVAL, asks=lambda line: line == "Laptop") == "Laptop"


def test_of_a_long_signature_the_first_200_lines_are_looked_at() -> None:
    assert doubtful("\n" * 199 + "No", APPROVAL) == "No"
    assert doubtful("\n" * 200 + "No", APPROVAL) == ""


@cases(
    ("text", "more"),
    [
        ("Yes, give him access. Anna needs it too.", " Anna needs it too."),
        ("Yes\nAnna needs it too.", "Anna needs it too."),
        ("  Yes", ""),
        ("Yes.", ""),
        ("Give him access. Anna needs it too.", "Give him access. Anna needs it too."),
        ("Yes, also for Anna. Thanks.", "Yes, also for Anna. Thanks."),
        ("Also for Anna. Yes.", "Also for Anna. Yes."),
    ],
)
def test_beyond_the_first_sentence_is_what_follows_a_plain_word(text: str, more: str) -> None:
    assert beyond(text, APPROVAL) == more


def test_words_of_acceptance_begin_an_answer_to_an_offer_alone() -> None:
    text = "I accept the offer. And a mouse."
    assert beyond(text, APPROVAL, offer=True) == " And a mouse."
    assert beyond(text, APPROVAL) == text
    assert decision("I accept.", APPROVAL, offer=True).verdict == "yes"
    assert decision("I accept.", APPROVAL).verdict == "unclear"


@cases(
    ("above", "text", "torn"),
    [
        ("Please give Anna access to the shared", "finance folder for one year", True),
        ("access to the", "shared", True),
        ("folder for", "\n  \none year\nYes", True),
        ("to the shared", "folder for one", False),
        ("gave to the shared", "finance folder for ever", True),  # three words on either side
        ("give the shared", "finance folder for one", False),
        ("access to the", "Yes", False),
        ("", "Please give Anna", False),
        ("for one year", "", False),
        ("for one year", "Please give Anna", False),
        ("give Anna access", "to the other folder", False),
    ],
)
def test_a_line_is_torn_from_the_quote_above_when_both_stand_together_in_the_request(
    above: str, text: str, *, torn: bool
) -> None:
    assert torn_from(REQUEST, above, text) is torn


@cases("text", ["Wir nehmen das Angebot", "Ich nehme Ihr Angebot mit", "Wir nehmen das Angebot zur Kenntnis"])
def test_one_half_of_a_word_in_two_parts_accepts_nothing(text: str) -> None:
    assert decision(text, APPROVAL, offer=True).verdict == "unclear"


@cases(
    ("text", "verdict", "begins"),
    [
        ("Wir nehmen Ihr Angebot an", "yes", True), ("Wir nehmen das Angebot für die Laptops an", "unclear", False),
        ("Wir prüfen Ihr Angebot an", "unclear", False), ("", "none", False), ("Tomorrow", "unclear", False),
        ("-Yes-", "unclear", True), ("Yes, but later", "unclear", True), ("Yes\n\n[image: Acme]\n\nBela", "yes", True),
        ("Yes\n\nThanks\n+36 1 555 0100", "unclear", True), ("Yes\n\nBela\n+36 1 555 0100", "yes", True),
        ("Yes\n[image: Acme]\n\nBela", "yes", True),
        ("Yes\n\nBela\n[image: no]", "unclear", True), ("Yes\n\n[image: no]", "unclear", True),
    ],
)  # fmt: skip
def test_what_an_answer_says_and_whether_it_begins_with_a_word(
    text: str, verdict: str, *, begins: bool
) -> None:
    found = decision(text, APPROVAL, offer=True, names=("Bela",))
    assert (found.verdict, found.begins) == (verdict, begins)


def test_of_a_long_line_the_beginning_is_told() -> None:
    for text in ("x" * 100, "Yes, but " + "x" * 100):
        assert text[:70] in decision(text, APPROVAL).evidence
        assert text[:81] not in decision(text, APPROVAL).evidence


def test_words_of_the_configuration_may_be_five_words_long() -> None:
    for words in ("we say yes to it", "we say yes then", "that is fine"):
        own = Approval(yes={"en": (words,)})
        assert decision(f"{words}, thanks\n\nBela", own, names=("Bela",)).verdict == "yes"


def test_an_answer_of_200_lines_is_read_and_a_longer_one_is_asked_about() -> None:
    assert decision("Yes" + "\n" * 199 + ".", APPROVAL).verdict == "yes"
    assert decision("Yes" + "\n" * 200 + ".", APPROVAL).verdict == "unclear"


def test_a_paragraph_of_400_characters_is_read_and_a_longer_one_is_asked_about() -> None:
    filled = "Yes" + " " * 396 + "."
    assert decision(filled, APPROVAL).verdict == "yes"
    assert decision(filled.replace("Yes", "Yes "), APPROVAL).verdict == "unclear"


def test_twelve_lines_of_contact_data_are_a_signature_and_thirteen_are_none() -> None:
    lines = [f"+36 1 555 01{number:02}" for number in range(13)]
    for many, verdict in ((12, "yes"), (13, "unclear")):
        text = "\n".join(["Yes", "", "Bela", *lines[:many]])
        assert decision(text, APPROVAL, names=("Bela",)).verdict == verdict
