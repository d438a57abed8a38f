"""What the verbs of `report` share: the period, rows as a table, CSV or JSON, plots as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from maild.commands import output
from maild.commands.session import Session, now, parse_day
from maild.desk.numbers import how_many
from maild.errors import Refused
from maild.ticket import days
from maild.values import dataclass, replace

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from maild.model.figures import Cell
    from maild.render.words import Phrasebook
    from maild.report.charts import Chart
    from maild.report.promises import PromiseRow
    from maild.report.sheet import ReportRow
    from maild.ticket.hours import GroupHours
    from maild.work.figures_of import Timesheet

MonthOpt = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM")]
FromOpt = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")]
ToOpt = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")]
CsvOpt = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
PlotOpt = Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw it: a .png or an .svg.")]


@dataclass(frozen=True, slots=True)
class ReportForm:
    """How a report is asked for."""

    here: Session
    as_json: bool
    as_csv: bool

    def __post_init__(self) -> None:
        if self.as_json and self.as_csv:
            raise typer.BadParameter("either --csv or --json")

    @property
    def for_people(self) -> bool:
        return not (self.as_json or self.as_csv)

    def period(self, month: str | None, since: str | None, to: str | None) -> tuple[datetime, datetime]:
        """[first moment, first moment after) in UTC; the current month unless something else is said. It stands above the
        report, where people read along."""
        begin, end = _span(self.here.settings.desk.timezone, month, since, to)
        if self.for_people and output.on_terminal():
            output.heading(when_of(self.here, begin, end))
        return begin, end

    def show(
        self,
        rows: Iterable[ReportRow],
        columns: Sequence[str],
        wide: str = "",
        heads: Sequence[str] = (),
        below: str = "",
    ) -> bool:
        """The rows, as they come (a terminal's columns need all); whether there were any. In CSV minutes stand as hours,
        too. `heads`: short words for the columns on a terminal, in place of their names; `below`: what explains them
        there."""
        from maild.report import sheet

        rest = iter(rows)
        first = next(rest, None)
        rows = rest if first is None else chain((first,), rest)
        if self.as_json:
            output.emit_lines(row.columns() for row in rows)
        elif self.as_csv:
            language = self.here.settings.desk.language
            names = [*columns, *(sheet.HOURS_BESIDE[name] for name in columns if name in sheet.HOURS_BESIDE)]
            cells = (sheet.with_hours(row.columns(), language) for row in rows)
            sheet.write_csv(sys.stdout, cells, names, language, shown=output.safe_line)
        elif first is not None:
            heads = heads or [c.upper().replace("_", " ").replace(" MINUTES", "") for c in columns]
            shown = ([_cell(c, cells[c]) for c in columns] for cells in (row.columns() for row in rows))
            output.table(heads, shown, wide=wide.upper())
            if below and output.on_terminal():
                output.say(below)
        else:
            output.say("nothing in this time")
        return first is not None


def _span(zone: str, month: str | None, since: str | None, to: str | None) -> tuple[datetime, datetime]:
    from maild.report import figures

    today = days.local_day(now(), zone)
    if month and (since or to):
        raise typer.BadParameter("either --month, or --from and --to")
    if not since and not to:
        return figures.period(month or f"{today:%Y-%m}", zone)
    first = parse_day(since) if since else date(today.year, today.month, 1)
    last = parse_day(to) if to else today
    if last < first:
        raise Refused(f"--to {last} lies before --from {first}")
    return days.midnight(first, zone), days.midnight(last + timedelta(days=1), zone)


def _cell(column: str, value: Cell) -> Cell:
    """Minutes as hours for people."""
    from maild.report.timesheet import clock

    if isinstance(value, int) and (column == "over" or column.endswith("_minutes")):
        return clock(value) if value or column in ("raw_minutes", "billed_minutes") else ""
    return "yes" if value is True else "" if value is False else value


DataclassRow = TypeVar("DataclassRow", bound="DataclassInstance")


def readable(rows: Iterable[DataclassRow]) -> list[DataclassRow]:
    """The same rows with customers' words on one line, bidi marks and controls to be seen, for a plot."""
    made = []
    for row in rows:
        values = {one.name: getattr(row, one.name) for one in fields(row)}
        words = {name: output.safe_line(value) for name, value in values.items() if isinstance(value, str)}
        made.append(replace(row, **words))
    return made


def say_of(here: Session) -> Phrasebook:
    """The desk's words: plots are for its managers."""
    from maild.render import templates_for

    return templates_for(here.settings).language(here.settings.desk.language, "en")[0]


def when_of(here: Session, begin: datetime, end: datetime) -> str:
    """The period for a title: `2026-10`, or its first and last day."""
    zone = ZoneInfo(here.settings.desk.timezone)
    first, last = begin.astimezone(zone).date(), (end - timedelta(seconds=1)).astimezone(zone).date()
    if (
        first.day == 1
        and (last + timedelta(days=1)).day == 1
        and (first.year, first.month) == (last.year, last.month)
    ):
        return f"{first:%Y-%m}"
    return f"{first} – {last}"


def draw(path: Path, chart: Chart) -> None:
    """The chart as a file of the kind that its name ends with."""
    from maild.report import plots

    content = plots.draw(chart, path.suffix.lower().removeprefix("."))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or error}") from None
    output.warn(f"{path} written")


