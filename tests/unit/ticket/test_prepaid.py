from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model import CompanyFacts
from maild.ticket import prepaid
from maild.ticket.timelog import TimeLine

ZONE = "Europe/Budapest"
ACME = CompanyFacts("acme", "Acme Kft.", service_level="standard", included_minutes=120)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def line(id: int, day: int, billed: int) -> TimeLine:
    """Billed minutes, so many days after the year's beginning."""
    return TimeLine("acme", 1, BEGIN + timedelta(days=day, hours=12), billed, billed, id=id)


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("month", date(2026, 12, 1), date(2027, 1, 1)),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("year", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_periods_are_those_of_the_calendar(period: str, first: date, after: date) -> None:
    assert prepaid.span_of(date(2026, 12, 31), period) == prepaid.AccountPeriod(first, after)


def test_month_begins_at_the_desks_midnight() -> None:
    late = TimeLine(
        "acme", 1, datetime(2026, 1, 31, 23, 30, tzinfo=UTC), 60, 60, id=1
    )  # February in Budapest
    assert prepaid.balance(ACME, [late], ZONE, date(2026, 1, 31)).used == 0
    assert prepaid.balance(ACME, [late], ZONE, date(2026, 2, 1)).used == 60


def test_entry_that_straddles_the_limit_is_over_by_its_part() -> None:
    lines = [line(1, 0, 90), line(2, 1, 60), line(3, 2, 15), line(4, 31, 120)]
    assert prepaid.over_minutes(ACME, lines, ZONE) == {1: 0, 2: 30, 3: 15, 4: 0}


def test_correction_gives_back_what_was_over_first() -> None:
    lines = [line(1, 0, 120), line(2, 1, 60), line(3, 2, -60), line(4, 3, 15)]
    assert prepaid.over_minutes(ACME, lines, ZONE) == {1: 0, 2: 60, 3: -60, 4: 15}


def test_work_outside_of_the_contract_takes_nothing_and_is_over_by_nothing() -> None:
    lines = [line(1, 0, 90), replace(line(2, 1, 600), outside=True), line(3, 2, 30), line(4, 3, 15)]
    found = prepaid.balance(ACME, lines, ZONE, date(2026, 1, 5))
    assert (found.used, found.left, found.over, found.mark) == (135, 0, 15, 100)
    assert prepaid.over_minutes(ACME, lines, ZONE) == {1: 0, 3: 0, 4: 15}


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(-300, 300)), max_size=30),
    st.booleans(),
    st.sampled_from(["month", "quarter", "year"]),
)
def test_over_adds_up_to_the_accounts_and_nothing_is_lost(
    entries: list[tuple[int, int]], carry: bool, period: str
) -> None:
    company = replace(ACME, carry=carry, hours_period=period)
    lines = [line(n, day, billed) for n, (day, billed) in enumerate(entries, 1)]
    accounts = prepaid.balances(company, lines, ZONE, date(2027, 3, 1))
    over = prepaid.over_minutes(company, lines, ZONE)
    assert sum(over.values()) == sum(one.over for one in accounts.values())
    assert sum(one.used for one in accounts.values()) == sum(billed for _, billed in entries)
    for one in accounts.values():
        assert one.left - one.over == one.allowed - one.used or one.used < 0
        assert one.left == 0 or one.over == 0


def test_what_is_left_goes_on_only_where_the_contract_says_so() -> None:
    lines = [line(1, 0, 30), line(2, 31, 150)]
    assert prepaid.balance(ACME, lines, ZONE, date(2026, 2, 1)).over == 30
    carrying = replace(ACME, carry=True)
    february = prepaid.balance(carrying, lines, ZONE, date(2026, 2, 1))
    assert (february.carried, february.allowed, february.over, february.left) == (90, 210, 0, 60)
    # from the contract's beginning on, also before anybody worked
    since = replace(carrying, valid_from="2025-12-01")
    assert prepaid.balance(since, lines, ZONE, date(2026, 2, 1)).carried == 210
    assert prepaid.counted_from(since, date(2026, 2, 1), ZONE) == datetime(2025, 11, 30, 23, tzinfo=UTC)


