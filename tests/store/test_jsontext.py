"""JSON in the database: what the standard library writes and reads, whatever a value holds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from maild.store.jsontext import dump, load
from maild.store.plain import clean
from maild.ticket.vocabulary import Severity

TEXT = st.text(st.characters(codec=None, categories=None))  # halves of surrogate pairs, too
LEAVES = st.none() | st.booleans() | st.integers() | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


def standard(value: Any) -> str:
    return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


@given(VALUES)
def test_text_is_what_the_standard_library_writes(value: Any) -> None:
    assert dump(value) == standard(value)


@given(st.floats(allow_nan=False))
def test_a_number_is_the_same_number(value: float) -> None:
    assert json.loads(dump(value)) == load(dump(value)) == load(standard(value)) == value


@given(VALUES)
def test_text_is_read_as_the_standard_library_reads_it(value: Any) -> None:
    text = standard(value)
    assert load(text) == json.loads(text)
    assert dump(load(text)) == text


def test_long_integers_words_of_enums_and_tuples() -> None:
    value = {"n": 2**80, "severity": Severity.SYSTEM, "pair": (1, ())}
    assert dump(value) == '{"n":1208925819614629174706176,"severity":"system","pair":[1,[]]}'
    assert load(dump(value)) == {"n": 2**80, "severity": "system", "pair": [1, []]}


def test_half_of_a_surrogate_pair_and_a_nul_can_be_stored() -> None:
    assert dump({"text": "a\ud800b\0"}) == '{"text":"a?b\\u0000"}'
    assert load('"\\ud800"') == "\ud800"
