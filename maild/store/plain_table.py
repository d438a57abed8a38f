"""A table as it is read without SQLAlchemy: the names of its columns, and what makes Python's values of theirs."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any

Back = Callable[[Any], Any]


def one_of(enum: type[StrEnum]) -> Back:
    """The member of a value; "" is None. A value that is no member raises KeyError."""
    return ({"": None} | {str(one): one for one in enum}).__getitem__


class PlainTable:
    """Some columns of a table. `columns`: what makes a value of each; None where it is one already."""

    def __init__(self, name: str, columns: dict[str, Back | None]) -> None:
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

    def beside(self, columns: dict[str, Back | None]) -> PlainTable:
        """Rows of this table with more columns, which a join gives."""
        return PlainTable(self.name, self.columns | columns)

    @cached_property
    def _make(self) -> Callable[[Iterable[Any]], Any]:
        make: Callable[[Iterable[Any]], Any] = namedtuple("Row", self.columns)._make  # type: ignore[attr-defined]
        return make

    @cached_property
    def _back(self) -> tuple[tuple[int, Back], ...]:
        return tuple((place, back) for place, back in enumerate(self.columns.values()) if back is not None)

    def rows(self, found: Iterable[Sequence[Any]]) -> Iterator[Any]:
        """Rows by name, with Python's values, of what the driver gives."""
        make, changes = self._make, self._back
        for row in found:
            values = [*row]
            for place, back in changes:
                if (value := values[place]) is not None:
                    values[place] = back(value)
            yield make(values)
