"""The rules of the house that import-linter cannot see."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.cases import cases
from tests.unit.house import shape

ROOT = Path(__file__).parents[3]
PURE = ("mail", "ticket", "party", "consent", "notice", "report", "app", "render", "desk")
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


@cache
def _nodes(path: Path) -> tuple[ast.Call | ast.ClassDef, ...]:
    """Calls and classes of a file: it is read and walked once, whatever is asked of it."""
    return _told(path.read_text(encoding="utf-8"))


def _told(source: str) -> tuple[ast.Call | ast.ClassDef, ...]:
    return tuple(node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Call, ast.ClassDef)))


@cases("path", list(_files(*PURE)), ids=lambda p: str(p.relative_to(ROOT)))
def test_pure_room_asks_no_clock_and_no_chance(path: Path) -> None:
    for node in _nodes(path):
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
        if isinstance(node, ast.Call) and _reads_a_file(node.func):
            assert path.is_relative_to(ROOT / "maild"), f"{path}:{node.lineno} opens a file"
            assert str(path.relative_to(ROOT / "maild")) in READERS, f"{path}:{node.lineno} opens a file"


#: calls that read or write a file, by name or as a method
FILE_CALLS = frozenset(
    {"open", "read_text", "read_bytes", "write_text", "write_bytes", "fdopen", "listdir", "scandir", "iterdir",
     "unlink", "mkdir"}
)  # fmt: skip


def _reads_a_file(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "open"
    return isinstance(called, ast.Attribute) and called.attr in FILE_CALLS


@pytest.mark.parametrize(
    "planted",
    [
        "open('x')",
        "Path('x').read_text()",
        "Path('x').open()",
        "os.listdir('.')",
        "resources.files('m').joinpath('x').read_bytes()",
    ],
)
def test_file_read_by_any_way_is_seen(planted: str) -> None:
    assert any(isinstance(n, ast.Call) and _reads_a_file(n.func) for n in ast.walk(ast.parse(planted)))


@cases("path", sorted((ROOT / "maild").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_pattern_matches_digits_of_other_scripts(path: Path) -> None:
    """`\\d` matches Arabic and full-width digits: a tag would be read where a person sees none."""
    for node in _nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in (
            "compile", "match", "fullmatch", "search", "sub", "findall", "finditer", "split",
        ):  # fmt: skip
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    assert "\\d" not in argument.value, f"{path}:{node.lineno}"


def test_no_class_name_stands_twice_and_no_file_is_long_without_a_reason() -> None:
    assert [*shape.named_twice(shape.sources()), *shape.too_long(shape.sources())] == []


def test_class_that_is_named_twice_is_found() -> None:
    planted = shape.source("maild/mail/parse/dates.py", "def read():\n    class Verdict:\n        pass\n")
    (breach,) = shape.named_twice((*shape.sources(), planted))
    assert breach.startswith("Verdict is a class in ")
    assert "maild/mail/parse/dates.py:2" in breach


def test_long_file_needs_a_reason_and_a_short_one_has_none() -> None:
    long, why = "x = 1\n" * 301, f'"""A table.\n\n{shape.REASON}generated.\n"""\n'
    a, b = "a.py", "b.py"
    assert shape.too_long([shape.source(a, long)]) == [
        "a.py has 301 lines: split it by concept, or say why not ('Over 300 lines: ' in its docstring)"
    ]
    assert shape.too_long([shape.source(a, why + long), shape.source(b, "x = 1\n" * 300)]) == []
    assert shape.too_long([shape.source(a, f'"""A table.\n\n{shape.REASON}\n"""\n' + long)]) != []
    assert shape.too_long([shape.source(a, why)]) == ["a.py has 4 lines only: it needs no reason"]


#: folders of unit tests that are no room of maild/
OTHER_TESTS = {"config", "docs", "house", "threading_rules"}


def test_unit_tests_stand_in_the_rooms_that_they_test() -> None:
    """Whoever knows where a module stands knows where its tests stand."""
    unit = ROOT / "tests" / "unit"
    folders = {str(path.parent.relative_to(unit)) for path in unit.rglob("test_*.py")} - OTHER_TESTS
    assert [name for name in sorted(folders) if not (ROOT / "maild" / name).is_dir()] == []
