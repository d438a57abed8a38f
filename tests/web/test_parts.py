"""Form tokens, rates, proxies, file names, languages: laws of the page's small parts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model import LANGUAGES
from maild.settings import Form, FormField, Settings
from maild.web import forms, guard
from maild.web.look import Look, language_of
from tests.cases import cases

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32


def _keys(table: dict[str, Any], head: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{head}{key}.")
        else:
            yield head + key, value


def _words(language: str) -> dict[str, str]:
    return dict(_keys(tomllib.loads((ROOT / "templates" / language / "web.toml").read_text("utf-8"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_names(language: str) -> None:
    english, own = _words("en"), _words(language)
    assert own.keys() == english.keys()
    for key, text in own.items():
        fields = {part.partition("}")[0] for part in text.split("{")[1:]}
        assert fields == {part.partition("}")[0] for part in english[key].split("{")[1:]}, key
        assert text.strip(), key


@given(st.text(max_size=60), st.text(max_size=60))
def test_token_of_one_session_fits_no_other(one: str, other: str) -> None:
    assert guard.fits(KEY, one, guard.form_token(KEY, one)) == bool(one)
    if one != other:
        assert not guard.fits(KEY, one, guard.form_token(KEY, other))
    assert not guard.fits(KEY, one, other)


def test_rate_lets_so_many_through_in_any_window_and_recovers() -> None:
    now = [0.0]
    rate = guard.Rate(60, 60.0, lambda: now[0])
    assert sum(rate.allows("a") for _ in range(100)) == 60
    assert rate.allows("b")
    now[0] = 61.0
    # what the last minute held is still within reach
    assert [rate.allows("a") for _ in range(3)] == [True, False, False]
    now[0] = 121.0
    assert sum(rate.allows("a") for _ in range(100)) >= 59


def test_flood_of_addresses_is_remembered_within_bounds() -> None:
    rate = guard.Rate(60, 60.0, lambda: 0.0, keys=100)
    for number in range(10_000):
        rate.allows(str(number))
    assert len(rate._windows) == 100


@cases(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),  # a stranger's word about themselves
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.7, 203.0.113.9"], "203.0.113.9"),  # what the client put in front
        ("10.0.0.1", ["203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, rubbish"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_client_is_the_nearest_address_that_is_no_proxy_of_ours(
    peer: str, forwarded: list[str], found: str
) -> None:
    assert guard.client_address(peer, forwarded, ["10.0.0.0/8"]) == found


@given(st.text(max_size=300))
def test_no_file_name_is_a_header_or_a_path(name: str) -> None:
    made = guard.disposition(name)
    assert made.isascii()
    assert made.isprintable()
    plain = made.partition('filename="')[2].partition('"')[0]
    assert plain
    assert not set(plain) & set('/\\"\r\n;')
    assert not plain.startswith((".", "-"))


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("hu-HU,hu;q=0.9,en;q=0.8", "hu"), ("en;q=0.1, nl", "nl"), ("pl, de;q=0.5", "de"), ("", "fr"), ("*", "fr"),
        ("de;q=x, en;q=0.2", "en"), ("," * 5000, "fr"),
    ],
)  # fmt: skip
def test_language_is_the_one_that_the_browser_likes_best(accepted: str, language: str) -> None:
    assert language_of(accepted, "fr") == language


def test_operators_form_takes_the_place_of_the_shipped_one_of_its_kind() -> None:
    own = Form(
        "incident",
        {"en": "Broken"},
        (FormField("room", {"en": "Which room?", "hu": "Melyik szoba?"}, required=True),),
    )
    settings = Settings(forms={"incident": own})
    look = Look(settings)
    form = forms.form_for("incident", settings, look.words("hu"))
    assert (form.title, form.fields[0].label) == ("Broken", "Melyik szoba?")
    assert forms.missing(form, {"room": " "}) == "Melyik szoba?"
    assert forms.written(form, {"room": "12"}, "It burns") == "Melyik szoba? 12\n\nIt burns\n"
    assert forms.form_for("no such kind", settings, look.words("en")).kind == "incident"
    assert {f.kind for f in forms.all_forms(settings, look.words("en"))} == set(forms.SHIPPED)


def test_page_of_each_language_is_small() -> None:
    look = Look(Settings())
    assert len(look.style.encode()) < 12_000
