"""`fulltext.fold` inside the database: a function of ours on SQLite, a translation of letters on PostgreSQL."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, func

from maild.fulltext import fold

#: letters with marks and those of other scripts that PostgreSQL's lower() leaves alone under the C locale
_RANGES = ((0xC0, 0x250), (0x370, 0x530), (0x1E00, 0x2000))


@cache
def _letters() -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """(letters, what each becomes), and those that become several."""
    single = [(chr(code), fold(chr(code))) for low, high in _RANGES for code in range(low, high)]
    pairs = [(char, plain) for char, plain in single if plain != char and len(plain) == 1]
    several = tuple((char, plain) for char, plain in single if len(plain) == 2 and char in "ßæœÆŒÞþ")
    return "".join(char for char, _ in pairs), "".join(plain for _, plain in pairs), several


def folded(column: ColumnElement[str], *, sqlite: bool) -> ColumnElement[str]:
    """The column folded: exactly on SQLite, nearly on PostgreSQL (what it finds is looked at again)."""
    if sqlite:
        return func.fold(column)
    letters, become, several = _letters()
    made: ColumnElement[str] = func.lower(column)
    for char, plain in several:
        made = func.replace(made, char, plain)
    return func.translate(made, letters, become)
