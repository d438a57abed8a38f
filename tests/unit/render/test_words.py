from __future__ import annotations

import re

import pytest

from maild.model import LANGUAGES
from maild.render.loader import Templates
from maild.render.words import Phrasebook, flatten, merge_words, placeholders

TEMPLATES = Templates()


def words(language: str) -> Phrasebook:
    return TEMPLATES.words(language)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "Monday 2 November 2026, 10:30"),
        ("nl", "maandag 2 november 2026, 10:30\xa0uur"),
        ("hu", "2026. november 2., hétfő 10:30"),
        ("de", "Montag, 2. November 2026, 10:30\xa0Uhr"),
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
    ("language", "shown"),
    [
        ("en", "Monday 2 November, 10:30"),
        ("nl", "maandag 2 november, 10:30\xa0uur"),
        ("hu", "november 2., hétfő 10:30"),
        ("de", "Montag, 2. November, 10:30\xa0Uhr"),
        ("fr", "lundi 2 novembre à 10:30"),
    ],
)
def test_year_is_left_out_in_the_year_itself(language: str, shown: str) -> None:
    at = "2026-11-02T09:30:00+00:00"
    assert words(language).when(at, "Europe/Budapest", "2026-01-01T00:00:00Z") == shown
    assert "2026" in words(language).when(at, "Europe/Budapest", "2025-12-31T00:00:00Z")
    # the year turns with the reader's clock, not with ours
    assert "2027" not in words(language).when(
        "2026-12-31T23:30:00Z", "Europe/Budapest", "2026-12-31T23:10:00Z"
    )


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "… and one earlier step", "… and 3 earlier steps"),
        ("nl", "… en één eerdere stap", "… en 3 eerdere stappen"),
        ("hu", "… és egy korábbi lépés", "… és 3 korábbi lépés"),
        ("de", "… und ein früherer Schritt", "… und 3 frühere Schritte"),
        ("fr", "… et une étape antérieure", "… et 3 étapes antérieures"),
    ],
)
def test_numbers_take_their_form(language: str, one: str, many: str) -> None:
    assert words(language).count("history.earlier", 1) == one
    assert words(language).count("history.earlier", 3) == many


@pytest.mark.parametrize(
    ("language", "euro", "forint"),
    [
        ("en", "€1,450.50", "HUF 1,450,000"),
        ("nl", "€ 1.450,50", "HUF 1.450.000"),
        ("hu", "1 450,50 EUR", "1 450 000 Ft"),
        ("de", "1.450,50 €", "1.450.000 HUF"),
        ("fr", "1 450,50 €", "1 450 000 HUF"),
    ],
)
def test_money_stands_as_the_language_writes_it(language: str, euro: str, forint: str) -> None:
    def shown(value: str, currency: str) -> str:
        return re.sub(r"[\xa0\u202f]", " ", words(language).money(value, currency))

    assert shown("1450.50", "EUR") == euro
    assert shown("1450000.00", "HUF") == forint
    assert shown("1450000.50", "HUF") != forint  # what has no coin is not rounded away
    assert "450" in shown("1450.00", "XYZ")
    assert words(language).money("a lot", "EUR") == "a lot EUR"


def test_sizes_durations_and_numbers_follow_the_language() -> None:
    assert words("en").number("1450.5") == "1,450.5"
    assert words("de").number(1450) == "1.450"
    assert words("fr").size(1_250_000) == "1,2\u202fMo"
    assert words("en").size(800) == "1 kB"
    assert words("hu").duration(90) == "1 óra 30 perc"
    assert words("de").duration(45) == "45 Minuten"
    assert words("en").number("a lot") == "a lot"
    assert words("en").number("NaN") == "NaN"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "Vienna"), ("nl", "Wenen"), ("hu", "Bécs"), ("de", "Wien"), ("fr", "Vienne")],
)
def test_zone_is_named_by_its_city(language: str, shown: str) -> None:
    assert words(language).city("Europe/Vienna") == shown
    for nowhere in ("UTC", "Nowhere/Land", "", "../../etc/passwd"):
        assert words(language).city(nowhere) == ""


def test_names_are_joined_as_the_language_does() -> None:
    assert words("de").both(("Anna", "Béla", "Cili")) == "Anna, Béla und Cili"
    assert words("hu").either(("igen", "jóváhagyom")) == "igen vagy jóváhagyom"
    assert words("en").both(("Anna",)) == "Anna"
    assert words("en").both(()) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_placeholders(language: str) -> None:
    english, other = words("en"), words(language)
    assert set(other.phrases) == set(english.phrases)
    for key, phrase in english.phrases.items():
        if not key.startswith("format."):
            assert (
                placeholders(other.phrases[key]) == placeholders(phrase)
                or ".one" in key
                or "_nobody" in key
                or key == "footer.zone"  # a city, or the adjective that Hungarian makes of it
            ), key


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_phrase_was_left_in_english(language: str) -> None:
    same = {key for key, phrase in words(language).phrases.items() if phrase == words("en").phrases[key]}
    alike = (
        "format.",
        "step.",
        "label.",
        "kind.",
        "consent.kind.",
        "sample.",
        "consent.units",
        "way.",
        "report.column.",
        "agent.",
        "alert.",
    )
    assert not {key for key in same if not key.startswith(alike)}, same


def test_operators_phrase_with_an_unknown_placeholder_is_left_out() -> None:
    shipped = flatten({"reply": {"tag": "Reply with {tag}."}, "yes_words": ["yes"]})
    own = flatten(
        {"reply": {"tag": "Reply with {number}."}, "yes_words": "yes", "closing": "Bye", "x": {"y": 3}}
    )
    merged, problems = merge_words(shipped, own)
    assert merged == shipped
    assert len(problems) == 4


def test_phrase_cannot_reach_into_objects() -> None:
    merged, problems = merge_words({"a": "{name}"}, {"a": "{name.__class__}"})
    assert merged == {"a": "{name}"}
    assert problems == ["a: {name.__class__} is not a plain name"]
    assert merge_words({"a": "{name}"}, {"a": "{name"})[1]
