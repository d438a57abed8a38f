"""Work that many do in step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from maild.steps import Steps, each_within, in_step, whole


def _says(said: list[str], name: str, times: int, *, fails: bool = False) -> Steps[str]:
    for turn in range(times):
        said.append(f"{name}{turn}")
        yield
    if fails:
        raise ValueError(name)
    return name.upper()


def test_all_take_a_step_before_any_takes_the_next() -> None:
    said: list[str] = []
    assert in_step(_says(said, name, times) for name, times in (("a", 2), ("b", 0), ("c", 3))) == [
        "A",
        "B",
        "C",
    ]
    assert said == ["a0", "c0", "a1", "c1", "c2"]
    assert in_step(()) == []


def test_one_that_fails_ends_all() -> None:
    said: list[str] = []
    with pytest.raises(ValueError, match="b"):
        in_step((_says(said, "a", 3), _says(said, "b", 1, fails=True)))
    assert said == ["a0", "b0", "a1"]


def test_whole_goes_through_all_steps() -> None:
    said: list[str] = []
    assert whole(_says(said, "a", 2)) == "A"
    assert said == ["a0", "a1"]


def test_each_step_has_its_context_and_none_is_open_between_them() -> None:
    said: list[str] = []

    @contextmanager
    def around() -> Iterator[None]:
        said.append("(")
        yield
        said.append(")")

    assert in_step(each_within(around, _says(said, name, 1)) for name in "ab") == ["A", "B"]
    assert said == ["(", "a0", ")", "(", "b0", ")", "(", ")", "(", ")"]
