"""A table of cases in one test loses none of them, and a failure names its case."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.cases import Chosen, cases

pytest_plugins = ["pytester"]

HEAD = """
import pytest
from tests.cases import cases
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own, with our option and our count; what it chose is not chosen for those that follow."""
    monkeypatch.setattr(Chosen, "text", Chosen.text)
    pytester.makeconftest(
        "from tests.conftest import pytest_addoption, pytest_configure, pytest_terminal_summary"
    )
    return pytester


def ran(inner: pytest.Pytester, body: str, *options: str) -> pytest.RunResult:
    inner.makepyfile(HEAD + body)
    return inner.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:asyncio", *options)


def test_each_with_each_is_tried_and_counted(inner: pytest.Pytester) -> None:
    done = ran(inner, """
seen = []
@pytest.fixture
def folder(): return "here"
@cases(("word", "length"), [("a", 1), ("bb", 2)], ids=["one", "two"])
@cases("times", range(3))
def test_law(folder, word, length, times):
    seen.append((folder, word, times))
    assert len(word * times) == length * times
def test_all_came():
    assert seen == [("here", w, t) for w in ("a", "bb") for t in range(3)]
""")  # fmt: skip
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["7 cases in 2 tests"])


def test_one_that_fails_is_named_and_shown(inner: pytest.Pytester) -> None:
    done = ran(inner, """
@cases("number", [1, 2, 3], ids=lambda n: f"number {n}")
def test_law(number): assert number != 2, "two is no number"
""")  # fmt: skip
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*two is no number", "*the case: number 2", "3 cases in 1 tests"])


def test_all_that_fail_are_named_also_where_one_would_be_skipped(inner: pytest.Pytester) -> None:
    done = ran(inner, """
@cases("number", range(9))
def test_law(number):
    if number == 8: pytest.skip("not here")
    with pytest.raises(ValueError):
        if number < 2: raise ValueError
""")  # fmt: skip
    done.assert_outcomes(failed=1)
    said = done.stdout.str()
    assert "7 of 9 cases fail; also: 7, 8" in said
    assert [int(n) for n in dict.fromkeys(re.findall(r"the case: (\d)", said))] == [2, 3, 4, 5, 6]


def test_some_can_be_chosen(inner: pytest.Pytester) -> None:
    table = """
@cases("word", ["ab", "bc", "cd"])
def test_law(word): assert word != "cd"
"""
    for text, passed, skipped in (("b", 1, 0), ("nothing", 0, 1)):
        ran(inner, table, "--case", text).assert_outcomes(passed=passed, skipped=skipped)


def test_row_that_does_not_fit_is_no_table() -> None:
    for names, row in itertools.product((("a", "b"), "a, b"), ((1,), (1, 2, 3))):
        with pytest.raises(ValueError, match="each case has values for a, b"):
            cases(names, [row])
