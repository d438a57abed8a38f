from __future__ import annotations

import pytest

from maild.mail.parse.calendar import missing_lines, read_calendar
from maild.mail.parse.recurrence import in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;COUNT=5", "every day 5 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;WKST=MO", "every week on weekdays"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261231T090000Z", "every 2 weeks on Monday, Wednesday until 2026-12-31"),
        ("freq=weekly;byday=fr", "every week on Friday"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "every month on day 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "every year on day 1 of March"),
        ("FREQ=YEARLY;BYMONTH=1,7", "every year in January, July"),
        ("", ""),
        # what the words cannot say stands as it is, never as a simpler rule
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "repeats: FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"),
        ("FREQ=DAILY;BYHOUR=9,17", "repeats: FREQ=DAILY;BYHOUR=9,17"),
        ("FREQ=WEEKLY;INTERVAL=0", "repeats: FREQ=WEEKLY;INTERVAL=0"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "repeats: FREQ=MONTHLY;BYMONTHDAY=-2"),
        ("FREQ=MONTHLY;BYDAY=7TU", "repeats: FREQ=MONTHLY;BYDAY=7TU"),
        ("FREQ=DAILY;COUNT=x", "repeats: FREQ=DAILY;COUNT=x"),
        ("nonsense", "repeats: nonsense"),
    ],
)  # fmt: skip
def test_rule_in_words(rule: str, words: str) -> None:
    assert in_words(rule) == words


def test_rule_of_any_length_is_one_short_line() -> None:
    assert len(in_words("FREQ=DAILY;BYHOUR=" + "1," * 100_000 + "\r\n2")) < 400


def test_meeting_says_how_often_it_repeats_and_the_zone_beside_it_does_not() -> None:
    calendar = read_calendar(
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:Europe/Budapest\nBEGIN:DAYLIGHT\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1@x\n"
        "SUMMARY:Visit\nDTSTART;TZID=Europe/Budapest:20261103T090000\nDTEND;TZID=Europe/Budapest:20261103T100000\n"
        "RRULE:FREQ=WEEKLY;BYDAY=TU\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert calendar is not None
    assert calendar.repeats == "every week on Tuesday"
    assert missing_lines(calendar, "Visit").split("\n") == [
        "2026-11-03 09:00 - 10:00 Europe/Budapest", "every week on Tuesday",
    ]  # fmt: skip
