"""What reaches a terminal, a pipe or a script. Customers' text is data: nothing of it moves a cursor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

#: C0 and C1 controls, DEL, line and paragraph separators, bidi marks, embeddings, overrides, isolates, BOM, tags
_UNSAFE = {
    *range(0x00, 0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, 0x2028, 0x2029,
    *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, *range(0xD800, 0xE000), *range(0xE0000, 0xE0080),
}  # fmt: skip


def _escaped(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_LINE = {code: _escaped(code) for code in _UNSAFE}
_TEXT = {code: text for code, text in _LINE.items() if code not in (0x09, 0x0A)}


def _json_escape(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
    return f"\\u{high:04x}\\u{low:04x}"


_JSON = {code: _json_escape(code) for code in _UNSAFE if code >= 0x20}


def safe_line(text: str) -> str:
    """`text` for one line of a terminal: controls, line breaks and bidi marks stand escaped."""
    return text.translate(_LINE)


def safe_text(text: str) -> str:
    """`text` of several lines for a terminal: newlines and tabs stay."""
    return text.translate(_TEXT)


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def to_json(value: Any) -> str:
    """One line of JSON; bidi marks and C1 controls as escapes, which say the same to a program."""
    return json.dumps(value, ensure_ascii=False, default=_default).translate(_JSON)


def emit(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(to_json(value) + "\n")


def emit_lines(rows: Iterable[Any]) -> None:
    """One JSON document a line."""
    for row in rows:
        emit(row)


def say(text: str = "") -> None:
    """A line for people on standard output."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """A line for people on standard error."""
    sys.stderr.write(text + "\n")


def when(value: Any, zone: str) -> str:
    """A stored time for people: short, in the desk's time zone."""
    if not value:
        return ""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, wide: str = "") -> None:
    """A table on a terminal, tab-separated lines in a pipe. `wide`: the column that takes what room is left."""
    cells = [[safe_line("" if c is None else str(c)) for c in row] for row in rows]
    if not sys.stdout.isatty():
        for row in cells:
            say("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        if name == wide:
            made.add_column(name, overflow="ellipsis", no_wrap=True, ratio=1)
        else:
            made.add_column(name, no_wrap=True, overflow="ellipsis")
    for row in cells:
        made.add_row(*(Text(c) for c in row))
    Console(highlight=False).print(made)


def heading(text: str) -> None:
    """A heading: bold on a terminal."""
    say(f"\x1b[1m{safe_line(text)}\x1b[0m" if sys.stdout.isatty() else safe_line(text))
