from __future__ import annotations

import pytest

from maild.model import LANGUAGES
from maild.render.loader import Templates
from maild.render.words import Words, flatten, merge_words, placeholders

TEMPLATES = Templates()


def words(language: str) -> Words:
    return TEMPLATES.words(language)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Monday, 2 November 2026, 10:30"),
        ("nl", "maandag 2 november 2026, 10:30 uur"),
        ("hu", "2026. november 2., hétfő 10:30"),
        ("de", "Montag, 2. November 2026, 10:30 Uhr"),
        ("fr", "lundi 2 novembre 2026 à 10:30"),
    ],
)
def test_time_is_shown_in_the_customers_zone_and_language(language: str, shown: str) -> None:
    assert words(language).when("2026-11-02T09:30:00+00:00", "Europe/Budapest") == shown


def test_summer_time_is_counted() -> None:
    assert words("en").when("2026-07-01T08:00:00Z", "Europe/Budapest").endswith("10:00")
    assert words("en").when("2026-07-01T08:00:00", "Asia/Kolkata").endswith("13:30")


def test_first_of_the_month_is_french() -> None:
    assert words("fr").day("2026-12-01", "America/New_York") == "mardi 1er décembre 2026"
    assert words("de").day("2026-12-01", "America/New_York") == "Dienstag, 1. Dezember 2026"


@pytest.mark.parametrize("nothing", [None, "", "soon", 7, "2026-13-01T00:00:00Z", []])
def test_what_is_no_time_shows_nothing(nothing: object) -> None:
    assert words("en").when(nothing, "Europe/Budapest") == ""


def test_unknown_zone_is_utc() -> None:
    assert words("en").when("2026-11-02T09:30:00Z", "Nowhere/Land").endswith("09:30")
    assert words("en").when("2026-11-02T09:30:00Z", "../../etc/passwd").endswith("09:30")


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "We received one attachment", "We received 3 attachments"),
        ("nl", "Wij hebben één bijlage ontvangen", "Wij hebben 3 bijlagen ontvangen"),
        ("hu", "Egy mellékletet kaptunk", "3 mellékletet kaptunk"),
        ("de", "Wir haben einen Anhang erhalten", "Wir haben 3 Anhänge erhalten"),
        ("fr", "Nous avons reçu une pièce jointe", "Nous avons reçu 3 pièces jointes"),
    ],
)
def test_numbers_take_their_form(language: str, one: str, many: str) -> None:
    assert words(language).count("head.attachments", 1) == one
    assert words(language).count("head.attachments", 3) == many


def test_amounts_sizes_and_durations_follow_the_language() -> None:
    assert words("en").number("1450.5") == "1,450.50"
    assert words("de").number(1450) == "1.450,00"
    assert words("hu").number("1450") == "1\u00a0450,00"
    assert words("fr").size(1_250_000) == "1,2 Mo"
    assert words("en").size(800) == "1 kB"
    assert words("hu").duration(90) == "1 óra 30 perc"
    assert words("de").duration(45) == "45 Min."
    assert words("en").number("a lot") == "a lot"
    assert words("en").number("NaN") == "NaN"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_placeholders(language: str) -> None:
    english, other = words("en"), words(language)
    assert set(other.phrases) == set(english.phrases)
    for key, phrase in english.phrases.items():
        if not key.startswith("format."):
            assert (
                placeholders(other.phrases[key]) == placeholders(phrase) or ".one" in key or "_nobody" in key
            ), key
    assert len(other.weekdays) == 7
    assert len(other.months) == 12


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_phrase_was_left_in_english(language: str) -> None:
    same = {key for key, phrase in words(language).phrases.items() if phrase == words("en").phrases[key]}
    alike = ("format.", "step.", "label.", "kind.", "sample.", "consent.units")
    assert not {key for key in same if not key.startswith(alike)} - {"head.attachments"}, same


def test_operators_phrase_with_an_unknown_placeholder_is_left_out() -> None:
    shipped = flatten({"reply": {"tag": "Reply with {tag}."}, "weekdays": list("abcdefg")})
    own = flatten(
        {"reply": {"tag": "Reply with {number}."}, "weekdays": ["a"], "closing": "Bye", "x": {"y": 3}}
    )
    merged, problems = merge_words(shipped, own)
    assert merged == shipped
    assert len(problems) == 4


def test_phrase_cannot_reach_into_objects() -> None:
    merged, problems = merge_words({"a": "{name}"}, {"a": "{name.__class__}"})
    assert merged == {"a": "{name}"}
    assert problems == ["a: {name.__class__} is no plain name"]
    assert merge_words({"a": "{name}"}, {"a": "{name"})[1]
