"""The rules of the house that import-linter cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PURE = ("mail", "ticket", "party", "consent", "notice", "report", "app", "render")
#: calls that make a room answer differently tomorrow
IMPURE = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "monotonic"), ("time", "sleep"), ("os", "urandom"), ("uuid", "uuid4"), ("random", "random"),
}  # fmt: skip
#: render/'s loader and the tables of words are read from our own package
READERS = {
    "render/loader.py", "render/share.py", "mail/keywords.py", "mail/languages/__init__.py",
}  # fmt: skip


def _files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from sorted((ROOT / "maild" / room).rglob("*.py"))
    yield from sorted((ROOT / "threading_rules").glob("*.py"))


@pytest.mark.parametrize("path", list(_files(*PURE)), ids=lambda p: str(p.relative_to(ROOT)))
def test_pure_room_asks_no_clock_and_no_chance(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = (
                owner.id
                if isinstance(owner, ast.Name)
                else owner.attr
                if isinstance(owner, ast.Attribute)
                else ""
            )
            assert (name, node.func.attr) not in IMPURE, f"{path}:{node.lineno} {name}.{node.func.attr}()"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
            assert str(path.relative_to(ROOT / "maild")) in READERS, f"{path}:{node.lineno} opens a file"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "maild").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_pattern_matches_digits_of_other_scripts(path: Path) -> None:
    """`\\d` matches Arabic and full-width digits: a tag would be read where a person sees none."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in (
            "compile", "match", "fullmatch", "search", "sub", "findall", "finditer", "split",
        ):  # fmt: skip
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    assert "\\d" not in argument.value, f"{path}:{node.lineno}"
