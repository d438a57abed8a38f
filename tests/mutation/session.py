"""A pytest plugin: one collected session, and in it a forked process for each mutant."""

from __future__ import annotations

import importlib
import mmap
import os
import struct
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.mutation import forks, live
from tests.mutation.areas import module_of
from tests.mutation.asked import MODULES, Asked
from tests.mutation.operators import Mutant
from tests.mutation.results import Fate, Result, Results

#: a test of each of these is run before all else
WARMING = (
    "tests/consent/test_acts.py",
    "tests/consent/test_rightful.py",
    "tests/scenarios/test_scenarios.py",
)
#: seconds after which what was learned is kept: the file is large
KEEP_EVERY = 30.0
#: how many tests of one mutant may run too long before nothing more is asked
STOPS = 2
Wanted = Sequence[tuple[str, Mutant]]


class Examples:
    """Few examples, always the same, and none made smaller: whether a test fails is all that is asked."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants", settings.get_profile("quick"), derandomize=True, database=None,
            phases=(Phase.explicit, Phase.generate),
        )  # fmt: skip
        settings.load_profile("mutants")


class Session:
    """Instead of running what was collected: learns of it what was not learned, and asks it about each mutant."""

    def __init__(
        self, wanted: Wanted, results: Results, learned: Path, budget: float, say: Callable[[str], None]
    ) -> None:
        self.wanted, self.results, self.budget, self.say = wanted, results, budget, say
        self.learned = learned
        self.sound: dict[str, bool] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {one.nodeid: one for one in session.items}
        self.config = session.config
        for path in MODULES:
            importlib.import_module(module_of(path))
        self.functions = live.living()
        self.memories = live.memories(MODULES)
        self._warm()
        self._learn()
        self.asked = Asked.read(self.learned)
        self.asked.seconds = {t: s for t, s in self.asked.seconds.items() if t in self.items}
        self.say(f"asking {len(self.asked.seconds)} tests about {len(self.wanted)} mutants")
        for path, mutant in self.wanted:
            self.results.add(result := self._result(path, mutant))
            if result.fate is not Fate.KILLED:
                self.say(
                    f"{result.fate} {path}:{mutant.line}  {mutant.what}  [{result.asked} tests] {result.by}"
                )
        return True

    def _warm(self) -> None:
        """Whole tests: templates, statements and the schema are then ready in each process. What functions
        remember of it is forgotten, since a changed function must be asked anew."""
        for file in WARMING:
            if item := next((one for name, one in self.items.items() if name.startswith(file)), None):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        self._forget()
        assert threading.active_count() == 1, "a process with threads cannot be forked"

    def _forget(self) -> None:
        for forget in self.memories:
            forget()

    def _learn(self) -> None:
        asked = Asked.read(self.learned)
        new = asked.unknown(self.items.values())
        if not new:
            return
        self.say(f"learning {len(new)} tests")

        def work(_: int) -> None:
            forks.quiet(self.config)
            failed: list[str] = []

            class Watch:
                def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
                    if report.failed:
                        failed.append(report.nodeid)

            self.config.pluginmanager.register(Watch())

            def passes(item: pytest.Item) -> bool:
                self._forget()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                return item.nodeid not in failed

            written = time.monotonic()
            for _file in asked.learn(new, self.functions, passes):
                if time.monotonic() - written > KEEP_EVERY:
                    asked.write(self.learned)
                    written = time.monotonic()
            asked.write(self.learned)

        if said := forks.apart(work):
            raise RuntimeError(said)

    def _result(self, path: str, mutant: Mutant) -> Result:
        tests = self.asked.of(path, mutant, self.results, self.budget)
        begun = time.monotonic()
        fate, by = self._fate(path, mutant, tests) if tests else (Fate.UNMET, "")
        while by and not self._sound(by):
            self.say(f"fails by itself: {by}")
            self.asked.seconds.pop(by, None)
            tests.remove(by)
            fate, by = self._fate(path, mutant, tests)
        return Result(
            path,
            mutant.id,
            mutant.line,
            mutant.what,
            fate,
            by,
            len(tests),
            round(time.monotonic() - begun, 2),
            mutant.code,
        )

    def _fate(self, path: str, mutant: Mutant, tests: Sequence[str], stops: int = 0) -> tuple[Fate, str]:
        """Where one test runs without end, others may still say that something is wrong."""
        at = mmap.mmap(-1, 4)  # shared: says which test ran when the process was ended

        def work(out: int) -> None:
            self.config.pluginmanager.register(forks.First(out))
            if not live.exchange(path, mutant, self.functions):
                raise RuntimeError("nothing was changed")
            forks.quiet(self.config)
            forks.run(
                [self.items[one] for one in tests],
                self.asked.seconds,
                lambda index: struct.pack_into("<I", at, 0, index),
            )

        try:
            by = forks.apart(work)
        except forks.Stopped:
            (index,) = struct.unpack_from("<I", at)
            rest = [*tests[:index], *tests[index + 1 :]]
            fate, by = (
                self._fate(path, mutant, rest, stops + 1) if rest and stops < STOPS else (Fate.STOPPED, "")
            )
            return (fate, by) if fate is Fate.KILLED else (Fate.STOPPED, "")
        if by and by not in self.items:
            raise RuntimeError(f"{path} {mutant.id}: {by}")
        return (Fate.KILLED, by) if by else (Fate.LIVED, "")

    def _sound(self, test: str) -> bool:
        """Whether it passes alone without a mutant: otherwise it tells nothing."""
        if test not in self.sound:

            def work(out: int) -> None:
                self.config.pluginmanager.register(forks.First(out))
                forks.quiet(self.config)
                forks.run([self.items[test]], self.asked.seconds, lambda _: None)

            try:
                self.sound[test] = not forks.apart(work)
            except forks.Stopped:
                self.sound[test] = False
        return self.sound[test]


def options(folder: Path, tests: Sequence[str], marked: str) -> list[str]:
    """Of pytest, for a session or a single run."""
    os.environ["TMPDIR"] = str(folder)
    return [
        "-q",
        "-s",
        "--few",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-W",
        "ignore",
        "-m",
        marked,
        *tests,
    ]
