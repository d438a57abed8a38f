"""Makes the mail of a report: reads its rows, words it for each language of its readers, puts it into the outbox.

`report send` and the daemon's loop do the same; only where the plots are drawn differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from maild.errors import Refused
from maild.mail.own_ids import Signer
from maild.model import LANGUAGES, NEW, Mailbox, Plan, ReportFigure, SendNotice
from maild.notice import notices
from maild.notice.report_mails import Picture, ReportMail
from maild.notice.values import About
from maild.render import templates_for
from maild.render.words import Phrasebook
from maild.report import charts, figures, promises, sheet, summary, timesheet
from maild.report.charts import Chart
from maild.report.spans import ReportSpan
from maild.report.summary import MonthFigures, PresentState, ReportKind
from maild.settings import ScheduledReport, Settings
from maild.store import Tx
from maild.ticket.vocabulary import RatingValue
from maild.values import dataclass, replace
from maild.work import figures_of

#: plots of one mail
MOST_PLOTS = 2
#: programs that read CSV take it for UTF-8 by this mark
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that one issue of a report says, before it has words. `names`: of companies, by key."""

    report: ScheduledReport
    span: ReportSpan
    this: MonthFigures
    last: MonthFigures
    standing: PresentState
    names: Mapping[str, str]
    readers: Mapping[str, tuple[Mailbox, ...]]  # by language

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened in the two periods."""
        months = (self.this, self.last)
        return not any(m.lines or m.created or m.closed or m.open_at_end for m in months)


@dataclass(frozen=True, slots=True)
class DrawnPlot:
    """A plot of a mail as the file that it is."""

    name: str
    alt: str
    content: bytes


# ------------------------------------------------------------------------------------------------- reading


def gather(
    tx: Tx,
    settings: Settings,
    report: ScheduledReport,
    span: ReportSpan,
    now: datetime,
    to: Sequence[str] = (),
) -> ReportContent:
    """The rows of the period and of the one before. Refused where nobody would get it. `to`: instead of who is
    configured."""
    company = report.company or None
    if company is not None:
        tx.companies.get(company)
    zone = settings.desk.timezone
    open_now = tuple(figures_of.open_tickets(tx, settings, company, now))
    begin, end = span.moments(zone)
    sheet_now = figures_of.timesheet(tx, settings, begin, end, company)
    accounts = tuple(
        (one.key, balance.percent, balance.over)
        for one, balance in sheet_now.balances
        # a quarter that only begins is no news
        if balance.span.after <= span.after or balance.mark
    )
    return ReportContent(
        report, span, _month(tx, settings, span, company, now), _month(tx, settings, span.before, company, now),
        PresentState(now, open_now, accounts), tx.companies.names(), _readers(tx, settings, report, to),
    )  # fmt: skip


def _month(tx: Tx, settings: Settings, span: ReportSpan, company: str | None, now: datetime) -> MonthFigures:
    begin, end = span.moments(settings.desk.timezone)
    worked = figures_of.timesheet(tx, settings, begin, end, company)
    return MonthFigures(
        worked.lines, worked.over, tuple(figures_of.tickets(tx, settings, begin, end, company, now)),
        tx.tickets.closed_between(begin, end, company), tx.tickets.open_at(min(end, now), company),
        _ratings(tx, begin, end, company),
    )  # fmt: skip


def _ratings(tx: Tx, begin: datetime, end: datetime, company: str | None) -> tuple[int, int]:
    """How many were content, and how many not."""
    values = [given.value for _, given in tx.tickets.rated(begin, end, company)]
    return values.count(RatingValue.GOOD), values.count(RatingValue.BAD)


def _readers(
    tx: Tx, settings: Settings, report: ScheduledReport, to: Sequence[str]
) -> dict[str, tuple[Mailbox, ...]]:
    """Who gets it, by language."""
    boxes_of: dict[str, list[Mailbox]] = {}
    if report.company and not to:
        company = tx.companies.get(report.company)
        for contact in tx.contacts.list(report.company):
            if any(one.company == report.company and "billing" in one.roles for one in contact.memberships):
                language = notices.language_of(contact, company, settings)
                boxes_of.setdefault(language, []).append(Mailbox(contact.address, contact.name))
        if not boxes_of:
            raise Refused(
                f"{report.company} has no contact with the role billing, who would get the report {report.name}: "
                f"`maild contact edit ADDRESS --role billing`"
            )
    agents = {one.address: one for one in settings.agents.values() if one.address}
    for address in to or (() if report.company else report.to):
        agent, person = agents.get(address), tx.contacts.find(address)
        language = agent.language if agent is not None else person.language if person is not None else ""
        name = agent.shown if agent is not None else person.name if person is not None else ""
        boxes_of.setdefault(language or settings.desk.language, []).append(Mailbox(address, name))
    return {language: tuple(boxes) for language, boxes in boxes_of.items()}


# ------------------------------------------------------------------------------------------------- wording


def words_of(settings: Settings, language: str) -> Phrasebook:
    """The reader's words."""
    return templates_for(settings).language(language, settings.desk.language)[0]


