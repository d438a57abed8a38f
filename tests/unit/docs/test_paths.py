"""The pages name modules and folders that are there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cases import cases

ROOT = Path(__file__).parents[3]
PAGES = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
    ROOT / "threading_rules" / "README.md",
]
_PATH = re.compile(r"`((?:maild|threading_rules|tests|bench|templates|docs|deploy)/[\w/.-]*)`")


@cases("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    named = _PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []
