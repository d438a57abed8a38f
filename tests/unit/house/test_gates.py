"""The gates of `make check` are shut: what they forbid is planted, and each is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.house import dead_code

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
    ("threading_rules/references.py", "import maild.ticket.moving", "maild.ticket"),
    ("maild/render/header.py", "import maild.ticket.moving", "maild.ticket"),
    ("maild/send/maildir.py", "import maild.notice.content", "maild.notice"),
    ("maild/mail/auth/block.py", "import dns.resolver", "dns"),
    ("maild/consent/costs.py", "import smtplib", "smtplib"),
    ("maild/consent/letter.py", "import time", "time"),
    ("maild/app/telling.py", "import subprocess", "subprocess"),
    ("maild/desk/filters.py", "import typer", "typer"),
    ("maild/work/nonces.py", "import sqlalchemy", "sqlalchemy"),
    ("maild/commands/words.py", "import sqlite3", "sqlite3"),
    ("maild/web/look.py", "import sqlmodel", "sqlmodel"),
    ("maild/tui/keys.py", "import mailparser", "mailparser"),
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


#: what ruff forbids besides mistakes: an argument that nothing reads, code that was put out of use
PLANTED_LINES = (
    ("ARG001", "def planted(used: int, unused: int) -> int:\n    return used\n"),
    ("ARG005", "planted = lambda unused: 1\n"),
    ("ERA001", "# planted = compute(1, 2)\n"),
)


@pytest.mark.parametrize(("code", "line"), PLANTED_LINES, ids=[code for code, _ in PLANTED_LINES])
def test_planted_line_is_found(code: str, line: str) -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "ruff"), "check", "--no-cache", "--output-format", "concise",
         "--stdin-filename", str(ROOT / "maild" / "party" / "planted.py"), "-"],
        cwd=ROOT, input=line, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert f" {code} " in run.stdout


def test_planted_function_is_among_what_nothing_uses(tmp_path: Path) -> None:
    file = tmp_path / "maild" / "ticket" / "thanks.py"
    file.parent.mkdir(parents=True)
    for name in dead_code.WHERE:
        path = tmp_path / name
        path.touch() if path.suffix else path.mkdir(exist_ok=True)
    shutil.copy(ROOT / "maild" / "ticket" / "thanks.py", file)
    with file.open("a", encoding="utf-8") as more:
        more.write("\n\ndef planted() -> None:\n    pass\n")
    assert any(line.endswith("unused function planted") for line in dead_code.unused(tmp_path))


@pytest.mark.slow
def test_function_that_nothing_uses_is_found(tmp_path: Path) -> None:
    for name in dead_code.WHERE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path)
    with (tmp_path / "maild" / "ticket" / "thanks.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef planted() -> None:\n    pass\n")
    (found,) = dead_code.unused(tmp_path)
    assert found.endswith("unused function planted")
    assert found.startswith("maild/ticket/thanks.py:")


def test_room_that_stands_in_no_layer_is_found(found: str) -> None:
    assert "maild.cellar" in found
