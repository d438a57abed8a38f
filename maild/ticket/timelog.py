"""Time entries: durations as people write them, and what is billed of them. Integers only, sums exact."""

from __future__ import annotations

import re
from datetime import datetime
from fractions import Fraction

from maild.errors import Refused
from maild.values import dataclass

MOST_MINUTES = 24 * 60
_EXAMPLES = "write 20m, 1h20, 0.5h, 1:20 or 90 (minutes)"

_CLOCK = re.compile(r"([0-9]{1,4}):([0-9]{2})")
_UNITS = re.compile(
    r"(?:(?P<hours>[0-9]{1,6}(?:[.,][0-9]{1,6})?)h(?:ours?|rs?)?)?(?:(?P<minutes>[0-9]{1,6})(?P<unit>m(?:in(?:utes?)?)?)?)?"
)


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One time entry with its ticket's company, as reports need it."""

    company: str | None
    ticket: int
    at: datetime
    raw_minutes: int
    billed_minutes: int
    subject: str = ""
    agent: str = ""
    courtesy: bool = False
    own_fault: bool = False
    outside: bool = False  # of the contract
    text: str = ""
    topic: str = ""
    id: int = 0
    corrects: int | None = None


def parse_duration(text: str, most: int = MOST_MINUTES) -> int:
    """`20m`, `1h20`, `1h 20m`, `0.5h`, `1,5h`, `1:20`, `90` as whole minutes, 1 to `most`.

    Raises `Refused` for anything else, for zero, a negative, more than `most` (24 h) and parts of a minute.
    """
    plain = "".join(text.split()).lower()
    if plain.startswith(("-", "−", "+")):
        raise Refused(
            f"{text!r}: a duration has no sign; `maild log N MINUTES --correct ENTRY` corrects an entry"
        )
    minutes = _exact(plain, text)
    if minutes.denominator != 1:
        raise Refused(f"{text!r} is not a whole number of minutes; {_EXAMPLES}")
    if minutes == 0:
        raise Refused(f"{text!r} is zero; {_EXAMPLES}")
    if minutes > most:
        if most != MOST_MINUTES:
            raise Refused(f"{text!r} is more than {most // 60} hours")
        raise Refused(f"{text!r} is more than 24 hours; log each day by itself")
    return int(minutes)


def _exact(plain: str, text: str) -> Fraction:
    if match := _CLOCK.fullmatch(plain):
        hours, minutes = int(match[1]), int(match[2])
        if minutes > 59:
            raise Refused(f"{text!r}: {minutes} minutes after the colon; {_EXAMPLES}")
        return Fraction(hours * 60 + minutes)
    match = _UNITS.fullmatch(plain)
    if not plain or match is None:
        raise Refused(f"{text!r} is not a duration; {_EXAMPLES}")
    hours_text, minutes_text = match["hours"], match["minutes"]
    if hours_text and minutes_text and not hours_text.isdigit():
        raise Refused(f"{text!r} has parts of an hour and minutes; {_EXAMPLES}")
    hours_part = Fraction(hours_text.replace(",", ".")) if hours_text else Fraction(0)
    return hours_part * 60 + int(minutes_text or 0)


def shown(minutes: int) -> str:
    """Minutes as `parse_duration` reads them: `1h30`, `2h`, `45m`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest:02}" if hours and rest else f"{hours}h" if hours else f"{rest}m"


def billed(raw: int, quantum: int, rounding: str, courtesy: bool = False) -> int:
    """Minutes to invoice of `raw` minutes of one entry.

    `rounding`: up, down or nearest (a half goes up) to whole quanta; `courtesy` (and our own fault) is 0.
    A negative `raw`, the reversal of a correction, is the exact opposite of what the entry billed.
    """
    if courtesy:
        return 0
    if raw < 0:
        return -billed(-raw, quantum, rounding)
    if quantum <= 1:
        return raw
    if rounding == "down":
        return raw // quantum * quantum
    if rounding == "nearest":
        return (2 * raw + quantum) // (2 * quantum) * quantum
    return -(-raw // quantum) * quantum
