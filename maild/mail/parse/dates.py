"""The Date field (RFC 5322, section 3.3): mail-parser's reading, and a lenient one for what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailparser.dates import parse_mail_date

from maild.mail.parse import words


def parse_date(value: bytes | None) -> datetime | None:
    """Aware UTC time, or None. An unknown zone counts as UTC."""
    if not value:
        return None
    text = words.unfold(value[:400]).decode("utf-8", "replace").strip()
    try:
        result = parse_mail_date(text).value
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
