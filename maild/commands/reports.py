"""report: hours to invoice, promises kept and broken, how much is open and came in.

Over 300 lines: the verbs of `report` share the period, the columns and the plots.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.session import Session, nonce, now, session
from maild.errors import Refused
from maild.ticket.hours import Group

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from maild.model.figures import Cell
    from maild.render.words import Phrasebook
    from maild.report.charts import Chart
    from maild.report.promises import PromiseRow
    from maild.report.sheet import Columns, ReportRow
    from maild.report.ticket_row import TicketRow
    from maild.ticket.hours import GroupHours
    from maild.work.figures_of import PrepaidWork
    from maild.work.reporting import DrawnPlot, ReportContent

report = typer.Typer(
    help="Hours to invoice, promises kept, what is open, what came in.", no_args_is_help=True
)
app.add_typer(report, name="report")

MonthOpt = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM")]
FromOpt = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")]
ToOpt = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")]
CompanyOpt = Annotated[str | None, typer.Option("--company", metavar="KEY")]
CsvOpt = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
PlotOpt = Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw it: a .png or an .svg.")]


def span(here: Session, month: str | None, since: str | None, to: str | None) -> tuple[datetime, datetime]:
    """[first moment, first moment after) in UTC; the current month unless something else is said."""
    from maild.report import figures

    zone = here.settings.desk.timezone
    today = now().astimezone(ZoneInfo(zone)).date()
    if month and (since or to):
        raise typer.BadParameter("either --month, or --from and --to")
    if not since and not to:
        return figures.period(month or f"{today:%Y-%m}", zone)
    first = _day(since) if since else date(today.year, today.month, 1)
    last = _day(to) if to else today
    if last < first:
        raise Refused(f"--to {last} lies before --from {first}")
    return figures.midnight(first, zone), figures.midnight(last + timedelta(days=1), zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is not a date; write 2026-11-02") from None


def show(
    here: Session,
    rows: Iterable[ReportRow],
    columns: Sequence[str],
    as_json: bool,
    as_csv: bool,
    wide: str = "",
) -> bool:
    """Rows in the way that was asked for, as they come (a terminal's columns need all); whether there were any. In CSV
    minutes stand as hours, too."""
    from maild.report import sheet

    rest = iter(rows)
    first = next(rest, None)
    rows = rest if first is None else chain((first,), rest)
    if as_json:
        output.emit_lines(row.columns() for row in rows)
    elif as_csv:
        language = here.settings.desk.language
        names = [*columns, *(sheet.HOURS_BESIDE[name] for name in columns if name in sheet.HOURS_BESIDE)]
        cells = (_cells(sheet.with_hours(row.columns(), language)) for row in rows)
        sheet.write_csv(sys.stdout, cells, names, language)
    elif first is not None:
        heads = [c.upper().replace("_", " ").replace(" MINUTES", "") for c in columns]
        output.table(
            heads,
            ([_cell(c, cells[c]) for c in columns] for cells in (row.columns() for row in rows)),
            wide=wide.upper(),
        )
    else:
        output.say("nothing in this time")
    return first is not None


def head(here: Session, begin: datetime, end: datetime, as_json: bool, as_csv: bool) -> None:
    """The period, where people read along."""
    if output.on_terminal() and not as_json and not as_csv:
        output.heading(when_of(here, begin, end))


def _cell(column: str, value: Cell) -> Cell:
    """Minutes as hours for people."""
    from maild.report.timesheet import clock

    if isinstance(value, int) and (column == "over" or column.endswith("_minutes")):
        return clock(value) if value or column in ("raw_minutes", "billed_minutes") else ""
    return "yes" if value is True else "" if value is False else value


def _cells(row: Columns) -> Columns:
    """Customers' words on one line of a cell, bidi marks and controls to be seen."""
    unsafe = {
        name: safe
        for name, one in row.items()
        if isinstance(one, str) and (safe := output.safe_line(one)) is not one
    }
    return {**row, **unsafe} if unsafe else row


DataclassRow = TypeVar("DataclassRow", bound="DataclassInstance")


def _readable(rows: Iterable[DataclassRow]) -> list[DataclassRow]:
    """The same rows with customers' words as `_cells` shows them, for a plot."""
    made = []
    for row in rows:
        values = {one.name: getattr(row, one.name) for one in fields(row)}
        words = {name: output.safe_line(value) for name, value in values.items() if isinstance(value, str)}
        made.append(replace(row, **words))
    return made


@report.command("time")
def time_(
    ctx: typer.Context,
    month: MonthOpt = None,
    since: FromOpt = None,
    to: ToOpt = None,
    company: CompanyOpt = None,
    items: Annotated[bool, typer.Option("--items", help="Each entry: the lines of an invoice.")] = False,
    by: Annotated[str, typer.Option("--by", help="ticket, company, agent, topic")] = "ticket",
    as_csv: CsvOpt = False,
    plot: PlotOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Hours by company and ticket, raw and billed, for the invoices; what lies beyond prepaid hours apart."""
    from maild.report import charts, timesheet
    from maild.work import figures_of

    here = session(ctx)
    group = _group(by)
    begin, end = span(here, month, since, to)
    head(here, begin, end, as_json, as_csv)
    with here.read() as tx:
        hours = figures_of.prepaid_hours(tx, here.settings, begin, end, company)
        rows: Iterable[ReportRow]
        if items:
            entries = tx.timelog.by_company(begin, end, company)
            rows = timesheet.invoice_lines(entries, hours.over, here.settings.desk.timezone)
            columns: tuple[str, ...] = (
                "date", "ticket", "company", "agent", "text", "raw_minutes", "billed_minutes", "courtesy", "over", "outside",
            )  # fmt: skip
        elif group is Group.TICKET:
            rows = tx.timelog.of_tickets(begin, end, company, hours.over_by(lambda line: line.ticket))
            columns = (
                "company",
                "ticket",
                "subject",
                "raw_minutes",
                "billed_minutes",
                "over",
                "outside_minutes",
            )
        else:
            rows = figures_of.sums_by(tx, group, begin, end, company, hours)
            columns = (by, "tickets", "raw_minutes", "billed_minutes", "over", "outside_minutes")
        if not as_csv and not as_json and not tx.timelog.any_outside(begin, end, company):
            columns = columns[:-1]  # what nobody has takes no room on a screen
        shown = show(here, rows, columns, as_json, as_csv, "text" if items else "subject")
        if shown and not as_json and not as_csv:
            _sums(figures_of.sums_by(tx, Group.COMPANY, begin, end, company, hours), hours)
        if plot:
            bars = figures_of.sums_by(
                tx, Group.COMPANY if group is Group.TICKET else group, begin, end, company, hours
            )
    if plot:
        named = [(row.name and output.safe_line(row.name), row.minutes) for row in bars]
        draw(plot, charts.hours_chart(named, when_of(here, begin, end), say_of(here)))


def _group(by: str) -> Group:
    try:
        return Group(by)
    except ValueError:
        raise Refused(f"--by {by!r}: hours are summed by {', '.join(Group)}") from None


def _sums(by_company: Sequence[GroupHours], hours: PrepaidWork) -> None:
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


def _shares(row: PromiseRow) -> tuple[object, ...]:
    """One row of `report sla` for a terminal."""
    from maild.report.timesheet import clock

    return (
        row.company,
        "infra" if row.severity == "infrastructure" else row.severity,
        row.tickets,
        *(f"{one.kept} / {one.missed} / {one.open}" for one in (row.respond, row.resolve, row.call_back)),
        ", ".join(
            f"{clock(row.paused[reason])} {why}" for reason, why in _PAUSED.items() if row.paused[reason]
        ),
    )


@report.command()
def sla(
    ctx: typer.Context,
    month: MonthOpt = None,
    since: FromOpt = None,
    to: ToOpt = None,
    company: CompanyOpt = None,
    missed: Annotated[bool, typer.Option("--missed", help="Each broken promise, and why.")] = False,
    as_csv: CsvOpt = False,
    plot: PlotOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Promises kept and broken, by company and severity, and why clocks stood."""
    from maild.report import charts, promises
    from maild.work import figures_of

    here = session(ctx)
    begin, end = span(here, month, since, to)
    head(here, begin, end, as_json, as_csv)
    at = now()
    with here.read() as tx:

        def tickets() -> Iterator[TicketRow]:
            return figures_of.tickets(tx, here.settings, begin, end, company, at)

        broken = promises.missed_promises(tickets(), at) if missed else []
        rows = promises.promise_rows(tickets(), at) if plot or not missed else []
    if missed:
        columns: tuple[str, ...] = (
            "company", "severity", "ticket", "promise", "due", "done", "late_minutes", "paused_minutes", "why",
        )  # fmt: skip
        show(here, broken, columns, as_json, as_csv, "why")
    elif as_json or as_csv:
        columns = (
            "company", "severity", "tickets", "respond_kept", "respond_missed", "respond_open", "respond_percent",
            "resolve_kept", "resolve_missed", "resolve_open", "resolve_percent", "call_back_kept", "call_back_missed",
            "paused_waiting_customer_minutes", "paused_awaiting_approval_minutes", "paused_other_minutes",
        )  # fmt: skip
        show(here, rows, columns, as_json, as_csv)
    else:
        heads = ("COMPANY", "SEVERITY", "TICKETS", "ANSWERED", "SOLVED", "CALLED BACK", "CLOCK STOOD")
        if rows:
            output.table(heads, map(_shares, rows))
        else:
            output.say("nothing in this time")
        total = ", ".join(
            f"{word} {sum(c.kept for c in counts)} / {sum(c.missed for c in counts)} / {sum(c.open for c in counts)}"
            for word, counts in (
                ("answered", [r.respond for r in rows]),
                ("solved", [r.resolve for r in rows]),
            )
        )
        output.say(f"total: {sum(row.tickets for row in rows)} tickets, {total}")
        output.say("kept / missed / still open; why the clock stood: hours of working time")
    if plot:
        draw(plot, charts.promises_chart(_readable(rows), when_of(here, begin, end), say_of(here)))


@report.command()
def volume(
    ctx: typer.Context,
    month: MonthOpt = None,
    since: FromOpt = None,
    to: ToOpt = None,
    company: CompanyOpt = None,
    by: Annotated[str, typer.Option("--by", help="day, week, month")] = "week",
    as_csv: CsvOpt = False,
    plot: PlotOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """New tickets by time, company and kind."""
    from maild.report import charts, figures
    from maild.work import figures_of

    here = session(ctx)
    begin, end = span(here, month, since, to)
    head(here, begin, end, as_json, as_csv)
    zone = here.settings.desk.timezone
    with here.read() as tx:
        rows = figures.volume_rows(figures_of.new_tickets(tx, begin, end, company), begin, end, zone, by)
    show(here, rows, ("period", "company", "kind", "tickets"), as_json, as_csv)
    if rows and not as_json and not as_csv:
        output.say(f"total: {sum(row.tickets for row in rows)}")
    if plot:
        until = min(end, max(begin + timedelta(days=1), now().astimezone(UTC)))
        periods = figures.buckets(begin, until, zone, by)
        draw(plot, charts.volume_chart(_readable(rows), periods, when_of(here, begin, end), say_of(here)))


@report.command()
def backlog(
    ctx: typer.Context,
    company: CompanyOpt = None,
    as_csv: CsvOpt = False,
    plot: PlotOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """What is open now: by team, how old, how much of it is overdue or nobody's."""
    from maild.report import charts, figures
    from maild.work import figures_of

    here, at = session(ctx), now()
    with here.read() as tx:
        rows = figures.backlog_rows(figures_of.open_tickets(tx, here.settings, company, at), at)
    ages = tuple(f"age_{name}" for name, _, _ in figures.AGES)
    columns = ("team", "tickets", "unassigned", "overdue", "paused", *ages, "oldest", "oldest_days")
    show(here, rows, columns, as_json, as_csv)
    if plot:
        today = f"{now().astimezone(ZoneInfo(here.settings.desk.timezone)):%Y-%m-%d}"
        draw(plot, charts.backlog_chart(_readable(rows), today, say_of(here)))


@report.command()
def satisfaction(
    ctx: typer.Context,
    month: MonthOpt = None,
    since: FromOpt = None,
    to: ToOpt = None,
    company: CompanyOpt = None,
    as_csv: CsvOpt = False,
    as_json: JsonOpt = False,
) -> None:
    """How many said that they are content with the solution, and how many not, by company."""
    from maild.report import figures

    here = session(ctx)
    begin, end = span(here, month, since, to)
    head(here, begin, end, as_json, as_csv)
    with here.read() as tx:
        rows = figures.satisfaction_rows(tx.tickets.rated(begin, end, company))
    show(here, rows, ("company", "good", "bad"), as_json, as_csv, wide="company")


@report.command()
def send(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=r"A \[\[report]] of the configuration.")],
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="YYYY-MM", help="The last one unless said; 2026-W45 is a week."),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ADDRESS", help="Instead of who is configured; repeat."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Print the mail, send nothing.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Send a report now: figures, plots and CSV, as it comes by itself after its period."""
    from maild.render.header import valid_address
    from maild.report import spans
    from maild.work import reporting

    here = session(ctx)
    settings, at = here.settings, now()
    wanted = settings.reports.get(name)
    if wanted is None:
        known = ", ".join(settings.reports) or "none: [[report]] in config.toml makes one"
        raise Refused(f"there is no report {name}; there are: {known}")
    today = at.astimezone(ZoneInfo(settings.desk.timezone)).date()
    span_ = spans.named_span(month) if month else spans.last_ended(wanted.every, today)
    if span_.first > today:
        raise Refused(f"{span_.name} has not begun")
    for address in to or ():
        if not valid_address(address):
            raise Refused(f"{address!r} is not an address; write it like boss@desk.example")
    with here.read() as tx:
        edition = reporting.gather(tx, settings, wanted, span_, at, tuple(to or ()))
    drawn = {language: _drawn(here, edition, language) for language in edition.readers}
    if dry_run:
        _preview(here, edition, drawn)
        return
    with here.write() as tx:
        reporting.put_out(tx, edition, settings, drawn, at, here.signer(tx), nonce)
    boxes = [box.address for several in edition.readers.values() for box in several]
    if as_json:
        output.emit({"report": name, "period": span_.name, "to": boxes})
    else:
        output.say(output.safe_line(f"report {name} for {span_.name} goes to {', '.join(boxes)}"))


def _drawn(here: Session, edition: ReportContent, language: str) -> list[DrawnPlot]:
    from maild.report import plots
    from maild.work import reporting

    if not plots.available():
        output.warn("maild: without plots: pip install 'maild[plot]'")
        return []
    words = reporting.words_of(here.settings, language)
    return [
        reporting.DrawnPlot(name, f"{chart.title}. {chart.as_text()}", plots.draw(chart))
        for name, chart in reporting.plots_of(edition, here.settings, words)
    ]


def _preview(here: Session, edition: ReportContent, drawn: Mapping[str, Sequence[DrawnPlot]]) -> None:
    """The mail of each language as text."""
    from maild.notice.content import freeze
    from maild.render import render_notice
    from maild.work import reporting

    for language, boxes in edition.readers.items():
        content = reporting.content_of(edition, here.settings, drawn[language], ["time.csv"])
        made = render_notice(content.name, language, freeze(content), here.settings)
        output.say(
            output.safe_text(
                f"To: {', '.join(box.address for box in boxes)}\nSubject: {made.subject}\n\n{made.text}"
            )
        )


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
