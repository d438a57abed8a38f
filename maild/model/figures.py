"""The figures of a report."""

from __future__ import annotations

from enum import StrEnum

from maild.values import dataclass


class FigureUnit(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    MINUTES = "minutes"
    SHARE = "share"  # so many of so many


#: what stands in a cell of a report
Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigure:
    """One line of the table. `of`: what a share is of."""

    key: str
    unit: FigureUnit
    now: int
    before: int
    of_now: int = 0
    of_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPoint:
    """One thing to look at: the phrase [report.point] `code`, and what it names. Minutes are whole."""

    code: str
    company: str = ""
    kind: str = ""
    ticket: int = 0
    n: int = 0
    all: int = 0
    now: int = 0
    before: int = 0
    minutes: int = 0
    days: int = 0
    percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHours:
    """Billed minutes of a customer or a request, in this period and the one before; `over`: of this one's."""

    name: str
    now: int
    before: int
    over: int = 0
