"""The changes: one place of a module's syntax tree at a time. Pure."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """`line`: of the change, from 1. `what`: "if not (x < 3)" became what it says."""

    line: int
    what: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of one place, in the order of the text. Annotations, docstrings and messages stay."""
    tree = ast.parse(source)
    places = [*_places(tree)]
    for index, node in enumerate(places):
        for change in _changes(node):
            changed = copy.deepcopy(tree)
            target = [*_places(changed)][index]
            before = _shown(target)
            change(target)
            ast.fix_missing_locations(changed)
            yield Mutant(node.lineno, f"{before}  ->  {_shown(target)}", changed)


Place = ast.expr | ast.stmt


def _places(tree: ast.AST) -> Iterator[Place]:
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            if not isinstance(child, ast.JoinedStr):
                yield from _places(child)


def _changes(node: Place) -> Iterator[Callable[[Place], None]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            if type(operator) in COMPARISONS:
                yield lambda n, at=at, to=COMPARISONS[type(operator)]: n.ops.__setitem__(at, to())  # type: ignore[misc]
    elif isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())  # type: ignore[union-attr]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda n: setattr(n, "op", ast.UAdd()) or setattr(  # type: ignore[func-returns-value]
            n, "operand", ast.Call(ast.Name("bool", ast.Load()), [n.operand], [])  # type: ignore[union-attr]
        )  # fmt: skip
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        if not _is_text(node.left) and not _is_text(node.right):
            yield lambda n: setattr(n, "op", ARITHMETIC[type(n.op)]())  # type: ignore[union-attr]
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield lambda n: setattr(n, "value", not n.value)  # type: ignore[union-attr]
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield lambda n: setattr(n, "value", n.value + 1)  # type: ignore[union-attr]
    elif isinstance(node, ast.If | ast.IfExp):
        yield lambda n: setattr(n, "test", ast.Constant(True))
        yield lambda n: setattr(n, "test", ast.Constant(False))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield lambda n: setattr(n, "value", ast.Constant(None))
    elif isinstance(node, ast.comprehension):
        return
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(node, ast.AugAssign):
        yield _dropped


def _dropped(node: Place) -> None:
    """The statement does nothing: its node becomes `pass`, in place, since its parent holds it."""
    line = {key: getattr(node, key) for key in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    node.__class__ = ast.Pass
    node.__dict__.clear()
    node.__dict__.update(line)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: Place) -> str:
    text = ast.unparse(node).partition("\n")[0]
    return text if len(text) <= 90 else text[:87] + "..."