def plots_of(edition: ReportContent, settings: Settings, words: Phrasebook) -> list[tuple[str, Chart]]:
    """(name, what it shows) of the mail's plots."""
    when = words.period(edition.span.name)
    kinds, alone = edition.report.kinds, bool(edition.report.company)
    zone, (begin, end) = settings.desk.timezone, edition.span.moments(settings.desk.timezone)
    made: list[tuple[str, Chart]] = []
    if ReportKind.TIME in kinds:
        hours = [
            (f"#{row.ticket} {row.subject}" if alone else _customer(edition, row.company), row.minutes)
            for row in timesheet.ticket_hours(edition.this.lines, edition.this.over)
        ]
        made.append(("hours.png", charts.hours_chart(hours, when, words)))
    if ReportKind.SLA in kinds and not alone:
        rows = promises.promise_rows(edition.this.created, edition.standing.now)
        named = [replace(row, company=_customer(edition, row.company)) for row in rows]
        made.append(("promises.png", charts.promises_chart(named, when, words)))
    if ReportKind.VOLUME in kinds:
        by = "day" if edition.report.every == "week" else "week"
        volume = figures.volume_rows(edition.this.created, begin, end, zone, by)
        periods = figures.buckets(begin, end, zone, by)
        made.append(("volume.png", charts.volume_chart(volume, periods, when, words)))
    if ReportKind.BACKLOG in kinds:
        backlog = figures.backlog_rows(edition.standing.open, edition.standing.now)
        made.append(("backlog.png", charts.backlog_chart(backlog, when, words)))
    return made[:MOST_PLOTS]


def _customer(edition: ReportContent, key: str | None) -> str | None:
    return edition.names.get(key or "", key or "") or None


def _in_figures(columns: sheet.Columns) -> sheet.Columns:
    """Truth values as 1 and 0, which programs of every language read."""
    return {name: int(value) if isinstance(value, bool) else value for name, value in columns.items()}


