"""docs/consent.md shows the conditions that run and the script that is exported."""

from __future__ import annotations

from pathlib import Path

from maild.commands.evidence import CHECK
from maild.consent import conditions

PAGE = Path(__file__).parents[3] / "docs" / "consent.md"


def test_the_page_lists_every_condition_with_its_mode() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text.partition("<!-- table: conditions -->\n")[2].partition("<!-- end -->")[0].splitlines()
    assert shown[2:] == [
        f"| `{name}` | {mode} | {description} |" for name, mode, description in conditions.table()
    ]


def test_the_page_shows_the_exported_script() -> None:
    assert f"```python\n{CHECK}```" in PAGE.read_text(encoding="utf-8")
    assert len(CHECK.splitlines()) <= 12