def test_nothing_is_included_outside_of_the_contracts_validity() -> None:
    ended = replace(ACME, valid_from="2026-01-15", valid_until="2026-02-10")
    lines = [line(1, 0, 30), line(2, 31, 30), line(3, 70, 30)]
    accounts = prepaid.balances(ended, lines, ZONE, date(2026, 3, 31))
    assert [one.included for one in accounts.values()] == [120, 120, 0]
    assert [one.over for one in accounts.values()] == [0, 0, 30]


@pytest.mark.parametrize(("used", "mark"), [(0, 0), (95, 0), (96, 80), (119, 80), (120, 100), (500, 100)])
def test_marks_are_reached_at_80_and_100_percent(used: int, mark: int) -> None:
    assert prepaid.balance(ACME, [line(1, 0, used)], ZONE, date(2026, 1, 5)).mark == mark


def test_company_without_contract_has_no_hours() -> None:
    assert not prepaid.has_hours(replace(ACME, service_level=""))
    assert not prepaid.has_hours(replace(ACME, included_minutes=0))
    assert prepaid.has_hours(replace(ACME, included_minutes=1))
    assert not prepaid.has_hours(None)


@pytest.mark.parametrize(
    ("allowed", "used", "percent"),
    [
        (0, 0, 0),
        (0, 1, 100),
        (0, -5, 0),
        (1, 2, 200),
        (-10, 0, 0),
        (100, 0, 0),
        (100, 99, 99),
        (200, 1, 0),
        (100, 250, 250),
    ],
)
def test_percent_of_an_account_also_of_an_empty_one(allowed: int, used: int, percent: int) -> None:
    span = prepaid.span_of(date(2026, 2, 5), "month")
    assert prepaid.Balance(span, allowed, 0, used).percent == percent


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["month", "quarter", "year"]))
def test_the_last_day_of_a_period_is_in_it_and_the_next_day_is_not(day: date, period: str) -> None:
    span = prepaid.span_of(day, period)
    last = prepaid.last_day(span)
    assert span.first <= day <= last
    assert prepaid.span_of(last, period) == span
    assert prepaid.span_of(last + timedelta(days=1), period).first == span.after


@pytest.mark.parametrize("carry", [False, True])
def test_entries_before_the_period_are_not_asked_for_where_nothing_is_carried(carry: bool) -> None:
    company = CompanyFacts("acme", "Acme", hours_period="quarter", carry=carry, valid_from="2025-11-20")
    since = prepaid.counted_from(company, date(2026, 5, 9), "Europe/Budapest")
    assert since == (
        datetime(2025, 9, 30, 22, tzinfo=UTC) if carry else datetime(2026, 3, 31, 22, tzinfo=UTC)
    )
    assert prepaid.counted_from(replace(company, carry=True, valid_from=""), date(2026, 5, 9), "UTC") is None


@pytest.mark.parametrize(
    ("begin", "end", "included"),
    [
        ("", "2026-02-01", 120),
        ("", "2026-01-31", 0),
        ("2026-02-28", "", 120),
        ("2026-03-01", "", 0),
        ("2026-02-01", "2026-02-28", 120),
    ],
)
def test_a_day_of_the_contract_in_a_period_includes_its_hours(begin: str, end: str, included: int) -> None:
    company = replace(ACME, valid_from=begin, valid_until=end)
    assert prepaid.balance(company, [], ZONE, date(2026, 2, 15)).included == included


def test_the_last_moment_before_a_day_is_the_day_before() -> None:
    midnight = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)  # of the first of February in Budapest
    assert prepaid.last_moment(midnight, ZONE) == date(2026, 1, 31)
    assert prepaid.last_moment(midnight + timedelta(microseconds=1), ZONE) == date(2026, 2, 1)
