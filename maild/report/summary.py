"""What the report of a month or week says on its one page: figures beside those of the period before, and the few things
to look at. Pure sums; the words are render/'s."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from maild.model import FigureUnit, NamedHours, ReportFigure, ReportPoint
from maild.report import promises
from maild.report.ticket_row import TicketRow
from maild.report.timesheet import ticket_hours
from maild.ticket.timelog import TimeLine
from maild.values import dataclass

#: things to look at, and customers or requests that are named with their hours
MOST_POINTS, MOST_NAMED = 3, 8
#: an open request that is older is told
OLD = timedelta(days=30)
#: what is worth a word: so many minutes or requests more than before, and so many percent
_MORE_MINUTES, _MORE_TICKETS, _MORE_PERCENT, _GIVEN_AWAY = 60, 3, 50, 60


class ReportKind(StrEnum):
    """What a report is about."""

    TIME = "time"
    SLA = "sla"
    VOLUME = "volume"
    BACKLOG = "backlog"
    SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One period's rows. `over`: minutes beyond prepaid hours by id of the entry; `ratings`: content, not content."""

    lines: tuple[TimeLine, ...] = ()
    over: Mapping[int, int] = field(default_factory=dict)
    created: tuple[TicketRow, ...] = ()
    closed: int = 0
    open_at_end: int = 0
    ratings: tuple[int, int] = (0, 0)


def table(
    this: MonthFigures, last: MonthFigures, kinds: Sequence[str], now: datetime
) -> tuple[ReportFigure, ...]:
    """The figures of those kinds, in the order of `ReportKind`."""
    return tuple(figure for kind in ReportKind if kind in kinds for figure in _FIGURES[kind](this, last, now))


def _count(key: str, now: int, before: int) -> ReportFigure:
    return ReportFigure(key=key, unit=FigureUnit.COUNT, now=now, before=before)


def _minutes(key: str, now: int, before: int) -> ReportFigure:
    return ReportFigure(key=key, unit=FigureUnit.MINUTES, now=now, before=before)


def _share(key: str, now: tuple[int, int], before: tuple[int, int]) -> ReportFigure:
    return ReportFigure(
        key=key, unit=FigureUnit.SHARE, now=now[0], of_now=now[1], before=before[0], of_before=before[1]
    )


def _time(this: MonthFigures, last: MonthFigures, _now: datetime) -> Iterator[ReportFigure]:
    yield _minutes("raw", *(sum(one.raw_minutes for one in m.lines) for m in (this, last)))
    yield _minutes("billed", *(billed(m.lines) for m in (this, last)))
    over = [sum(m.over.get(one.id, 0) for one in m.lines) for m in (this, last)]
    if any(over):
        yield _minutes("over", *over)
    outside = [billed(one for one in m.lines if one.outside) for m in (this, last)]
    if any(outside):
        yield _minutes("outside", *outside)
    for key in ("courtesy", "own_fault"):
        given = [sum(one.raw_minutes for one in m.lines if getattr(one, key)) for m in (this, last)]
        if any(given):
            yield _minutes(key, *given)


def _promises(this: MonthFigures, last: MonthFigures, now: datetime) -> Iterator[ReportFigure]:
    for key, what in (("answered", "respond"), ("solved", "resolve")):
        shares = [_decided(m.created, what, now) for m in (this, last)]
        if key == "answered" or any(all_ for _, all_ in shares):
            yield _share(key, *shares)


def _volume(this: MonthFigures, last: MonthFigures, _now: datetime) -> Iterator[ReportFigure]:
    yield _count("new", len(this.created), len(last.created))
    yield _count("closed", this.closed, last.closed)


def _backlog(this: MonthFigures, last: MonthFigures, _now: datetime) -> Iterator[ReportFigure]:
    yield _count("open", this.open_at_end, last.open_at_end)


def _satisfaction(this: MonthFigures, last: MonthFigures, _now: datetime) -> Iterator[ReportFigure]:
    good, before = this.ratings, last.ratings
    yield _share("content", (good[0], sum(good)), (before[0], sum(before)))


_FIGURES = {
    ReportKind.TIME: _time, ReportKind.SLA: _promises, ReportKind.VOLUME: _volume, ReportKind.BACKLOG: _backlog,
    ReportKind.SATISFACTION: _satisfaction,
}  # fmt: skip


def billed(lines: Iterable[TimeLine]) -> int:
    """Minutes to invoice."""
    return sum(one.billed_minutes for one in lines)


def _decided(tickets: Iterable[TicketRow], what: str, now: datetime) -> tuple[int, int]:
    """Promises that were kept, of those that were kept or broken."""
    counts = [
        {"respond": row.respond, "resolve": row.resolve}[what] for row in promises.promise_rows(tickets, now)
    ]
    return sum(one.kept for one in counts), sum(one.decided for one in counts)


