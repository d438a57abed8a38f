"""What reaches a terminal, a pipe or a script. Customers' text is data: nothing of it moves a cursor."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from maild.commands.encoding import is_narrow
from maild.consent.hiding import hide
from maild.desk.spans import Line, Span, Style, line
from maild.desk.terminal import cut, safe_line, safe_text, width
from maild.mail.text.characters import UNSAFE

if TYPE_CHECKING:
    from maild.model import JsonValue


def _json_escape(code: int) -> str:
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF)
    return f"\\u{high:04x}\\u{low:04x}"


_JSON = {code: _json_escape(code) for code in UNSAFE if code >= 0x20}


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


#: by whether the terminal is narrow; made once, since a list has thousands of lines
_ENCODE = {narrow: json.JSONEncoder(ensure_ascii=narrow, default=_default).encode for narrow in (False, True)}


def seconds(at: datetime | None) -> str | None:
    """A moment as JSON has it, to the second."""
    return None if at is None else at.isoformat(timespec="seconds")


def to_json(value: JsonValue) -> str:
    """One line of JSON; bidi marks and C1 controls as escapes, which say the same to a program."""
    made = _ENCODE[is_narrow()](value)
    return made if made.isascii() and "\x7f" not in made else made.translate(_JSON)


def emit(value: JsonValue) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(hide(to_json(value)) + "\n")


def emit_lines(rows: Iterable[JsonValue]) -> None:
    """One JSON document a line."""
    for row in rows:
        emit(row)


def say(text: str = "") -> None:
    """A line for people on standard output."""
    sys.stdout.write(hide(text) + "\n")


def warn(text: str) -> None:
    """A line for people on standard error."""
    sys.stderr.write(hide(text) + "\n")


def when(value: Any, zone: str) -> str:
    """A stored time for people: short, in the desk's time zone."""
    if not value:
        return ""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M")


def field(value: Any) -> str:
    """A field of what is shown, in words: hours by severity, calendars by topic, topics."""
    if isinstance(value, dict):
        return ", ".join(
            f"{key} {one:g}" if isinstance(one, float) else f"{key} {one}" for key, one in value.items()
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def fields(rows: Iterable[tuple[str, Any]], width: int) -> None:
    """`name  value`, a line each, with the names in so many columns."""
    for name, value in rows:
        say(f"{name:>{width}}  {safe_line(field(value))}")


def on_terminal() -> bool:
    """Whether people read along."""
    return sys.stdout.isatty()


__all__ = ["safe_line", "safe_text"]  # for the verbs, which print through here

#: `12`, `1:20`, `1 450 000`, `97.5%`
_NUMBER = re.compile(r"-?[0-9][0-9.,: ]*%?")
#: columns are never narrower than this, but for what is short by itself
_NARROW = 8
_GAP = 2


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, wide: str = "") -> None:
    """A table on a terminal, tab-separated lines in a pipe. `wide`: the column that gives way first.

    On a terminal columns without any content are left out; the first column, which names the row, stays whole.
    """
    made = ([safe_line("" if c is None else str(c)) for c in row] for row in rows)
    if not on_terminal():
        for row in made:  # as they come
            say("\t".join(row))
        return
    cells = [*made]
    if not cells:
        say("none")
        return
    shown = [i for i in range(len(columns)) if i == 0 or any(row[i] for row in cells)]
    names = [columns[i] for i in shown]
    cells = [[row[i] for i in shown] for row in cells]
    # numbers stand below each other by their last digit
    right = [
        i > 0 and all(not row[i] or _NUMBER.fullmatch(row[i]) for row in cells) for i in range(len(names))
    ]
    natural = [max([width(name), *(width(row[i]) for row in cells)]) for i, name in enumerate(names)]
    room = shutil.get_terminal_size().columns - _GAP * (len(names) - 1)
    widths = fitted(natural, room, names.index(wide) if wide in names else -1)
    say(painted((Span(_line(names, widths, right), Style.BOLD),), has_colours()))
    for row in cells:
        say(_line(row, widths, right))


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


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (
        " " * (wide - width(cell)) + cell if aside and width(cell) <= wide else cut(cell, wide)
        for cell, wide, aside in zip(cells, widths, right, strict=True)
    )
    return (" " * _GAP).join(padded).rstrip()


def heading(text: str) -> None:
    """A heading: bold on a terminal."""
    write((line(Span(safe_line(text), Style.BOLD)),), pager=False)


# ------------------------------------------------------------------------------------- lines with a meaning

#: SGR parameters (ECMA-48, 8.3.117); the sixteen colours that each terminal's own theme sets
_SGR = {
    Style.BOLD: "1", Style.DIM: "2", Style.LATE: "1;31", Style.SOON: "33", Style.WAITS: "1;35", Style.UNREAD: "1;36",
    Style.CUSTOMER: "36", Style.OURS: "32", Style.INTERNAL: "33", Style.HIT: "1;33",
}  # fmt: skip


def has_colours() -> bool:
    """On a terminal that can, unless NO_COLOR (no-color.org) says otherwise."""
    return on_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def room() -> int:
    """Columns to fill: the terminal's; in a pipe lines are as long as they are."""
    return shutil.get_terminal_size().columns if on_terminal() else 100_000


def painted(spans: Line, colours: bool) -> str:
    """The line as it is written."""
    return "".join(
        f"\x1b[{_SGR[span.style]}m{span.text}\x1b[0m" if colours and span.style in _SGR else span.text
        for span in spans
    )


def write(lines: Iterable[Line], *, pager: bool = True) -> None:
    """Lines for people; on a terminal that is too small for them through a pager."""
    made = [painted(one, has_colours()) for one in lines]
    text = hide("".join(one.rstrip() + "\n" for one in made))
    if not (pager and on_terminal() and len(made) >= shutil.get_terminal_size().lines and _paged(text)):
        sys.stdout.write(text)


def _paged(text: str) -> bool:
    """Whether a pager showed it. MAILD_PAGER, PAGER, `less`; `cat` or nothing means none."""
    import shlex
    import signal
    import subprocess

    command = shlex.split(os.environ.get("MAILD_PAGER", os.environ.get("PAGER", "less")))
    if not command or command == ["cat"]:
        return False
    sys.stdout.flush()
    try:
        pager = subprocess.Popen(
            command, stdin=subprocess.PIPE, env={"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ}
        )
    except OSError:
        return False
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        with contextlib.suppress(BrokenPipeError):
            pager.communicate(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
        pager.wait()
    finally:
        signal.signal(signal.SIGINT, ours)
    return True
