"""Column types that mean the same on SQLite and PostgreSQL, and their plain counterparts for raw statements.

A moment is a BIGINT of microseconds since 1970 UTC: exact, ordered, and free of both databases' ideas of
time zones. JSON is compact text with sorted keys left as given.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
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


def maybe_micros(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def maybe_moment(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


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


class Moment(TypeDecorator[datetime]):
    """Aware UTC datetime kept as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return maybe_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return maybe_moment(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else load(value)
