"""`python -m tests.mutation [AREA ...]`: the mutants that no test kills.

Each mutant runs in a process of its own, forked from one that has imported and collected everything, against the tests
that run its statement, until one fails. Two kinds: what stands in a function's body is exchanged in the module that is
there; what runs at import is imported anew, changed, by a process that has the libraries alone.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from tests.mutation import forks
from tests.mutation.areas import AREAS, NEAR, QUICK, ROOT, TESTS, module_of
from tests.mutation.asked import Asked, remembered
from tests.mutation.operators import Mutant, mutants
from tests.mutation.results import Fate, Result, Results, explained, reasons, table

LIBRARIES = (
    "pytest",
    "hypothesis",
    "sqlmodel",
    "sqlalchemy",
    "jinja2",
    "babel.dates",
    "typer",
    "rich.console",
)
SPREAD = 8


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed syntax tree."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code
        self.ran = False

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        inside = [str(Path(self.path).parent)] if self.path.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            name, self.path, loader=self, submodule_search_locations=inside
        )

    def create_module(self, _spec: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self.ran = True
        exec(self.code, module.__dict__)  # noqa: S102  the module itself, changed in one place


def say(text: str) -> None:
    print(text, flush=True)


def _forget_ours() -> None:
    """This program itself has imported some of what is to be imported anew."""
    for name in [*sys.modules]:
        ours = name.partition(".")[0] in ("maild", "threading_rules", "tests")
        if ours and not name.startswith("tests.mutation"):
            del sys.modules[name]


def anew(path: str, mutant: Mutant, tests: Sequence[str], told: argparse.Namespace) -> Result:
    """Imports everything with the changed module in its place."""

    def work(out: int) -> None:
        import pytest

        from tests.mutation.session import Examples, options

        forks.limit(60.0)
        file = str(ROOT / path)
        changed = _Changed(module_of(path), file, compile(mutant.tree, file, "exec"))
        _forget_ours()
        sys.meta_path.insert(0, changed)
        code = pytest.main(
            options(Path(tempfile.gettempdir()), tests, told.marked), [Examples(), forks.First(out)]
        )
        if code:
            os.write(out, b"import or collection")
        elif not changed.ran:
            raise RuntimeError("nothing was changed")

    begun = time.monotonic()
    try:
        by = forks.apart(work)
        if by.startswith("RuntimeError: nothing"):
            raise RuntimeError(f"{path} {mutant.id}: {by}")
        fate = Fate.KILLED if by else Fate.LIVED
    except forks.Stopped:
        by, fate = "", Fate.STOPPED
    took = round(time.monotonic() - begun, 2)
    return Result(path, mutant.id, mutant.line, mutant.what, fate, by, len(tests), took, mutant.code)


def wanted(told: argparse.Namespace, results: Results) -> list[tuple[str, Mutant]]:
    """Every eighth of all areas first, then those beside them: a run that is broken off has seen of everything."""
    found = []
    reasons = explained()
    for area in told.area or AREAS:
        index = 0
        for path in AREAS[area]:
            for mutant in mutants((ROOT / path).read_text(encoding="utf-8")):
                index += 1
                known = results.of(path, mutant)
                if (
                    not any(one in f"{path}:{mutant.line}:" for one in told.only)
                    or index % told.every != told.first
                ):
                    continue
                died = known is not None and known.fate is Fate.KILLED
                if told.lived and known and (path, mutant.id) in reasons:
                    continue
                if (told.lived and died) or (told.resume and known and not told.lived):
                    continue
                if told.lived and known is None and not told.resume:
                    continue
                found.append((-1 if known else index % SPREAD, path, mutant))
    return [(path, mutant) for _, path, mutant in sorted(found, key=lambda one: one[0])]


def all_of_them() -> dict[str, list[tuple[str, Mutant]]]:
    return {
        area: [(path, one) for path in paths for one in mutants((ROOT / path).read_text(encoding="utf-8"))]
        for area, paths in AREAS.items()
    }


def unexplained(results: Results, areas: Sequence[str]) -> Iterator[str]:
    reasons = explained()
    for area, these in all_of_them().items():
        for path, mutant in these:
            known = results.of(path, mutant)
            if (areas and area not in areas) or (known and known.fate is Fate.KILLED):
                continue
            if (path, mutant.id) not in reasons:
                yield f"{known.fate if known else 'not run'} {path}:{mutant.line}  {mutant.id}"


def in_session(these: Sequence[tuple[str, Mutant]], told: argparse.Namespace, folder: Path) -> None:
    """A process of its own collects the tests and answers for those in functions."""
    pid = os.fork()
    if pid == 0:
        import pytest

        from tests.mutation.session import Examples, Session, options

        tests = told.tests or (NEAR if told.near else TESTS)
        session = Session(
            these, Results(told.results), told.results.with_name("tests.json"), told.budget, say
        )
        code = pytest.main(options(folder, tests, told.marked), [Examples(), session])
        os._exit(int(code))
    _, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit(f"the session ended with {os.waitstatus_to_exitcode(status)}")


def main() -> None:
    args = argparse.ArgumentParser(prog="python -m tests.mutation")
    args.add_argument("area", nargs="*", choices=[[], *AREAS], help="all, when none is named")
    args.add_argument("--every", type=int, default=1, help="one of N mutants")
    args.add_argument("--first", type=int, default=0, help="the first of them")
    args.add_argument(
        "--only", nargs="*", default=[""], help="those whose path:line: holds one of these texts"
    )
    args.add_argument(
        "--resume", action="store_true", help="leave out what an earlier run knows; with --lived what died"
    )
    args.add_argument(
        "--lived", action="store_true", help="only what did not die in an earlier run and is not explained"
    )
    args.add_argument(
        "--near", action="store_true", help="ask the tests beside the modules, not those of whole ways"
    )
    args.add_argument("--tests", nargs="*", help="ask these files and folders alone")
    args.add_argument("--marked", default=QUICK, help="pytest's -m")
    args.add_argument("--budget", type=float, default=20.0, help="seconds of tests for each, at most")
    args.add_argument("--results", type=Path, default=remembered() / "results.jsonl")
    args.add_argument(
        "--imports",
        action="store_true",
        help="import anew, changed, also what no test met: it may run at import alone",
    )
    args.add_argument("--table", action="store_true", help="what is known so far, as rows of Markdown")
    args.add_argument("--open", action="store_true", help="what no test killed and nobody explained")
    args.add_argument("--reasons", action="store_true", help="why mutants may live, as rows of Markdown")
    told = args.parse_args()
    os.chdir(ROOT)
    results = Results(told.results)
    shown: list[Iterable[str]] = []
    if told.table:
        shown.append(table(results, all_of_them()))
    if told.open:
        shown.append(unexplained(results, told.area))
    if told.reasons:
        shown.append(reasons())
    for rows in shown:
        say("\n".join(rows))
    if shown:
        return
    for library in LIBRARIES:
        importlib.import_module(library)
    begun = time.monotonic()
    these = wanted(told, results)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        in_session([one for one in these if one[1].site.live], told, Path(folder))
        results = Results(told.results)
        asked = Asked.read(told.results.with_name("tests.json"))
        for path, mutant in these:
            known = results.of(path, mutant)
            if not mutant.site.live or (known and known.fate is Fate.UNMET and told.imports):
                tests = asked.of(path, mutant, results, told.budget, at_import=True)
                results.add(result := anew(path, mutant, tests, told))
                if result.fate is not Fate.KILLED:
                    say(f"{result.fate} {path}:{mutant.line}  {mutant.what}  [{len(tests)} tests]")
    fates = [one.fate for path, m in these if (one := Results(told.results).of(path, m))]
    say(f"{len(these)} mutants, {fates.count(Fate.KILLED)} killed, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
