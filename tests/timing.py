"""The one way in which a test judges how long something takes.

A test that fails on a slow or busy machine says nothing about the code. So the time is what this thread had of the
processor, without the collector (what other tests left in memory is not the code's), the least of some runs; and what
is judged is how it grows, or a limit far from the usual on one side and from the fault on the other.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

#: runs before a verdict; the first that is good enough ends them
ROUNDS = 5
#: four times the size may take so many times as long: 4 is linear, 16 is the square
MOST_GROWTH = 8.0
#: seconds that a test waits for what must come; it goes on as soon as it is there, so only a fault takes so long
PATIENCE = 60.0
#: seconds below which a measured time is noise of the clock and of caches
NOISE = 0.002


@contextmanager
def without_collector() -> Iterator[None]:
    """No collection inside; afterwards as it was."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def spent(work: Callable[[], object]) -> float:
    """Seconds of the processor that this thread needs for it, once."""
    with without_collector():
        began = time.thread_time()
        work()
        return time.thread_time() - began


def least(work: Callable[[], object], good: float) -> float:
    """The least of some runs; no further run after one that is below `good` (seconds)."""
    best = spent(work)
    for _ in range(ROUNDS - 1):
        if best < good:
            break
        best = min(best, spent(work))
    return best


def takes_less(seconds: float, work: Callable[[], object], what: object = "") -> None:
    """Asserts a limit: at least eight times what an idle machine takes, and far below what the fault takes."""
    found = least(work, seconds)
    assert found < seconds, f"{what} takes {found:.4f} s of the processor at its best, allowed are {seconds}"


def grows_as_its_size(make: Callable[[int], Callable[[], object]], size: int, what: object = "") -> None:
    """Asserts that four times the size is about four times the work, and not sixteen.

    `make(n)` prepares an input of size n and gives what is measured on it. Both sizes are measured in turns, so a
    neighbour who takes the processor's caches for a while meets both.
    """
    one, four = make(size), make(4 * size)
    small = large = float("inf")
    for _ in range(ROUNDS):
        small, large = min(small, spent(one)), min(large, spent(four))
        if large <= MOST_GROWTH * max(small, NOISE):
            return
    raise AssertionError(f"{what}: {small:.4f} s for {size}, {large:.4f} s for four times that")


async def until(ready: Callable[[], object]) -> None:
    """Lets others run until `ready()`."""
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, f"not within {PATIENCE} s"
        await asyncio.sleep(0.005)


def came(found: Callable[[], T | None], told: Callable[[], str], seconds: float = PATIENCE) -> T:
    """Sleeps until `found()` gives something, and gives that. Where it never does, `told()` says what is known."""
    end = time.monotonic() + seconds
    while not (one := found()):
        assert time.monotonic() < end, f"not within {seconds} s: {told()}"
        time.sleep(0.01)
    return one


def waited(ready: Callable[[], object], told: Callable[[], str], seconds: float = PATIENCE) -> float:
    """Sleeps until `ready()`; the seconds it took."""
    began = time.monotonic()
    came(ready, told, seconds)
    return time.monotonic() - began
