from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.errors import Refused
from maild.report.figures import backlog_rows, buckets, period, volume_rows
from maild.report.promises import missed_promises, promise_rows
from maild.report.sheet import Columns, hours, to_csv, with_hours
from maild.report.spans import named_span
from maild.report.ticket_row import TicketRow, Wait
from maild.report.timesheet import by_company, clock, invoice_lines, minutes_of, ticket_hours
from maild.ticket.timelog import TimeLine
from tests.cases import cases

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_month_begins_and_ends_at_the_desks_midnight() -> None:
    begin, end = period("2026-10", "Europe/Budapest")
    assert begin == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert end == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert period("2026-12", "UTC")[1] == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-00", "0000-01", "11-2026", "2026-1", "٢٠٢٦-11"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(Refused, match="2026-11"):
        period(month, "UTC")


rows = st.lists(
    st.builds(
        TimeLine,
        company=st.sampled_from(["acme", "beta", None]),
        ticket=st.integers(1, 4),
        at=st.sampled_from([NOW, NOW + HOUR, NOW - 900 * HOUR]),
        raw_minutes=st.integers(-1440, 1440),
        billed_minutes=st.integers(-1440, 1440),
    ),
    max_size=30,
)


@given(rows)
def test_ticket_rows_and_invoice_lines_add_up_to_the_entries(entries: list[TimeLine]) -> None:
    since, until = NOW, NOW + HOUR
    inside = [e for e in entries if since <= e.at < until]
    tickets = ticket_hours(inside, {})
    raw, billed = sum(e.raw_minutes for e in inside), sum(e.billed_minutes for e in inside)
    minutes = [r.minutes for r in tickets]
    assert (sum(m.raw for m in minutes), sum(m.billed for m in minutes)) == (raw, billed)
    items = [one.columns() for one in invoice_lines(by_company(inside), {}, "UTC")]
    assert [one["company"] or "" for one in items] == sorted(e.company or "" for e in inside)
    assert [sum(int(str(one[name])) for one in items) for name in ("raw_minutes", "billed_minutes")] == [
        raw,
        billed,
    ]
    assert (minutes_of(inside, {}).raw, minutes_of(inside, {}).billed) == (raw, billed)
    assert len({(r.company, r.ticket) for r in tickets}) == len(tickets)


def test_courtesy_and_own_fault_are_told_apart() -> None:
    entries = [TimeLine("acme", 1, NOW, 20, 0, courtesy=True), TimeLine("acme", 1, NOW, 7, 0, own_fault=True)]
    (row,) = ticket_hours(entries, {})
    assert (row.minutes.courtesy, row.minutes.own_fault, row.minutes.billed) == (20, 7, 0)


def ticket(number: int, **fields: object) -> TicketRow:
    known: dict[str, object] = {
        "company": "acme", "kind": "incident", "severity": "user", "phase": "accepted", "created_at": NOW - 9 * HOUR,
    }  # fmt: skip
    return TicketRow(number=number, **(known | fields))  # type: ignore[arg-type]


TICKETS = [
    ticket(1, respond_by=NOW - HOUR, responded_at=NOW - HOUR),
    ticket(2, respond_by=NOW - HOUR, responded_at=NOW - HOUR / 2),
    ticket(3, respond_by=NOW - 2 * HOUR),
    ticket(4, respond_by=NOW + HOUR),
    ticket(5, respond_by=NOW + HOUR, resolve_by=NOW, closed_at=NOW - HOUR, phase="closed"),
    ticket(6, phase="rejected", respond_by=NOW, closed_at=NOW, resolve_by=NOW - 3 * HOUR),
    ticket(7, company=None),
]


def test_promises_kept_missed_and_open_by_company_and_severity() -> None:
    none, acme = promise_rows(TICKETS, NOW)
    assert (none.company, none.respond.percent) == (None, None)
    assert (acme.tickets, acme.respond.kept, acme.respond.missed, acme.respond.open) == (
        6,
        3,
        2,
        1,
    )
    assert (acme.resolve.kept, acme.resolve.missed, acme.respond.percent) == (1, 0, 60.0)


def test_each_broken_promise_says_why() -> None:
    assert [(r.ticket, r.why) for r in missed_promises(TICKETS, NOW)] == [
        (3, "not yet answered, 120 min over"),
        (2, "answered 30 min late"),
    ]


def test_volume_counts_by_local_day_week_and_month() -> None:
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # Monday already in Budapest
    some = [ticket(1, created_at=late), ticket(2, created_at=late), ticket(3, created_at=NOW, kind="quote")]
    since, until = period("2026-11", "Europe/Budapest")
    found = volume_rows(some, since, until, "Europe/Budapest", "day")
    assert [(r.period, r.kind, r.tickets) for r in found] == [
        ("2026-11-02", "incident", 2), ("2026-11-10", "quote", 1),
    ]  # fmt: skip
    assert volume_rows(some, since, until, "Europe/Budapest")[0].period == "2026-W45"
    assert volume_rows(some, since, until, "UTC")[0].period == "2026-W44"
    assert {r.period for r in volume_rows(some, since, until, "UTC", "month")} == {"2026-11"}
    with pytest.raises(Refused, match="day, week or month"):
        volume_rows(some, since, until, "UTC", "year")


def test_plots_show_the_empty_periods_too() -> None:
    since, until = period("2026-11", "UTC")
    names = buckets(since, until, "UTC", "week")
    assert names == ["2026-W44", "2026-W45", "2026-W46", "2026-W47", "2026-W48", "2026-W49"]


