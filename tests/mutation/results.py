"""What became of each mutant, in a file that a later run goes on with."""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutation.operators import Mutant

EXPLAINED = Path(__file__).with_name("explained.toml")


class Fate(StrEnum):
    KILLED = "killed"
    STOPPED = "stopped"
    """It ran longer than the tests run without it, and was ended."""
    LIVED = "lived"
    UNMET = "unmet"
    """No test that was asked runs its statement."""


@dataclass(frozen=True, slots=True)
class Result:
    """`by`: the test that failed, or "". `asked`: of how many tests. `seconds`: of a clock on the wall. `code`: Mutant's."""

    path: str
    id: str
    line: int
    what: str
    fate: Fate
    by: str
    asked: int
    seconds: float
    code: str = ""


class Results:
    """All that the file knows; the last word on a mutant counts."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known: dict[tuple[str, str], Result] = {}
        self.kills: defaultdict[str, Counter[str]] = defaultdict(Counter)
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                said = json.loads(line)
                self._learn(Result(**said | {"fate": Fate(said["fate"])}))

    def add(self, result: Result) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
        self._learn(result)

    def _learn(self, result: Result) -> None:
        self.known[result.path, result.id] = result
        if result.by:
            for of in (result.path, function_of(result.path, result.id)):
                self.kills[of][result.by] += 1

    def of(self, path: str, mutant: Mutant) -> Result | None:
        """None also when its function was changed since: what was said of it is old."""
        known = self.known.get((path, mutant.id))
        return known if known and known.code == mutant.code else None


def function_of(path: str, id: str) -> str:
    return f"{path}:{id.partition(':')[0]}"


def table(results: Results, asked: dict[str, list[tuple[str, Mutant]]]) -> Iterable[str]:
    """Rows of Markdown: of each area how many mutants there are, were run, died, ran too long, live; how many of those
    that no test killed are explained."""
    yield "| area | mutants | run | killed | ran too long | live | no test meets it | of these three explained |"
    yield "|---|---|---|---|---|---|---|---|"
    reasons = explained()
    total: Counter[str] = Counter()
    for area, these in asked.items():
        row: Counter[str] = Counter(mutants=len(these))
        for path, mutant in these:
            if known := results.of(path, mutant):
                row.update(("run", known.fate))
                row["explained"] += known.fate is not Fate.KILLED and (path, mutant.id) in reasons
        total += row
        yield _row(area, row)
    yield _row("all", total)


def _row(name: str, row: Counter[str]) -> str:
    figures = ("mutants", "run", Fate.KILLED, Fate.STOPPED, Fate.LIVED, Fate.UNMET, "explained")
    return f"| {name} | " + " | ".join(f"{row[one]:,}" for one in figures) + " |"


def reasons() -> Iterable[str]:
    """Rows of Markdown: of each module why how many mutants may live, and in which functions."""
    yield "| module | in | mutants | why |"
    yield "|---|---|---|---|"
    for path, said in tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).items():
        for why, ids in said.items():
            places = dict.fromkeys(f"`{id.partition(':')[0]}`" for id in ids)
            yield f"| `{path}` | {', '.join(places)} | {len(ids)} | {why} |"


def explained() -> dict[tuple[str, str], str]:
    """Why a mutant may live, by path and Mutant.id."""
    said = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    return {(path, id): why for path, reasons in said.items() for why, ids in reasons.items() for id in ids}
