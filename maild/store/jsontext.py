"""JSON columns, made and read by pydantic's compiled core in a third of the standard library's time.

What that core refuses (half of a pair of surrogates) goes through the standard library. The log of consents, whose very
bytes are hashed, keeps to `plain` alone: the core writes 1e-7 where the standard library writes 1e-07.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticSerializationError, from_json, to_json

from maild.store import plain


def dump(value: Any) -> str:
    """`plain.dump`: compact text that both databases can hold."""
    if not value and isinstance(value, dict | tuple | list):
        return "{}" if isinstance(value, dict) else "[]"
    try:
        return to_json(value).decode()
    except PydanticSerializationError:
        return plain.dump(value)


def load(text: str) -> Any:
    """The value again."""
    if text == "{}":
        return {}
    if text == "[]":
        return []
    try:
        return from_json(text)
    except ValueError:
        return plain.load(text)
