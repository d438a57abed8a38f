"""Which files of tests a run needs at all: what `-m` leaves out as a whole is not even imported.

A file says so itself: `pytestmark` marks all its tests, and a mark of single tests is written where they stand.
Half of all tests are of another part than the one that runs, and to import and collect them cost a tenth of the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, combinations
from pathlib import Path

from _pytest.mark.expression import Expression

MARKS = ("wire", "slow", "torture", "fuzz")
_OF_ALL = re.compile(r"^pytestmark = (\[[^]]*\]|.*)", re.M)
_MARK = re.compile(rf"\bmark\.({'|'.join(MARKS)})\b")


def _subsets(marks: Iterable[str]) -> Iterable[tuple[str, ...]]:
    marks = sorted(marks)
    return chain.from_iterable(combinations(marks, size) for size in range(len(marks) + 1))


def may_be_chosen(expression: str, source: str, beside: str = "") -> bool:
    """Whether `-m expression` takes any test of a file of this source; `beside` is the source of its conftest files.

    A test has the marks of its file, and any of those that the file or its fixtures name besides.
    """
    try:
        compiled = Expression.compile(expression)
    except SyntaxError:
        return True  # pytest says so itself
    found = _OF_ALL.search(source)
    always = set(_MARK.findall(found[1])) if found else set()
    besides = set(_MARK.findall(source + beside)) - always

    def taken(marks: set[str]) -> bool:
        return compiled.evaluate(lambda name, /, **_: name in marks or name not in MARKS)

    return any(taken(always | set(some)) for some in _subsets(besides))


def is_needless(expression: str, path: Path) -> bool:
    """Whether no test of this file is of the part that `-m expression` names."""
    if not expression or not path.name.startswith("test_") or path.suffix != ".py":
        return False
    beside = "".join(one.read_text("utf-8") for one in _conftests(path))
    return not may_be_chosen(expression, path.read_text("utf-8"), beside)


def _conftests(path: Path) -> list[Path]:
    top = Path(__file__).parent
    return [
        parent / "conftest.py"
        for parent in path.parents
        if parent.is_relative_to(top) and (parent / "conftest.py").exists()
    ]
