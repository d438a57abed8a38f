"""Each numbered folder: mails in through the SMTP port, verbs between them, and what came of it.

`steps` is what happens, a line each (see desk.perform); without it the mails come in the order of their names.
`config.toml` is added to the desk's. `expected.txt` is the whole outcome, written and read by people.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.scenarios.desk import perform, scenario_desk, told

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
FOLDERS = sorted(p.parent for p in HERE.glob("[0-9][0-9]-*/expected.txt"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenario_ends_as_expected(folder: Path, tmp_path: Path, prepared: Path) -> None:
    extra = folder / "config.toml"
    steps = folder / "steps"
    lines = steps.read_text(encoding="utf-8").splitlines() if steps.exists() else []
    with scenario_desk(
        tmp_path, config=extra.read_text(encoding="utf-8") if extra.exists() else "", prepared=prepared
    ) as desk:
        for step in lines or sorted(p.name for p in folder.glob("*.eml")):
            perform(desk, folder, step)
        found = told(desk)
    expected = (folder / "expected.txt").read_text(encoding="utf-8")
    difference = difflib.unified_diff(
        expected.splitlines(), found.splitlines(), "expected", "found", lineterm="", n=9
    )
    assert found == expected, "\n" + "\n".join(difference)


def test_every_folder_has_an_expectation() -> None:
    assert len(FOLDERS) >= 56
    assert {p.name for p in HERE.glob("[0-9][0-9]-*")} == {p.name for p in FOLDERS}
