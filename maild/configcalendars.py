"""[calendars.NAME] -> `CalendarSettings`, and the calendars that are built in."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import itertools
import re
import typing
from collections.abc import Mapping
from typing import Any

from maild import settings as s
from maild.configtable import ConfigTable
from maild.configvalues import ConfigPlace

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


ALWAYS = s.CalendarSettings("always", "UTC", (((0, 1440),),) * 7)
_office_week = (((480, 1020),),) * 5 + ((), ())
OFFICE = s.CalendarSettings("office", "Europe/Budapest", _office_week)
STANDARD = s.ServiceLevel("standard", {"user": 8.0, "system": 4.0, "infrastructure": 2.0})


#: minutes that hours past midnight may last: what is longer is rather the end and the beginning in each other's place
_LONGEST_NIGHT = 720


def hours(where: ConfigPlace, key: str, given: Any) -> tuple[tuple[int, int], ...]:
    """["08:00-12:00", "13:00-17:00"] -> minutes after midnight, in order, not overlapping.

    "22:00-02:00" is (1320, 120): it begins on this day and ends on the next one.
    """
    if not isinstance(given, list):
        raise where.error(key, f"{given!r} is not a list of hours", 'write ["08:00-17:00"]')
    made: list[tuple[int, int]] = []
    for text in given:
        match = _HOURS.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise where.error(key, f"{text!r} is not a range of hours", 'write "08:00-17:00"')
        a, b, c, d = (int(g) for g in match.groups())
        start, end = a * 60 + b, c * 60 + d or 1440
        if b > 59 or d > 59 or end > 1440 or start >= 1440 or start == end:
            raise where.error(
                key, f"{text!r} is not a range of hours", "from 00:00 to 24:00, the end after the start"
            )
        if end < start and end + 1440 - start > _LONGEST_NIGHT:
            raise where.error(
                key,
                f"{text!r} would go on past midnight for over 12 hours",
                f'write the end after the start; if it is meant, "{text.strip()[:5]}-24:00" here, the rest on the next day',
            )
        made.append((start, end))
    made.sort()
    for (start, end), (after, _) in itertools.pairwise(made):
        if after < (end if end > start else end + 1440):
            raise where.error(key, "the hours overlap", "separate them")
    return tuple(made)


def calendar_of(table: ConfigTable, name: str) -> s.CalendarSettings:
    given = table.values
    start = OFFICE.week if name == "office" and not any(d in given for d in WEEKDAYS) else ((),) * 7
    week = tuple(hours(table, d, given[d]) if d in given else start[i] for i, d in enumerate(WEEKDAYS))
    by_date: dict[str, dict[str, tuple[tuple[int, int], ...]]] = {}
    for key in ("open", "holidays_hours"):
        raw = given.get(key, {})
        if not isinstance(raw, Mapping):
            raise table.error(key, f"{raw!r} is not a table", 'write { "2026-12-12" = ["08:00-12:00"] }')
        by_date[key] = {str(k): hours(table, key, v) for k, v in raw.items()}
    closed = given.get("closed", [])
    for key, dates in (("open", [*by_date["open"]]), ("closed", closed if isinstance(closed, list) else [])):
        for date in dates:
            if not _is_date(str(date)):
                raise table.error(key, f"{date!r} is not a date", 'write "2026-12-24"')
    holidays = str(given.get("holidays", ""))
    if holidays:
        _check_holidays(table, holidays)
    known = [f.name for f in dataclasses.fields(s.CalendarSettings) if f.name not in ("name", "week")]
    table.refuse_unknown([*known, *WEEKDAYS])
    rest = table.without(*WEEKDAYS, *by_date).with_ready(name=name, week=week, **by_date)
    return typing.cast(s.CalendarSettings, rest.fill(s.CalendarSettings))


def _is_date(text: str) -> bool:
    try:
        return bool(_ISO_DATE.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _check_holidays(where: ConfigPlace, code: str) -> None:
    import holidays as package  # slow to import: only when a calendar names a country

    country, _, part = code.partition("-")
    supported = package.list_supported_countries(include_aliases=True)
    if country not in supported:
        near = ", ".join(difflib.get_close_matches(country, supported, 3)) or '"HU", "NL", "DE-BY" ...'
        raise where.error(
            "holidays", f"no holidays are known for {code!r}", f"write an ISO country code: {near}"
        )
    if part and part not in supported[country]:
        parts = ", ".join(supported[country]) or "none"
        raise where.error("holidays", f"{country} has no part {part!r}", f"known: {parts}")
