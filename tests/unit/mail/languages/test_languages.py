"""The phrase tables keep the form that their readers count on."""

from __future__ import annotations

import dataclasses

import pytest

from maild.mail.languages import (
    LANGUAGES,
    Language,
    forward_prefixes,
    reply_prefixes,
    vacation_phrases,
    vacation_subjects,
)
from maild.mail.text.subjects import is_forward
from tests.cases import cases


def _cells(language: Language) -> list[tuple[str, tuple[str, ...]]]:
    fields = (field.name for field in dataclasses.fields(language) if field.name != "code")
    return [(name, getattr(language, name)) for name in fields]


@cases("language", LANGUAGES, ids=lambda language: language.code)
def test_phrases_are_folded_and_each_stands_once(language: Language) -> None:
    for name, cell in _cells(language):
        assert len(set(cell)) == len(cell), name
        for phrase in cell:
            assert phrase == phrase.lower().strip(), (name, phrase)
            assert "  " not in phrase


@cases("language", LANGUAGES, ids=lambda language: language.code)
def test_no_table_of_a_language_is_empty(language: Language) -> None:
    may_be_empty = {"openers"}  # Hungarian and Finnish put the date or the writer first
    assert all(cell for name, cell in _cells(language) if name not in may_be_empty)


def test_eighteen_languages_are_there() -> None:
    assert " ".join(language.code for language in LANGUAGES) == (
        "en nl hu de fr es it pt pl cs sk ro sv da no fi ru uk"
    )


def test_prefixes_of_the_five_languages_are_known() -> None:
    assert {"re", "aw", "antw", "vá", "rép"} <= reply_prefixes()
    assert {"fwd", "fw", "wg", "tr", "doorst", "továbbítás"} <= forward_prefixes()


def test_vacation_subjects_come_longest_first() -> None:
    lengths = [len(phrase) for phrase in vacation_subjects()]
    assert lengths == sorted(lengths, reverse=True)
    assert {"automatic reply", "afwezigheidsbericht", "automatikus válasz"} <= set(vacation_subjects())
    assert "ik ben afwezig" in vacation_phrases()


@pytest.mark.parametrize(
    "subject", ["FW: printer", "Fwd: x", "WG: Termin", "[#12] TR: objet", "Doorst: storing"]
)
def test_forward_is_told_by_its_prefix(subject: str) -> None:
    assert is_forward(subject)


@pytest.mark.parametrize(
    "subject", ["RE: FW: printer", "printer", "AW: WG: x", "", ":", "forwarding does not work"]
)
def test_answer_to_a_forward_is_no_forward(subject: str) -> None:
    assert not is_forward(subject)
