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
