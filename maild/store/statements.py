"""Statements of the path of every mail: built with Core on the tables, compiled once, run on the driver itself.

Executing through SQLAlchemy costs 30-40 us a statement, the driver alone 5. So a `Prepared` keeps the SQL text
per dialect and the caller gives plain values (moments as microseconds, JSON as text, see `types`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Dialect, Insert, Table, bindparam, insert, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.elements import ClauseElement

Params = dict[str, Any]
#: what the driver takes beside the text: by name, or on SQLite by place, which it binds in half the time
Bound = Params | tuple[Any, ...]
#: SQL text, the values that the statement itself fixes, and what puts them into the order of their places
_Compiled = tuple[str, Params, Callable[[Params], Bound]]
_BY_PLACE = sqlite.dialect(paramstyle="qmark")


def _compile(statement: ClauseElement, dialect: Dialect, suffix: str = "") -> _Compiled:
    made: Any = statement.compile(dialect=_BY_PLACE if dialect.name == "sqlite" else dialect)
    fixed = {made.bind_names[bind]: bind.value for bind in made.binds.values() if not bind.required}
    return str(made) + suffix, fixed, _ordered(made.positiontup)


def _ordered(names: list[str] | None) -> Callable[[Params], Bound]:
    if names is None:
        return lambda params: params
    if len(names) > 1:
        return itemgetter(*names)
    return lambda params: tuple([params[name] for name in names])


class Prepared:
    """One statement; compiled at the first use. `suffix` stands behind it as it is (ON CONFLICT ...).

    `yields_id`: an INSERT for `Transaction.insert`. PostgreSQL gives the new id by RETURNING; on SQLite that
    costs half as much as the INSERT itself, and `lastrowid` nothing.
    """

    __slots__ = ("_made", "_statement", "_suffix", "_yields_id")

    def __init__(self, statement: ClauseElement, suffix: str = "", *, yields_id: bool = False) -> None:
        self._statement = statement
        self._suffix = suffix
        self._yields_id = yields_id
        self._made: dict[str, _Compiled] = {}

    def bind(self, dialect: Dialect, params: Params) -> tuple[str, Bound]:
        """The text and all its parameters."""
        found = self._made.get(dialect.name)
        if found is None:
            returning = " RETURNING id" if self._yields_id and dialect.name != "sqlite" else ""
            found = self._made[dialect.name] = _compile(self._statement, dialect, self._suffix + returning)
        text, fixed, ordered = found
        return text, ordered(fixed | params if fixed else params)


class PreparedIn:
    """A statement with one IN list. Lists are padded to powers of two so that few texts exist; the padding
    repeats the last value, which changes nothing in an IN."""

    __slots__ = ("_build", "_made", "_type")

    def __init__(self, build: Callable[[list[BindParameter[Any]]], ClauseElement], like: Any) -> None:
        self._build = build
        self._type = like.type
        self._made: dict[tuple[str, int], _Compiled] = {}

    def bind(self, dialect: Dialect, values: Sequence[Any], params: Params | None) -> tuple[str, Bound]:
        """The text and its parameters for a list that is not empty."""
        size = 1 << (len(values) - 1).bit_length()
        found = self._made.get((dialect.name, size))
        if found is None:
            names = [bindparam(f"in{i}", type_=self._type) for i in range(size)]
            found = self._made[dialect.name, size] = _compile(self._build(names), dialect)
        text, fixed, ordered = found
        bound = dict(fixed)
        if params:
            bound.update(params)
        for i in range(size):
            bound[f"in{i}"] = values[i] if i < len(values) else values[-1]
        return text, ordered(bound)


def insert_all(table: Table, *columns: str, **fixed: str) -> Insert:
    """INSERT with a parameter named like each column (all but an `id` that numbers itself, or those given).

    `fixed`: columns that always get the same value, as SQL; each parameter saved is most of a microsecond.
    """
    names = columns or tuple(c.name for c in table.columns if c.name != "id" and c.name not in fixed)
    values: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in names}
    values |= {name: literal_column(text) for name, text in fixed.items()}
    return insert(table).values(values).inline()  # no RETURNING by itself
