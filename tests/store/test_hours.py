"""The sums that the database makes of time entries are those of the entries themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from maild.model import NEW, AddTime, CompanyFacts, HoursPeriod, Plan
from maild.report.timesheet import by_company, minutes_of, ticket_hours
from maild.store import Store, Tx
from maild.ticket.hours import Group
from maild.ticket.timelog import TimeLine
from maild.work import figures_of
from tests.store.values import HOUR, NOW, apply, new_ticket

BEGIN, END = NOW - timedelta(days=1), NOW + timedelta(days=1)
#: names whose order depends on who orders them: a capital, an accent, an underscore, none
COMPANIES = ("acme", "Zeta", "ödön", "a_b", None)


def fill(store: Store) -> None:
    with store.write() as tx:
        for key in COMPANIES:
            if key is not None:
                included = 10 if key in ("acme", "ödön") else 0
                tx.companies.save(
                    CompanyFacts(key, key, service_level="standard", included_minutes=included,
                                 hours_period=HoursPeriod.MONTH)
                )  # fmt: skip
    for at, key in enumerate((*COMPANIES, "acme")):
        number = new_ticket(store, company=key, subject=f"Printer {at}", topic="toner" if at % 2 else "")
        worked = (
            AddTime(number, "kata", 20, 30, "cable"),
            AddTime(number, "béla", 7 + at, 15, "call", outside=at == 1),
            AddTime(number, "kata", 5, 0, "sorry", courtesy=True),
            AddTime(number, "kata", 11, 0, "ours", own_fault=True),
            AddTime(number, "kata", 99, 105, "last year", at=NOW - timedelta(days=365)),
            AddTime(number, "kata", 98, 105, "on the border", at=END),
        )
        made = apply(store, Plan(worked), now=NOW + at * HOUR)
        apply(store, Plan((AddTime(number, "kata", -20, -30, "wrong", corrects=made.time_entries[0]),)))


def read(tx: Tx, company: str | None) -> tuple[list[TimeLine], figures_of.Timesheet]:
    sheet = figures_of.timesheet(tx, tx.settings, BEGIN, END, company)
    return [*sheet.lines], figures_of.prepaid_hours(tx, tx.settings, BEGIN, END, company)


def test_sums_of_tickets_are_those_of_their_entries(store: Store) -> None:
    fill(store)
    with store.read() as tx:
        for company in (None, "acme", "Zeta"):
            lines, hours = read(tx, company)
            over = hours.over_by(lambda line: line.ticket)
            assert lines
            assert [*tx.timelog.of_tickets(BEGIN, END, company, over)] == ticket_hours(lines, hours.over)
        assert over == {}  # Zeta has none
        assert sum(read(tx, None)[1].over_by(lambda line: line.ticket).values()) > 0


def test_sums_of_groups_are_those_of_their_entries(store: Store) -> None:
    fill(store)
    names: dict[Group, Callable[[TimeLine], str]] = {
        Group.COMPANY: lambda line: line.company or "", Group.AGENT: lambda line: line.agent,
        Group.TOPIC: lambda line: line.topic,
    }  # fmt: skip
    with store.read() as tx:
        lines, hours = read(tx, None)
        for group, name in names.items():
            rows = figures_of.sums_by(tx, group, BEGIN, END, None, hours)
            assert [row.name or "" for row in rows] == sorted({name(line) for line in lines})
            for row in rows:
                own = [line for line in lines if name(line) == (row.name or "")]
                assert row.tickets == len(Counter(line.ticket for line in own))
                assert row.minutes == minutes_of(own, hours.over)


def test_lines_of_an_invoice_come_by_company_and_time(store: Store) -> None:
    fill(store)
    with store.read() as tx:
        lines, _ = read(tx, None)
        assert [*tx.timelog.by_company(BEGIN, END)] == by_company(lines)
        assert tx.timelog.any_outside(BEGIN, END)
        assert not tx.timelog.any_outside(BEGIN, END, "acme")


def test_nothing_worked_is_no_row(store: Store) -> None:
    number = new_ticket(store)
    apply(store, Plan((AddTime(number, "kata", 20, 30, "cable"),)), now=NOW)
    with store.read() as tx:
        hours = figures_of.prepaid_hours(tx, tx.settings, END, END + HOUR)
        assert [*tx.timelog.of_tickets(END, END + HOUR, None, {})] == []
        assert figures_of.sums_by(tx, Group.AGENT, END, END + HOUR, None, hours) == ()
        assert NEW not in {row.ticket for row in tx.timelog.of_tickets(BEGIN, END, None, {})}
