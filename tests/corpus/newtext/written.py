"""Reads the hand-written cases: "== name", then lines that begin with "+" (new) or "-" (not)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus.newtext.clients import Case


def cases() -> Iterator[Case]:
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        for chunk in path.read_text("utf-8").split("\n== "):
            name, *marked = chunk.removeprefix("== ").rstrip("\n").split("\n")
            yield Case(name, path.stem, tuple(marked))
