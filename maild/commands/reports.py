"""report: hours to invoice, promises kept and broken, how much is open and came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from maild.commands import output, report_mail
from maild.commands.app import app
from maild.commands.options import CompanyOpt, JsonOpt
from maild.commands.report_output import (
    CsvOpt,
    FromOpt,
    MonthOpt,
    PlotOpt,
    ReportForm,
    ToOpt,
    draw,
    readable,
    say_of,
    say_sums,
    show_promises,
    when_of,
)
from maild.commands.session import nonce, now, session
from maild.errors import Refused
from maild.nearest import unknown
from maild.ticket import days
from maild.ticket.hours import Group

if TYPE_CHECKING:
    from maild.report.sheet import ReportRow
    from maild.report.ticket_row import TicketRow

report = typer.Typer(
    help="Hours to invoice, promises kept, what is open, what came in.", no_args_is_help=True
)
app.add_typer(report, name="report")


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

    group = _group(by)
    form = ReportForm(session(ctx), as_json, as_csv)
    here, (begin, end) = form.here, form.period(month, since, to)
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
        if form.for_people and not tx.timelog.any_outside(begin, end, company):
            columns = columns[:-1]  # what nobody has takes no room on a screen
        shown = form.show(rows, columns, "text" if items else "subject")
        if shown and form.for_people:
            say_sums(figures_of.sums_by(tx, Group.COMPANY, begin, end, company, hours), hours)
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

    form = ReportForm(session(ctx), as_json, as_csv)
    here, (begin, end) = form.here, form.period(month, since, to)
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
        form.show(broken, columns, "why")
    elif not form.for_people:
        columns = (
            "company", "severity", "tickets", "respond_kept", "respond_missed", "respond_open", "respond_percent",
            "resolve_kept", "resolve_missed", "resolve_open", "resolve_percent", "call_back_kept", "call_back_missed",
            "paused_waiting_customer_minutes", "paused_awaiting_approval_minutes", "paused_other_minutes",
        )  # fmt: skip
        form.show(rows, columns)
    else:
        show_promises(rows)
    if plot:
        draw(plot, charts.promises_chart(readable(rows), when_of(here, begin, end), say_of(here)))


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

    form = ReportForm(session(ctx), as_json, as_csv)
    here, (begin, end) = form.here, form.period(month, since, to)
    zone = here.settings.desk.timezone
    with here.read() as tx:
        rows = figures.volume_rows(figures_of.new_tickets(tx, begin, end, company), begin, end, zone, by)
    form.show(rows, ("period", "company", "kind", "tickets"))
    if rows and form.for_people:
        output.say(f"total: {sum(row.tickets for row in rows)}")
    if plot:
        until = min(end, max(begin + timedelta(days=1), now().astimezone(UTC)))
        periods = figures.buckets(begin, until, zone, by)
        draw(plot, charts.volume_chart(readable(rows), periods, when_of(here, begin, end), say_of(here)))


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
    form = ReportForm(here, as_json, as_csv)
    with here.read() as tx:
        rows = figures.backlog_rows(figures_of.open_tickets(tx, here.settings, company, at), at)
    ages = tuple(f"age_{name}" for name, _, _ in figures.AGES)
    columns = ("team", "tickets", "unassigned", "overdue", "paused", *ages, "oldest", "oldest_days")
    heads = ["TEAM", "OPEN", "NOBODY'S", "LATE", "PAUSED", *(name.upper() for name, _, _ in figures.AGES)]
    below = "by age: up to a day, a week, a month, older; then the oldest ticket and its days"
    form.show(rows, columns, heads=[*heads, "OLDEST", "DAYS"], below=below)
    if plot:
        today = f"{now().astimezone(ZoneInfo(here.settings.desk.timezone)):%Y-%m-%d}"
        draw(plot, charts.backlog_chart(readable(rows), today, say_of(here)))


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

    form = ReportForm(session(ctx), as_json, as_csv)
    here, (begin, end) = form.here, form.period(month, since, to)
    with here.read() as tx:
        rows = figures.satisfaction_rows(tx.tickets.rated(begin, end, company))
    form.show(rows, ("company", "good", "bad"), wide="company")


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
        raise Refused(unknown(name, settings.reports, "report", "[[report]] in config.toml makes one"))
    today = days.local_day(at, settings.desk.timezone)
    span_ = spans.named_span(month) if month else spans.last_ended(wanted.every, today)
    if span_.first > today:
        raise Refused(f"{span_.name} has not begun")
    for address in to or ():
        if not valid_address(address):
            raise Refused(f"{address!r} is not an address; write it like boss@desk.example")
    with here.read() as tx:
        edition = reporting.gather(tx, settings, wanted, span_, at, tuple(to or ()))
    drawn = {language: report_mail.drawn(here, edition, language) for language in edition.readers}
    if dry_run:
        report_mail.preview(here, edition, drawn)
        return
    with here.write() as tx:
        reporting.put_out(tx, edition, settings, drawn, at, here.signer(tx), nonce)
    boxes = [box.address for several in edition.readers.values() for box in several]
    if as_json:
        output.emit({"report": name, "period": span_.name, "to": boxes})
    else:
        output.say(output.safe_line(f"report {name} for {span_.name} goes to {', '.join(boxes)}"))
