"""A table as it is read without SQLAlchemy: the names of its columns, and what makes Python's values of theirs.
`tables.py` makes SQLAlchemy's tables of these."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from maild.store.plain import from_micros, load
from maild.values import dataclass, replace

Back = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """What a column holds. `type_name`: its type in `tables.py`; `back`: what makes a value of what the database
    holds, None where it is one already; `own_id`: the database gives the key."""

    type_name: str
    back: Back | None = None
    is_key: bool = False
    own_id: bool = False
    nullable: bool = False
    enum: type[StrEnum] | None = None

    @property
    def key(self) -> PlainColumn:
        """The same column as part of the primary key."""
        return replace(self, is_key=True)

    @property
    def maybe(self) -> PlainColumn:
        """The same column, nullable."""
        return replace(self, nullable=True)


ID = PlainColumn("BigId", is_key=True, own_id=True)
NUMBER = PlainColumn("BigId")
SMALL = PlainColumn("Integer")
CODE = PlainColumn("Text")
WORDS = PlainColumn("Words")
BYTES = PlainColumn("LargeBinary")
YES_NO = PlainColumn("Boolean", bool)
MOMENT = PlainColumn("Moment", from_micros)
JSON = PlainColumn("JsonText", load)


def choice(enum: type[StrEnum]) -> PlainColumn:
    return PlainColumn("Choice", one_of(enum), enum=enum)


@cache
def one_of(enum: type[StrEnum]) -> Back:
    """The member of a value; "" is None. A value that is no member raises KeyError."""
    return ({"": None} | {str(one): one for one in enum}).__getitem__


class PlainTable:
    """Some columns of a table."""

    def __init__(self, name: str, columns: dict[str, PlainColumn]) -> None:
        self.name = name
        self.columns = columns

    def only(self, *names: str) -> PlainTable:
        """The same with fewer columns."""
        return PlainTable(self.name, {name: self.columns[name] for name in names})

    @cached_property
    def names(self) -> str:
        """`t.a, t.b`."""
        return ", ".join(f"{self.name}.{column}" for column in self.columns)

    @property
    def select(self) -> str:
        """`SELECT t.a, t.b FROM t`."""
        return f"SELECT {self.names} FROM {self.name}"  # noqa: S608 (our own names)

    def beside(self, columns: dict[str, PlainColumn]) -> PlainTable:
        """Rows of this table with more columns, which a join gives."""
        return PlainTable(self.name, self.columns | columns)

    @cached_property
    def _make(self) -> Callable[[Iterable[Any]], Any]:
        make: Callable[[Iterable[Any]], Any] = namedtuple("Row", self.columns)._make  # type: ignore[attr-defined]
        return make

    @cached_property
    def _back(self) -> tuple[tuple[int, Back], ...]:
        held = enumerate(self.columns.values())
        return tuple((place, one.back) for place, one in held if one.back is not None)

    def rows(self, found: Iterable[Sequence[Any]]) -> Iterator[Any]:
        """Rows by name, with Python's values, of what the driver gives."""
        make, changes = self._make, self._back
        for row in found:
            values = [*row]
            for place, back in changes:
                if (value := values[place]) is not None:
                    values[place] = back(value)
            yield make(values)
