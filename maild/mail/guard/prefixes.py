"""Finding header field names by their beginnings, fast: an ordinary mail has 25 fields and tables hold 60."""

from __future__ import annotations

from collections.abc import Iterable

_KEY = 5


class Prefixes:
    """A set of beginnings of lower-case field names, each of five characters or more."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        buckets: dict[str, list[str]] = {}
        for beginning in beginnings:
            if len(beginning) < _KEY:
                raise ValueError(f"{beginning!r} is too short")
            buckets.setdefault(beginning[:_KEY], []).append(beginning)
        self._buckets = {
            key: tuple(sorted(several, key=len, reverse=True)) for key, several in buckets.items()
        }

    def find(self, name: str) -> str | None:
        """The longest beginning that `name` has, or None."""
        for beginning in self._buckets.get(name[:_KEY], ()):
            if name.startswith(beginning):
                return beginning
        return None
