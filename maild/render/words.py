"""The wording that all mails of one language share: templates/<lang>/words.toml, flattened and formatted.

Dates, numbers and plurals are made from the same file; neither the C library's locale nor a package is
asked, so a mail says the same on every machine.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

_LISTS = ("weekdays", "months", "singular")


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
class Words:
    """One language's phrases by dotted key ("next.wait"), and what is counted and dated with them."""

    language: str
    phrases: Mapping[str, str]
    weekdays: tuple[str, ...] = ()  # from Monday
    months: tuple[str, ...] = ()
    singular: tuple[int, ...] = (1,)  # numbers that take the form `.one`
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, key: str, **values: Any) -> str:
        """The phrase with `values` filled in; "" for a key that is not there."""
        phrase = self.phrases.get(key, "")
        return phrase.format_map(values) if values else phrase

    def has(self, key: str) -> bool:
        return key in self.phrases

    def count(self, key: str, n: Any, **values: Any) -> str:
        """The phrase `key`.one or `key`.other, whichever the number takes in this language."""
        try:
            number = int(n)
        except (TypeError, ValueError):
            return ""
        form = ".one" if number in self.singular else ".other"
        return self(key + form, n=number, **values)

    def when(self, value: Any, zone_name: str) -> str:
        """Weekday, date and hour in that zone; "" for what is no time."""
        return self._dated("format.when", value, zone_name)

    def short_when(self, value: Any, zone_name: str) -> str:
        """Date and hour without weekday, for histories."""
        return self._dated("format.short_when", value, zone_name)

    def day(self, value: Any, zone_name: str) -> str:
        """Weekday and date; a bare ISO date stays that day."""
        if isinstance(value, str) and len(value) == 10:
            zone_name = "UTC"
        return self._dated("format.day", value, zone_name)

    def _dated(self, form: str, value: Any, zone_name: str) -> str:
        at = moment(value)
        if at is None:
            return ""
        local = at.astimezone(zone(zone_name or "UTC"))
        phrases = self.phrases
        day = phrases.get("format.first_day", "1") if local.day == 1 else str(local.day)
        return phrases[form].format_map({
            "weekday": self.weekdays[local.weekday()],
            "day": day,
            "month": self.months[local.month - 1],
            "year": local.year,
            "hour": f"{local.hour:02d}:{local.minute:02d}",
        })  # fmt: skip

    def number(self, value: Any, places: int = 2) -> str:
        """A decimal number with this language's marks; what is no number is returned as text."""
        try:
            exact = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        if not exact.is_finite():
            return str(value)
        text = f"{exact:,.{places}f}"
        marks = {",": self("format.thousands"), ".": self("format.decimal")}
        return "".join(marks.get(char, char) for char in text)

    def size(self, octets: Any) -> str:
        """A file size for people: kB below a million, MB above; "" for what is no number."""
        if not isinstance(octets, int | float) or octets < 0:
            return ""
        if octets < 1_000_000:
            return self("format.kb", n=max(1, round(octets / 1000)))
        return self("format.mb", n=self.number(octets / 1_000_000, 1))

    def duration(self, minutes: Any) -> str:
        """Whole minutes as hours and minutes; "" for what is no number."""
        if not isinstance(minutes, int | float) or minutes < 0:
            return ""
        hours, rest = divmod(round(minutes), 60)
        parts = [self("format.hours", n=hours)] if hours else []
        if rest or not hours:
            parts.append(self("format.minutes", n=rest))
        return " ".join(parts)


def flatten(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested TOML tables as one table of dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{before}{key}."))
        else:
            flat[before + key] = value
    return flat


def placeholders(phrase: str) -> frozenset[str]:
    """Names in braces in `phrase`. ValueError when the braces do not match or reach into an object."""
    names = frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"{{{name}}} is no plain name")
    return names


def make_words(language: str, flat: Mapping[str, Any]) -> Words:
    """The flattened file as `Words`."""
    return Words(
        language=language,
        phrases={key: value for key, value in flat.items() if isinstance(value, str)},
        weekdays=tuple(flat.get("weekdays", ())),
        months=tuple(flat.get("months", ())),
        singular=tuple(flat.get("singular", (1,))),
        lists={k: tuple(v) for k, v in flat.items() if isinstance(v, list) and k not in _LISTS},
    )


def merge_words(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The operator's phrases laid over the shipped ones, and what is wrong with those left out.

    A phrase may use the shipped phrase's placeholders only, so a slip in it can never break a mail.
    """
    merged, problems = dict(shipped), []
    for key, value in own.items():
        known = shipped.get(key)
        if known is None and not key.startswith(("reason.", "ask.", "topic.")):
            problems.append(f"{key}: there is no such phrase")
        elif isinstance(known, list):
            if isinstance(value, list) and (key not in _LISTS or len(value) == len(known)):
                merged[key] = value
            else:
                problems.append(f"{key}: must be a list of {len(known)}")
        elif not isinstance(value, str):
            problems.append(f"{key}: must be text in quotes")
        else:
            try:
                extra = placeholders(value) - placeholders(known or "")
            except ValueError as error:
                problems.append(f"{key}: {error}")
                continue
            if extra:
                problems.append(f"{key}: unknown placeholder {{{'}, {'.join(sorted(extra))}}}")
            else:
                merged[key] = value
    return merged, problems
