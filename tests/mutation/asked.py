"""Which tests run which statements, and how long each takes: learned once, by running them all watched."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest

from tests.mutation.areas import AREAS, ROOT, module_of
from tests.mutation.live import Functions, watch
from tests.mutation.operators import Mutant
from tests.mutation.results import Results, function_of

#: what pytest does around each test, seconds
AROUND = 0.004
MODULES = sorted(path for paths in AREAS.values() for path in paths)


@dataclass(slots=True)
class Asked:
    """`seconds`: of the processor, by test; a test that fails by itself is not there. `runs`: by "path::Site.key".
    `files`: the hash of each file of tests when it was learned. `modules`: that of each module that was watched then."""

    seconds: dict[str, float] = field(default_factory=dict)
    runs: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Asked:
        if not file.exists():
            return cls()
        said = json.loads(file.read_text(encoding="utf-8"))
        known = cls(said["seconds"], said["runs"], said["files"], said["modules"])
        return known if set(MODULES) <= known.modules.keys() else cls()

    def write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        said = {"seconds": self.seconds, "runs": self.runs, "files": self.files, "modules": self.modules}
        made = file.with_suffix(".new")  # another run may read it meanwhile
        made.write_text(json.dumps(said), encoding="utf-8")
        made.replace(file)

    def unknown(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """Tests in files that were written since, or were never learned, or run a module that was changed since: its
        statements have other numbers now."""
        items = [*items]
        # as they are collected: a file that is written while others are learned is learned the next time
        collected = {file: _hash(file) for file in {file_of(one.nodeid) for one in items}}
        changed = {path for path in MODULES if self.modules.get(path) != _hash(path)}
        stale = {
            file_of(one)
            for key, tests in self.runs.items()
            if key.partition("::")[0] in changed
            for one in tests
        }
        return [
            one
            for one in items
            if file_of(one.nodeid) in stale
            or self.files.get(file_of(one.nodeid)) != collected[file_of(one.nodeid)]
        ]

    def learn(
        self, items: Sequence[pytest.Item], functions: Functions, run: Callable[[pytest.Item], bool]
    ) -> Iterator[None]:
        """Runs them; yields after each file of tests. `run`: whether a test passes."""
        hits: set[tuple[str, str]] = set()
        for path in MODULES:
            watch(path, functions, hits.add)
        for file, tests in groupby(items, lambda one: file_of(one.nodeid)):
            for key in [*self.runs]:
                self.runs[key] = [one for one in self.runs[key] if file_of(one) != file]
            for item in tests:
                hits.clear()
                begun = _processor()
                passes = run(item)
                self.seconds.pop(item.nodeid, None)
                if passes:
                    self.seconds[item.nodeid] = round(_processor() - begun, 4)
                    for path, key in hits:
                        self.runs.setdefault(f"{path}::{key}", []).append(item.nodeid)
            self.files[file] = _hash(file)
            yield
        self.modules = {path: _hash(path) for path in MODULES}

    @staticmethod
    def _names(file: str, path: str, mutant: Mutant) -> bool:
        module = module_of(path).rpartition(".")[2]
        text = _text(file)
        return module in text and mutant.site.name.partition(".")[0] in text

    def of(
        self, path: str, mutant: Mutant, results: Results, budget: float, *, at_import: bool = False
    ) -> list[str]:
        """The tests that run the statement; those that killed its neighbours first, then the quickest, within
        `budget` seconds. What runs at import only is met by all tests of the module, and by those that name it."""
        tests: Iterable[str] = self.runs.get(f"{path}::{mutant.site.key}", [])
        if not mutant.site.live or (not tests and at_import):
            tests = {one for key, these in self.runs.items() if key.startswith(f"{path}::") for one in these}
            tests |= {one for one in self.seconds if self._names(file_of(one), path, mutant)}
        near, here = results.kills[path], results.kills[function_of(path, mutant.id)]

        def cost(test: str) -> tuple[float, str]:
            return (self.seconds[test] + AROUND) / (1 + 2 * near[test] + 20 * here[test]), test

        kept: list[str] = []
        spent = 0.0
        for test in sorted((one for one in tests if one in self.seconds), key=cost):
            spent += self.seconds[test] + AROUND
            if not kept or spent <= budget:
                kept.append(test)
        return kept


@functools.cache
def _text(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def file_of(test: str) -> str:
    return test.partition("::")[0]


def _processor() -> float:
    """Seconds that this process and what it started have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@functools.cache
def _hash(file: str) -> str:
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()[:16]


def remembered() -> Path:
    """Outside the repository, since a run goes on after many changes to it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "maild-mutants"
