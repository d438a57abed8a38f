"""The blocks of a report: what to look at, the figures beside those of before, the plots."""

from __future__ import annotations

from collections.abc import Iterator

from maild.model import FigureUnit, NamedHours, ReportFigure, ReportPoint
from maild.notice.report_mails import PrepaidHours, ReportMail
from maild.notice.values import HoursAccount
from maild.render.pagedata import FigureTable, Page, PageBlock
from maild.render.words import Phrasebook
from maild.render.wrap import counted, shortened
from maild.report.timesheet import clock

#: content ids of plots inside the mail (RFC 2392)
PICTURE_CID = "{name}@maild"
_NAME = 40


def points(page: Page) -> Iterator[PageBlock]:
    """The few things to look at, or that there is none."""
    content = page.content
    if not isinstance(content, ReportMail):
        return
    words = page.words
    said = [point(one, page) for one in content.points] or [words("report.nothing_said")]
    yield PageBlock("points", "list", said, words("report.head_points"), tone="strong")


def point(one: ReportPoint, page: Page) -> str:
    """One of them in a sentence."""
    words = page.words
    minutes = one.code == "more_hours"
    return counted(words(
        f"report.point.{one.code}", company=one.company, kind=words(f"kind.{one.kind}") or one.kind, ticket=one.ticket,
        n=one.n, all=one.all, days=one.days, percent=one.percent, hours=page.duration(one.minutes),
        now=page.duration(one.now) if minutes else one.now,
        before=page.duration(one.before) if minutes else one.before,
    ))  # fmt: skip


def figures(page: Page) -> Iterator[PageBlock]:
    """The table, this period beside the one before."""
    content = page.content
    if not isinstance(content, ReportMail) or not content.figures:
        return
    words = page.words
    heads = ("", words.period(content.period), words.period(content.period_before))
    rows = tuple(
        (
            words(f"report.figure.{one.key}"),
            _figure(one, one.now, one.of_now),
            _figure(one, one.before, one.of_before),
        )
        for one in content.figures
    )
    yield PageBlock("figures", "table", FigureTable(heads, rows), words("report.head_figures"))


def _figure(one: ReportFigure, value: int, of: int) -> str:
    if one.unit is FigureUnit.MINUTES:
        return clock(value)
    if one.unit is FigureUnit.SHARE:
        return f"{value}/{of}" if of else "–"
    return str(value)


def pictures(page: Page) -> Iterator[PageBlock]:
    """The plots."""
    content = page.content
    if isinstance(content, ReportMail) and content.pictures:
        yield PageBlock(
            "pictures", "pictures", [(PICTURE_CID.format(name=one.name), one.alt) for one in content.pictures]
        )


def hours(page: Page) -> Iterator[PageBlock]:
    """Who, or what, the most hours were billed for."""
    content, words = page.content, page.words
    if not isinstance(content, ReportMail) or not content.hours:
        return
    over = any(one.over for one in content.hours)
    heads = ["", words.period(content.period), words.period(content.period_before)]
    heads += [words("report.beyond")] if over else []
    rows = tuple(tuple(_hours(one, over, words)) for one in content.hours)
    heading = words("report.head_tickets" if content.by_ticket else "report.head_companies")
    yield PageBlock("hours", "table", FigureTable(tuple(heads), rows), heading)


def _hours(one: NamedHours, over: bool, words: Phrasebook) -> Iterator[str]:
    yield shortened(one.name, _NAME) or words("report.nobody")
    yield clock(one.now)
    yield clock(one.before)
    if over:
        yield clock(one.over) if one.over else "–"


def enclosed(page: Page) -> Iterator[PageBlock]:
    """What goes with it."""
    content = page.content
    if isinstance(content, ReportMail) and content.files:
        yield PageBlock("enclosed", "text", page.words("report.attached"), tone="quiet")


def account(page: Page) -> Iterator[PageBlock]:
    """What is left of prepaid hours: the news of a mail of its own, a line of the closing mail."""
    balance = page.own("account")
    if isinstance(balance, HoursAccount) and isinstance(page.content, PrepaidHours):
        yield PageBlock(
            "account", "text", said(balance, page, "over" if balance.over else "used"), tone="strong"
        )
    elif isinstance(balance, HoursAccount) and balance.allowed and balance.used:
        yield PageBlock(
            "account", "text", said(balance, page, "mail_over" if balance.over else "mail"), tone="quiet"
        )


def said(balance: HoursAccount, page: Page, phrase: str) -> str:
    """The account in one sentence."""
    words = page.words
    return words(
        f"prepaid.{phrase}", allowed=page.duration(balance.allowed), used=page.duration(balance.used),
        left=page.duration(balance.left), over=page.duration(balance.over), until=page.long_date(balance.until),
    )  # fmt: skip
