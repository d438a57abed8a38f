"""docs/threading.md shows the tables that run."""

from __future__ import annotations

from pathlib import Path

import pytest

import maild.guard
import threading_rules

PAGE = Path(__file__).parents[3] / "docs" / "threading.md"


@pytest.mark.parametrize(
    ("mark", "rows"), [("threading_rules", threading_rules.table()), ("guards", maild.guard.table())]
)
def test_the_pages_tables_are_the_code_s(mark: str, rows: list[tuple[str, str, str]]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text.partition(f"<!-- table: {mark} -->\n")[2].partition("<!-- end -->")[0].splitlines()
    wanted = [f"| `{name}` | {description} | `{example}` |" for name, description, example in rows]
    assert shown[2:] == wanted
