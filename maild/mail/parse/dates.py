"""The Date field (RFC 5322, section 3.3): mail-parser's reading, and a lenient one for what it refuses."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from mailparser.dates import parse_mail_date

from maild.mail.parse import words

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
#: as nearly all programs write it: "Mon, 2 Nov 2026 09:30:00 +0100 (CET)"
_USUAL = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) ([A-Z][a-z]{2}) (19[0-9]{2}|20[0-9]{2}) "
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) ([+-])([0-9]{2})([0-5][0-9])(?: \([A-Z]{1,5}\))?"
)


def parse_date(value: bytes | None) -> datetime | None:
    """Aware UTC time, or None. An unknown zone counts as UTC."""
    if not value:
        return None
    text = words.unfold(value[:400]).decode("utf-8", "replace").strip()
    try:
        result = _usual(text) or parse_mail_date(text).value
    except Exception:  # hostile dates must not cost the mail
        result = None
    if isinstance(result, datetime):
        return result
    try:
        return _plausible(parsedate_to_datetime(text.replace(".", ":") if text.count(".") == 2 else text))
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        pass
    try:
        return _plausible(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _plausible(loose: datetime) -> datetime | None:
    if not 1970 <= loose.year < 2100:
        return None
    return (loose if loose.tzinfo else loose.replace(tzinfo=UTC)).astimezone(UTC)


def _usual(text: str) -> datetime | None:
    """What mail-parser makes of the usual form, at a quarter of the cost; None for any other. ValueError for a day that
    is in no calendar."""
    found = _USUAL.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    at = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    east = timedelta(hours=int(hours), minutes=int(minutes))
    return at - east if sign == "+" else at + east
