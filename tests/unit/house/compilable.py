"""What keeps the pure rooms from being compiled (mypyc), as far as their source shows it.

`python -m tests.unit.house` (`make check`) prints each place. CONTRIBUTING.md says what to write instead. Of the
modules that `MAILD_COMPILE=1` compiles (pyproject.toml), also what they would do otherwise than the pure ones.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

import hatch_build
from tests.unit.house.shape import Source

#: rooms that stay compilable
ROOMS = ("mail", "ticket", "party", "consent", "app", "render", "desk")
#: what goes through its arguments one by one
WALKS = frozenset(
    {"enumerate", "zip", "reversed", "sum", "any", "all", "list", "tuple", "set", "map", "filter", "iter"}
)

#: what takes all that a generator expression gives, or is compiled to a loop
TAKES_ALL = frozenset(
    {
        "any",
        "all",
        "sum",
        "min",
        "max",
        "next",
        "tuple",
        "list",
        "set",
        "frozenset",
        "dict",
        "sorted",
        "join",
        "fromkeys",
    }
)
#: functions that call themselves, and why not deeply
ONCE = {
    "maild/mail/parse/mail.py": {"_parsed", "_enclosed"}
}  # a mail within a mail, and none within that one


def breaches(files: Iterable[Source], compiled: Collection[str] | None = None) -> Iterator[str]:
    """All of them, each with its place. `compiled`: the modules that are, where they are not those of pyproject.toml."""
    files = [*files]
    named = {*(hatch_build.modules() if compiled is None else compiled)}
    for file in files:
        if file.name in named:
            yield from _otherwise(file)
    pure = [
        f for f in files if f.name.startswith(("threading_rules/", *(f"maild/{room}/" for room in ROOMS)))
    ]
    fields = {name for file in pure for name in _bytearrays(file.tree, of_classes=True)}
    for file in pure:
        arrays = fields | set(_bytearrays(file.tree, of_classes=False))
        for node in ast.walk(file.tree):
            for line, text in _told(node, arrays):
                yield f"{file.name}:{line} {text}"


def _otherwise(file: Source) -> Iterator[str]:
    """What a compiled module does otherwise than a pure one."""
    taken: set[ast.expr] = set()
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and _name(node.func) in TAKES_ALL:
            taken |= {*node.args}
        elif isinstance(node, ast.GeneratorExp) and node not in taken:
            yield f"{file.name}:{node.lineno} a generator expression is read whole when compiled: write a list or a loop"
    for name, line in _calling_themselves(file.tree):
        if name not in ONCE.get(file.name, ()):
            yield f"{file.name}:{line} {name} calls itself: compiled, deep nesting ends the process (no RecursionError)"


def _calling_themselves(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions that reach themselves by names of this module, and methods by `self`."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    calls = {
        name: {
            _name(one.func)
            for one in ast.walk(node)
            if isinstance(one, ast.Call)
            and (isinstance(one.func, ast.Name) or _name(getattr(one.func, "value", one.func)) == "self")
        }
        for name, node in functions.items()
    }
    for name, node in functions.items():
        reached: set[str] = set()
        todo = [name]
        while todo:
            new = (calls[todo.pop()] & functions.keys()) - reached
            reached |= new
            todo += new
        if name in reached:
            yield name, node.lineno


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
