from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.model import CompanyFacts, CompanySite, Promise
from maild.settings import CalendarSettings, DeskSettings, ServiceLevel, Settings
from maild.ticket.service import promise
from maild.ticket.vocabulary import Severity
from tests.timing import takes_less

OFFICE = CalendarSettings("office", week=(((480, 1020),),) * 5 + ((), ()))
LONG = CalendarSettings("long", week=(((480, 1260),),) * 7)
ALWAYS = CalendarSettings("always", timezone="UTC", week=(((0, 1440),),) * 7)
STANDARD = ServiceLevel(
    "standard", {"user": 8, "system": 4, "infrastructure": 2}, {"user": 40}, call_back_minutes=30
)
SETTINGS = Settings(
    desk=DeskSettings(timezone="Europe/Budapest"),
    calendars={c.name: c for c in (OFFICE, LONG, ALWAYS)},
    service_levels={"standard": STANDARD},
)
ACME = CompanyFacts("acme", "Acme", service_level="standard", calendars={"till": "long"})
FRIDAY = datetime.fromisoformat("2026-11-06T17:40+01:00").astimezone(UTC)


def ask(
    company: CompanyFacts | None = ACME,
    severity: Severity | None = Severity.USER,
    topic: str = "",
    at: datetime = FRIDAY,
    site: str = "",
) -> Promise:
    return promise(company, severity, topic, at, SETTINGS, site=site)


def codes(made: Promise) -> list[str]:
    return [r.code for r in made.reasons]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        (Severity.USER, "09T16:00"),
        (Severity.SYSTEM, "09T12:00"),
        (Severity.INFRASTRUCTURE, "09T10:00"),
        (None, "09T16:00"),
    ],
)
def test_friday_evening_is_promised_from_monday_by_severity(severity: Severity | None, due: str) -> None:
    made = ask(severity=severity)
    assert made.respond_by == at(f"2026-11-{due}+01:00")
    assert made.outside_hours
    assert "received Friday 17:40, outside office" in [r.evidence for r in made.reasons]


def test_resolve_is_promised_only_where_agreed() -> None:
    assert ask().resolve_by == at("2026-11-13T12:00+01:00")
    no_resolve = replace(SETTINGS, service_levels={"standard": replace(STANDARD, resolve_hours={})})
    assert promise(ACME, Severity.USER, "", FRIDAY, no_resolve).resolve_by is None


def test_topic_has_its_own_calendar() -> None:
    made = ask(topic="till")
    assert (made.calendar, made.outside_hours) == ("long", False)
    assert made.respond_by == at("2026-11-07T12:40+01:00")
    assert "calendar-by-topic" in codes(made)


def test_on_call_severity_counts_around_the_clock_and_is_called_back() -> None:
    company = replace(ACME, oncall_calendar="always")
    made = ask(company, Severity.INFRASTRUCTURE, topic="till")
    assert made.respond_by == at("2026-11-06T19:40+01:00")
    assert made.call_back_by == at("2026-11-06T18:10+01:00")
    assert ask(company).call_back_by is None
    assert ask(company).calendar == "office"


@pytest.mark.parametrize(
    ("company", "code"),
    [
        (None, "no-company"),
        (replace(ACME, service_level=""), "no-contract"),
        (replace(ACME, standing="suspended"), "suspended"),
        (replace(ACME, service_level="gone"), "unknown-service-level"),
    ],
)
def test_no_running_contract_promises_nothing_and_says_why(company: CompanyFacts | None, code: str) -> None:
    made = ask(company)
    assert (made.respond_by, made.resolve_by, codes(made)) == (None, None, [code])


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        ("", "2026-11-05", "contract-expired"),
        ("", "2026-11-06", ""),
        ("2026-11-07", "", "contract-not-yet-valid"),
        ("2026-11-06", "2027-01-01", ""),
    ],
)
def test_expired_contract_counts_as_configured_and_is_marked(begin: str, end: str, code: str) -> None:
    made = ask(replace(ACME, valid_from=begin, valid_until=end))
    assert made.respond_by == ask().respond_by
    assert [c for c in codes(made) if c.startswith("contract")] == ([code] if code else [])


def test_last_day_of_a_contract_ends_at_the_customers_midnight() -> None:
    late = at("2026-11-06T23:30+01:00")
    company = replace(ACME, valid_until="2026-11-06")
    assert "contract-expired" not in codes(ask(company, at=late))
    assert "contract-expired" in codes(ask(replace(company, timezone="Europe/Helsinki"), at=late))


def test_times_are_shown_where_the_customer_is() -> None:
    company = replace(
        ACME, timezone="Europe/London", sites={"shop": CompanySite(timezone="America/New_York")}
    )
    assert ask(company).timezone == "Europe/London"
    assert ask(company, site="shop").timezone == "America/New_York"
    assert ask(ACME).timezone == "Europe/Budapest"


def test_unknown_calendar_falls_back_to_office_and_says_so() -> None:
    made = ask(replace(ACME, calendar="gone"))
    assert made.calendar == "office"
    assert "unknown-calendar" in codes(made)


def test_calendar_that_never_opens_promises_nothing() -> None:
    shut = replace(SETTINGS, calendars={"office": CalendarSettings("office")})
    made = promise(ACME, Severity.USER, "", FRIDAY, shut)
    assert made.respond_by is None
    assert "calendar-never-open" in codes(made)


def test_a_promise_is_a_matter_of_microseconds() -> None:
    takes_less(200 * 200e-6, lambda: [ask() for _ in range(200)])  # 25 on an idle machine
