"""Pauses of seconds: each longer, up to the last, and from the first again after a success."""

from __future__ import annotations

from itertools import islice

import pytest
from tenacity.wait import wait_base

from maild import pauses
from maild.pauses import Pauses


@pytest.mark.parametrize(
    ("wait", "first", "last"),
    [
        (pauses.OUR_FAULT, [0.2, 0.4, 0.8], 30.0), (pauses.ENDED, [0.5, 1.0, 2.0], 60.0),
        (pauses.UNREACHABLE, [1.0, 2.0, 4.0], 60.0), (pauses.SILENT, [1.0, 2.0, 4.0], 20.0),
    ],
)  # fmt: skip
def test_each_pause_is_twice_the_one_before_up_to_the_last(
    wait: wait_base, first: list[float], last: float
) -> None:
    found = list(islice(Pauses(wait), 200))
    assert found[:3] == first
    assert found == sorted(found)
    assert found[-1] == last


def test_after_a_success_the_first_comes_again() -> None:
    made = Pauses(pauses.UNREACHABLE)
    before = [next(made), next(made)]
    made.reset()
    assert [next(made), next(made)] == before
