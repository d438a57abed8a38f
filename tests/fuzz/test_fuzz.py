"""Fuzzing of everything that reads mail: some thousand inputs with every test run, minutes of it by `make fuzz`."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.laws import check
from tests.fuzz.mutations import TOKENS, mutated, seeds

#: thousands of inputs
pytestmark = pytest.mark.slow

MINUTES = 4


def _run(seed: int, count: int, *, until: float = float("inf")) -> int:
    """Checks `count` inputs; a failure names the seed and number by which it comes again."""
    done = 0
    for number in range(count):
        if time.monotonic() > until:
            break
        raw = mutated(random.Random(f"{seed}/{number}"))
        try:
            check(raw)
        except Exception as error:
            raise AssertionError(f"random.Random('{seed}/{number}'): {error!r} on {raw[:300]!r}") from error
        done += 1
    return done


def test_seeds_obey_the_laws() -> None:
    assert len(seeds()) > 250
    for raw in seeds()[::4]:
        assert check(raw) is not None


def test_some_hundred_damaged_mails_obey_the_laws() -> None:
    assert _run(1, 400) == 400


@pytest.mark.slow
def test_some_thousand_damaged_mails_obey_the_laws() -> None:
    assert _run(2, 3_000) == 3_000


@pytest.mark.fuzz
def test_damaged_mails_for_minutes() -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    done = _run(seed, 10_000_000, until=time.monotonic() + 60 * MINUTES)
    print(f"seed {seed}: {done} mails")
    assert done > 1_000


_PIECES = st.one_of(
    st.sampled_from(TOKENS),
    st.binary(max_size=30),
    st.text(max_size=30).map(lambda t: t.encode("utf-8", "replace")),
)


@pytest.mark.fuzz
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_PIECES, max_size=60).map(b"".join))
def test_anything_made_of_pieces(raw: bytes) -> None:
    check(b"From: a@b.example\r\n" + raw)
    check(raw)
