"""Invitations and their answers (RFC 5545, RFC 5546): method, summary, times, how often, place, reply state, UID."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from maild.mail.parse import recurrence
from maild.mail.text import clean
from maild.model import Calendar

_PARTSTAT = re.compile(r"PARTSTAT=\"?([A-Za-z-]{1,30})", re.IGNORECASE)
_ZONE = re.compile(r"TZID=\"?([^\";:]{1,80})", re.IGNORECASE)
_UNESCAPE = re.compile(r"\\(.)")
_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})[0-9]{0,2}(Z?))?")
_DURATION = re.compile(
    r"\+?P(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,7})S)?)?"
)
_MAX_LINES = 20_000


def read_calendar(text: str, method: str = "") -> Calendar | None:
    """The first event (or task) of an iCalendar object; None for what is none."""
    if "BEGIN:V" not in text[:4_000].upper():
        return None
    fields: dict[str, str] = {}
    inside = ""
    for line in _unfolded(text):
        head, colon, value = line.partition(":")
        if not colon:
            continue
        if '"' in head and head.count('"') % 2:  # a colon inside a quoted parameter
            rest, quote, value = value.partition('"')
            value = value.partition(":")[2]
            head = head + rest + quote
        name, _, parameters = head.partition(";")
        name = name.upper()
        if name == "BEGIN":
            inside = inside or (value.upper() if value.upper() in ("VEVENT", "VTODO", "VFREEBUSY") else "")
        elif name == "END" and value.upper() == inside:
            break
        elif name == "METHOD" and not inside:
            fields.setdefault("METHOD", value)
        elif inside and name in ("SUMMARY", "LOCATION", "UID"):
            fields.setdefault(name, _text(value))
        elif inside and name in ("DTSTART", "DTEND", "DUE"):
            fields.setdefault(name, _time(value, parameters))
        elif inside and name in ("DURATION", "RRULE"):
            fields.setdefault(name, value.strip())
        elif inside and name == "ATTENDEE":
            said = _PARTSTAT.search(parameters)
            if said and said.group(1).upper() != "NEEDS-ACTION":
                fields.setdefault("PARTSTAT", said.group(1).upper())
    if not inside and "METHOD" not in fields:
        return None
    method = clean.line(fields.get("METHOD", method)).upper()[:40]
    state = fields.get("PARTSTAT", "") if method in ("REPLY", "COUNTER") else ""
    end = (
        fields.get("DTEND")
        or fields.get("DUE")
        or _after(fields.get("DTSTART", ""), fields.get("DURATION", ""))
    )
    return Calendar(
        method,
        fields.get("SUMMARY", "")[:1_000],
        fields.get("DTSTART", ""),
        end,
        state,
        fields.get("LOCATION", "")[:1_000],
        fields.get("UID", "")[:1_000],
        recurrence.in_words(fields.get("RRULE", "")),
    )


def _after(start: str, duration: str) -> str:
    """The end of what begins at `start` (as `_time` shows it) and takes a DURATION (RFC 5545, section 3.3.6)."""
    match = _DURATION.fullmatch(duration)
    day, _, rest = start.partition(" ")
    clock, _, zone = rest.partition(" ")
    if not match or not any(match.groups()) or not clock:
        return ""
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    span = timedelta(days=7 * weeks + days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        end = datetime.fromisoformat(f"{day} {clock}") + span
    except (ValueError, OverflowError):
        return ""
    return f"{end:%Y-%m-%d %H:%M} {zone}".rstrip()


def readable(calendar: Calendar) -> str:
    """Lines for a mail that says nothing but its calendar part."""
    what = calendar.reply_state or calendar.method
    lines = (*_facts(calendar), f"[{what.lower()}]" if what else "")
    return "\n".join(line for line in lines if line)


def missing_lines(calendar: Calendar, text: str) -> str:
    """What of the meeting the mail's own text does not say: lines of summary, time, place; "" for none, and for an
    answer, which tells nothing that the desk did not write."""
    if calendar.method in ("REPLY", "REFRESH") or not calendar.start:
        return ""
    said = " ".join(text.lower().split())
    lines = [line for line in _facts(calendar) if line and " ".join(line.lower().split()) not in said]
    if lines and calendar.method not in ("REQUEST", "PUBLISH", "") and calendar.method.lower() not in said:
        lines.append(f"[{calendar.method.lower()}]")
    return "\n".join(lines)


def _facts(calendar: Calendar) -> tuple[str, ...]:
    return calendar.summary, _when(calendar), calendar.repeats, calendar.location


def _when(calendar: Calendar) -> str:
    """`2026-11-02 09:30 - 10:30 Europe/Budapest`: the day and the zone once where both ends have the same."""
    if not calendar.start or not calendar.end:
        return calendar.start
    first, last = calendar.start.split(" ", 2), calendar.end.split(" ", 2)
    if len(first) > 1 and len(last) > 1 and first[0] == last[0] and first[2:] == last[2:]:
        return " ".join([first[0], first[1], "-", last[1], *first[2:]])
    return f"{calendar.start} - {calendar.end}"


def _unfolded(text: str) -> list[str]:
    """Content lines (RFC 5545, section 3.1)."""
    lines: list[str] = []
    for line in clean.text(text).split("\n")[:_MAX_LINES]:
        if line[:1] in (" ", "\t") and lines:
            if len(lines[-1]) < 10_000:
                lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def _text(value: str) -> str:
    return clean.line(_UNESCAPE.sub(lambda m: " " if m.group(1) in "nN" else m.group(1), value))


def _time(value: str, parameters: str) -> str:
    """`2026-11-02 09:30 Europe/Budapest`, a date alone, or the value as it stands."""
    match = _TIME.match(value)
    if not match:
        return clean.line(value)[:60]
    year, month, day, hour, minute, zulu = match.groups()
    shown = f"{year}-{month}-{day}"
    if hour:
        shown += f" {hour}:{minute}"
        zone = _ZONE.search(parameters)
        shown += " UTC" if zulu else f" {zone.group(1)}" if zone else ""
    return clean.line(shown)
