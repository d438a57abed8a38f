"""Text made fit to be kept (`line`, `text`: every character that somebody wrote stays, controls go) and to be
shown to others (`shown_line`, `shown_text`: nothing unseen in it)."""

from __future__ import annotations

import re

from maild.mail.text.characters import (
    CONTROLS,
    INVISIBLE,
    SEPARATORS,
    SURROGATES,
    UNSEEN,
    pattern_of,
)

_TABS_AND_ENDS = {0x09: " ", 0x0A: " ", 0x0D: " ", 0x0B: " ", 0x0C: " ", 0x85: " "}
_LINE = {
    **dict.fromkeys(CONTROLS),
    **_TABS_AND_ENDS,
    **dict.fromkeys(SEPARATORS, " "),
    **dict.fromkeys(SURROGATES, 0xFFFD),
}
_TEXT = {
    **dict.fromkeys(CONTROLS),
    **{0x09: "\t", 0x0A: "\n", 0x85: "\n", 0x0C: "\n", 0x0B: "\n"},
    **dict.fromkeys(SURROGATES, 0xFFFD),
}
_DIRTY = re.compile(pattern_of((CONTROLS - {0x09, 0x0A}) | SURROGATES))
_UNSEEN = re.compile(pattern_of(UNSEEN - {0x09, 0x0A}))
_INVISIBLE = dict.fromkeys(INVISIBLE)


def line(value: str) -> str:
    """One line: controls out, tabs and line ends as blanks. Blanks at the ends are cut."""
    if value.isprintable():
        return value.strip(" ")
    return value.translate(_LINE).strip(" ")


def text(value: str) -> str:
    """Lines ended by LF; tabs stay, every other control goes."""
    if "\r" in value:
        value = value.replace("\r\n", "\n")
        if "\r" in value:
            # \r\r\n is what a text-mode copy of CRLF leaves
            value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not value.replace("\n", "").isprintable() and _DIRTY.search(value):
        value = value.translate(_TEXT)
    return value


def invisible_out(value: str) -> str:
    """Without zero-width characters, joiners, tag characters and bidi marks."""
    return value if value.isascii() else value.translate(_INVISIBLE)


def shown_text(value: str) -> str:
    """`value` of several lines with newlines as LF and nothing unseen in it."""
    if value.isprintable():
        return value
    if value.replace("\n", "").replace("\t", "").isprintable():
        return value
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", value)


def shown_line(value: str) -> str:
    """`value` as one line: every run of white space and line ends is one space, nothing unseen in it."""
    if value.isprintable() and "  " not in value:
        return value.strip(" ")
    return " ".join(_UNSEEN.sub("", " ".join(value.split())).split())
