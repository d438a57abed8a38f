"""Reports that come by mail, and what is left of prepaid hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, datetime
from typing import ClassVar, Self

from maild.model import FigureUnit, NamedHours, ReportFigure, ReportPoint
from maild.notice.content import Content, Reader, Say, mail
from maild.notice.values import About, HoursAccount
from maild.values import dataclass, replace

_AT = datetime(2026, 11, 2, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A plot in the mail: the file that is enclosed, and the same in words."""

    name: str
    alt: str = ""


@mail(
    "report", to=Reader.MANAGER, when="a month or week is over, or `report send`", first="the few things to look at",
    todo="read one page", never="what is not the company's own, to a company",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMail(Content):
    of_ticket: ClassVar[bool] = False
    period: str  # 2026-10, 2026-W44
    period_before: str
    customer: str = ""  # the company that it is about; "" = all
    points: tuple[ReportPoint, ...] = ()
    figures: tuple[ReportFigure, ...] = ()
    hours: tuple[NamedHours, ...] = ()
    by_ticket: bool = False  # `hours` are of requests
    pictures: tuple[Picture, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        plain = cls(
            about=About(timezone="Europe/Budapest", at=_AT),
            period="2026-10",
            period_before="2026-09",
            points=(
                ReportPoint(
                    code="missed",
                    n=2,
                    all=41,
                    before=1,
                    ticket=15789,
                    company="Acme Kft.",
                    minutes=95,
                ),
                ReportPoint(code="over", company="Isle Ltd", minutes=45),
                ReportPoint(code="old", n=3, ticket=15702, company="Till & Sons", days=44),
            ),
            figures=(
                ReportFigure(key="raw", unit=FigureUnit.MINUTES, now=2345, before=2210),
                ReportFigure(key="billed", unit=FigureUnit.MINUTES, now=2505, before=2370),
                ReportFigure(key="over", unit=FigureUnit.MINUTES, now=45, before=0),
                ReportFigure(
                    key="answered", unit=FigureUnit.SHARE, now=39, of_now=41, before=36, of_before=37
                ),
                ReportFigure(key="new", unit=FigureUnit.COUNT, now=43, before=38),
                ReportFigure(key="closed", unit=FigureUnit.COUNT, now=40, before=41),
            ),
            hours=(
                NamedHours(name="Acme Kft.", now=1200, before=1110),
                NamedHours(name="Isle Ltd", now=885, before=900, over=45),
                NamedHours(name="Till & Sons", now=420, before=360),
            ),
            pictures=(Picture(name="hours.png"), Picture(name="promises.png")),
            files=("time.csv", "items.csv"),
        )
        yield "", plain
        tickets = (
            NamedHours(name=f"#15789 {say('sample.subject')}", now=75, before=0),
            NamedHours(name=f"#15780 {say('sample.offer_subject')}", now=45, before=30),
        )
        others = ("nearly", "more_hours", "more_new", "courtesy", "unhappy")
        for code in others:
            point = ReportPoint(
                code=code, company="Acme Kft.", kind="incident", n=1, all=9, now=90, before=60, minutes=75, percent=85
            )  # fmt: skip
            yield code, replace(plain, points=(point,), customer="Acme Kft.", by_ticket=True, hours=tickets)
        yield "nothing", replace(plain, points=(), figures=(), hours=(), pictures=(), period="2026-W44",
                                 period_before="2026-W43")  # fmt: skip


@mail(
    "prepaid_hours", to=Reader.MANAGER, when="80 or 100 % of a company's prepaid hours are used",
    first="how much is used", todo="know what further work costs", never="who asked for the work",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaidHours(Content):
    of_ticket: ClassVar[bool] = False
    account: HoursAccount = field(default_factory=HoursAccount)
    customer: str = ""  # the company, for our own people

    @classmethod
    def samples(cls, _say: Say) -> Iterator[tuple[str, Self]]:
        about = About(timezone="Europe/Budapest", at=_AT, company_name="Acme Kft.")
        used = HoursAccount(allowed=120, used=105, left=15, percent=87, until="2026-10-31")
        yield "", cls(about=about, account=used)
        over = HoursAccount(allowed=120, used=150, over=30, percent=125, until="2026-10-31")
        yield "over", cls(about=about, account=over)
        yield "to_lead", cls(about=about, account=used, customer="Acme Kft.")
