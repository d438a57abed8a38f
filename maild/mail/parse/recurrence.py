"""How often a meeting repeats, in words: RRULE (RFC 5545, section 3.3.10).

In: `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261231T090000Z`. Out: `every 2 weeks on Monday, Wednesday until 2026-12-31`.
Like the method and the times beside it, it is in English, whatever the mail's language. What these words cannot say
(`BYSETPOS=2`, `BYHOUR`) is shown as the rule stands, never as a simpler rule.
"""

from __future__ import annotations

import re

from maild.mail.text import clean

_EVERY = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "HOURLY": "hour"}
_DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEK = frozenset(("MO", "TU", "WE", "TH", "FR"))
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T[0-9]{6}Z?)?")
_SAID = frozenset(
    ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL", "WKST", "BYSETPOS")
)
_LONGEST = 300  # characters


def in_words(rule: str) -> str:
    """`every week on Monday`; the rule itself where words do not say all of it, "" for none."""
    rule = clean.line(rule)[:_LONGEST].strip()
    parts = {
        name.strip().upper(): value.strip().upper()
        for name, _, value in (p.partition("=") for p in rule.split(";"))
    }
    words = _words(parts)
    return words if words is not None else f"repeats: {rule}" if rule else ""


def _words(parts: dict[str, str]) -> str | None:
    unit = _EVERY.get(parts.get("FREQ", ""))
    interval = _number(parts.get("INTERVAL", "1"))
    if unit is None or not interval or parts.keys() - _SAID - {""}:
        return None
    on = _on(parts)
    ends = _ends(parts)
    if on is None or ends is None:
        return None
    often = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    return " ".join(word for word in (often, on, ends) if word)


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else 0


def _on(parts: dict[str, str]) -> str | None:
    """`on Monday, Wednesday`, `on the second Tuesday`, `on day 15 of March`; None for what is not said so."""
    days, dates = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    months, place = parts.get("BYMONTH", ""), parts.get("BYSETPOS", "")
    said = ""
    if days:
        found = [_DAY.fullmatch(one) for one in days.split(",")]
        if dates or None in found:
            return None
        names = [(match[1] or "", match[2]) for match in found if match]
        if place:
            said = _placed([(place, day) for _, day in names]) if len(names) == 1 and not names[0][0] else ""
            if not said:
                return None
        elif {day for _, day in names} == _WEEK and not any(nth for nth, _ in names):
            said = "on weekdays"
        else:
            said = _placed(names)
            if not said:
                return None
    elif place:
        return None
    elif dates:
        if not all(_number(one.lstrip("-")) for one in dates.split(",")):
            return None
        said = "on " + ", ".join("the last day" if one == "-1" else f"day {one}" for one in dates.split(","))
        if any(one.startswith("-") and one != "-1" for one in dates.split(",")):
            return None
    if not months:
        return said
    numbers = [_number(one) for one in months.split(",")]
    if not all(1 <= one <= len(_MONTHS) for one in numbers):
        return None
    return f"{said} {'of' if said else 'in'} {', '.join(_MONTHS[one - 1] for one in numbers)}".strip()


_NTH = {
    "1": "first",
    "2": "second",
    "3": "third",
    "4": "fourth",
    "5": "fifth",
    "-1": "last",
    "-2": "last but one",
}


def _placed(names: list[tuple[str, str]]) -> str:
    """`on Monday, Friday`, `on the last Friday`; "" where a place has no word."""
    said = []
    for nth, day in names:
        word = _NTH.get(nth.lstrip("+")) if nth else ""
        if word is None:
            return ""
        said.append(f"the {word} {_DAYS[day]}" if word else _DAYS[day])
    return "on " + ", ".join(said)


def _ends(parts: dict[str, str]) -> str | None:
    if count := parts.get("COUNT", ""):
        return f"{_number(count)} times" if _number(count) else None
    until = parts.get("UNTIL", "")
    match = _UNTIL.fullmatch(until)
    if until and not match:
        return None
    return f"until {match[1]}-{match[2]}-{match[3]}" if match else ""
