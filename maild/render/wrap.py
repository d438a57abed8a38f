"""Lines of plain text for people: wrapped at words, quoted as mail quotes."""

from __future__ import annotations

import re
from collections.abc import Collection

WIDTH = 72  # RFC 5322, section 2.1.1 asks for 78 at most; quoted once or twice it still is not broken

#: Blanks at which no line may break, as dates hold theirs until the mail is whole; nobody types them, so that no blank of
#: a customer's is taken for one. `HELD` stays held in HTML, too (U+00A0); at `TURN` a narrow page may break.
HELD, TURN = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"


def together(date: str, weekdays: Collection[str] = ()) -> str:
    """A written date that no line of text breaks, and HTML only beside the weekday (one of `weekdays`) that begins or
    ends its day: "Monday 23 November, 16:00" behind "Monday", "november 23., hétfő 16:00" before "hétfő"."""
    first, space, rest = date.partition(" ")
    if space and first.rstrip(",") in weekdays:
        return first + TURN + rest.replace(" ", HELD)
    whole = date.replace(" ", HELD)
    for weekday in weekdays:
        if (at := whole.find(HELD + weekday)) > 0:
            return whole[:at] + TURN + whole[at + 1 :]
    return whole


_COUNTED = re.compile(r"(?<=[0-9]) (?=[^\W0-9_])")


def counted(phrase: str) -> str:
    """A phrase of ours in which each number stays on the line of what it counts: "14 days"."""
    return _COUNTED.sub(HELD, phrase)


def let_go(text: str, held: str = " ") -> str:
    """`text` with plain blanks where dates hold theirs; `held`: in place of those that stay held."""
    return text.replace(HELD, held).replace(TURN, " ")


def wrap(text: str, width: int = WIDTH) -> str:
    """`text` with each of its lines wrapped at spaces: layouts give a width only where it is another.

    A word longer than a line (an address of a page) stays whole.
    """
    if len(text) <= width and "\n" not in text:
        return text
    out: list[str] = []
    for line in text.split("\n"):
        if len(line) <= width:
            out.append(line.rstrip())
            continue
        while len(line) > width:
            at = line.rfind(" ", 1, width + 1)
            if at <= 0:
                at = line.find(" ", width)
                if at < 0:
                    break
            out.append(line[:at].rstrip())
            line = line[at + 1 :].lstrip(" ")
        out.append(line)
    return "\n".join(out)


def indent(text: str, width: int = WIDTH) -> str:
    """`text` wrapped, every line moved in by two spaces."""
    return "  " + wrap(text, width - 2).replace("\n", "\n  ")


def bullet(text: str, width: int = WIDTH) -> str:
    """`text` as one item of a list."""
    return "  - " + wrap(text, width - 4).replace("\n", "\n    ")


def quote(text: str, width: int = WIDTH) -> str:
    """`text` as mail quotes it: every line behind "> "."""
    return "> " + wrap(text.strip("\n"), width - 2).replace("\n", "\n> ")


def shortened(text: str, longest: int) -> str:
    """`text` of at most `longest` characters and an ellipsis that stays on the last word's line, cut at a word."""
    text = text.strip()
    if len(text) <= longest:
        return text
    head = text[:longest]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space > longest * 2 // 3:
        head = head[:space]
    return head.rstrip(" \n.,;:") + "\N{NO-BREAK SPACE}…"
