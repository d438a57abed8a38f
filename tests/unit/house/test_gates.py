"""The gates of `make check` are shut: what the rules of import forbid is planted, and each is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

#: module that is changed, line that is planted, module that must not be imported
PLANTED = (
    ("maild/mail/parse/mail.py", "import maild.party.entitlement", "maild.party"),
    ("maild/mail/parse/dates.py", "import maild.mail.guard.bounce", "maild.mail.guard"),
    ("maild/mail/newtext/lines.py", "import maild.mail.parse.html", "maild.mail.parse"),
    ("maild/render/wrap.py", "import maild.mail.parse.html", "maild.mail.parse"),
    ("maild/mail/guard/own.py", "import maild.app.join", "maild.app"),
    ("maild/ticket/hints.py", "import maild.consent.conditions", "maild.consent"),
    ("maild/party/freemail.py", "import maild.ticket.clocks", "maild.ticket"),
    ("maild/consent/costs.py", "import maild.app.acts", "maild.app"),
    ("maild/app/join.py", "import maild.store", "maild.store"),
    ("maild/app/case.py", "import secrets", "secrets"),
    ("maild/store/tx.py", "import maild.app.case", "maild.app"),
    ("maild/receive/trace.py", "import maild.store", "maild.store"),
    ("maild/work/clock.py", "import maild.commands", "maild.commands"),
    ("maild/app/lookup.py", "import mailparser", "mailparser"),
    ("threading_rules/subject_tag.py", "import maild.store", "maild.store"),
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the house in which everything above is planted."""
    folder = tmp_path_factory.mktemp("planted")
    for name in ("maild", "threading_rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, line, _ in PLANTED:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    (folder / "maild" / "cellar.py").write_text("", encoding="utf-8")
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    return " ".join(run.stdout.split())


@pytest.mark.parametrize(("name", "line", "target"), PLANTED, ids=lambda value: value)
def test_planted_import_is_found(found: str, name: str, line: str, target: str) -> None:
    module = name.removesuffix(".py").replace("/", ".")
    assert f"- {module} -> {line.removeprefix('import ')}" in found or f"- {module} -> {target}" in found


def test_room_that_stands_in_no_layer_is_found(found: str) -> None:
    assert "maild.cellar" in found
