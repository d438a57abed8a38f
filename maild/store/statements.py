"""How statements are made and run. All are built with Core on the tables, take Python's values by the columns' names
and give rows by name; those of `hot.py` are compiled once and run on the driver itself.

Executing through SQLAlchemy costs 30-40 us a statement, the driver alone 5.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Dialect,
    Insert,
    Select,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import SyntaxExtension
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import ReturnsRows
from sqlalchemy.sql.visitors import InternalTraversal

from maild.store.types import Stored

Params = dict[str, Any]
#: what the driver takes beside the text, by place: SQLite binds that in half the time, PostgreSQL's server knows no names
Bound = list[Any]
#: what makes a value plain, or a plain one a value again
_Change = Callable[[Any], Any]


class OnConflict(SyntaxExtension, ClauseElement):
    """ON CONFLICT, which both databases write alike and Core knows only by dialect."""

    _traverse_internals = [("tail", InternalTraversal.dp_string)]  # noqa: RUF012

    def __init__(self, tail: str) -> None:
        self.tail = tail

    def apply_to_insert(self, insert_stmt: Any) -> None:
        """Where it stands in an INSERT."""
        insert_stmt.apply_syntax_extension_point(lambda known: [*known, self], "post_values")


@compiles(OnConflict)
def _write_on_conflict(element: OnConflict, _compiler: Any, **_kwargs: Any) -> str:
    return f"ON CONFLICT {element.tail}"


def insert_all(table: Table, *columns: str, **fixed: str) -> Insert:
    """INSERT with a parameter named like each column (all but an `id` that numbers itself, or those given).

    `fixed`: columns that always get the same value, as SQL; each parameter saved is most of a microsecond.
    """
    names = columns or tuple(c.name for c in table.columns if c.name != "id" and c.name not in fixed)
    values: Params = {name: bindparam(name, type_=table.c[name].type) for name in names}
    values |= {name: literal_column(text) for name, text in fixed.items()}
    return insert(table).values(values).inline()  # no RETURNING by itself


def where_equal(query: Select[Any], table: Table, **wanted: str | int | None) -> Select[Any]:
    """Only the rows with these values in these columns; None: with any."""
    for name, value in wanted.items():
        if value is not None:
            query = query.where(table.c[name] == value)
    return query


def in_state(table: Table, state: str) -> ColumnElement[bool]:
    """Of rows in this state; written out, so that the database sees that a partial index of such rows serves."""
    return table.c.state == literal_column(f"'{state}'")


def count_in(table: Table, state: str) -> Select[Any]:
    """How many rows are in this state."""
    return select(func.count()).select_from(table).where(in_state(table, state))


class _Compiled:
    """One statement for one dialect."""

    __slots__ = ("_changes", "_fixed", "_places", "text")

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        made: Any = statement.compile(dialect=_by_place(dialect))
        binds: dict[str, BindParameter[Any]] = made.binds
        self.text = str(made)
        #: values that the statement itself fixes
        self._fixed = {name: _plain(bind) for name, bind in binds.items() if not bind.required}
        change: dict[str, _Change] = {
            name: bind.type.to_plain for name, bind in binds.items() if bind.required and isinstance(bind.type, Stored)
        }  # fmt: skip
        names: list[str] = made.positiontup or []
        #: parameters that are made plain, by their place
        self._changes = [(at, change[name]) for at, name in enumerate(names) if name in change]
        self._places = _in_order(names)

    def bound(self, params: Params) -> Bound:
        """All parameters, plain, as the driver takes them."""
        values = [*self._places(self._fixed | params if self._fixed else params)]
        for at, change in self._changes:
            value = values[at]
            if value is not None:
                values[at] = change(value)
        return values


@cache
def _by_place(dialect: Dialect) -> Dialect:
    """The dialect with positional parameters."""
    made: Any = type(dialect)
    like: Dialect = made(paramstyle="qmark" if dialect.name == "sqlite" else "numeric_dollar")
    return like


def _plain(bind: BindParameter[Any]) -> Any:
    value = bind.value
    return bind.type.to_plain(value) if isinstance(bind.type, Stored) and value is not None else value


def _in_order(names: list[str]) -> Callable[[Params], Iterable[Any]]:
    """What gives the values in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda params: [params[name] for name in names]


