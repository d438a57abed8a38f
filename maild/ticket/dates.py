"""Times as people say them: `tomorrow 9:00`, `fri`, `in 2h`, `2026-11-24 14:00`; and times as people read them.

Everything is meant in one time zone, the desk's; what comes out is UTC. Weekdays and `tomorrow` are known in the
five languages of the mails.

Over 300 lines: what is said and what is understood of a time, side by side.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from maild.errors import Refused
from maild.ticket.days import YEARS
from maild.values import dataclass

EXAMPLES = "write tomorrow 9:00, fri 14:00, in 2h, 24.12. or 2026-12-24T14:00"


class Direction(Enum):
    """Which way a bare weekday, hour or duration points."""

    FUTURE = 1
    PAST = -1


_DAYS = {
    "today": 0, "ma": 0, "vandaag": 0, "heute": 0, "tomorrow": 1, "holnap": 1, "morgen": 1, "demain": 1,
    "yesterday": -1, "tegnap": -1, "gisteren": -1, "gestern": -1, "hier": -1,
}  # fmt: skip
#: Monday first; the beginning of a name from its third letter on counts ("wednes"), and two letters in full
_WEEKDAYS = (
    ("monday", "hétfő", "maandag", "montag", "lundi", "mo", "ma."),
    ("tuesday", "kedd", "dinsdag", "dienstag", "mardi", "tu", "di"),
    ("wednesday", "szerda", "woensdag", "mittwoch", "mercredi", "we", "wo"),
    ("thursday", "csütörtök", "donderdag", "donnerstag", "jeudi", "th", "do"),
    ("friday", "péntek", "vrijdag", "freitag", "vendredi", "fr", "vr"),
    ("saturday", "szombat", "zaterdag", "samstag", "samedi", "sa", "za"),
    ("sunday", "vasárnap", "zondag", "sonntag", "dimanche", "su", "so"),
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_UNITS = {"m": 1, "min": 1, "h": 60, "hour": 60, "d": 1440, "day": 1440, "w": 10080, "week": 10080}

_CLOCK = re.compile(r"(?:at )?([0-9]{1,2})(?:[:.h]([0-9]{2}))?h? ?(am|pm)?")
_SPAN = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]))? ?([a-z]+)")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.? ?([0-9]{1,2})\.(?: ?([0-9]{4})\.?)?|([0-9]{1,2})\.([0-9]{1,2})")
_DAY_MONTH = re.compile(
    r"([0-9]{1,2})\.? ([a-z]{3,9})(?: ([0-9]{4}))?|([a-z]{3,9}) ([0-9]{1,2})(?: ([0-9]{4}))?"
)


@dataclass(frozen=True, slots=True)
class NowInZone:
    """`now` (aware) and the time zone in which people speak."""

    now: datetime
    zone: str

    @property
    def local(self) -> datetime:
        return self.now.astimezone(ZoneInfo(self.zone))

    def at(self, day: date, clock: time) -> datetime:
        """A local day and clock as UTC. An hour that the summer time skips is the one after it."""
        local = datetime.combine(day, clock, tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)


def parse(
    text: str, now: datetime, zone: str, *, towards: Direction = Direction.FUTURE, clock: time = time(9, 0)
) -> datetime:
    """The moment that `text` means, in UTC. `clock`: the hour where only a day is said.

    Raises `Refused` with examples for what is not understood, and for a day that does not exist.
    """
    here = NowInZone(now, zone)
    plain = (
        " ".join(text.lower().replace(",", " ").split())
        if not _SPAN.search(text)
        else " ".join(text.lower().split())
    )
    made = (
        _iso(text.strip(), here) or _span(plain, here, towards) or _day_and_clock(plain, here, towards, clock)
    )
    if made is None:
        raise Refused(f"{text!r} is not a time; {EXAMPLES}")
    return made


def parse_day(text: str, now: datetime, zone: str) -> date:
    """A day, today or before: `yesterday`, `mon`, `2026-11-02`. Raises `Refused`."""
    here = NowInZone(now, zone)
    day = _day(" ".join(text.lower().split()), here, Direction.PAST)
    if day is None:
        raise Refused(f"{text!r} is not a day; write yesterday, mon, 2.11. or 2026-11-02")
    return day


def _iso(text: str, here: NowInZone) -> datetime | None:
    if len(text) < 12 or ("T" not in text.upper() and " " not in text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    _refuse_another_age(text, at.year)
    return (
        at.astimezone(UTC)
        if at.tzinfo is not None
        else at.replace(tzinfo=ZoneInfo(here.zone)).astimezone(UTC)
    )


def _span(plain: str, here: NowInZone, towards: Direction) -> datetime | None:
    """`in 2h`, `3 days ago`, or a bare duration, which points the usual way."""
    sign = towards.value
    if plain.startswith("in "):
        plain, sign = plain.removeprefix("in "), 1
    elif plain.endswith(" ago"):
        plain, sign = plain.removesuffix(" ago"), -1
    if plain in ("now", "right now"):
        return here.now.astimezone(UTC)
    minutes = 0.0
    rest = plain.strip()
    if not rest:
        return None
    while rest:
        match = _SPAN.match(rest)
        unit = _unit(match[3]) if match else None
        if match is None or unit is None:
            return None
        minutes += float(f"{match[1]}.{match[2] or 0}") * unit
        rest = rest[match.end() :].removeprefix(" and").strip()
    _refuse_another_age(plain, here.now.year + sign * int(minutes // 525_600))
    return (here.now + sign * timedelta(minutes=minutes)).astimezone(UTC)


def _unit(word: str) -> int | None:
    if word in _UNITS:
        return _UNITS[word]
    return _UNITS.get(word.removesuffix("s")) or (
        1 if word in ("minute", "minutes", "mins") else 60 if word == "hrs" else None
    )


def _day_and_clock(plain: str, here: NowInZone, towards: Direction, clock: time) -> datetime | None:
    """A day, an hour, or both in either order."""
    words = plain.split(" ")
    for cut in range(len(words), -1, -1):
        day_text, clock_text = " ".join(words[:cut]), " ".join(words[cut:])
        for first, second in ((day_text, clock_text), (clock_text, day_text)):
            at = _clock(second) if second else clock
            day = _day(first, here, towards) if first else here.local.date()
            if at is None or day is None or not (first or second):
                continue
            made = here.at(day, at)
            if (
                _weekday(first) is not None
                and second
                and day == here.local.date() + timedelta(days=7 * towards.value)
            ):
                # "fri 15:00" on a Friday at 9:00 is today's
                today = here.at(here.local.date(), at)
                if (today > here.now) is (towards is Direction.FUTURE):
                    return today
            return made
    return None


def _clock(text: str) -> time | None:
    if text in ("noon", "midday"):
        return time(12, 0)
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] and not 1 <= hour <= 12:
        return None
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str, here: NowInZone, towards: Direction) -> date | None:
    today = here.local.date()
    if text in _DAYS:
        return today + timedelta(days=_DAYS[text])
    if text in ("day after tomorrow", "overmorgen", "übermorgen", "holnapután", "après-demain"):
        return today + timedelta(days=2)
    way = towards
    weeks = 0
    for word, how in (
        ("next ", Direction.FUTURE),
        ("last ", Direction.PAST),
        ("on ", towards),
        ("this ", towards),
    ):
        if text.startswith(word):
            text, way = text.removeprefix(word), how
            weeks = 1 if word == "next " else 0
    if text == "week" and weeks:
        return today + timedelta(days=7 - today.weekday())
    weekday = _weekday(text)
    if weekday is not None:
        ahead = (weekday - today.weekday()) % 7 or 7
        behind = (today.weekday() - weekday) % 7 or 7
        if way is Direction.PAST:
            return today - timedelta(days=behind)
        # "next mon" is of the week that follows this one, also when said on a Sunday
        return today + timedelta(days=7 - today.weekday() + weekday if weeks else ahead)
    return _calendar_day(text, today, towards)


def _weekday(text: str) -> int | None:
    for name in ("next ", "last ", "on ", "this "):
        text = text.removeprefix(name)
    plain = text.removesuffix(".")
    for number, names in enumerate(_WEEKDAYS):
        if any(plain == name or (len(plain) >= 3 and name.startswith(plain)) for name in names):
            return number
    return None


def _calendar_day(text: str, today: date, towards: Direction) -> date | None:
    if match := _ISO_DAY.fullmatch(text):
        return _made(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = match[1] or match[4], match[2] or match[5], match[3]
    elif match := _DAY_MONTH.fullmatch(text):
        name = match[2] or match[4]
        number = next((i for i, m in enumerate(_MONTHS, 1) if m.startswith(name)), 0)
        if not number:
            return None
        day, month, year = match[1] or match[5], str(number), match[3] or match[6]
    else:
        return None
    if year:
        return _made(text, int(year), int(month), int(day))
    this = _made(text, today.year, int(month), int(day))
    if towards is Direction.FUTURE and this < today:
        return _made(text, today.year + 1, int(month), int(day))
    if towards is Direction.PAST and this > today:
        return _made(text, today.year - 1, int(month), int(day))
    return this


def _made(text: str, year: int, month: int, day: int) -> date:
    _refuse_another_age(text, year)
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(f"{text!r}: there is no such day; {EXAMPLES}") from None


def _refuse_another_age(text: str, year: int) -> None:
    if year not in YEARS:
        raise Refused(f"{text!r}: the year must be from {YEARS[0]} to {YEARS[-1]}; {EXAMPLES}")


# ------------------------------------------------------------------------------------------ as people read them


def absolute(at: datetime, now: datetime, zone: str) -> str:
    """`Mon 2 Nov 10:30`; with the year where it is another one."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    year = "" if local.year == today.year else f" {local.year}"
    return local.strftime(f"%a {local.day} %b{year} %H:%M")


