"""A plugin of pytest: the guard that `MAILD_TEST_WITHOUT` names is off in this run (`test_guards.py`)."""

from __future__ import annotations

import os

from tests.consent.guards import switch_off

if name := os.environ.get("MAILD_TEST_WITHOUT"):
    switch_off(name)
