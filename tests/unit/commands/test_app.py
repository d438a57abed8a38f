from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from maild.commands.app import VERBS
from maild.demo.verbs import command as whole_command
from tests.unit.commands.conftest import TestDesk

CLI = str(Path(__file__).parents[3] / "cli.py")


def test_every_verb_stands_with_the_module_that_adds_it() -> None:
    listed = [verb for verbs in VERBS.values() for verb in verbs]
    assert sorted(whole_command().commands) == sorted(listed)
    for module, verbs in VERBS.items():
        home = module if "." in module else f"maild.commands.{module}"
        source = (Path(CLI).parent / f"{home.replace('.', '/')}.py").read_text(encoding="utf-8")
        for verb in verbs:
            named = (f'app.command("{verb}")', f'name="{verb}")', f"def {verb}(")
            assert any(one in source for one in named), (module, verb)


def loaded(*words: str) -> set[str]:
    """The modules of verbs that a command line imports."""
    program = (
        "import sys; from maild.commands.app import load_for; load_for(sys.argv[1:]);"
        "print(*(m.rpartition('.')[2] for m in sys.modules if m.startswith('maild.commands.')))"
    )
    done = subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True, text=True)
    return set(done.stdout.split()) & set(VERBS)


def test_only_the_verb_that_is_asked_for_is_loaded() -> None:
    assert loaded("--config", "list", "--as", "take", "show", "15") == {"queue"}


@pytest.mark.slow("starts two processes that load every verb")
def test_help_and_unknown_verbs_see_all_of_them(desk: TestDesk) -> None:
    done = subprocess.run([sys.executable, CLI, "--help"], check=True, capture_output=True, text=True)
    assert all(verb in done.stdout for verbs in VERBS.values() for verb in verbs)
    done = subprocess.run([sys.executable, CLI, "lsit"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "list" in done.stderr  # did you mean