def relative(at: datetime, now: datetime) -> str:
    """`2 h ago`, `in 3 days`, `now`."""
    seconds = (at - now).total_seconds()
    words = span(abs(seconds))
    if not words:
        return "now"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def span(seconds: float) -> str:
    """`45 min`, `3 h`, `2 days`, `5 weeks`; "" for less than half a minute."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return ""
    if minutes < 90:
        return f"{minutes} min"
    hours = round(minutes / 60)
    if hours < 36:
        return f"{hours} h"
    days = round(hours / 24)
    return f"{days} days" if days < 21 else f"{round(days / 7)} weeks"


def short(at: datetime, now: datetime, zone: str) -> str:
    """A due time for a narrow column: `2h late`, `45m`, `3h`, `Mon 10:30`, `24 Dec`. At most 9 columns."""
    seconds = (at - now).total_seconds()
    late = seconds < 0
    minutes = int(abs(seconds) // 60)
    if late:
        amount = (
            f"{minutes}m"
            if minutes < 60
            else f"{minutes // 60}h"
            if minutes < 48 * 60
            else f"{minutes // 1440}d"
        )
        return f"{amount} late"
    if minutes < 60:
        return f"{minutes}m"
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    days = (local.date() - today.date()).days
    if not days:
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if days < 7 else f"{local.day} {local:%b}"
