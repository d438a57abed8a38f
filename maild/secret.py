"""A password or key that is read when it is used, so that only what needs it can fail for want of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import partial
from typing import Any, Protocol

from maild.values import dataclass


def _nothing() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Secret:
    """`source`: the variable or file that holds it, "" where none is configured (then false).

    Neither `repr` nor comparison touches the text itself.
    """

    source: str = ""
    _open: Callable[[], str] = field(default=_nothing, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.source)

    def read(self) -> str:
        """The text. Raises `ConfigError` that names the key and what to do."""
        return self._open()

    def __reduce__(self) -> tuple[Callable[[str], Secret], tuple[str]]:
        """Copied into another process it keeps its name and loses its text: what reads strangers' mail holds no secret."""
        return _withheld, (self.source,)

    @classmethod
    def known(cls, text: str, source: str = "given") -> Secret:
        """One whose text is at hand already."""
        return cls(source, lambda: text)


class TokenSource(Protocol):
    """Where an OAuth2 access token comes from (RFC 6749, section 1.4). Both may block: they are called in a thread."""

    def token(self) -> str:
        """A token that is valid for a while yet; kept between calls."""
        ...

    def forget(self) -> None:
        """The server refused the token: the next one must be new."""
        ...


def _withheld(source: str) -> Secret:
    return Secret(source, partial(_refuse, source) if source else _nothing)


def _refuse(source: str) -> str:
    raise RuntimeError(f"the secret {source} is not handed to this process")


#: where none is configured
NONE = Secret()


def revealed(table: Mapping[str, str | Secret]) -> dict[str, str]:
    """A table of plain keys and secrets with every secret read. Raises `ConfigError`."""
    return {key: value.read() if isinstance(value, Secret) else value for key, value in table.items()}


def every_secret(value: Any) -> Iterator[Secret]:
    """All that stand anywhere in a value made of dataclasses, tuples and mappings."""
    if isinstance(value, Secret):
        yield value
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from every_secret(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from every_secret(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from every_secret(inner)
