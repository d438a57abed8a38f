"""Reads what reports are made of: time entries with what lies beyond prepaid hours, tickets with their pauses."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from maild.model import CompanyFacts
from maild.report import timesheet as sums
from maild.report.ticket_row import NewTicket, TicketRow, Wait
from maild.settings import Settings
from maild.store import Tx
from maild.store.rows import ReportedTicket
from maild.ticket import days, prepaid, working_time
from maild.ticket.hours import Group, GroupHours
from maild.ticket.prepaid import Balance
from maild.ticket.state import PromiseClock
from maild.ticket.timelog import TimeLine
from maild.values import dataclass, replace

Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Timesheet:
    """Entries of a span, minutes beyond prepaid hours by entry, and the accounts at its end."""

    lines: tuple[TimeLine, ...]
    over: Mapping[int, int]
    balances: tuple[tuple[CompanyFacts, Balance], ...]

    def over_by(self, name: Callable[[TimeLine], Key]) -> dict[Key, int]:
        """Minutes beyond prepaid hours, added up by the name that each entry is given."""
        found: dict[Key, int] = {}
        for line in self.lines:
            if minutes := self.over.get(line.id):
                found[name(line)] = found.get(name(line), 0) + minutes
        return found


def prepaid_hours(
    tx: Tx, settings: Settings, begin: datetime, end: datetime, company: str | None = None
) -> Timesheet:
    """What was worked in [begin, end) for companies with prepaid hours alone."""
    zone = settings.desk.timezone
    first, last = days.local_day(begin, zone), prepaid.last_moment(end, zone)
    lines: list[TimeLine] = []
    over: dict[int, int] = {}
    accounts: list[tuple[CompanyFacts, Balance]] = []
    companies = [tx.companies.find(company)] if company is not None else tx.companies.prepaid()
    for one in companies:
        if one is None or not prepaid.has_hours(one):
            continue
        counted = tx.timelog.lines(prepaid.counted_from(one, first, zone), end, one.key)
        lines += sums.within(counted, begin, end)
        over |= prepaid.over_minutes(one, counted, zone)
        accounts.append((one, prepaid.balance(one, counted, zone, last)))
    return Timesheet(tuple(lines), over, tuple(accounts))


def timesheet(
    tx: Tx, settings: Settings, begin: datetime, end: datetime, company: str | None = None
) -> Timesheet:
    """What was worked in [begin, end)."""
    hours = prepaid_hours(tx, settings, begin, end, company)
    return replace(hours, lines=tx.timelog.lines(begin, end, company))


def sums_by(
    tx: Tx, group: Group, begin: datetime, end: datetime, company: str | None, hours: Timesheet
) -> tuple[GroupHours, ...]:
    """What was worked in [begin, end), by company, agent or topic."""
    named: dict[Group, Callable[[TimeLine], str]] = {
        Group.COMPANY: lambda line: line.company or "",
        Group.AGENT: lambda line: line.agent,
        Group.TOPIC: lambda line: line.topic,
    }
    return tx.timelog.of_groups(group, begin, end, company, hours.over_by(named[group]))


def tickets(
    tx: Tx, settings: Settings, begin: datetime, end: datetime, company: str | None, now: datetime
) -> Iterator[TicketRow]:
    """The tickets that were made in [begin, end), one by one."""
    return rows_of(tx.tickets.reported_between(begin, end, company), settings, now)


def new_tickets(tx: Tx, begin: datetime, end: datetime, company: str | None) -> Iterator[NewTicket]:
    """What was made in [begin, end), one by one."""
    return itertools.starmap(NewTicket, tx.tickets.new_between(begin, end, company))


def open_tickets(tx: Tx, settings: Settings, company: str | None, now: datetime) -> Iterator[TicketRow]:
    """The tickets that are not over, one by one."""
    return rows_of(tx.tickets.reported_open(company), settings, now)


def rows_of(several: Iterable[ReportedTicket], settings: Settings, now: datetime) -> Iterator[TicketRow]:
    """Tickets as the reports need them."""
    for one in several:
        clock = one.clock
        told = (None, ()) if clock is None else (clock.call_back_by, _waits(clock, one, settings, now))
        yield TicketRow._make((*one[:-1], *told))


def _waits(
    clock: PromiseClock, ticket: ReportedTicket, settings: Settings, now: datetime
) -> tuple[Wait, ...]:
    ended = ticket.resolved_at or ticket.closed_at or now
    return tuple(Wait(phase, n) for phase, n in working_time.waits(clock, settings, ended) if n)
