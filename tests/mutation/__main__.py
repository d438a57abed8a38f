"""`python -m tests.mutation AREA [--every N] [--from K]`: the mutants of an area that no test kills.

Each mutant runs in a process of its own, forked after the libraries are there, against the tests that run its line,
the quickest first, until one fails. A mutant that makes the tests hang is ended after 60 s and counts as killed.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from tests.mutation.operators import Mutant, mutants

ROOT = Path(__file__).parents[2]
VAR = ROOT / "var" / "mutants"
QUICK = "not wire and not slow and not torture and not fuzz"
SECONDS = 60
#: of tests a mutant meets, at most; those that run few lines tell as much as those that run many
BUDGET = 20.0

AREAS: dict[str, tuple[str, ...]] = {
    "consent": (
        "maild/consent/conditions.py", "maild/consent/letter.py", "maild/consent/decision_word.py",
        "maild/consent/wanted.py", "maild/consent/asking.py", "maild/consent/outcome.py",
        "maild/consent/request.py", "maild/consent/evidence.py",
        "maild/app/approval_answer.py", "maild/app/approval_candidate.py", "maild/app/approval_not_accepted.py",
        "maild/app/holding.py", "maild/app/adoption.py",
    ),
    "phases": (
        "maild/ticket/phases.py", "maild/ticket/moving.py", "maild/ticket/opening.py", "maild/ticket/routing.py",
        "maild/ticket/waiting.py", "maild/ticket/state.py",
    ),
    "time": ("maild/ticket/timelog.py", "maild/ticket/prepaid.py", "maild/ticket/terms.py"),
    "hours": (
        "maild/ticket/calendars.py", "maild/ticket/clocks.py", "maild/ticket/working_time.py", "maild/ticket/hours.py",
        "maild/ticket/service.py", "maild/ticket/due.py", "maild/ticket/public_holidays.py",
    ),
    "threading": (
        "threading_rules/reply_token.py", "threading_rules/in_reply_to.py", "threading_rules/references.py",
        "threading_rules/thread_index.py", "threading_rules/subject_tag.py", "threading_rules/bare_number.py",
        "threading_rules/view.py", "threading_rules/__init__.py", "maild/app/thread.py",
    ),
}  # fmt: skip
TESTS = (
    "tests/unit/ticket", "tests/unit/consent", "tests/unit/threading_rules", "tests/unit/app", "tests/unit/desk",
    "tests/unit/commands", "tests/unit/party", "tests/unit/report", "tests/consent", "tests/scenarios", "tests/store",
)  # fmt: skip


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed syntax tree."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        package = self.path.endswith("__init__.py")
        spec = importlib.util.spec_from_file_location(
            name,
            self.path,
            loader=self,
            submodule_search_locations=[str(Path(self.path).parent)] if package else None,
        )
        return spec

    def create_module(self, _spec: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102  the module itself, changed in one place


def learned() -> dict[str, Any]:
    """What the tests run, from a file of an earlier run when there is one."""
    at = VAR / "lines.json"
    if not at.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        told = os.environ | {
            "MAILD_LINES_OF": ":".join(path for paths in AREAS.values() for path in paths),
            "MAILD_LINES_TO": str(at),
        }
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.mutation.lines",
             "-m", QUICK, *TESTS],
            cwd=ROOT, env=told, check=False,
        )  # fmt: skip
    return dict(json.loads(at.read_text(encoding="utf-8")))


def chosen(path: str, mutant: Mutant, lines: dict[str, Any]) -> list[str]:
    """The tests that run the line, the quickest first, within the budget. A line that is run at import only: all
    that run any line of the module."""
    tests = lines["lines"].get(f"{path}:{mutant.line}")
    if tests is None:
        tests = {t for line, these in lines["lines"].items() if line.startswith(f"{path}:") for t in these}
    kept: list[str] = []
    spent = 0.0
    for test in sorted(tests, key=lambda one: float(lines["tests"][one])):
        spent += lines["tests"][test]
        if kept and spent > BUDGET:
            break
        kept.append(test)
    return kept


def lives(path: str, mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether all these tests pass with the mutant in the module's place."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        signal.alarm(SECONDS)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os._exit(_run(path, mutant.tree, tests))
    _, status = os.waitpid(pid, 0)
    try:
        os.killpg(pid, signal.SIGKILL)  # what a test that was ended left behind
    except ProcessLookupError:
        pass
    return status == 0


def _run(path: str, tree: ast.Module, tests: Sequence[str]) -> int:
    import pytest

    try:
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        code = compile(tree, str(ROOT / path), "exec")
        sys.meta_path.insert(0, _Changed(name, str(ROOT / path), code))
        return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore", *tests]))
    except BaseException:
        return 1


def main() -> None:
    args = argparse.ArgumentParser(prog="python -m tests.mutation")
    args.add_argument("area", choices=AREAS)
    args.add_argument("--every", type=int, default=1, help="one of N mutants")
    args.add_argument("--first", type=int, default=0, help="the first of them")
    args.add_argument("--only", default="", help="of this module")
    told = args.parse_args()
    os.chdir(ROOT)
    lines = learned()
    for library in (
        "pytest",
        "hypothesis",
        "sqlmodel",
        "sqlalchemy",
        "jinja2",
        "babel.dates",
        "typer",
        "rich.console",
    ):
        importlib.import_module(library)
    begun, count, alive = time.monotonic(), 0, 0
    for path in AREAS[told.area]:
        if told.only not in path:
            continue
        for index, mutant in enumerate(mutants((ROOT / path).read_text(encoding="utf-8"))):
            if index % told.every != told.first:
                continue
            tests = chosen(path, mutant, lines)
            count += 1
            if not tests or lives(path, mutant, tests):
                alive += 1
                print(f"{path}:{mutant.line}  {mutant.what}  [{len(tests)} tests]", flush=True)
    print(f"{told.area}: {count} mutants, {alive} live, {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