def named_hours(this: MonthFigures, last: MonthFigures, by_ticket: bool) -> tuple[NamedHours, ...]:
    """Who or what the most hours were billed for, the most first."""

    def sums(month: MonthFigures) -> tuple[Counter[str], Counter[str]]:
        minutes: Counter[str] = Counter()
        over: Counter[str] = Counter()
        for row in ticket_hours(month.lines, month.over):
            name = f"#{row.ticket} {row.subject}" if by_ticket else row.company or ""
            minutes[name] += row.minutes.billed
            over[name] += row.minutes.over
        return minutes, over

    (now, over), (before, _) = sums(this), sums(last)
    ordered = sorted((name for name in now if now[name]), key=lambda name: (-now[name], name))
    return tuple(
        NamedHours(name=name, now=now[name], before=before[name], over=over[name])
        for name in ordered[:MOST_NAMED]
    )


# ------------------------------------------------------------------------------------- things to look at


@dataclass(frozen=True, slots=True)
class PresentState:
    """How things stand while the report is made. `accounts`: (company, percent used, minutes over) of the period's
    prepaid hours."""

    now: datetime
    open: tuple[TicketRow, ...] = ()
    accounts: tuple[tuple[str, int, int], ...] = ()


def points(
    this: MonthFigures,
    last: MonthFigures,
    standing: PresentState,
    kinds: Sequence[str],
    names: Mapping[str, str],
) -> tuple[ReportPoint, ...]:
    """At most three, the gravest first. `names`: of the companies, by key."""
    every = (point for kind, make in _POINTS if kind in kinds for point in make(this, last, standing, names))
    return tuple(islice(every, MOST_POINTS))


def _named(names: Mapping[str, str], company: str | None) -> str:
    return names.get(company or "", company or "") or "–"


def _missed(
    this: MonthFigures, last: MonthFigures, standing: PresentState, names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    missed = promises.missed_promises(this.created, standing.now)
    if not missed:
        return
    kept = sum(_decided(this.created, what, standing.now)[0] for what in ("respond", "resolve"))
    worst = missed[0]
    yield ReportPoint(
        code="missed", n=len(missed), all=kept + len(missed), ticket=worst.ticket, minutes=worst.late_minutes,
        before=len(promises.missed_promises(last.created, standing.now)), company=_named(names, worst.company),
    )  # fmt: skip


def _over(
    _this: MonthFigures, _last: MonthFigures, standing: PresentState, names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    for company, _, over in sorted(standing.accounts, key=lambda one: (-one[2], one[0])):
        if over:
            yield ReportPoint(code="over", company=_named(names, company), minutes=over)


def _unhappy(
    this: MonthFigures, _last: MonthFigures, _standing: PresentState, _names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    good, bad = this.ratings
    if bad:
        yield ReportPoint(code="unhappy", n=bad, all=good + bad)


def _old(
    _this: MonthFigures, _last: MonthFigures, standing: PresentState, names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    old = [one for one in standing.open if standing.now - one.created_at > OLD]
    if old:
        oldest = min(old, key=lambda one: (one.created_at, one.number))
        yield ReportPoint(
            code="old", n=len(old), ticket=oldest.number, company=_named(names, oldest.company),
            days=(standing.now - oldest.created_at).days,
        )  # fmt: skip


def _nearly(
    _this: MonthFigures, _last: MonthFigures, standing: PresentState, names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    for company, percent, over in sorted(standing.accounts, key=lambda one: (-one[1], one[0])):
        if percent >= 80 and not over:
            yield ReportPoint(code="nearly", company=_named(names, company), percent=percent)


def _more_hours(
    this: MonthFigures, last: MonthFigures, _standing: PresentState, names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    now: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for counter, month in ((now, this), (before, last)):
        for one in month.lines:
            counter[one.company or ""] += one.billed_minutes
    if grown := _grown(now, before, _MORE_MINUTES):
        yield ReportPoint(
            code="more_hours", company=_named(names, grown), now=now[grown], before=before[grown]
        )


def _more_new(
    this: MonthFigures, last: MonthFigures, _standing: PresentState, _names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    now, before = (Counter(one.kind for one in month.created) for month in (this, last))
    if grown := _grown(now, before, _MORE_TICKETS):
        yield ReportPoint(code="more_new", kind=grown, now=now[grown], before=before[grown])


def _grown(now: Counter[str], before: Counter[str], least: int) -> str:
    """What grew the most and enough to be told; "" for none. What had nothing before is compared with nothing: a desk's
    first month tells of no growth."""
    if not before:
        return ""
    name = max(now, key=lambda one: (now[one] - before[one], one), default="")
    more = now[name] - before[name]
    return name if more >= least and more * 100 >= before[name] * _MORE_PERCENT else ""


def _given_away(
    this: MonthFigures, _last: MonthFigures, _standing: PresentState, _names: Mapping[str, str]
) -> Iterator[ReportPoint]:
    minutes = sum(one.raw_minutes for one in this.lines if one.courtesy or one.own_fault)
    if minutes >= _GIVEN_AWAY:
        yield ReportPoint(code="courtesy", minutes=minutes)


#: the gravest first
_POINTS = (
    (ReportKind.SLA, _missed), (ReportKind.TIME, _over), (ReportKind.SATISFACTION, _unhappy), (ReportKind.BACKLOG, _old),
    (ReportKind.TIME, _nearly), (ReportKind.TIME, _more_hours), (ReportKind.VOLUME, _more_new),
    (ReportKind.TIME, _given_away),
)  # fmt: skip
