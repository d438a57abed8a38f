"""report: hours to invoice, promises kept and broken, how much came in."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.session import Session, now, session
from maild.commands.shapes import shapes
from maild.errors import Refused

if TYPE_CHECKING:
    from maild.store import Tx

report = typer.Typer(help="Hours to invoice, promises kept, volume.", no_args_is_help=True)
app.add_typer(report, name="report")

MonthOpt = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM")]
FromOpt = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")]
ToOpt = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")]
CompanyOpt = Annotated[str | None, typer.Option("--company", metavar="KEY")]
CsvOpt = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
PlotOpt = Annotated[Path | None, typer.Option("--plot", metavar="FILE.png", help="Draw it.")]


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
    rows: Sequence[dict[str, Any]], columns: Sequence[str], as_json: bool, as_csv: bool, wide: str = ""
) -> None:
    from maild.report import figures

    if as_json:
        output.emit_lines(rows)
    elif as_csv:
        sys.stdout.write(figures.to_csv([_safe(row) for row in rows], columns))
    elif rows:
        heads = [c.upper().replace("_", " ") for c in columns]
        output.table(heads, ([r.get(c) for c in columns] for r in rows), wide=wide.upper())
    else:
        output.say("nothing in this time")


def _safe(row: Mapping[str, Any]) -> dict[str, Any]:
    """Customers' words on one line of a cell, bidi marks and controls to be seen."""
    return {key: output.safe_line(value) if isinstance(value, str) else value for key, value in row.items()}


@report.command("time")
def time_(
    ctx: typer.Context,
    month: MonthOpt = None,
    since: FromOpt = None,
    to: ToOpt = None,
    company: CompanyOpt = None,
    as_csv: CsvOpt = False,
    plot: PlotOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Minutes by company and ticket, raw and billed, for the invoices."""
    here = session(ctx)
    begin, end = span(here, month, since, to)
    with here.read() as tx:
        rows = shapes(tx.timelog.report(begin, end, company))
    columns = ("company", "ticket", "subject", "raw_minutes", "billed_minutes")
    show(rows, columns, as_json, as_csv, "subject")
    if not as_json and not as_csv and rows:
        _sums(rows)
    if plot:
        _bars(plot, rows, "company", "billed_minutes", "Billed minutes by company")


def _sums(rows: Sequence[dict[str, Any]]) -> None:
    from maild.report import figures

    output.say()
    for row in figures.by_company(rows):
        output.say(
            output.safe_line(
                f"{row['company'] or 'no company'}: {row['raw_minutes']} min, billed {row['billed_minutes']} min"
            )
        )


def _shares(row: dict[str, Any]) -> dict[str, Any]:
    """One row of `report sla` for a terminal."""

    def of(what: str) -> str:
        return " / ".join(str(row.get(f"{what}_{state}", 0)) for state in ("kept", "missed", "open"))

    severity = "infra" if row["severity"] == "infrastructure" else row["severity"]
    return {
        **row,
        "severity": severity,
        "answered": of("respond"),
        "solved": of("resolve"),
        "called back": of("call_back"),
    }


def _tickets(tx: Tx, begin: datetime, end: datetime, company: str | None) -> list[Any]:
    from maild.report.figures import TicketRow

    return [
        TicketRow(
            t.number, t.company, t.kind, t.severity or "", t.phase, t.created_at, t.respond_by, t.responded_at, t.resolve_by,
            t.resolved_at, t.closed_at, t.subject,
            t.state.clock.call_back_by if t.state.clock else None,
        )
        for t in tx.tickets.rows_between(begin, end, company)
    ]  # fmt: skip


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
    """Promises kept and broken, by company and severity."""
    from maild.report import figures

    here = session(ctx)
    begin, end = span(here, month, since, to)
    with here.read() as tx:
        tickets = _tickets(tx, begin, end, company)
    if missed:
        columns: tuple[str, ...] = (
            "company",
            "severity",
            "ticket",
            "promise",
            "due",
            "done",
            "late_minutes",
            "why",
        )
        show(figures.missed_rows(tickets, now()), columns, as_json, as_csv, "why")
    else:
        columns = (
            "company", "severity", "tickets", "respond_kept", "respond_missed", "respond_open", "respond_percent",
            "resolve_kept", "resolve_missed", "resolve_open", "resolve_percent", "call_back_kept", "call_back_missed",
        )  # fmt: skip
        rows = figures.sla_rows(tickets, now())
        if as_json or as_csv:
            show(rows, columns, as_json, as_csv)
        else:
            heads = ("company", "severity", "tickets", "answered", "solved", "called back")
            show([_shares(r) for r in rows], heads, False, False)
            output.say("kept / missed / still open")
    if plot:
        _bars(
            plot, figures.sla_rows(tickets, now()), "company", "respond_missed", "Broken promises to respond"
        )


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
    from maild.report import figures

    here = session(ctx)
    begin, end = span(here, month, since, to)
    zone = here.settings.desk.timezone
    with here.read() as tx:
        rows = figures.volume_rows(_tickets(tx, begin, end, company), begin, end, zone, by)
    show(rows, ("period", "company", "kind", "tickets"), as_json, as_csv)
    if plot:
        until = min(end, max(begin + timedelta(days=1), now().astimezone(UTC)))
        _bars(plot, rows, "period", "tickets", "New tickets", figures.buckets(begin, until, zone, by))


def _bars(
    path: Path, rows: Sequence[dict[str, Any]], x: str, value: str, title: str, names: Sequence[str] = ()
) -> None:
    from maild.report import figures

    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        raise Refused("--plot needs matplotlib: pip install 'maild[plot]'") from None
    data = figures.series(rows, x, value, names)
    figure, axes = pyplot.subplots(figsize=(max(6.0, 0.5 * len(data["x"])), 4.0), layout="constrained")
    axes.bar([output.safe_line(str(name)) for name in data["x"]], data["y"], color="#1f5fa8")
    axes.set_title(title)
    axes.tick_params(axis="x", rotation=45)
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: {error}") from None
    finally:
        pyplot.close(figure)
    output.warn(f"{path} written")