class _Rows:
    """Makes rows by name, with Python's values, of what the driver gives."""

    __slots__ = ("_back", "_make")

    def __init__(self, statement: ClauseElement) -> None:
        columns = list(statement.exported_columns.items()) if isinstance(statement, ReturnsRows) else []
        changes = [_back(column.type) for _, column in columns]
        names = [name for name, _ in columns]
        self._make: Any = namedtuple("Row", names)._make  # type: ignore[attr-defined]
        self._back = changes if any(changes) else None

    def __call__(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        make, back = self._make, self._back
        if back is None:
            return [make(row) for row in rows]
        return [
            make([value if change is None or value is None else change(value)
                  for change, value in zip(back, row, strict=True)])
            for row in rows
        ]  # fmt: skip


def _back(kind: Any) -> _Change | None:
    if isinstance(kind, Stored):
        change: _Change | None = kind.from_plain
        return change
    return bool if isinstance(kind, Boolean) else None


class Prepared:
    """One statement; compiled at the first use.

    `yields_id`: an INSERT for `Transaction.insert`. PostgreSQL gives the new id by RETURNING; on SQLite that
    costs half as much as the INSERT itself, and `lastrowid` nothing.
    """

    __slots__ = ("_compiled", "_made_rows", "statement", "yields_id")

    def __init__(self, statement: ClauseElement, *, yields_id: bool = False) -> None:
        self.statement = statement
        self.yields_id = yields_id
        self._compiled: dict[str, _Compiled] = {}
        self._made_rows: _Rows | None = None

    def bind(self, dialect: Dialect, params: Params) -> tuple[str, Bound]:
        """The text and all its parameters, in their order."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            statement: Any = self.statement
            if self.yields_id and dialect.name != "sqlite":
                statement = statement.returning(statement.table.c.id)
            compiled = self._compiled[dialect.name] = _Compiled(statement, dialect)
        return compiled.text, compiled.bound(params)

    @property
    def rows(self) -> _Rows:
        """Makes rows of what the driver gives."""
        if self._made_rows is None:
            self._made_rows = _Rows(self.statement)
        return self._made_rows


class PreparedIn:
    """A statement with one IN list. Lists are padded to powers of two so that few texts exist; the padding
    repeats the last value, which changes nothing in an IN."""

    __slots__ = ("_build", "_compiled", "_made_rows", "_type")

    def __init__(self, build: Callable[[list[BindParameter[Any]]], ClauseElement], like: Any) -> None:
        self._build = build
        self._type = like.type
        self._compiled: dict[tuple[str, int], _Compiled] = {}
        self._made_rows: _Rows | None = None

    def statement(self, size: int) -> ClauseElement:
        """For lists of up to `size` values, named in0, in1 ..."""
        return self._build([bindparam(f"in{i}", type_=self._type) for i in range(size)])

    def bind(self, dialect: Dialect, values: Sequence[Any], params: Params | None) -> tuple[str, Bound]:
        """The text and its parameters for a list that is not empty."""
        size = 1 << (len(values) - 1).bit_length()
        compiled = self._compiled.get((dialect.name, size))
        if compiled is None:
            compiled = self._compiled[dialect.name, size] = _Compiled(self.statement(size), dialect)
        bound = dict(params) if params else {}
        for i in range(size):
            bound[f"in{i}"] = values[i] if i < len(values) else values[-1]
        return compiled.text, compiled.bound(bound)

    @property
    def rows(self) -> _Rows:
        """Makes rows of what the driver gives."""
        if self._made_rows is None:
            self._made_rows = _Rows(self.statement(1))
        return self._made_rows
