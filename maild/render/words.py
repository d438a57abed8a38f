"""The wording that all mails of one language share: templates/<lang>/words.toml, flattened and formatted.

Dates, money, durations and zones are written by Babel (CLDR), so a mail says the same on every machine; the
C library's locale is never asked. What is a phrase of ours (how a date and an hour stand together) is in the file.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.units import format_unit

from maild.model import TomlValue
from maild.values import dataclass

#: the English of our desk's part of the world writes days before months
_AS_LOCALE = {"en": "en_GB"}


_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_CODE_BEFORE = re.compile(r"([A-Za-z])(?=[0-9])")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})", re.ASCII)


@lru_cache(maxsize=16)
def locale_of(language: str) -> Locale:
    """CLDR's rules for the language; English ones for a code that nobody knows."""
    try:
        return Locale.parse(_AS_LOCALE.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@lru_cache(maxsize=16)
def weekdays(language: str) -> frozenset[str]:
    """The names of the days, as the language writes them in a date."""
    return frozenset(locale_of(language).days["format"]["wide"].values())


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The time zone of that IANA name; UTC for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError, a bad name a ValueError
        return UTC


def moment(value: Any) -> datetime | None:
    """An ISO-8601 string (or datetime) as an aware datetime; None for anything else. Naive is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """One language's phrases by dotted key ("todo.answer"), and what is counted and dated with them."""

    language: str
    phrases: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, key: str, **values: Any) -> str:
        """The phrase with `values` filled in; "" for a key that is not there."""
        phrase = self.phrases.get(key, "")
        return phrase.format_map(values) if values else phrase

    def has(self, key: str) -> bool:
        return key in self.phrases

    def count(self, key: str, n: Any, **values: Any) -> str:
        """The phrase `key`.one, `key`.other ..., whichever the number takes in this language."""
        try:
            number = int(n)
        except (TypeError, ValueError):
            return ""
        form = f"{key}.{locale_of(self.language).plural_form(number)}"
        return self(form if self.has(form) else f"{key}.other", n=number, **values)

    def either(self, choice: tuple[str, ...]) -> str:
        """ "a, b or c"."""
        *most, last = choice or ("",)
        return ", ".join(most) + self("format.or") + last if most else last

    def both(self, names: tuple[str, ...]) -> str:
        """ "a, b and c"."""
        *most, last = names or ("",)
        return ", ".join(most) + self("format.and") + last if most else last

    def when(self, value: Any, zone_name: str, now: Any = None) -> str:
        """Weekday, date and hour in that zone; "" for what is no time. The year stands only where it is not that
        of `now`."""
        return self._timed("format.day", value, zone_name, now)

    def short_when(self, value: Any, zone_name: str, now: Any = None) -> str:
        """Date and hour without weekday, for histories."""
        return self._timed("format.short_day", value, zone_name, now)

    def day(self, value: Any, zone_name: str, now: Any = None) -> str:
        """Weekday and date; a bare date stays that day."""
        if isinstance(value, str) and len(value) == 10:
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return ""
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._date("format.day", value, _year(now, zone_name))
        at = moment(value)
        if at is None:
            return ""
        return self._date("format.day", at.astimezone(zone(zone_name or "UTC")), _year(now, zone_name))

    def _timed(self, form: str, value: Any, zone_name: str, now: Any) -> str:
        at = moment(value)
        if at is None:
            return ""
        local = at.astimezone(zone(zone_name or "UTC"))
        day = self._date(form, local, _year(now, zone_name))
        clock = self.phrases.get("format.time", "{hour:02}:{minute:02}")
        return self("format.when", day=day, time=clock.format(hour=local.hour, minute=local.minute))

    def _date(self, form: str, at: date, year: int | None) -> str:
        pattern = self.phrases.get(form if at.year == year else form + "_year", "d MMMM y")
        if at.day == 1 and (first := self("format.first_day")):
            pattern = pattern.replace("d", f"'{first}'", 1)
        return _written(at.year, at.month, at.day, pattern, self.language)

    def period(self, name: str) -> str:
        """`2026-10` as "October 2026", `2026-W44` as "week 44 of 2026"; anything else as it is."""
        if match := _MONTH.fullmatch(name):
            day = date(int(match[1]), int(match[2]), 1)
            return str(format_skeleton("yMMMM", day, locale=locale_of(self.language)))
        if match := _WEEK.fullmatch(name):
            return self("report.week", year=match[1], n=int(match[2]))
        return name

    def long_date(self, iso: str) -> str:
        """A date with its year, without the weekday; what is no date is returned as it is."""
        try:
            return str(format_date(date.fromisoformat(iso), "long", locale_of(self.language)))
        except ValueError:
            return iso

    def city(self, zone_name: str) -> str:
        """The city whose time a zone is, as the language writes it; "" for a zone that is no city's."""
        if "/" not in zone_name or isinstance(zone(zone_name), type(UTC)):
            return ""
        return _city(zone_name, self.language)

    def number(self, value: Any) -> str:
        """A decimal number with this language's marks; what is no number is returned as text."""
        exact = _decimal(value)
        return str(value) if exact is None else format_decimal(exact, locale=locale_of(self.language))

    def money(self, value: Any, currency: str) -> str:
        """ "€1,450.50", "1 450 000 Ft"; what is no number is returned as text."""
        exact = _decimal(value)
        if exact is None or not currency:
            return f"{value} {currency}".strip()
        locale = locale_of(self.language)
        if exact == round(exact, get_currency_precision(currency)):
            return _apart(format_currency(exact, currency, locale=locale))
        # a fraction that the currency has no coin for stays: what is shown is what was offered
        return _apart(
            format_currency(exact, currency, locale=locale, currency_digits=False, decimal_quantization=False)
        )

    def size(self, octets: Any) -> str:
        """A file size for people: kB below a million, MB above; "" for what is no number."""
        if not isinstance(octets, int | float) or octets < 0:
            return ""
        locale = locale_of(self.language)
        if octets < 1_000_000:
            return format_unit(max(1, round(octets / 1000)), "digital-kilobyte", "short", locale=locale)
        return format_unit(round(octets / 1_000_000, 1), "digital-megabyte", "short", locale=locale)

    def duration(self, minutes: Any, blank: str = " ") -> str:
        """Whole minutes as hours and minutes; "" for what is no number. `blank`: between a number and its unit."""
        if not isinstance(minutes, int | float) or minutes < 0:
            return ""
        locale = locale_of(self.language)
        hours, rest = divmod(round(minutes), 60)
        parts = [format_unit(hours, "duration-hour", "long", locale=locale)] if hours else []
        if rest or not hours:
            parts.append(format_unit(rest, "duration-minute", "long", locale=locale))
        return " ".join(part.replace(" ", blank) for part in parts)


