"""Exchanges the code of functions that other modules already hold: nothing is imported again."""

from __future__ import annotations

import ast
import functools
import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from types import CodeType, FunctionType
from typing import Any

from maild.ticket import calendars
from tests.mutation.areas import ROOT, module_of
from tests.mutation.operators import Mutant

#: what the instrumented code calls with the number of each statement
_HIT = "_statement_is_run"

Functions = dict[tuple[str, str, int], list[FunctionType]]


def living() -> Functions:
    """All functions by file, qualified name and first line."""
    gc.unfreeze()
    found: Functions = {}
    for one in gc.get_objects():
        if type(one) is FunctionType:
            code = one.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(one)
    gc.freeze()
    return found


def put(path: str, tree: ast.Module, functions: Functions) -> int:
    """Gives each function of the module the code that it has in `tree`; how many have another now.

    ValueError: a function's code does not fit into it (it closes over other variables).
    """
    file = str(ROOT / path)
    changed = 0
    for code in _outermost(compile(tree, file, "exec")):
        for function in functions.get((file, code.co_qualname, code.co_firstlineno), ()):
            if function.__code__ != code:
                function.__code__ = code
                changed += 1
    return changed


def _outermost(code: CodeType) -> Iterator[CodeType]:
    """The functions of a module and of its classes; what is within a function comes with it."""
    for one in code.co_consts:
        if not isinstance(one, CodeType):
            continue
        if one.co_flags & 0x2:  # CO_NEWLOCALS: a function, not the body of a class
            yield one
        else:
            yield from _outermost(one)


def memories(modules: Iterable[str]) -> list[Callable[[], object]]:
    """What empties what functions of these modules remember: a changed function must be asked anew."""
    names = {module_of(path) for path in modules}
    gc.unfreeze()
    found: list[Callable[[], object]] = [
        one.cache_clear
        for one in gc.get_objects()
        if isinstance(one, functools._lru_cache_wrapper) and getattr(one, "__module__", None) in names
    ]
    gc.freeze()
    return [*found, calendars._by_id.clear]


def watch(path: str, functions: Functions, hit: Callable[[tuple[str, str]], object]) -> None:
    """From now on each statement in a function of the module calls `hit` with the path and its `Site.key`."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    _Watched(path).visit(tree)
    sys.modules[module_of(path)].__dict__[_HIT] = hit
    put(path, ast.fix_missing_locations(tree), functions)


class _Watched(ast.NodeTransformer):
    def __init__(self, path: str) -> None:
        self.path = path
        self.names: list[str] = []
        self.function: tuple[str, int] | None = None

    def generic_visit(self, node: ast.AST) -> ast.AST:
        outer = self.function
        named = False
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            named = True
            self.names.append(node.name)
            if not isinstance(node, ast.ClassDef):
                self.function = outer or (".".join(self.names), node.lineno)
        super().generic_visit(node)
        if self.function:
            for name in ("body", "orelse", "finalbody"):
                statements = getattr(node, name, None)
                if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
                    setattr(node, name, [*self._each(statements)])
        if named:
            self.names.pop()
        self.function = outer
        return node

    def _each(self, statements: list[ast.stmt]) -> Iterator[ast.stmt]:
        assert self.function
        name, start = self.function
        for one in statements:
            said: list[Any] = [ast.Constant(self.path), ast.Constant(f"{name}+{one.lineno - start}")]
            call = ast.Call(ast.Name(_HIT, ast.Load()), [ast.Tuple(said, ast.Load())], [])
            yield ast.copy_location(ast.Expr(call), one)
            yield one


def exchange(path: str, mutant: Mutant, functions: Functions) -> bool:
    """Whether the mutant now stands in the module's place, and not only at what is imported from now on."""
    try:
        return put(path, mutant.tree, functions) > 0
    except ValueError:
        return False
