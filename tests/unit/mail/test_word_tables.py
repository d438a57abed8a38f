"""Tables of words: what is left out by a quick look would have been found by none of the slow ones either."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.keywords import (
    Matcher,
    kept_of_newest,
    parts_of,
    phrase_matcher,
    phrases,
    tokens,
    word_list,
    word_list_of,
)
from maild.mail.masked_words import _ASCII_MARKS, _MARK_WITHIN, _MARKS, MaskedWords, _with_signs, shape
from maild.mail.text.folding import fold
from maild.settings import Keywords
from maild.ticket.thanks import _REFERENCE, _SMILE, _WORD, _folded, _smiles, _without_references

_LETTERS = st.text("ab", min_size=1, max_size=3)
_PART = st.builds(str.__add__, _LETTERS, st.sampled_from(["", "", "", "*"]))
_ENTRY = st.builds(
    lambda mark, parts: mark + " ".join(parts),
    st.sampled_from(["", "", "", "!"]),
    st.lists(_PART | st.just("*"), min_size=1, max_size=3),
)
_TABLES = st.lists(st.lists(_ENTRY, max_size=5), max_size=3)
_WORDS = st.lists(_LETTERS, max_size=14)
_TEXT = st.text("abcABZ0189é\u0130ßıﬁ½ \n.,:;()-_#@+/wht$|^~*\u2019\u00b7\u0301\u2764👍", max_size=60)


def _plainly(tables: list[list[str]], words: list[str]) -> list[tuple[int, str, int, int]]:
    """Each entry of each table held against each place."""
    found, taken_back = [], set()
    for number, table in enumerate(tables):
        for entry in table:
            parts = parts_of(entry)
            for at in range(len(words) - len(parts) + 1) if parts else ():
                here = words[at : at + len(parts)]
                if all(
                    w.startswith(p) if begins else w == p for w, (p, begins) in zip(here, parts, strict=True)
                ):
                    end = at + len(parts)
                    if entry.startswith("!"):
                        taken_back |= {(number, i) for i in range(at, end)}
                    else:
                        found.append((number, entry, at, end))
    return sorted(f for f in found if not all((f[0], i) in taken_back for i in range(f[2], f[3])))


@given(_TABLES, st.lists(_WORDS, min_size=1, max_size=3))
def test_a_table_finds_what_stands_there_and_nothing_else(
    tables: list[list[str]], texts: list[list[str]]
) -> None:
    matcher = Matcher(tables)
    for words in texts:  # the second text meets what the first one taught
        hits = matcher.hits(words)
        assert sorted(map(astuple, hits)) == _plainly(tables, words)
        assert [hit.at for hit in hits] == sorted(hit.at for hit in hits)
        assert matcher.hits(words, frozenset(words)) == hits


def test_entries_at_one_place_come_the_surest_first() -> None:
    table = ["pri*", "printers are", "the printer*", "print*", "printers"]
    found = [hit.word for hit in Matcher([table]).hits(["the", "printers", "are"])]
    assert found == ["the printer*", "printers are", "printers", "pri*", "print*"]


@given(_TEXT | st.text(max_size=80))
def test_a_word_list_holds_each_word_and_each_different_one(text: str) -> None:
    said = word_list(text)
    assert said.words == tokens(text) == [word[:64] for word in re.findall(r"[^\W_]+", fold(text))]
    assert said.different == set(said.words)


@given(_TEXT | st.text(max_size=80), _TEXT | st.text(max_size=80), st.sampled_from([0, 19_930]))
def test_the_words_of_a_title_and_a_text_are_those_of_both(title: str, text: str, more: int) -> None:
    text = "x " * (more // 2) + text
    said, both = word_list_of(title, text), word_list(f"{title}\n{text}")
    assert (said.words, said.different) == (both.words, both.different)


@given(st.lists(st.sampled_from(["a", "i", "7", "x", "é", "at", "hello"]), max_size=12))
def test_words_are_spelled_where_four_single_letters_follow_each_other(words: list[str]) -> None:
    lengths = "".join("1" if len(word) == 1 else "-" for word in words)
    assert word_list(" ".join(words)).spells() is ("1111" in lengths)


def test_what_is_remembered_of_a_text_is_nobodys_to_change() -> None:
    tokens("one two").append("three")
    assert tokens("one two") == ["one", "two"]


def test_a_word_too_long_is_cut_and_found_by_its_beginning() -> None:
    said = word_list("short " + "x" * 70)
    assert said.words == ["short", "x" * 64]
    assert said.different == {"short", "x" * 64}


@given(
    st.sampled_from(["thanks", "polite", "closing", "who", "not_this"]), st.sampled_from([None, "en", "hu"])
)
def test_a_kept_table_is_that_of_its_phrases(name: str, language: str | None) -> None:
    words = tokens(" ".join(phrases(name, language))[:2000])
    assert phrase_matcher(name, language).hits(words) == Matcher((phrases(name, language),)).hits(words)


#: as it is meant: a letter, a mark or two or a hyphen at a line's end, a letter
_MEANT = re.compile(rf"(?<=[^\W0-9_])(?:[{re.escape(_MARKS)}]{{1,2}}|-[ \t]*\r?\n[ \t]*)(?=[^\W0-9_])")


@given(st.text(f"ab1 {_ASCII_MARKS}\u2010\u00b7\u00e9\n\r\t_", max_size=40))
def test_marks_within_words_are_where_they_are_meant_to_be(text: str) -> None:
    assert [m.span() for m in _MARK_WITHIN.finditer(text)] == [m.span() for m in _MEANT.finditer(text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("please give me acce$$ to it", True),
        ("please give me a c c e s s to it", True),
        ("please give me ac-cess to it", True),
        ("please give me perrnission", True),
        ("please give me access to it", False),
        ("a b c, well, have a look at a cable", False),
        ("e-mail and a-b tests of the co-pilot", False),
    ],
)
def test_what_is_masked_is_found_and_what_is_plain_is_not(text: str, masked: bool) -> None:
    assert bool(MaskedWords([["access", "permission"]]).hits(text, word_list(text))) is masked


@given(st.text("abz09$@!|€é_ .-\n", max_size=40))
def test_signs_in_words_are_where_the_pattern_finds_them(text: str) -> None:
    runs = re.findall(r"[a-z0-9$@!|\u20ac]+", fold(text))
    assert _with_signs(text) == [word for run in runs if (word := run.strip("!|"))]


@given(st.lists(_PART | st.sampled_from(["admin*", "be", "to", "perm*", "access"]), min_size=1, max_size=6),
       st.text("ab01be$tormnvw8", min_size=1, max_size=7))  # fmt: skip
def test_what_a_word_looks_like_is_asked_of_no_fewer_parts_than_all(table: list[str], word: str) -> None:
    masks = MaskedWords([table])
    parts = {part for entry in table for part in parts_of(entry) if part[0]}

    def fits(said: str, part: str, begins: bool) -> bool:
        return said.startswith(part) if begins else said == part

    alike = [(p, b) for p, b in parts if fits(shape(word), shape(p), b)]
    heads = {shape(part)[:3] for part, _ in parts}
    meant = shape(word)[:3] in heads and bool(alike) and not any(fits(word, p, b) for p, b in alike)
    assert masks._is_masked(word) is masks._is_masked(word) is meant


@given(_TEXT)
def test_words_of_thanks_are_read_as_the_whole_pattern_reads_them(written: str) -> None:
    text = unicodedata.normalize("NFC", written)
    assert _without_references(text) == _REFERENCE.sub(" ", text)
    assert _smiles(text) is (_SMILE.search(text) is not None)
    words = [fold(word) for word in _WORD.findall(text)]
    assert _folded(text) == (words, frozenset(words))


def test_what_is_kept_of_tables_is_of_ones_own_though_others_ask_meanwhile() -> None:
    mine, others = (Keywords(words=("toner",)),), (Keywords(words=("paper",)),)
    made: list[tuple[Keywords, ...]] = []

    @kept_of_newest
    def words(tables: tuple[Keywords, ...]) -> tuple[str, ...]:
        made.append(tables)
        if tables is mine:
            words(others)
        return tables[0].words

    assert [words(one) for one in (mine, mine, others, others)] == [
        ("toner",),
        ("toner",),
        ("paper",),
        ("paper",),
    ]
    assert [one is mine for one in made] == [True, False, False]  # each once, but for who came between
