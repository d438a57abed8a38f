"""With its guard off, the test that names an attack fails: none of them passes whatever the code does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.consent.guards import GUARDS

ROOT = Path(__file__).resolve().parents[2]

#: a run of pytest for each guard
pytestmark = pytest.mark.torture
FAILED = 1  # exit code of pytest where tests ran and some failed


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_the_test_of_an_attack_fails(name: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "tests.consent.guard_off",
               GUARDS[name].test]  # fmt: skip
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "MAILD_TEST_WITHOUT": name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == FAILED, done.stdout[-3000:] + done.stderr[-1000:]