def say_sums(by_company: Sequence[GroupHours], hours: Timesheet) -> None:
    """Totals by company and of all, exact, and what is left of prepaid hours."""
    from maild.commands.companies import hours_line
    from maild.report.timesheet import clock

    output.say()
    for row in by_company:
        one = row.minutes
        beyond = f", {clock(one.over)} over" if one.over else ""
        apart = f", {clock(one.outside)} outside the contract" if one.outside else ""
        text = f"{row.name or 'no company'}: {clock(one.raw)}, billed {clock(one.billed)}{beyond}{apart}"
        output.say(output.safe_line(text))
    raw, billed = (sum(row.minutes.raw for row in by_company), sum(row.minutes.billed for row in by_company))
    output.say(f"total: {clock(raw)}, billed {clock(billed)} (hours:minutes)")
    for company, balance in hours.balances:
        output.say(output.safe_line(f"prepaid, {company.key}: {hours_line(balance, company.hours_period)}"))


#: why the clock stood, as a terminal has room for it
_PAUSED = {"waiting_customer": "customer", "awaiting_approval": "approval", "": "other"}


def show_promises(rows: Sequence[PromiseRow]) -> None:
    """`report sla` for people, and what its figures are."""
    heads = ("COMPANY", "SEVERITY", "TICKETS", "ANSWERED", "SOLVED", "CALLED BACK", "CLOCK STOOD")
    if rows:
        output.table(heads, map(_shares, rows))
    else:
        output.say("nothing in this time")
    total = ", ".join(
        f"{word} {sum(c.kept for c in counts)} / {sum(c.missed for c in counts)} / {sum(c.open for c in counts)}"
        for word, counts in (("answered", [r.respond for r in rows]), ("solved", [r.resolve for r in rows]))
    )
    output.say(f"total: {how_many(sum(row.tickets for row in rows), 'ticket')}, {total}")
    output.say("kept / missed / still open; why the clock stood: hours of working time")


def _shares(row: PromiseRow) -> tuple[object, ...]:
    from maild.report.timesheet import clock

    stood = (f"{clock(row.paused[reason])} {why}" for reason, why in _PAUSED.items() if row.paused[reason])
    return (
        row.company, "infra" if row.severity == "infrastructure" else row.severity, row.tickets,
        *(f"{one.kept} / {one.missed} / {one.open}" for one in (row.respond, row.resolve, row.call_back)), ", ".join(stood),
    )  # fmt: skip
