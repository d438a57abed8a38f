"""On which line of a TOML file a key stands: tomllib tells values, not places."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*[.=]""")

Path = tuple[str | int, ...]


class Lines:
    """Maps paths such as ("company", 0, "contact", 1, "address") to 1-based line numbers."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        here: Path = ()
        counts: dict[Path, int] = {}
        fence = ""  # the quotes of a multi-line string we are in
        for number, line in enumerate(text.splitlines(), 1):
            if fence:
                fence = "" if line.count(fence) % 2 else fence
                continue
            header = _HEADER.match(line)
            key = _KEY.match(line)
            if header:
                here = self._enter(header[2], header[1] == "[[", counts)
                self._lines.setdefault(here, number)
            elif key:
                name = next(part for part in key.groups() if part is not None)
                self._lines.setdefault((*here, name), number)
            fence = next((q for q in ('"""', "'''") if line.count(q) % 2), "")

    def _enter(self, name: str, is_list: bool, counts: dict[Path, int]) -> Path:
        """The path of a table header, counting members of arrays of tables."""
        path: Path = ()
        parts = [part.strip().strip("\"'") for part in name.split(".")]
        for position, part in enumerate(parts):
            path = (*path, part)
            if position == len(parts) - 1 and is_list:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def of(self, *path: str | int) -> int:
        """The line of the path, or of the nearest thing around it; 1 when nothing is known."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1
