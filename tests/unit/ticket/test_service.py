from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maild.model import CompanyFacts, CompanySite, Promise
from maild.settings import CalendarSettings, DeskSettings, ServiceLevel, Settings
from maild.ticket.service import Terms, display_timezone, terms
from maild.ticket.vocabulary import Severity
from tests.timing import takes_less
from tests.unit.ticket.promised import promise

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


def test_the_reasons_of_a_promise_are_those_that_hold() -> None:
    open_hours = at("2026-11-06T10:00+01:00")
    usual = ["service-level", "calendar", "respond-within", "resolve-within"]
    assert codes(ask(at=open_hours)) == usual
    assert codes(ask()) == [*usual, "outside-hours"]
    assert codes(ask(topic="till", at=open_hours)) == [usual[0], "calendar-by-topic", *usual[2:]]
    assert codes(ask(topic="printer", at=open_hours)) == usual
    oncall = replace(ACME, oncall_calendar="always")
    assert codes(ask(oncall, Severity.INFRASTRUCTURE, at=open_hours)) == [
        usual[0],
        "on-call",
        *usual[2:],
        "call-back",
    ]
    said = {r.code: r.evidence for r in ask(oncall, Severity.INFRASTRUCTURE).reasons}
    assert said["call-back"] == "within 30 min"
    assert said["respond-within"] == "answer in 2 working hours (infrastructure)"
    assert said["on-call"] == "always for severity infrastructure"


def test_a_topics_calendar_is_no_call_at_night() -> None:
    made = ask(replace(ACME, oncall_calendar="always"), Severity.USER, topic="till")
    assert (made.calendar, made.call_back_by) == ("long", None)


def test_a_severity_that_the_contract_does_not_name_counts_as_user_and_says_so() -> None:
    level = replace(STANDARD, respond_hours={"user": 8})
    made = promise(ACME, Severity.SYSTEM, "", FRIDAY, replace(SETTINGS, service_levels={"standard": level}))
    assert made.respond_by == ask().respond_by
    assert ("severity-not-in-contract", "system: counted as user") in [
        (r.code, r.evidence) for r in made.reasons
    ]
    none = replace(STANDARD, respond_hours={"infrastructure": 1})
    bare = promise(ACME, Severity.SYSTEM, "", FRIDAY, replace(SETTINGS, service_levels={"standard": none}))
    assert (bare.respond_by, "severity-not-in-contract" in codes(bare)) == (None, False)
    assert "calendar-never-open" not in codes(bare)


def test_later_mails_have_their_own_hours_only_for_the_severities_that_are_named() -> None:
    level = replace(STANDARD, reply_hours={"user": 1.5})
    settings = replace(SETTINGS, service_levels={"standard": level})
    found = {s: terms(ACME, s, "", FRIDAY, settings) for s in (Severity.USER, Severity.SYSTEM, None)}
    minutes = {s: one.reply_minutes for s, one in found.items() if isinstance(one, Terms)}
    assert minutes == {Severity.USER: 90, Severity.SYSTEM: None, None: 90}


def test_without_any_calendar_nothing_is_promised_and_the_reason_names_it() -> None:
    bare = replace(SETTINGS, calendars={})
    made = promise(replace(ACME, calendar="gone"), Severity.USER, "", FRIDAY, bare)
    assert (made.respond_by, [(r.code, r.evidence) for r in made.reasons]) == (
        None,
        [("unknown-calendar", "gone")],
    )


def test_times_are_shown_in_the_zone_of_the_companys_calendar_but_for_that_of_all_hours() -> None:
    away = replace(SETTINGS, calendars={**SETTINGS.calendars, "long": replace(LONG, timezone="Asia/Tokyo")})
    for calendar, zone in (
        ("long", "Asia/Tokyo"),
        ("always", "Europe/Budapest"),
        ("gone", "Europe/Budapest"),
    ):
        assert display_timezone(replace(ACME, calendar=calendar), away) == zone
    assert display_timezone(None, away) == "Europe/Budapest"
    shop = replace(ACME, sites={"shop": CompanySite()}, timezone="Europe/London")
    assert display_timezone(shop, away, "shop") == "Europe/London"


def test_a_promise_is_a_matter_of_microseconds() -> None:
    takes_less(200 * 200e-6, lambda: [ask() for _ in range(200)])  # 25 on an idle machine
