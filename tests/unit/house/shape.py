"""The shape of the house: names that mean one thing, files that are read in one sitting.

`python -m tests.unit.house.shape` prints each breach and fails where there is any (`make check`).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
WHERE = ("maild", "threading_rules", "bench")
#: lines of a file that needs no reason
MOST = 300
#: begins the line of a module's docstring that gives the reason of a longer one
REASON = "Over 300 lines: "

#: (file, how many lines, what it holds)
Source = tuple[str, int, ast.Module]


def source(name: str, text: str) -> Source:
    """A file as the checks look at it."""
    return name, text.count("\n"), ast.parse(text)


@cache
def sources() -> tuple[Source, ...]:
    """The product and its measurements."""
    paths = (*(path for name in WHERE for path in sorted((ROOT / name).rglob("*.py"))), ROOT / "cli.py")
    return tuple(source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths)


def named_twice(files: Iterable[Source]) -> list[str]:
    """Class names that stand in more than one place: whoever finds `Verdict` need not ask which."""
    places: dict[str, list[str]] = {}
    for name, _, tree in files:
        if name.startswith("bench"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{name}:{node.lineno}")
    return [f"{name} is a class in {', '.join(found)}" for name, found in places.items() if len(found) > 1]


def too_long(files: Iterable[Source]) -> list[str]:
    """Files that are long, and say not why; and those that give a reason and are not."""
    found = []
    for name, lines, tree in files:
        reason = (ast.get_docstring(tree) or "").partition(REASON)[2]
        if lines > MOST and not reason.strip():
            found.append(
                f"{name} has {lines} lines: split it by concept, or say why not ({REASON!r} in its docstring)"
            )
        if lines <= MOST and reason:
            found.append(f"{name} has {lines} lines only: it needs no reason")
    return found


def main() -> int:
    breaches = [*named_twice(sources()), *too_long(sources())]
    sys.stdout.writelines(f"{one}\n" for one in breaches)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
