"""Frozen dataclasses <-> the JSON objects that the database holds: one way for all of them.

A field may be text, a number, a truth value, a moment (aware) or a day (ISO 8601 in JSON), an enum of words, another
such dataclass, a JSON object, None, or a tuple of these. Only what differs from its default is written. A field's key is its
name, or `key` in its metadata. Keys that nothing here knows, such as a newer maild's, are kept in the field
`more` where the dataclass has one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from maild.model import JsonObject

T = TypeVar("T")
#: one field: (attribute, key in the JSON, its default, to JSON, from JSON); None = as it is
_Field = tuple[str, str, Any, Callable[[Any], Any] | None, Callable[[Any], Any] | None]


class Codec(Generic[T]):
    """The JSON form of one dataclass, worked out once."""

    def __init__(self, shape: type[T]) -> None:
        hints = get_type_hints(shape)
        self._shape = shape
        self._fields: list[_Field] = []
        self._keeps = False
        for field in dataclasses.fields(shape):  # type: ignore[arg-type]
            if field.name == "more":
                self._keeps = True
                continue
            default = field.default
            if field.default_factory is not dataclasses.MISSING:
                default = field.default_factory()
            key = field.metadata.get("key", field.name)
            self._fields.append((field.name, key, default, *_ways(hints[field.name])))
        self._keys = frozenset(key for _, key, *_ in self._fields)

    def dump(self, value: T) -> JsonObject:
        """The JSON object."""
        made: JsonObject = dict(value.more) if self._keeps else {}  # type: ignore[attr-defined]
        for name, key, default, to_json, _ in self._fields:
            held = getattr(value, name)
            if held != default:
                made[key] = held if to_json is None else to_json(held)
        return made

    def load(self, data: Mapping[str, Any]) -> T:
        """The value. ValueError, TypeError for what no `dump` made; a missing key is the default."""
        values: dict[str, Any] = {}
        for name, key, _, _, from_json in self._fields:
            if key in data:
                values[name] = data[key] if from_json is None else from_json(data[key])
        if self._keeps and not self._keys.issuperset(data):
            values["more"] = {key: value for key, value in data.items() if key not in self._keys}
        return self._shape(**values)


def _ways(kind: Any) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    """How a value of this type becomes JSON, and back."""
    if isinstance(kind, UnionType):
        (inner,) = (one for one in get_args(kind) if one is not NoneType)
        to_json, from_json = _ways(inner)
        return _unless_none(to_json), _unless_none(from_json)
    if get_origin(kind) is tuple:
        inner, *more = get_args(kind)
        if more == [Ellipsis]:
            to_json, from_json = _ways(inner)
            return (lambda items: [*map(to_json, items)] if to_json else [*items]), (
                lambda items: tuple(map(from_json, items)) if from_json else tuple(items)
            )
        return list, tuple  # a pair of plain values
    if kind in (datetime, date):
        return kind.isoformat, kind.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return str, kind
    if dataclasses.is_dataclass(kind):
        codec = Codec(kind)  # type: ignore[arg-type]
        return codec.dump, codec.load
    if kind in (str, int, bool, float) or get_origin(kind) in (dict, Literal):
        return None, None
    raise TypeError(f"{kind!r} has no JSON form here")


def _unless_none(way: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    return None if way is None else lambda value: None if value is None else way(value)
