"""Hours to invoice: sums of time entries by ticket, company, agent or topic, and each entry as a line. Whole minutes, so
that every sum is exact; what lies beyond prepaid hours is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from maild.report.sheet import Columns
from maild.ticket import prepaid
from maild.ticket.timelog import TimeLine


class Group(StrEnum):
    """What the sums of `report time` are of."""

    TICKET = "ticket"
    COMPANY = "company"
    AGENT = "agent"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes added up. `over`: of the billed ones, those beyond prepaid hours."""

    raw: int = 0
    billed: int = 0
    courtesy: int = 0
    own_fault: int = 0
    outside: int = 0
    over: int = 0

    def columns(self) -> Columns:
        return {
            "raw_minutes": self.raw, "billed_minutes": self.billed, "courtesy_minutes": self.courtesy,
            "own_fault_minutes": self.own_fault, "outside_minutes": self.outside,
            "over": self.over,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketHours:
    """What was worked on one ticket."""

    company: str | None
    ticket: int
    subject: str
    minutes: Minutes

    def columns(self) -> Columns:
        return {
            "company": self.company, "ticket": self.ticket, "subject": self.subject, **self.minutes.columns(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupHours:
    """What was worked for one company, by one agent or on one topic. `name`: None for what has none."""

    group: Group
    name: str | None
    tickets: int
    minutes: Minutes

    def columns(self) -> Columns:
        return {str(self.group): self.name, "tickets": self.tickets, **self.minutes.columns()}


@dataclass(frozen=True, slots=True)
class InvoiceLine:
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


def group_hours(lines: Iterable[TimeLine], over: Mapping[int, int], group: Group) -> list[GroupHours]:
    """The same minutes by company, agent or topic, each with how many tickets."""
    by_name: dict[str, list[TimeLine]] = {}
    for line in lines:
        name = {Group.COMPANY: line.company, Group.AGENT: line.agent, Group.TOPIC: line.topic}[group] or ""
        by_name.setdefault(name, []).append(line)
    return [
        GroupHours(group, name or None, len({line.ticket for line in own}), minutes_of(own, over))
        for name, own in sorted(by_name.items())
    ]


def invoice_lines(lines: Iterable[TimeLine], over: Mapping[int, int], zone: str) -> list[InvoiceLine]:
    """`report time --items`: the lines of an invoice, by company and time. A correction is a line of its own."""
    ordered = sorted(lines, key=lambda line: (line.company or "", line.at, line.id))
    return [InvoiceLine(prepaid.local_day(line.at, zone), line, over.get(line.id, 0)) for line in ordered]


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
