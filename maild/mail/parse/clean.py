"""What no string of a `Mail` may hold: NUL, C0 and C1 controls, CR, lone surrogates."""

from __future__ import annotations

import re

_CONTROLS = dict.fromkeys((*range(0, 32), *range(127, 160)))
_SURROGATES = dict.fromkeys(range(55296, 57344), 65533)
_LINE = {
    **_CONTROLS,
    0x09: " ",
    0x0A: " ",
    0x0D: " ",
    0x0B: " ",
    0x0C: " ",
    0x85: " ",
    0x2028: " ",
    0x2029: " ",
    **_SURROGATES,
}
_TEXT = {**_CONTROLS, 0x09: "\t", 0x0A: "\n", 0x85: "\n", 0x0C: "\n", 0x0B: "\n", **_SURROGATES}
_DIRTY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r" {2,}")
#: marks that turn or hide what stands beside them: bidi embeddings and isolates, zero-width, BOM, soft hyphen
INVISIBLE = dict.fromkeys(
    (173, 847, 1564, 6158, *range(8203, 8208), *range(8234, 8239), *range(8288, 8304), 65279)
)


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
    if _DIRTY.search(value):
        value = value.translate(_TEXT)
    return value


def invisible_out(value: str) -> str:
    """Without zero-width characters and bidi marks."""
    return value if value.isascii() else value.translate(INVISIBLE)
