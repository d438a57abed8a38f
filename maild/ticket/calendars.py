"""Working time, right to the minute: local windows become UTC intervals, and sums are taken of those.

A moment is open when the wall clock of the calendar's zone shows a time inside one of the day's
windows. So an hour that daylight saving skips is never worked, one that it repeats is worked twice
where the window holds it, and `always` has exactly as many minutes as passed.

What a date's windows are, the first that applies: `open` of that date, `closed`, a holiday (its
shorter hours by name, or none), a working day swapped to a weekend (Hungary: the hours of the day it
stands for), the weekday. A window past midnight (22:00-02:00) belongs to the day on which it begins.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from maild.settings import CalendarSettings
from maild.ticket.public_holidays import holidays_of
from maild.values import dataclass

DAY = 86_400
#: without one open minute in so many days a calendar counts as never open
NEVER_DAYS = 400
#: no promise reaches further than this
HORIZON_YEARS = 10

Windows = tuple[tuple[int, int], ...]
_EPOCH_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class _Year:
    """Disjoint open intervals [start, end) of one local year in epoch seconds, with their running sum."""

    starts: list[int]
    ends: list[int]
    before: list[int]  # open seconds of the year before each interval, one more at the end: the total

    def worked(self, at: int) -> int:
        """Open seconds of this year before `at`."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return 0
        return self.before[i] + min(at, self.ends[i]) - self.starts[i]


