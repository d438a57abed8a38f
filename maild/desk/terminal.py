"""Text on a terminal: what customers wrote moves no cursor, columns are counted as they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from maild.mail.text.characters import JOINERS, SHAPELESS, STRAY_JOINERS, UNSAFE, escape

_LINE = {code: escape(code) for code in UNSAFE | SHAPELESS}
#: what Python calls printable, and nobody sees
_BLANK_LETTERS = tuple(char for char in map(chr, JOINERS | SHAPELESS) if char.isprintable())
#: in a text a soft hyphen says where a word may be broken, as mails of companies are full of
_TEXT = {code: text for code, text in _LINE.items() if code not in (0x09, 0x0A)} | {0xAD: ""}
_STRAY = re.compile(STRAY_JOINERS)


def safe_line(text: str) -> str:
    """`text` for one line of a terminal: controls, line breaks, bidi marks and what is not seen stand escaped."""
    if text.isprintable() and (text.isascii() or not _may_hide(text)):
        return text  # most cells of a list
    return _STRAY.sub(_escaped, text).translate(_LINE)


def _may_hide(text: str) -> bool:
    return any(map(text.__contains__, _BLANK_LETTERS))


def _escaped(match: re.Match[str]) -> str:
    return escape(ord(match[0]))


def safe_text(text: str) -> str:
    """`text` of several lines for a terminal: newlines and tabs stay. Joiners that join nothing, of which newsletters
    have lines, are left out."""
    return (
        text
        if text.isascii() and text.replace("\n", "").isprintable()
        else _STRAY.sub("", text).translate(_TEXT)
    )


def width(text: str) -> int:
    """Columns of a terminal: East Asian wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, room: int) -> str:
    """`text` in exactly `room` columns: padded, or shortened with an ellipsis."""
    if width(text) <= room:
        return text + " " * (room - width(text))
    if room < 1:
        return ""
    kept, used = "", 0
    for char in text:
        used += _columns(char)
        if used > room - 1:
            break
        kept += char
    return kept + "…" + " " * (room - 1 - width(kept))


def wrapped(text: str, room: int) -> Iterator[str]:
    """The lines of `text` broken between words so that each fits into `room` columns.

    A line's own indentation and quote marks stand before each of its parts; a word longer than the room (an
    address, a path) is broken at the edge, since the terminal would do so, too.
    """
    for line in text.split("\n"):
        yield from _wrapped_line(line.expandtabs(4).rstrip(), max(room, 2))


def _wrapped_line(line: str, room: int) -> Iterator[str]:
    if width(line) <= room:
        yield line
        return
    head = line[: len(line) - len(line.lstrip(" >|"))]
    if width(head) > room // 2 or room - width(head) < 2:
        head = ""
    current, used = head, width(head)
    begun = False
    for word in line[len(head) :].split(" "):
        size = width(word)
        if begun and used + 1 + size <= room:
            current, used = f"{current} {word}", used + 1 + size
            continue
        if begun:
            yield current.rstrip()
            current, used = head, width(head)
        for char in word:
            if used + _columns(char) > room:
                yield current
                current, used = head, width(head)
            current, used = current + char, used + _columns(char)
        begun = True
    if begun:
        yield current.rstrip()
