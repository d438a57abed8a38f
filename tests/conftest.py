"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

from tests import kept

# a busy machine is slow and not wrong; where everybody's verdict is made, the same examples are tried each time
settings.register_profile("tests", deadline=None)
settings.register_profile("ci", settings.get_profile("tests"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "tests")

kept.keep()