class WorkingCalendar:
    """The hours of one `CalendarSettings`; get one from `build`, which keeps what was computed."""

    def __init__(self, settings: CalendarSettings) -> None:
        self.name = settings.name
        self.timezone = settings.timezone
        self._zone = ZoneInfo(settings.timezone)
        self._settings = settings
        self._years: dict[int, _Year] = {}
        #: the year that was looked at last, but for its first and last day, where clocks may be set anew
        self._lately = range(0), 0

    def add(self, start: datetime, minutes: int) -> datetime | None:
        """The moment when `minutes` of working time have passed since `start` (aware; UTC out).

        Seconds of `start` are kept inside hours, smaller parts dropped. 0 minutes is `start` itself.
        None when the calendar is not open that long within the horizon.
        """
        return self.add_seconds(start, minutes * 60)

    def add_seconds(self, start: datetime, seconds: int) -> datetime | None:
        """`add` with a finer unit, for clocks that must not lose part of a minute at each pause."""
        if seconds < 0:
            raise ValueError("working time to add must not be negative")
        at = int(start.timestamp())
        if seconds == 0:
            return datetime.fromtimestamp(at, UTC)
        need = seconds
        for year in self._from(at):
            done = year.worked(at)
            have = year.before[-1] - done
            if need <= have:
                i = bisect_left(year.before, done + need) - 1
                return datetime.fromtimestamp(year.starts[i] + done + need - year.before[i], UTC)
            need -= have
        return None

    def minutes_between(self, a: datetime, b: datetime) -> int:
        """Whole working minutes from `a` to `b`; 0 when `b` is not after `a`."""
        return self.seconds_between(a, b) // 60

    def seconds_between(self, a: datetime, b: datetime) -> int:
        """Working seconds from `a` to `b`; 0 when `b` is not after `a`."""
        first, last = int(a.timestamp()), int(b.timestamp())
        if last <= first:
            return 0
        span, year = self._lately
        if first in span and last in span:  # as most waits of a year's report do
            table = self._year(year)
            return table.worked(last) - table.worked(first)
        years = range(self._year_of(first), self._year_of(last) + 1)
        return sum(table.worked(last) - table.worked(first) for table in map(self._year, years))

    def is_open(self, at: datetime) -> bool:
        """Whether the moment lies inside hours; the closing minute itself does not."""
        moment = int(at.timestamp())
        year = self._year(self._year_of(moment))
        i = bisect_right(year.starts, moment) - 1
        return i >= 0 and moment < year.ends[i]

    def next_open(self, at: datetime) -> datetime | None:
        """`at` itself when open, else the next opening; None when it never opens."""
        if self.is_open(at):
            return at.astimezone(UTC)
        moment = int(at.timestamp())
        for year in self._from(moment):
            i = bisect_right(year.starts, moment)
            if i < len(year.starts):
                return datetime.fromtimestamp(year.starts[i], UTC)
        return None

    def windows(self, day: date) -> Windows:
        """Local (from, to) minutes of that date; `to` above 1440 runs into the next day."""
        s = self._settings
        iso = day.isoformat()
        if iso in s.open:
            return _unrolled(s.open[iso])
        if iso in s.closed:
            return ()
        known = holidays_of(s.holidays, day.year)
        names = [n for n in known.names.get(day, ()) if not known.same(n, s.holidays_removed)]
        if names:
            hours = [
                s.holidays_hours[key] for n in names for key in s.holidays_hours if known.same(n, (key,))
            ]
            return _unrolled(hours[0]) if len(hours) >= len(names) else ()
        weekday = known.swapped.get(day, day).weekday()
        return _unrolled(s.week[weekday])

    # ------------------------------------------------------------------------------------------ tables

    def _from(self, at: int) -> Iterator[_Year]:
        """The tables from the year of `at` on, ending after the horizon or a long time without hours."""
        first = self._year_of(at)
        last_open = at
        for number in range(first, min(first + HORIZON_YEARS, 9999)):
            table = self._year(number)
            yield table
            if table.ends:
                last_open = max(last_open, table.ends[-1])
            if self._day_start(date(number + 1, 1, 1)) - last_open > NEVER_DAYS * DAY:
                return

    def _year_of(self, at: int) -> int:
        span, year = self._lately
        if at not in span:
            year = datetime.fromtimestamp(at, self._zone).year
            first, after = [self._day_start(date(number, 1, 1)) for number in (year, year + 1)]
            self._lately = range(first + DAY, after - DAY), year
        return year

    def _year(self, number: int) -> _Year:
        table = self._years.get(number)
        if table is None:
            table = self._years[number] = self._make(number)
        return table

    def _make(self, number: int) -> _Year:
        first, last = date(number, 1, 1), date(number, 12, 31)
        pieces = self._offsets(first, last)
        spans: list[tuple[int, int]] = []
        tail: list[tuple[int, int]] = []
        if number > 1:
            tail = [(0, to - 1440) for _, to in self.windows(first - timedelta(days=1)) if to > 1440]
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            here = self.windows(date.fromordinal(ordinal))
            midnight = (ordinal - _EPOCH_DAY) * DAY  # as if the wall clock were UTC
            for a, b in (*tail, *[(a, min(b, 1440)) for a, b in here]):
                spans.extend(_on_the_clock(midnight + a * 60, midnight + b * 60, pieces))
            tail = [(0, to - 1440) for _, to in here if to > 1440]
        return _table(spans)

    def _offsets(self, first: date, last: date) -> list[tuple[int, int, int]]:
        """(from, to, seconds east of UTC) in epoch seconds, covering the local year and a day around."""
        at, end = self._day_start(first) - 2 * DAY, self._day_start(last) + 3 * DAY
        pieces = []
        begin, offset = at, self._offset(at)
        while at < end:
            nxt = at + DAY
            if self._offset(nxt) != offset:
                low, high = at, nxt
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if self._offset(middle) == offset else (low, middle)
                pieces.append((begin, high, offset))
                begin, offset = high, self._offset(high)
            at = nxt
        return [*pieces, (begin, end + DAY, offset)]

    def _offset(self, at: int) -> int:
        offset = datetime.fromtimestamp(at, self._zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def _day_start(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp())


def _unrolled(windows: Windows) -> Windows:
    """22:00-02:00 written as (1320, 120) becomes (1320, 1560)."""
    return tuple((a, b if b > a else b + 1440) for a, b in windows)


def _on_the_clock(a: int, b: int, pieces: list[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """All UTC spans during which the wall clock shows a time in [a, b)."""
    for begin, end, offset in pieces:
        low, high = max(a - offset, begin), min(b - offset, end)
        if low < high:
            yield low, high


def _table(spans: list[tuple[int, int]]) -> _Year:
    starts: list[int] = []
    ends: list[int] = []
    for a, b in sorted(spans):
        if ends and a <= ends[-1]:
            ends[-1] = max(ends[-1], b)
        else:
            starts.append(a)
            ends.append(b)
    before = [0]
    for a, b in zip(starts, ends, strict=True):
        before.append(before[-1] + b - a)
    return _Year(starts, ends, before)


_Key = tuple[str, str, object, str, object, object, object, object]

#: calendars by the id of their settings, which are held so that no other object gets the id
_by_id: dict[int, tuple[CalendarSettings, WorkingCalendar]] = {}


def build(settings: CalendarSettings) -> WorkingCalendar:
    """The calendar of these settings; the same one for equal settings, so that its years are made once."""
    kept = _by_id.get(id(settings))
    if kept is None:
        if len(_by_id) >= 64:
            _by_id.clear()
        kept = _by_id[id(settings)] = (settings, _equal(settings))
    return kept[1]


def _equal(s: CalendarSettings) -> WorkingCalendar:
    key: _Key = (
        s.name, s.timezone, s.week, s.holidays, s.holidays_removed, tuple(sorted(s.holidays_hours.items())),
        s.closed, tuple(sorted(s.open.items())),
    )  # fmt: skip
    return _kept(key, _Carrier(s))


class _Carrier:
    """Takes unhashable settings past the cache: all are equal, the key beside it tells them apart."""

    __slots__ = ("settings",)

    def __init__(self, settings: CalendarSettings) -> None:
        self.settings = settings

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Carrier)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _kept(_key: _Key, carrier: _Carrier) -> WorkingCalendar:
    return WorkingCalendar(carrier.settings)