@lru_cache(maxsize=512)
def _written(year: int, month: int, day: int, pattern: str, language: str) -> str:
    """A day by a CLDR pattern. Mails name few days, and Babel takes 30 us for each."""
    return format_date(date(year, month, day), pattern, locale_of(language))


@lru_cache(maxsize=256)
def _city(zone_name: str, language: str) -> str:
    return str(get_timezone_location(zone_name, locale=locale_of(language), return_city=True))


def _apart(amount: str) -> str:
    """A code of letters before a number stands apart from it, as CLDR's currencySpacing has it (Babel has it not)."""
    return _CODE_BEFORE.sub("\\1\u00a0", amount)


def _year(now: Any, zone_name: str) -> int | None:
    at = moment(now)
    return at.astimezone(zone(zone_name or "UTC")).year if at is not None else None


def _decimal(value: Any) -> Decimal | None:
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def flatten(table: Mapping[str, TomlValue], before: str = "") -> dict[str, TomlValue]:
    """Nested TOML tables as one table of dotted keys."""
    flat: dict[str, TomlValue] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{before}{key}."))
        else:
            flat[before + key] = value
    return flat


def placeholders(phrase: str) -> frozenset[str]:
    """Names in braces in `phrase`. ValueError when the braces do not match or reach into an object."""
    names = frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"{{{name}}} is not a plain name")
    return names


def make_words(language: str, flat: Mapping[str, TomlValue]) -> Phrasebook:
    """The flattened file as `Phrasebook`."""
    return Phrasebook(
        language=language,
        phrases={key: value for key, value in flat.items() if isinstance(value, str)},
        lists={k: tuple(map(str, v)) for k, v in flat.items() if isinstance(v, list)},
    )


def merge_words(
    shipped: Mapping[str, TomlValue], own: Mapping[str, TomlValue]
) -> tuple[dict[str, TomlValue], list[str]]:
    """The operator's phrases laid over the shipped ones, and what is wrong with those left out.

    A phrase may use the shipped phrase's placeholders only, so a slip in it can never break a mail.
    """
    merged, problems = dict(shipped), []
    for key, value in own.items():
        known = shipped.get(key)
        if known is None and not key.startswith(("reason.", "ask.", "topic.")):
            problems.append(f"{key}: there is no such phrase")
        elif isinstance(known, list):
            if isinstance(value, list) and value:
                merged[key] = value
            else:
                problems.append(f"{key}: must be a list")
        elif not isinstance(value, str):
            problems.append(f"{key}: must be text in quotes")
        else:
            try:
                extra = placeholders(value) - placeholders(str(known or ""))
            except ValueError as error:
                problems.append(f"{key}: {error}")
                continue
            if extra:
                problems.append(f"{key}: unknown placeholder {{{'}, {'.join(sorted(extra))}}}")
            else:
                merged[key] = value
    return merged, problems
