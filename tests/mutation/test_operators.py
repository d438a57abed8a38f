"""The changes of mutation testing: each is made once, in one place, and nothing else is touched."""

from __future__ import annotations

import ast

import pytest

from tests.mutation.operators import mutants


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ("x < 3", ["x <= 3", "x < 4"]),
        ("a and b", ["a or b"]),
        ("not a", ["+bool(a)"]),
        ("a + b", ["a - b"]),
        ("x = True", ["x = False"]),
        ("f(x)", ["pass"]),
        ("x += y", ["pass"]),
        ("y if x else z", ["y if True else z", "y if False else z"]),
        ("def f():\n    return x", ["def f():\n    return None"]),
        ("def f(a: int | None) -> 'x':\n    return None", []),
        ("x = f'{a} is {b}'", []),
        ("x = 'a' + b", []),
    ],
)
def test_each_change_is_made_once(source: str, becomes: list[str]) -> None:
    assert [ast.unparse(one.tree) for one in mutants(source)] == becomes


def test_a_change_says_its_line_and_what_it_became() -> None:
    (first, *_) = mutants("x = 1\ny = 2 if x < 3 else 4\n")
    assert (first.line, first.what) == (1, "1  ->  2")


CLASS = """
class A:
    x: int = 1

    def f(self, b=2):
        if b:
            return 3
"""


def test_what_runs_at_import_is_told_from_what_runs_in_a_function() -> None:
    sites = {one.what: one.site for one in mutants(CLASS)}
    assert {what: site.live for what, site in sites.items()} == {
        "1  ->  2": False,
        "2  ->  3": False,
        "if b:  ->  if True:": True,
        "if b:  ->  if False:": True,
        "return 3  ->  return None": True,
        "3  ->  4": True,
    }
    assert sites["3  ->  4"].key == sites["return 3  ->  return None"].key == "A.f+2"


def test_a_mutant_has_the_same_name_after_a_change_elsewhere() -> None:
    before, after = (list(mutants(text)) for text in (CLASS, "\n\ny = None\n" + CLASS))
    assert [one.id for one in before] == [one.id for one in after]
    assert [one.site.key for one in before if one.site.live] == [
        one.site.key for one in after if one.site.live
    ]
    assert len({one.id for one in before}) == len(before)
