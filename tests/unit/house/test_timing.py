"""The judge of time tells a square from a line, and a fault from a busy machine."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from tests import timing


def walking(rounds: Callable[[int], int]) -> Callable[[int], Callable[[], object]]:
    return lambda size: lambda: sum(range(rounds(size)))


def test_a_square_is_found_and_a_line_is_not() -> None:
    timing.grows_as_its_size(walking(lambda size: 200 * size), 2_000)
    with pytest.raises(AssertionError, match="for four times that"):
        timing.grows_as_its_size(walking(lambda size: size * size // 4), 1_000)


def test_a_limit_is_held_by_the_best_run(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = iter([3.0, 2.0, 0.5, 9.0])
    monkeypatch.setattr(timing, "spent", lambda _: next(runs))
    timing.takes_less(1.0, lambda: None)
    assert next(runs) == 9.0
    monkeypatch.setattr(timing, "spent", lambda _: 2.0)
    with pytest.raises(AssertionError, match="allowed are"):
        timing.takes_less(1.0, lambda: None)


def test_the_collector_is_as_it_was() -> None:
    with timing.without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()


async def test_what_never_comes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "PATIENCE", 0.02)
    with pytest.raises(AssertionError, match="not within"):
        await timing.until(lambda: False)
