"""What reaches a terminal, a pipe or a script. Customers' text is data: nothing of it moves a cursor."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maild.commands.encoding import is_narrow
from maild.mail.text.characters import UNSAFE, escape

_LINE = {code: escape(code) for code in UNSAFE}
_TEXT = {code: text for code, text in _LINE.items() if code not in (0x09, 0x0A)}


def _json_escape(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
    return f"\\u{high:04x}\\u{low:04x}"


_JSON = {code: _json_escape(code) for code in UNSAFE if code >= 0x20}


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
    return json.dumps(value, ensure_ascii=is_narrow(), default=_default).translate(_JSON)


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


def soon(value: Any, zone: str, at: datetime) -> str:
    """A due time for a narrow column: weekday and hour within six days of `at`, else the date."""
    if not value:
        return ""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    local, today = moment.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(zone))
    days = (local.date() - today.date()).days
    return local.strftime("%a %H:%M" if abs(days) < 7 else "%d %b %Y")


def on_terminal() -> bool:
    """Whether people read along."""
    return sys.stdout.isatty()


#: columns are never narrower than this, but for what is short by itself
_NARROW = 8
_GAP = 2


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, wide: str = "") -> None:
    """A table on a terminal, tab-separated lines in a pipe. `wide`: the column that gives way first.

    On a terminal columns without any content are left out; the first column, which names the row, stays whole.
    """
    cells = [[safe_line("" if c is None else str(c)) for c in row] for row in rows]
    if not on_terminal():
        for row in cells:
            say("\t".join(row))
        return
    if not cells:
        say("none")
        return
    shown = [i for i in range(len(columns)) if i == 0 or any(row[i] for row in cells)]
    names = [columns[i] for i in shown]
    cells = [[row[i] for i in shown] for row in cells]
    natural = [max([_width(name), *(_width(row[i]) for row in cells)]) for i, name in enumerate(names)]
    room = shutil.get_terminal_size().columns - _GAP * (len(names) - 1)
    widths = fitted(natural, room, names.index(wide) if wide in names else -1)
    say(f"\x1b[1m{_line(names, widths)}\x1b[0m")
    for row in cells:
        say(_line(row, widths))


def fitted(natural: Sequence[int], room: int, wide: int) -> list[int]:
    """Widths that fit into `room`: the wide column gives way to twice the least, then whichever is widest."""
    widths = list(natural)
    if wide >= 0:
        least = min(widths[wide], 2 * _NARROW)
        widths[wide] = max(least, widths[wide] - max(0, sum(widths) - room))
    while sum(widths) > room:
        giving = [i for i in range(1, len(widths)) if widths[i] > _NARROW]
        if not giving:
            break
        # the wide column has given already: it counts for less than the others
        widths[max(giving, key=lambda i: widths[i] - (_NARROW if i == wide else 0))] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (_cut(cell, width) for cell, width in zip(cells, widths, strict=True))
    return (" " * _GAP).join(padded).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal: East Asian wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text + " " * (width - _width(text))
    kept, used = "", 0
    for char in text:
        used += _width(char)
        if used > width - 1:
            break
        kept += char
    return kept + "…" + " " * (width - 1 - _width(kept))


def heading(text: str) -> None:
    """A heading: bold on a terminal."""
    say(f"\x1b[1m{safe_line(text)}\x1b[0m" if sys.stdout.isatty() else safe_line(text))
