"""Each guard that is switched off stands under the name it is switched off by, and the test that misses it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.consent.guards import GUARDS, guarded

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", GUARDS)
def test_a_guard_is_known_by_its_present_name(name: str) -> None:
    guarded(name)


@pytest.mark.parametrize("name", GUARDS)
def test_the_test_of_a_guard_is_there(name: str) -> None:
    path, _, test = GUARDS[name].test.partition("::")
    assert f"def {test}(" in (ROOT / path).read_text()