@pytest.mark.parametrize("evil", ["=1+1", "+36", "-2", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_cell_of_a_text_is_a_formula(evil: str) -> None:
    text = to_csv([{"company": evil, "raw_minutes": -5, "none": None}])
    _, cells = csv.reader(io.StringIO(text, newline=""))
    assert cells[0].startswith("'")
    assert cells[0].replace("'", "") == evil
    assert cells[1:] == ["-5", ""]


@cases("separator", [",", ";", "\t", "|"])
@cases("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", ' "=1', "'=1"])
def test_no_cell_is_a_formula_for_a_program_that_parts_by_another_separator(
    separator: str, evil: str
) -> None:
    text = to_csv(
        [{"subject": f"Printer{separator}{evil}{separator}{evil}", "company": f'a"{separator}{evil}'}]
    )
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting):
            assert not [cell for cell in row if cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝"))]


def test_honest_words_stay_as_they_are_and_every_cell_is_quoted() -> None:
    text = to_csv([{"a": "Printer - again; it is #5, you see", "b": 5}])
    assert text == '"a","b"\r\n"Printer - again; it is #5, you see","5"\r\n'


def test_csv_keeps_its_columns_without_rows() -> None:
    assert to_csv([], ["company", "ticket"]) == '"company","ticket"\r\n'
    assert to_csv([{"a": 'x,"y"\nz', "b": 1}], ["b", "a"]) == '"b","a"\r\n"1","x,""y""\nz"\r\n'


def test_promise_of_a_ticket_that_waits_for_the_customer_is_open_however_late_it_is() -> None:
    waiting = TicketRow(1, "acme", "question", "user", "waiting_customer", NOW - 9 * HOUR, NOW - HOUR)
    assert (promise_rows([waiting], NOW)[0].respond.open, missed_promises([waiting], NOW)) == (1, [])


def test_merged_ticket_counts_but_its_promise_is_the_survivors() -> None:
    merged = TicketRow(1, "acme", "question", "user", "merged", NOW - 9 * HOUR, NOW - HOUR)
    row = promise_rows([merged], NOW)[0]
    assert (row.tickets, row.respond.kept, row.respond.missed, row.respond.open) == (1, 0, 0, 0)


@given(st.integers(-100_000, 100_000))
def test_hours_in_csv_are_exact_to_the_minute_with_the_readers_mark(minutes: int) -> None:
    for language, mark in (("en", "."), ("hu", ","), ("nl", ","), ("de", ","), ("fr", ",")):
        text = hours(minutes, language)
        assert round(float(text.replace(mark, ".")) * 60) == minutes
        assert not set(text) - set("-0123456789" + mark)
    assert clock(minutes).replace("-", "").split(":")[1].isdigit()


def test_csv_has_semicolons_and_decimal_commas_where_the_language_has_them() -> None:
    row: Columns = {"company": "acme", "billed_minutes": 90, "raw_minutes": -20, "respond_percent": 66.7}
    english, dutch = (
        to_csv([with_hours(row, one)], ["company", "billed_hours", "raw_hours", "respond_percent"], one)
        for one in ("en", "nl")
    )
    assert english.splitlines()[1] == '"acme","1.5","-0.3333","66.7"'
    assert dutch.splitlines() == [
        '"company";"billed_hours";"raw_hours";"respond_percent"',
        '"acme";"1,5";"-0,3333";"66,7"',
    ]


def test_pauses_are_told_with_their_reasons_beside_kept_and_broken() -> None:
    waited = (Wait("waiting_customer", 90), Wait("awaiting_approval", 20), Wait("waiting_customer", 5))
    late = ticket(1, respond_by=NOW - 2 * HOUR, responded_at=NOW, waits=waited)
    (row,) = promise_rows([late], NOW)
    assert row.paused == {"waiting_customer": 95, "awaiting_approval": 20, "": 0}
    (missed,) = missed_promises([late], NOW)
    assert (
        missed.why
        == "answered 120 min late; the clock had stood: 1:35 for the customer, 0:20 for an approval"
    )
    assert missed.paused_minutes == 115


def test_backlog_is_by_team_and_age_and_names_the_oldest() -> None:
    days = [0, 1, 2, 7, 8, 30, 31, 400]
    some = [
        ticket(
            n, team="L1" if n else "L2", owner="kata" if n > 3 else "", created_at=NOW - timedelta(days=age)
        )
        for n, age in enumerate(days)
    ]
    one, two = backlog_rows(
        [*some, ticket(9, team="L2", phase="waiting_customer", respond_by=NOW - HOUR)], NOW
    )
    assert (one.team, one.tickets, one.unassigned, one.oldest, one.oldest_days) == (
        "L1",
        7,
        3,
        7,
        400,
    )
    assert [one.ages[name] for name in ("day", "week", "month", "older")] == [1, 2, 2, 2]
    assert (two.tickets, two.paused, two.overdue) == (2, 1, 0)
    assert backlog_rows([], NOW) == []


@pytest.mark.parametrize(
    "odd", ["9999-12", "0000-01", "2026-13", "2026-1", "2026-W54", "2027-W53", "9999-W52", "soon"]
)
def test_what_is_no_month_or_week_is_refused(odd: str) -> None:
    with pytest.raises(Refused, match="neither a month nor a week"):
        named_span(odd)


def test_months_and_weeks_by_their_names() -> None:
    for name, first, after in (
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)), ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
    ):  # fmt: skip
        span = named_span(name)
        assert (span.name, span.first, span.after) == (name, first, after)
