"""A mutant in a session: functions that others hold are exchanged, and the statements that run are noted."""

from __future__ import annotations

import argparse
import ast
import os
import time
from pathlib import Path
from typing import Any

import pytest

from maild.settings import CalendarSettings
from maild.ticket.calendars import build
from maild.ticket.timelog import shown
from tests.mutation import asked, forks, live
from tests.mutation.__main__ import anew
from tests.mutation.areas import AREAS, ROOT
from tests.mutation.operators import mutants
from tests.mutation.results import Fate, Result, Results, explained, reasons, table

PATH = "maild/ticket/timelog.py"
SETTINGS = CalendarSettings("test")
SOURCE = (ROOT / PATH).read_text(encoding="utf-8")


def test_a_function_that_was_imported_runs_the_changed_code() -> None:
    mutant = next(one for one in mutants(SOURCE) if one.site.name == "shown" and one.what == "60  ->  61")

    def work(out: int) -> None:
        changed = live.exchange(PATH, mutant, live.living())
        os.write(out, f"{changed} {shown(61)}".encode())

    assert forks.apart(work) == "True 1h"
    assert shown(61) == "1h01"


def test_statements_that_run_are_noted() -> None:
    def work(out: int) -> None:
        seen: set[tuple[str, str]] = set()
        live.watch(PATH, live.living(), seen.add)
        shown(5)
        os.write(out, repr({key.partition("+")[0] for _, key in seen}).encode())

    assert ast.literal_eval(forks.apart(work)) == {"shown"}


def test_what_a_function_remembers_is_emptied() -> None:
    memories = live.memories(["maild/ticket/calendars.py"])
    calendar = build(SETTINGS)
    assert build(SETTINGS) is calendar
    for empty in memories:
        empty()
    assert build(SETTINGS) is not calendar


def test_what_runs_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "CPU", 0.05)

    def work(_: int) -> None:
        forks.limit(0.0)
        while True:
            pass

    with pytest.raises(forks.Stopped, match="SIGPROF"):
        forks.apart(work)


def test_what_waits_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "WALL", 0.05)

    def work(_: int) -> None:
        forks.limit(0.0)
        time.sleep(3_600)

    with pytest.raises(forks.Stopped, match="SIGALRM"):
        forks.apart(work)


def test_later_words_on_a_mutant_replace_earlier_ones_and_those_on_other_code_do_not_count(
    tmp_path: Path,
) -> None:
    file = tmp_path / "results.jsonl"
    one, another = [*mutants(SOURCE)][:2]
    for fate in (Fate.LIVED, Fate.KILLED):
        Results(file).add(Result(PATH, one.id, 9, one.what, fate, "", 3, 0.1, one.code))
    Results(file).add(Result(PATH, another.id, 9, another.what, Fate.LIVED, "", 3, 0.1, "older"))
    rows = [*table(Results(file), {"time": [(PATH, one), (PATH, another)]})]
    assert rows[2] == "| time | 2 | 1 | 1 | 0 | 0 | 0 | 0 |"


def test_tests_of_a_module_that_was_changed_are_learned_anew() -> None:
    class Item:
        nodeid = "tests/unit/ticket/test_timelog.py::test_one"

    file = asked.file_of(Item.nodeid)
    items: Any = [Item()]
    known = asked.Asked({}, {f"{PATH}::shown+1": [Item.nodeid]}, {file: asked._hash(file)})
    assert known.unknown(items) == items
    known.modules = {path: asked._hash(path) for path in asked.MODULES}
    assert known.unknown(items) == []
    known.modules[PATH] = "another"
    assert known.unknown(items) == items
    known.modules = {**known.modules, PATH: asked._hash(PATH), "maild/ticket/due.py": "another"}
    assert known.unknown(items) == []


def test_every_reason_is_told_with_how_many_it_is_of() -> None:
    rows = [row.split(" | ") for row in reasons()][2:]
    assert sum(int(row[2]) for row in rows) == len(explained())


@pytest.mark.slow
def test_what_runs_at_import_is_imported_anew() -> None:
    told = argparse.Namespace(marked="not slow")
    tests = ["tests/unit/ticket/test_timelog.py::test_what_is_no_duration_is_refused"]
    fates = {}
    for mutant in mutants(SOURCE):
        if mutant.what in ("24  ->  25", "False  ->  True") and not mutant.site.live:
            fates[mutant.what] = anew(PATH, mutant, tests, told).fate
    assert fates == {"24  ->  25": Fate.KILLED, "False  ->  True": Fate.LIVED}


def test_what_is_explained_is_there() -> None:
    there = {
        path: {one.id for one in mutants((ROOT / path).read_text())}
        for path in {path for path, _ in explained()}
    }
    assert [one for one in explained() if one[1] not in there[one[0]]] == []


def test_the_areas_name_modules_that_are_there() -> None:
    assert [path for paths in AREAS.values() for path in paths if not (ROOT / path).is_file()] == []


def test_a_file_of_tests_that_is_written_after_they_were_collected_is_learned_the_next_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(asked, "ROOT", tmp_path)
    monkeypatch.setattr(asked, "MODULES", [])
    collected: list[Any] = [argparse.Namespace(nodeid=f"{name}.py::test") for name in ("one", "two")]
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text("before", encoding="utf-8")
    known = asked.Asked(runs={"x::y": ["two.py::test"]})
    assert known.unknown(collected) == collected
    (tmp_path / "two.py").write_text("after", encoding="utf-8")
    for _ in known.learn(collected, {}, lambda _: True):
        pass
    asked._hash.cache_clear()
    assert known.unknown(collected) == collected[1:]
    asked._hash.cache_clear()
