"""Reads what reports are made of: time entries with what lies beyond prepaid hours, tickets with their pauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from maild.model import CompanyFacts, TicketFacts
from maild.report import timesheet as sums
from maild.report.ticket_row import TicketRow, Wait
from maild.settings import Settings
from maild.store import Tx
from maild.ticket import prepaid, working_time
from maild.ticket.prepaid import Balance
from maild.ticket.timelog import TimeLine


@dataclass(frozen=True, slots=True)
class Timesheet:
    """The entries of a span, minutes beyond prepaid hours by entry, and the accounts at its end."""

    lines: tuple[TimeLine, ...]
    over: Mapping[int, int]
    balances: tuple[tuple[CompanyFacts, Balance], ...]


def timesheet(
    tx: Tx, settings: Settings, begin: datetime, end: datetime, company: str | None = None
) -> Timesheet:
    """What was worked in [begin, end)."""
    zone = settings.desk.timezone
    lines = tx.timelog.lines(begin, end, company)
    first, last = prepaid.local_day(begin, zone), prepaid.last_moment(end, zone)
    over: dict[int, int] = {}
    accounts: list[tuple[CompanyFacts, Balance]] = []
    companies = [tx.companies.find(company)] if company is not None else tx.companies.prepaid()
    for one in companies:
        if one is None or not prepaid.has_hours(one):
            continue
        counted = tx.timelog.lines(prepaid.counted_from(one, first, zone), end, one.key)
        over |= prepaid.over_minutes(one, counted, zone)
        accounts.append((one, prepaid.balance(one, counted, zone, last)))
    return Timesheet(tuple(sums.within(lines, begin, end)), over, tuple(accounts))


def tickets(
    tx: Tx, settings: Settings, begin: datetime, end: datetime, company: str | None, now: datetime
) -> list[TicketRow]:
    """The tickets that were made in [begin, end)."""
    return rows_of(tx.tickets.rows_between(begin, end, company), settings, now)


def open_tickets(tx: Tx, settings: Settings, company: str | None, now: datetime) -> list[TicketRow]:
    """The tickets that are not over."""
    return rows_of(tx.tickets.open_ones(company), settings, now)


def rows_of(several: Iterable[TicketFacts], settings: Settings, now: datetime) -> list[TicketRow]:
    """Tickets as the reports need them."""
    return [
        TicketRow(
            t.number, t.company, t.kind, t.severity or "", t.phase, t.created_at, t.respond_by, t.responded_at,
            t.resolve_by, t.resolved_at, t.closed_at, t.subject,
            t.state.clock.call_back_by if t.state.clock else None, t.team, t.owner, t.topic,
            _waits(t, settings, now),
        )
        for t in several
    ]  # fmt: skip


def _waits(ticket: TicketFacts, settings: Settings, now: datetime) -> tuple[Wait, ...]:
    clock = ticket.state.clock
    if clock is None or not clock.pauses:
        return ()
    ended = ticket.resolved_at or ticket.closed_at or now
    return tuple(Wait(phase, n) for phase, n in working_time.waits(clock, settings, ended) if n)
