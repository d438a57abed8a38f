"""The shape of the house: names that mean one thing, files that are read in one sitting."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: the product and its measurements
PRODUCT = ("maild", "threading_rules", "bench", "cli.py")
TESTS = ("tests", "docs")
#: lines of a file that needs no reason
MOST = 300
#: begins the line of a module's docstring that gives the reason of a longer one
REASON = "Over 300 lines: "


@dataclass(frozen=True)
class Source:
    """A file as the checks look at it: it is read and parsed once, whatever is asked of it."""

    name: str
    text: str

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.Call | ast.ClassDef, ...]:
        """Its calls and its classes."""
        return tuple(n for n in ast.walk(self.tree) if isinstance(n, ast.Call | ast.ClassDef))


@cache
def sources(where: tuple[str, ...]) -> tuple[Source, ...]:
    """All files of Python under these folders of the repository."""
    found = []
    for one in where:
        path = ROOT / one
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.append(Source(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")))
    return tuple(found)


def named_twice(files: Iterable[Source]) -> list[str]:
    """Class names that stand in more than one place: whoever finds `Verdict` need not ask which."""
    places: dict[str, list[str]] = {}
    for file in files:
        if file.name.startswith("bench"):
            continue
        for node in file.nodes:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{file.name}:{node.lineno}")
    return [f"{name} is a class in {', '.join(found)}" for name, found in places.items() if len(found) > 1]


def too_long(files: Iterable[Source]) -> list[str]:
    """Files that are long, and say not why; and those that give a reason and are not."""
    found = []
    for file in files:
        if file.lines <= MOST and REASON not in file.text:
            continue
        reason = (ast.get_docstring(file.tree) or "").partition(REASON)[2]
        if file.lines > MOST and not reason.strip():
            found.append(
                f"{file.name} has {file.lines} lines: split it by concept, or say why not ({REASON!r} in its docstring)"
            )
        if file.lines <= MOST and reason:
            found.append(f"{file.name} has {file.lines} lines only: it needs no reason")
    return found
