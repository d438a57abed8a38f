"""Values: dataclasses that are frozen for the type checker alone, and a quick `replace`.

At run time `frozen=True` sets each field of each value through `object.__setattr__`, which doubles what making one costs; a
mail makes a hundred. It also makes two methods more for each class, which is a third of what a class costs at the start of
each verb. mypy refuses every assignment to a field all the same, so that is where it is forbidden. All values are made with
this; equality and hash are those of a frozen dataclass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False
    ) -> Callable[[type], type]:
        """`dataclasses.dataclass` without the run time's guard against assignment."""
        return dataclasses.dataclass(unsafe_hash=frozen, slots=slots, kw_only=kw_only)

    def replace(value: Any, /, **changes: Any) -> Any:
        """`dataclasses.replace`: the value with these fields set. Raises TypeError where it has no such field."""
        kind = type(value)
        places, read = _SHAPES.get(kind) or _shape(kind)
        if places is None:
            return kind(**{**read(value), **changes})
        given = list(read(value))
        try:
            for name, new in changes.items():
                given[places[name]] = new
        except KeyError:
            raise TypeError(f"{kind.__name__} has no field {name!r} to replace") from None
        return kind(*given)


#: the place of each field among those that a value is made of, and what reads them all; no places where it wants names
_Shape = tuple[dict[str, int] | None, Callable[[Any], Any]]
_SHAPES: dict[type, _Shape] = {}


def _shape(kind: type) -> _Shape:
    fields = [one for one in dataclasses.fields(kind) if one.init]
    names = [one.name for one in fields]
    # attrgetter of a single name gives it bare
    read = attrgetter(*names) if len(names) > 1 else _reader(names)
    made: _Shape = {name: place for place, name in enumerate(names)}, read
    if any(one.kw_only for one in fields):
        made = None, lambda value: dict(zip(names, read(value), strict=True))
    _SHAPES[kind] = made
    return made


def _reader(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda value: tuple(getattr(value, name) for name in names)


__all__ = ["dataclass", "replace"]
