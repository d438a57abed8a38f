"""Work in steps, which many pieces of the same kind take in a row: all their first, then all their second ...

The same code for one after the other finds the processor's caches full of what it needs (docs/performance.md). Steps are
what a generator does between its `yield`s; what comes of the work is what it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]


def in_step(works: Iterable[Steps[T]]) -> list[T]:
    """What comes of each, in their order. Raises what the first that fails raises; the others are not gone on with."""
    given: dict[int, T] = {}
    going = dict(enumerate(works))
    while going:
        for at, steps in tuple(going.items()):
            try:
                next(steps)
            except StopIteration as end:
                given[at] = end.value
                del going[at]
    return [given[at] for at in sorted(given)]


def whole(steps: Steps[T]) -> T:
    """What comes of it, without a pause."""
    return in_step((steps,))[0]


def each_within(around: Callable[[], AbstractContextManager[object]], steps: Steps[T]) -> Steps[T]:
    """The same, with a context of its own around each step."""
    while True:
        with around():
            try:
                next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
        yield
