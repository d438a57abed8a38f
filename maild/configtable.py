"""A table of config.toml -> a dataclass of the typed settings, with errors that say what to do."""

from __future__ import annotations

import difflib
import functools
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, field, fields
from pathlib import Path
from typing import Any

from maild.configvalues import ConfigPlace, value_of
from maild.secret import Secret
from maild.values import dataclass, replace

#: the name of what stands above all tables
TOP = "top level"
SECRETS = {"password", "secret", "client_secret", "dkim_key", "refresh_token", "service_account"}


@functools.cache
def _hints(cls: Callable[..., Any]) -> dict[str, Any]:
    """The types of its fields: read from their text once, for a file has many tables of one kind."""
    return typing.get_type_hints(cls, include_extras=True)


@dataclass(frozen=True, slots=True)
class ConfigTable(ConfigPlace):
    """A table and its place. `values`: its keys as tomllib gives them; `ready`: fields that are made of them already."""

    values: Mapping[str, Any] = field(default_factory=dict)
    ready: Mapping[str, Any] = field(default_factory=dict)

    def inner(self, key: str) -> ConfigTable:
        """The table of that name below this one; an empty one where there is none. Raises `ConfigError`."""
        made = ConfigTable(key if self.table == TOP else f"{self.table}.{key}", self.text)
        given = self.values.get(key, {})
        if not isinstance(given, dict):
            raise made.error("", f"{given!r} is not a table", f"write [{made.table}] and its keys below")
        return replace(made, values=given)

    def inners(self) -> dict[str, ConfigTable]:
        """Every one of its keys as a table."""
        return {name: self.inner(name) for name in self.values}

    def many(self, key: str) -> list[ConfigTable]:
        """The tables of a list, `[[key]]`. Raises `ConfigError`."""
        place = ConfigTable(key, self.text)
        given = self.values.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise place.error("", "this is a list of tables", f"write [[{key}]], once for each")
        return [replace(place, values=one) for one in given]

    def with_ready(self, **made: object) -> ConfigTable:
        """The same with these fields made."""
        return replace(self, ready={**self.ready, **made})

    def without(self, *keys: str) -> ConfigTable:
        """The same without these keys, which something is made of."""
        rest = {key: value for key, value in self.values.items() if key not in keys}
        return replace(self, values=rest)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raises `ConfigError` for a key that is not known."""
        refuse_unknown(self, self.values, known)

    def fill(self, cls: type[Any]) -> Any:
        """An instance of `cls`. Raises `ConfigError`."""
        known = {f.name: f for f in fields(cls)}
        hints = _hints(cls)  # type: ignore[arg-type]  # a class can be hashed
        given = [*self.values, *(name for name in self.ready if name not in known)]
        asked = [f for f in known.values() if f.name not in self.ready]
        refuse_unknown(self, given, [f.name for f in asked])
        made = {key: value_of(self, key, hints[key], value) for key, value in self.values.items()}
        for f in asked:
            if f.name not in made and f.default is MISSING and f.default_factory is MISSING:
                raise self.error(f.name, "missing", f"every [{self.table}] needs it")
        return cls(**made, **self.ready)

    def with_secrets(self, base: Path, env: Mapping[str, str]) -> ConfigTable:
        """`NAME_file` and `NAME_env` as a `Secret` NAME, which is read where it is used; one in clear is refused."""
        rest, secrets = dict(self.values), dict(self.ready)
        for key, value in self.values.items():
            name, _, how = key.rpartition("_")
            if key in SECRETS:
                raise self.error(
                    key, "a secret does not stand in the configuration", f"use {key}_file or {key}_env"
                )
            if name in SECRETS and how in ("env", "file"):
                secrets[name] = _secret(self, key, str(value), base, env) if value else Secret()
                del rest[key]
        return replace(self, values=rest, ready=secrets)


def refuse_unknown(where: ConfigPlace, given: Iterable[str], known: Iterable[str]) -> None:
    """Raises `ConfigError` for a name that is not known."""
    names = list(known)
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            right = f"did you mean {near[0]}?" if near else "known here: " + ", ".join(sorted(names))
            raise where.error(key, "unknown key", right)


def _secret(where: ConfigPlace, key: str, source: str, base: Path, env: Mapping[str, str]) -> Secret:
    name, _, how = key.rpartition("_")

    def from_environment() -> str:
        if source not in env:
            raise where.error(key, f"the environment has no {source}", f"set it, or use {name}_file")
        return env[source]

    def from_file() -> str:
        try:
            return (base / source).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            said = error.strerror if isinstance(error, OSError) else "it is not text"
            raise where.error(key, f"cannot read {source}: {said}", "check path and rights") from None

    return Secret(source, from_environment if how == "env" else from_file)