def files_of(edition: ReportContent, settings: Settings, words: Phrasebook) -> list[tuple[str, bytes]]:
    """(name, bytes) of the CSV files, in the reader's format, exact to the minute."""
    zone, (begin, end) = settings.desk.timezone, edition.span.moments(settings.desk.timezone)
    this, now, kinds = edition.this, edition.standing.now, edition.report.kinds
    made: list[tuple[str, bytes]] = []

    def add(name: str, rows: Sequence[sheet.ReportRow], columns: Sequence[str]) -> None:
        heads = [words(f"report.column.{column}") for column in columns]
        cells = [sheet.with_hours(_in_figures(row.columns()), words.language) for row in rows]
        made.append((name, (_MARK + sheet.to_csv(cells, columns, words.language, heads)).encode()))

    minutes = ("raw_minutes", "billed_minutes", "over", "raw_hours", "billed_hours")
    if ReportKind.TIME in kinds:
        rows = timesheet.ticket_hours(this.lines, this.over)
        add("time.csv", rows, ("company", "ticket", "subject", *minutes, "outside_minutes"))
        named = [replace(line, agent=notices.shown_name(line.agent, settings)) for line in this.lines]
        items = [*timesheet.invoice_lines(timesheet.by_company(named), this.over, zone)]
        add(
            "items.csv",
            items,
            ("date", "company", "ticket", "agent", "text", "courtesy", "outside", *minutes),
        )
    if ReportKind.SLA in kinds:
        add("sla.csv", promises.promise_rows(this.created, now), (
            "company", "severity", "tickets", "respond_kept", "respond_missed", "respond_open", "resolve_kept",
            "resolve_missed", "resolve_open", "paused_waiting_customer_minutes", "paused_awaiting_approval_minutes",
        ))  # fmt: skip
    if ReportKind.VOLUME in kinds:
        volume = figures.volume_rows(this.created, begin, end, zone, "day")
        add("volume.csv", volume, ("period", "company", "kind", "tickets"))
    if ReportKind.BACKLOG in kinds:
        ages = tuple(f"age_{name}" for name, _, _ in figures.AGES)
        backlog = figures.backlog_rows(edition.standing.open, now)
        add(
            "backlog.csv",
            backlog,
            ("team", "tickets", "unassigned", "overdue", "paused", *ages, "oldest", "oldest_days"),
        )
    return made


def content_of(
    edition: ReportContent, settings: Settings, plots: Sequence[DrawnPlot], files: Sequence[str]
) -> ReportMail:
    """The mail itself."""
    kinds, alone = edition.report.kinds, bool(edition.report.company)
    rows: tuple[ReportFigure, ...] = summary.table(edition.this, edition.last, kinds, edition.standing.now)
    hours = summary.named_hours(edition.this, edition.last, alone) if ReportKind.TIME in kinds else ()
    named = tuple(replace(one, name=_customer(edition, one.name) or "") for one in hours)
    return ReportMail(
        about=About(timezone=settings.desk.timezone, at=edition.standing.now),
        period=edition.span.name, period_before=edition.span.before.name,
        customer=_customer(edition, edition.report.company) or "",
        points=summary.points(edition.this, edition.last, edition.standing, kinds, edition.names),
        figures=rows, hours=hours if alone else named, by_ticket=alone,
        pictures=tuple(Picture(name=one.name, alt=one.alt) for one in plots), files=tuple(files),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------- sending


def put_out(
    tx: Tx,
    edition: ReportContent,
    settings: Settings,
    drawn: Mapping[str, Sequence[DrawnPlot]],
    now: datetime,
    signer: Signer,
    nonces: Callable[[], str],
) -> int:
    """One mail a language into the outbox; how many. `drawn`: the plots, by language."""
    for language, boxes in edition.readers.items():
        words = words_of(settings, language)
        plots, files = drawn.get(language, ()), files_of(edition, settings, words)
        attach = [tx.blobs.put(one.content, one.name, "image/png", now) for one in plots]
        attach += [tx.blobs.put(content, name, "text/csv", now) for name, content in files]
        content = content_of(edition, settings, plots, [name for name, _ in files])
        spoken = language if language in LANGUAGES else settings.desk.language
        notice = notices.letter(content, NEW, boxes, spoken, attach=tuple(attach))
        tx.apply(Plan((SendNotice(notice),)), now=now, signer=signer, nonces=nonces)
    return len(edition.readers)


def first_working_day(settings: Settings, span: ReportSpan) -> datetime:
    """When the desk opens for the first time after the period; its midnight where the desk never opens."""
    from maild.ticket.calendars import build

    end = span.moments(settings.desk.timezone)[1]
    office = settings.calendars.get("office")
    return (build(office).next_open(end) if office is not None else None) or end
