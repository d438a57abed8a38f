"""One value of config.toml -> what the typed settings want, with errors that say what to do."""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.errors import ConfigError
from maild.settings import MOST_DAYS, OneOf, Positive
from maild.values import dataclass

#: by the unit that a key ends with; of any other number that whole numbers are exact to in a float
_MOST = {
    "days": MOST_DAYS,
    "hours": MOST_DAYS * 24,
    "minutes": MOST_DAYS * 1440,
    "seconds": MOST_DAYS * 86_400,
}
_LARGEST = 2**53
#: what somebody types as one
ADDRESS = re.compile(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+")


@dataclass(frozen=True, slots=True)
class ConfigPlace:
    """A place in the configuration, for messages."""

    table: str
    text: str = ""

    def error(self, key: str, wrong: str, right: str) -> ConfigError:
        name = f"[{self.table}] {key}" if key else f"[{self.table}]"
        return ConfigError(f"{name}{_line(self.text, self.table, key)}: {wrong}; {right}")


def _line(text: str, table: str, key: str) -> str:
    """` (line N)` of the first such key below such a table head, or nothing."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            inside = stripped.strip("[] ").split("]")[0] == table
            if inside and not key:
                return f" (line {number})"
        elif inside and re.match(rf"{re.escape(key)}\s*=", stripped):
            return f" (line {number})"
    return ""


def value_of(where: ConfigPlace, key: str, hint: Any, value: Any) -> Any:
    """`value` as the type of the dataclass field."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _kept(where, key, args[1:], value_of(where, key, args[0], value))
    if origin is types.UnionType:
        return value_of(where, key, next(a for a in args if a is not type(None)), value)
    if hint is bool:
        if isinstance(value, bool):
            return value
        raise where.error(key, f"{value!r} is not true or false", "write true or false")
    if hint in (int, float):
        return _number(where, key, hint, value)
    if hint is str:
        if not isinstance(value, str):
            raise where.error(key, f"{value!r} is not text", 'put it in quotes, "..."')
        return _text(where, key, value)
    if hint is Path:
        return Path(str(value))
    if origin is tuple:
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            raise where.error(key, f"{value!r} is not a list", "write [..., ...]")
        return tuple(value_of(where, key, args[0], v) for v in value)
    if not isinstance(value, Mapping):
        raise where.error(key, f"{value!r} is not a table", "write { name = value }")
    inner = args[1] if args else Any
    return {str(k): v if inner is Any else value_of(where, key, inner, v) for k, v in value.items()}


def _number(where: ConfigPlace, key: str, hint: type, value: Any) -> int | float:
    right = "write a whole number" if hint is int else "write a number"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise where.error(key, f"{value!r} is not a number", right)
    if value < 0:
        raise where.error(key, f"{value!r} is too small", "it must not be negative")
    if value > (most := _MOST.get(key.rpartition("_")[2], _LARGEST)):
        raise where.error(key, f"{value!r} is too large", f"write at most {most}")
    if hint is int and value != int(value):
        raise where.error(key, f"{value!r} is not a number", right)
    return hint(value)  # type: ignore[no-any-return]


def _kept(where: ConfigPlace, key: str, rules: tuple[object, ...], value: Any) -> Any:
    """The value. Raises `ConfigError` where it breaks what its field says of it beside its type."""
    for rule in rules:
        if isinstance(rule, OneOf) and value not in rule.values:
            right = "one of " + ", ".join(one or '""' for one in rule.values)
            raise where.error(key, f"{value!r} is not known", right)
        if isinstance(rule, Positive) and value <= 0:
            raise where.error(key, f"{value!r} is too small", "it must be above zero")
    return value


def _text(where: ConfigPlace, key: str, value: str) -> str:
    if any(ord(c) < 32 and c not in "\n\t" for c in value):
        raise where.error(key, "it holds a control character", "remove it")
    if key == "timezone":
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise where.error(
                key, f"{value!r} is not a time zone", 'an IANA name such as "Europe/Budapest"'
            ) from None
    return value
