"""Hours to invoice: sums of time entries by ticket, company, agent or topic, and each entry as a line. Whole minutes, so
that every sum is exact; what lies beyond prepaid hours is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from maild.report.sheet import Columns
from maild.ticket import days
from maild.ticket.hours import Minutes, TicketHours
from maild.ticket.timelog import TimeLine


class InvoiceLine(NamedTuple):
    """One time entry, by the desk's own day."""

    day: date
    entry: TimeLine
    over: int

    def columns(self) -> Columns:
        one = self.entry
        return {
            "date": self.day.isoformat(), "ticket": one.ticket, "company": one.company, "agent": one.agent,
            "text": one.text or one.subject, "raw_minutes": one.raw_minutes, "billed_minutes": one.billed_minutes,
            "courtesy": one.courtesy, "over": self.over, "id": one.id, "own_fault": one.own_fault,
            "outside": one.outside, "corrects": one.corrects, "subject": one.subject,
        }  # fmt: skip


def within(lines: Iterable[TimeLine], since: datetime, until: datetime) -> list[TimeLine]:
    """Those of [since, until)."""
    return [line for line in lines if since <= line.at < until]


def ticket_hours(lines: Iterable[TimeLine], over: Mapping[int, int]) -> list[TicketHours]:
    """`report time`: one row a ticket, by company and number. `over`: minutes beyond prepaid hours, by entry."""
    by_ticket: dict[tuple[str, int], list[TimeLine]] = {}
    for line in lines:
        by_ticket.setdefault((line.company or "", line.ticket), []).append(line)
    return [
        TicketHours(company or None, ticket, own[-1].subject, minutes_of(own, over))
        for (company, ticket), own in sorted(by_ticket.items(), key=lambda one: one[0])
    ]


def by_company(lines: Iterable[TimeLine]) -> list[TimeLine]:
    """In the order of an invoice: by company and time."""
    return sorted(lines, key=lambda line: (line.company or "", line.at, line.id))


def invoice_lines(entries: Iterable[TimeLine], over: Mapping[int, int], zone: str) -> Iterator[InvoiceLine]:
    """`report time --items`: the lines of an invoice, as the entries come. A correction is a line of its own."""
    for line in entries:
        yield InvoiceLine(days.local_day(line.at, zone), line, over.get(line.id, 0))


def minutes_of(lines: Sequence[TimeLine], over: Mapping[int, int]) -> Minutes:
    """The sums of time entries. `over`: minutes beyond prepaid hours, by entry."""
    return Minutes(
        raw=sum(line.raw_minutes for line in lines),
        billed=sum(line.billed_minutes for line in lines),
        courtesy=sum(line.raw_minutes for line in lines if line.courtesy),
        own_fault=sum(line.raw_minutes for line in lines if line.own_fault),
        outside=sum(line.billed_minutes for line in lines if line.outside),
        over=sum(over.get(line.id, 0) for line in lines),
    )


def clock(minutes: int) -> str:
    """Minutes as hours and minutes, exact: `1:20`, `-0:15`."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"
