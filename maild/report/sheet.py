"""Rows as CSV, in the way in which the reader's programs take it. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol

from maild.model.figures import Cell

#: where a formula would begin (OWASP, CSV injection): at the beginning of a text, or behind what may part cells
_FORMULA = re.compile("(^|[,;|\\t\\r\\n])(?=[\"'\\s]{0,20}[-=+@＝＋－＠]|[\\t\\r\\n])")
#: without one of these there is none
_BEGINS = re.compile("[-=+@＝＋－＠\t\r\n]")
#: a ten-thousandth of an hour is a third of a second: times 60 it is the minute again
_PLACES = Decimal("0.0001")


#: a row as its named columns: what a terminal, CSV and JSON show of it
Columns = Mapping[str, Cell]


class ReportRow(Protocol):
    """A row of a report."""

    def columns(self) -> Columns: ...


class Writable(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object: ...


class Amount(str):
    """A number that was written out already: no text of anybody's."""

    __slots__ = ()


@lru_cache(maxsize=32)
def decimal_mark(language: str) -> str:
    """What stands before the decimals in that language; "." where nobody knows it."""
    try:
        return get_decimal_symbol(Locale.parse("en_GB" if language == "en" else language))
    except (UnknownLocaleError, ValueError):
        return "."


def hours(minutes: int, language: str) -> str:
    """Minutes as decimal hours in that language: `1.5`, `0,3333`; times 60 and rounded they are the minutes again."""
    exact = (Decimal(minutes) / 60).quantize(_PLACES).normalize()
    return f"{exact:f}".replace(".", decimal_mark(language))


#: columns of minutes beside which CSV has the hours
HOURS_BESIDE = {"raw_minutes": "raw_hours", "billed_minutes": "billed_hours"}


def with_hours(row: Columns, language: str) -> Columns:
    """The row with its minutes as hours, too."""
    made = dict(row)
    for column, name in HOURS_BESIDE.items():
        minutes = row.get(column)
        if isinstance(minutes, int):
            made[name] = _hours_cell(minutes, language)
    return made


@lru_cache(maxsize=1024)
def _hours_cell(minutes: int, language: str) -> Amount:
    return Amount(hours(minutes, language))


def to_csv(
    rows: Sequence[Columns],
    columns: Sequence[str] = (),
    language: str = "en",
    heads: Sequence[str] = (),
) -> str:
    """RFC 4180 with CRLF, every cell quoted; no text in it is a formula, whatever separator a spreadsheet takes.

    Semicolons part the cells where the language has a decimal comma, as spreadsheets there expect. `heads`: the first
    line, where it is not the names of the columns.
    """
    out = io.StringIO(newline="")
    write_csv(out, rows, list(columns) or (list(rows[0]) if rows else []), language, heads)
    return out.getvalue()


def write_csv(
    out: Writable,
    rows: Iterable[Columns],
    columns: Sequence[str],
    language: str,
    heads: Sequence[str] = (),
    shown: Callable[[str], str] = str,
) -> None:
    """`to_csv`, row by row as they come. `shown`: what a text is made before it is looked at."""
    mark = decimal_mark(language)
    writer = csv.writer(
        out, lineterminator="\r\n", quoting=csv.QUOTE_ALL, delimiter=";" if mark == "," else ","
    )
    writer.writerow(heads or columns)
    writer.writerows([_cell(row.get(name), mark, shown) for name in columns] for row in rows)


def _cell(value: Cell, mark: str, shown: Callable[[str], str]) -> Cell:
    if value.__class__ is int or value.__class__ is Amount:
        return value
    if isinstance(value, str):
        return _no_formula(shown, value)
    if isinstance(value, float):
        return f"{value}".replace(".", mark)
    return "" if value is None else value


@lru_cache(maxsize=4096)  # days, companies and agents stand in line after line
def _no_formula(shown: Callable[[str], str], text: str) -> str:
    """A text that would be run as a formula gets an apostrophe before it, also where it becomes one only in a program
    that parts cells by semicolons or tabs, for which our quotes stand in the midst of a cell."""
    text = shown(text)
    return _FORMULA.sub(r"\1'", text) if _BEGINS.search(text) else text
