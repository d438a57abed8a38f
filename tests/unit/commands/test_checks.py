from __future__ import annotations

from dataclasses import replace

from maild.commands import checks
from maild.settings import Settings
from tests.unit.commands.conftest import TestDesk


def test_broken_view_is_found(desk: TestDesk) -> None:
    desk.config.write_text(desk.config.read_text() + '[views]\nfine = "--mine"\nbad = "--mni"\n')
    rows = desk.run("check", "--json", ok=False).rows
    found = [r["text"] for r in rows if r["what"] == "views"]
    assert len(found) == 1
    assert found[0].startswith("[views] bad = ")


def test_view_that_can_be_read_is_no_fault() -> None:
    assert list(checks._views(replace(Settings(), views={"fine": "--mine --late"}))) == []
