"""What keeps the pure rooms from being compiled (mypyc), as far as their source shows it.

`python -m tests.unit.house` (`make check`) prints each place. CONTRIBUTING.md says what to write instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tests.unit.house.shape import Source

#: rooms that stay compilable
ROOMS = ("mail", "ticket", "party", "consent", "app", "render", "desk")
#: what goes through its arguments one by one
WALKS = frozenset(
    {"enumerate", "zip", "reversed", "sum", "any", "all", "list", "tuple", "set", "map", "filter", "iter"}
)


def breaches(files: Iterable[Source]) -> Iterator[str]:
    """All of them, each with its place."""
    pure = [
        f for f in files if f.name.startswith(("threading_rules/", *(f"maild/{room}/" for room in ROOMS)))
    ]
    fields = {name for file in pure for name in _bytearrays(file.tree, of_classes=True)}
    for file in pure:
        arrays = fields | set(_bytearrays(file.tree, of_classes=False))
        for node in ast.walk(file.tree):
            for line, text in _told(node, arrays):
                yield f"{file.name}:{line} {text}"


def _told(node: ast.AST, arrays: set[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.ClassDef):
        if any(
            _name(base.value if isinstance(base, ast.Subscript) else base) == "dict" for base in node.bases
        ):
            yield node.lineno, f"{node.name} is a kind of dict: let it hold one, compiled it loses its fields"
    elif isinstance(node, ast.Compare):
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn) and _has_star(right):
                yield node.lineno, "`in (a, *b)` cannot be compiled: write `== a or ... in b`"
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and any("\ud800" <= sign <= "\udfff" for sign in node.value):
            yield (
                node.lineno,
                "a lone surrogate in a literal cannot be compiled: write the pattern as a raw string",
            )
    elif isinstance(node, ast.For | ast.comprehension):
        yield from _walked(node.iter, arrays)
    elif isinstance(node, ast.Call) and _name(node.func) in WALKS:
        for argument in node.args:
            yield from _walked(argument, arrays)


def _walked(iterated: ast.expr, arrays: set[str]) -> Iterator[tuple[int, str]]:
    if isinstance(iterated, ast.Subscript) and isinstance(iterated.slice, ast.Slice):
        iterated = iterated.value
    if _name(iterated) in arrays:
        yield (
            iterated.lineno,
            f"walks the bytearray {_name(iterated)}, which cannot be compiled: walk bytes(...)",
        )


def _has_star(node: ast.expr) -> bool:
    return isinstance(node, ast.Tuple | ast.List | ast.Set) and any(
        isinstance(e, ast.Starred) for e in node.elts
    )


def _bytearrays(tree: ast.Module, *, of_classes: bool) -> Iterator[str]:
    """Names that hold one: fields of classes, which other modules reach, or variables and parameters."""
    fields = {one for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for one in node.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and _name(node.annotation) == "bytearray":
            if (node in fields or isinstance(node.target, ast.Attribute)) == of_classes:
                yield _name(node.target)
        elif isinstance(node, ast.arg) and node.annotation is not None and not of_classes:
            if _name(node.annotation) == "bytearray":
                yield node.arg
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and _name(node.value.func) == "bytearray"
        ):
            yield from [_name(to) for to in node.targets if isinstance(to, ast.Attribute) == of_classes]


def _name(node: ast.expr) -> str:
    """The last name of `a`, `a.b` and `self.b`, "" of anything else."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
