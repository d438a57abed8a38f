"""Public holidays of a country or region (`HU`, `NL`, `DE-BY`), known by their local and English names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from maild.errors import Refused
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Holidays:
    """One year: a date's holidays, each by all its names; working weekend days and the day they stand for."""

    names: Mapping[date, tuple[frozenset[str], ...]] = field(default_factory=dict)
    swapped: Mapping[date, date] = field(default_factory=dict)

    def same(self, names: frozenset[str], wanted: Iterable[str]) -> bool:
        """Whether a holiday is meant by one of the wanted names, without regard to case and accents."""
        return any(_folded(name) in names for name in wanted)


def _folded(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(plain.replace("’", "'").casefold().split())


def check_holidays(code: str) -> None:
    """Raise `Refused` when `code` is no country or region that the `holidays` package knows; "" is none."""
    if not code:
        return
    import holidays  # 80 ms that only calendars with holidays pay

    country, _, region = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        near = ", ".join(c for c in sorted(known) if c[:1] == country[:1].upper())
        raise Refused(
            f"holidays of {code!r} are not known; write a country like HU, NL or DE-BY ({near or 'ISO'})"
        )
    if region and region not in known[country]:
        there = ", ".join(sorted(known[country])) or "none"
        raise Refused(f"{country} has no region {region!r} with own holidays; there are: {there}")


@lru_cache(maxsize=256)
def holidays_of(code: str, year: int) -> Holidays:
    """The holidays of one year; none for "". Unknown codes raise `Refused`, as `check_holidays` does."""
    if not code:
        return Holidays()
    check_holidays(code)
    country, _, region = code.partition("-")
    local, english = _in_languages(country, region, year)
    names = {day: _paired(local.get_list(day), english.get_list(day), english.tr) for day in local}
    return Holidays(names, _swaps(local, year))


def _paired(
    ours: list[str], theirs: list[str], english_of: Callable[[str], str]
) -> tuple[frozenset[str], ...]:
    """A day's holidays, each by its names in both languages. The library sorts each language's names by itself, so
    the order says nothing where there are several. What is left after translation is one pair, or told apart no more.
    """
    if len(ours) == len(theirs) == 1:
        return (frozenset(map(_folded, (*ours, *theirs))),)
    left, pairs, unknown = list(theirs), [], []
    for name in ours:
        if (english := english_of(name)) in left:
            left.remove(english)
            pairs.append(frozenset(map(_folded, (name, english))))
        else:  # one that is only observed on this day: the library translates its parts
            unknown.append(name)
    if unknown or left:
        pairs.append(frozenset(map(_folded, (*unknown, *left))))
    return tuple(pairs)


def _in_languages(country: str, region: str, year: int) -> tuple[Any, Any]:
    """The same year with local and with English names; said outright, or the locale would decide."""
    import holidays

    made = []
    bare = holidays.country_holidays(country, subdiv=region or None)
    for language in (bare.default_language, "en_US"):
        use = language if language in bare.supported_languages else None
        made.append(holidays.country_holidays(country, subdiv=region or None, years=year, language=use))
    return made[0], made[1]


def _swaps(local: Any, year: int) -> dict[date, date]:
    """Weekend days worked in exchange for a day off, with that day off (whose hours they have)."""
    stands_for: dict[date, date] = {}
    table: Mapping[int, Any] = getattr(local, "special_public_holidays", {})
    for off_year, rows in table.items():
        for row in rows if rows and isinstance(rows[0], tuple) else (rows,):
            if len(row) in (4, 5) and isinstance(row[2], int):
                worked = date(row[4] if len(row) == 5 else off_year, row[2], row[3])
                stands_for[worked] = date(off_year, row[0], row[1])
    swaps = {}
    for day in local.weekend_workdays:
        if day.year == year:
            friday = day - timedelta(days=(day.weekday() - 4) % 7)
            swaps[day] = stands_for.get(day, friday)
    return swaps
