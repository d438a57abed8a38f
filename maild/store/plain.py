"""Values as the database holds them, and back: what `types` does for statements, without SQLAlchemy."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

#: what a column of either database holds
PlainValue: TypeAlias = "str | int | float | bytes | None"
#: values that are asked for together: an IN list is no longer than this
AT_ONCE = 256
T = TypeVar("T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: what we dump is made of dictionaries that hold no circles
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime; naive ones raise TypeError."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    return _EPOCH + timedelta(0, 0, value)  # by place: it is read of very many rows


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in their order, `AT_ONCE` at a time."""
    return (values[first : first + AT_ONCE] for first in range(0, len(values), AT_ONCE))


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
