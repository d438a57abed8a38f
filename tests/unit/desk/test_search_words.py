from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.desk import search_words
from maild.errors import Refused
from maild.fulltext import Query, Term, fold, hit
from maild.settings import Agent, Settings
from tests.cases import cases

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DESK = replace(Settings(), agents={"kata": Agent("kata")})


def parse(*words: str) -> Query:
    return search_words.parse(words, DESK, NOW, viewer="kata", companies=("acme", "globex"))


def test_what_the_shell_kept_together_is_a_phrase() -> None:
    assert parse("paper jam").terms == (Term("paper jam", phrase=True),)
    assert parse('"paper jam"').terms == (Term("paper jam", phrase=True),)
    assert parse("paper", "jam").terms == (Term("paper"), Term("jam"))
    assert parse("second flo*").terms == (Term("second flo", beginning=True, phrase=True),)
    assert parse("company:acme", "print*") == Query((Term("print", beginning=True),), companies=("acme",))
    assert parse("from:Kovács Anna").people == ("kovacs anna",)


def test_word_with_a_colon_is_a_word() -> None:
    assert parse("error:0x80070005").terms == (Term("error:0x80070005"),)
    assert parse("http://x.example/a").terms == (Term("http://x.example/a"),)


@cases(
    ("words", "says"),
    [
        ((), "at least one word"), (("  ",), "at least one word"), (('""',), "at least one word"),
        (("company:acm",), "did you mean acme?"), (("phase:wating",), "did you mean waiting?"),
        (("compny:acme",), "did you mean company:?"), (("has:fish",), "there is has:attachment"),
        (("before:soon",), "is not a time"), (("owner:kat",), "did you mean kata?"),
        (("before:fri", "before:mon"), "one date is enough"),
        (("company:",), "without a blank: company:acme"), (("printer", "from:", "anna"), "without a blank: from:anna"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_the_nearest(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(Refused) as error:
        parse(*words)
    assert says in str(error.value)


def test_folding() -> None:
    for text, plain in (("Nyomtató", "nyomtato"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("İzmir", "izmir"),
                        ("Łódź", "lodz"), ("ﬁle", "file"), ("Ünïcôdé", "unicode"), ("Привет", "привет")):  # fmt: skip
        assert fold(text) == plain


@given(st.text(max_size=60), st.text(max_size=8))
def test_a_hit_is_a_piece_of_the_text_with_the_needle_marked(text: str, needle: str) -> None:
    folded = fold(needle).strip()
    found = hit(text, (Term(folded),)) if folded else None
    if found is None:
        return
    assert any(marked for _, marked in found.pieces)
    inside = found.text.removeprefix("… ").removesuffix(" …")
    assert inside in " ".join(text.split())


@given(st.lists(st.text(max_size=15), max_size=4))
def test_whatever_is_typed_is_a_query_or_refused(words: list[str]) -> None:
    said = ""
    try:
        assert parse(*words)
    except Refused as error:
        said = str(error)
    assert "\n" not in said
