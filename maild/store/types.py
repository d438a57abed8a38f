"""Column types that mean the same on SQLite and PostgreSQL. What statements take and give are Python's values; what
the database holds is plain.

A moment is a BIGINT of microseconds since 1970 UTC: exact, ordered, and free of both databases' ideas of
time zones. JSON is compact text with sorted keys left as given.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from maild.store.jsontext import dump, load
from maild.store.plain import clean, from_micros, to_micros
from maild.store.plain_table import one_of

#: 64 bits on PostgreSQL; SQLite wants exactly INTEGER to make a column the row's own id
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Stored(TypeDecorator[Any]):
    """A type whose values are made plain on their way in, and back on their way out; None stays None."""

    #: a function: what the database holds of a value
    to_plain: Any
    #: a function: the value again; None where they are the same
    from_plain: Any = None

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        return None if value is None else self.to_plain(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """One call a value where there is something to make of it, and none else: a year's report reads millions."""
        back = self.from_plain
        if back is None:
            return super().result_processor(dialect, coltype)
        return lambda value: None if value is None else back(value)


class Moment(Stored):
    """Aware UTC datetime kept as microseconds."""

    impl = BigInteger
    cache_ok = True
    to_plain = staticmethod(to_micros)
    from_plain = staticmethod(from_micros)


class JsonText(Stored):
    """A JSON value kept as text."""

    impl = Text
    cache_ok = True
    to_plain = staticmethod(dump)
    from_plain = staticmethod(load)


class Choice(Stored):
    """A member of an enum, kept as its value; "" is None. A value that is no member raises KeyError."""

    impl = Text
    cache_ok = True
    to_plain = staticmethod(str)

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum
        self.from_plain = one_of(enum)


class Words(Stored):
    """Text that people or their programs wrote: kept as it is, but for what a database cannot hold."""

    impl = Text
    cache_ok = True
    to_plain = staticmethod(clean)
