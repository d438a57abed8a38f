"""Column types that mean the same on SQLite and PostgreSQL. What statements take and give are Python's values; what
the database holds is plain.

A moment is a BIGINT of microseconds since 1970 UTC: exact, ordered, and free of both databases' ideas of
time zones. JSON is compact text with sorted keys left as given.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: what we dump is made of dictionaries that hold no circles
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode

#: 64 bits on PostgreSQL; SQLite wants exactly INTEGER to make a column the row's own id
BigId = BigInteger().with_variant(Integer(), "sqlite")


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime; naive ones raise TypeError."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def iso(value: int | None) -> str | None:
    """A stored moment as the JSON outputs show it."""
    return None if value is None else from_micros(value).isoformat()


def dump(value: Any) -> str:
    """Compact JSON text that both databases can hold (a NUL in it stands as its escape)."""
    if not value and isinstance(value, dict | tuple | list):
        return "{}" if isinstance(value, dict) else "[]"
    text = _encode(value)
    return text if text.isascii() else clean(text)


def load(text: str) -> Any:
    if text == "{}":
        return {}
    return _decode(text) if text != "[]" else []


def clean(text: str) -> str:
    """Text that both databases can hold: no NUL, no lone surrogate."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Stored(TypeDecorator[Any]):
    """A type whose values are made plain on their way in, and back on their way out; None stays None."""

    #: a function: what the database holds of a value
    to_plain: Any
    #: a function: the value again; None where they are the same
    from_plain: Any = None

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        return None if value is None else self.to_plain(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        return value if value is None or self.from_plain is None else self.from_plain(value)


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
        self.from_plain = ({"": None} | {str(one): one for one in enum}).__getitem__


class Words(Stored):
    """Text that people or their programs wrote: kept as it is, but for what a database cannot hold."""

    impl = Text
    cache_ok = True
    to_plain = staticmethod(clean)
