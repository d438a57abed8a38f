"""The Date field: what the quick look at the usual form makes of it is what mail-parser makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from mailparser.dates import parse_mail_date

from maild.mail.parse import dates
from maild.mail.parse.dates import parse_date


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 2 Nov 2026 09:30:00 +0100",
        "Mon, 02 Nov 2026 09:30:00 +0100 (CET)",
        "2 Nov 2026 23:59:59 -0730",
        "Sun, 1 Nov 2026 00:00:00 -0000",
        "Fri, 31 Dec 1999 23:59:59 +1400",
        "Tue, 2 Nov 2026 09:30:00 +0100",  # a Monday
        "Thu, 29 Feb 2024 12:00:00 +0000",
    ],
)
def test_usual_form_is_read_as_mail_parser_reads_it(text: str) -> None:
    assert parse_date(text.encode()) == parse_mail_date(text).value is not None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mon, 30 Feb 2026 09:30:00 +0100", None),
        ("Mon, 2 Nov 2026 09:30:60 +0000", datetime(2026, 11, 2, 9, 31, tzinfo=UTC)),
        ("Mon, 2 Nov 26 09:30 GMT", datetime(2026, 11, 2, 9, 30, tzinfo=UTC)),
        ("Mon, 2 Foo 2026 09:30:00 +0100", None),
        ("Mon, 2 Nov 2026 09:30:00 +0100 (it (is) cold)", datetime(2026, 11, 2, 8, 30, tzinfo=UTC)),
    ],
)
def test_other_forms_are_left_to_mail_parser(text: str, wanted: datetime | None) -> None:
    assert parse_date(text.encode()) == wanted


def test_usual_form_needs_no_mail_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "parse_mail_date", None)
    assert parse_date(b"Mon, 2 Nov 2026 09:30:00 +0100") == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
