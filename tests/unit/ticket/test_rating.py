from __future__ import annotations

import tomllib
from pathlib import Path

from maild.model import LANGUAGES
from maild.ticket import rating
from tests.cases import cases

TEMPLATES = Path(__file__).parents[3] / "templates"


@cases("language", LANGUAGES)
@cases("value", ["good", "bad"])
def test_what_the_closing_mail_offers_to_answer_is_read_as_it_is_meant(language: str, value: str) -> None:
    words = tomllib.loads((TEMPLATES / language / "words.toml").read_text(encoding="utf-8"))
    assert rating.read(f"{words['survey'][value]}.\n\n") == (value, "")


@cases(
    ("text", "found"),
    [
        ("Elégedett vagyok.\n\nGyors volt, köszönöm!", ("good", "Gyors volt, köszönöm!")),
        ("NEM VAGYOK ELEGEDETT\nhárom napig tartott", ("bad", "három napig tartott")),
        ("I'm not satisfied! It took a week.", ("bad", "It took a week.")),
        ("Je ne suis pas satisfait.", ("bad", "")),
        ("I am content with the new printer and need toner", None),
        ("Are you satisfied?", None),
        ("Satisfied?", None),
        ("Thank you. I am content.", None),
        ("", None),
        ("...", None),
    ],
)
def test_first_sentence_alone_says_it(text: str, found: tuple[str, str] | None) -> None:
    assert rating.read(text) == found


@cases(
    ("words", "more"),
    [
        ("", False), ("It took four days.", False), ("Thank you very much!", False), ("Gyors volt, köszönjük!", False),
        ("It still does not print.", True), ("When will it be repaired?", True), ("Még mindig nem nyomtat.", True),
        ("Bitte noch einmal prüfen, es geht nicht.", True), ("Please give Peter access to the archive.", True),
    ],
)  # fmt: skip
def test_words_that_want_something_are_told_from_those_that_do_not(words: str, more: bool) -> None:
    assert rating.asks_for_more(words, None) is more
