"""The changes: one place of a module's syntax tree at a time. Pure."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """Where a change is made. `name`: of the function ("Class.method"; "" outside of all); `start`: its first line;
    `statement`: the line of the innermost statement. `live`: in a function's body, so that its code can be exchanged
    while the module stays."""

    name: str = ""
    start: int = 1
    statement: int = 1
    live: bool = False

    @property
    def key(self) -> str:
        """The statement, the same after changes elsewhere in the module."""
        return f"{self.name}+{self.statement - self.start}"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`line`: of the change, from 1. `what`: "x < 3  ->  x <= 3". `id`: the same in later runs, as long as its function
    holds the same places before it. `code`: of the function or class that holds it; another, when that was changed."""

    line: int
    what: str
    site: Site
    id: str
    code: str
    _tree: Callable[[], ast.Module] = field(repr=False)

    @property
    def tree(self) -> ast.Module:
        """The whole module, changed."""
        return self._tree()


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of one place, in the order of the text. Annotations, docstrings and messages stay."""
    tree = ast.parse(source)
    counted: Counter[str] = Counter()
    codes = {line: code for one in tree.body for code in [_code(one)] for line in _lines(one)}
    for index, (node, site) in enumerate(_places(tree, Site())):
        for number, change in enumerate(_changes(node)):
            changed = copy.deepcopy(node)
            change(changed)
            ast.fix_missing_locations(changed)
            what = f"{_shown(node)}  ->  {_shown(changed)}"
            named = f"{site.name}: {what}"
            counted[named] += 1

            def make(index: int = index, number: int = number) -> ast.Module:
                whole = ast.parse(source)
                target, _ = [*_places(whole, Site())][index]
                [*_changes(target)][number](target)
                return ast.fix_missing_locations(whole)

            yield Mutant(node.lineno, what, site, f"{named} #{counted[named]}", codes[node.lineno], make)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _code(node: ast.stmt) -> str:
    """The same when only comments or lines elsewhere were changed."""
    return hashlib.sha256(ast.dump(node).encode()).hexdigest()[:12]


Place = ast.expr | ast.stmt
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _places(tree: ast.AST, site: Site) -> Iterator[tuple[Place, Site]]:
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            inner = _site(tree, name, child, site)
            if isinstance(child, ast.expr | ast.stmt):
                yield child, inner
            if not isinstance(child, ast.JoinedStr):
                yield from _places(child, inner)


def _site(parent: ast.AST, name: str, child: ast.AST, site: Site) -> Site:
    if site.live or not isinstance(child, ast.stmt):
        statement = child.lineno if isinstance(child, ast.stmt) else site.statement
        return Site(site.name, site.start, statement, site.live)
    if isinstance(parent, _FUNCTIONS) and name == "body":
        return Site(site.name, parent.lineno, child.lineno, live=True)
    if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
        return Site(f"{site.name}.{child.name}".lstrip("."), child.lineno, child.lineno)
    return Site(site.name, site.start, child.lineno)


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
