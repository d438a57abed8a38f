"""Hours to invoice: sums of time entries by ticket, company, agent or topic, and each entry as a line. Whole minutes, so
that every sum is exact; what lies beyond prepaid hours is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from maild.model import Json
from maild.ticket import prepaid
from maild.ticket.timelog import TimeLine


class Group(StrEnum):
    """What the sums of `report time` are of."""

    TICKET = "ticket"
    COMPANY = "company"
    AGENT = "agent"
    TOPIC = "topic"


@dataclass(slots=True)
class Sums:
    """Minutes added up."""

    raw: int = 0
    billed: int = 0
    courtesy: int = 0
    own_fault: int = 0
    outside: int = 0
    over: int = 0

    def add(self, line: TimeLine, over: int) -> None:
        self.raw += line.raw_minutes
        self.billed += line.billed_minutes
        self.courtesy += line.raw_minutes if line.courtesy else 0
        self.own_fault += line.raw_minutes if line.own_fault else 0
        self.outside += line.billed_minutes if line.outside else 0
        self.over += over

    def row(self) -> Json:
        return {
            "raw_minutes": self.raw, "billed_minutes": self.billed, "courtesy_minutes": self.courtesy,
            "own_fault_minutes": self.own_fault, "outside_minutes": self.outside,
            "over": self.over,
        }  # fmt: skip


def within(lines: Iterable[TimeLine], since: datetime, until: datetime) -> list[TimeLine]:
    """Those of [since, until)."""
    return [line for line in lines if since <= line.at < until]


def ticket_rows(lines: Iterable[TimeLine], over: Mapping[int, int]) -> list[Json]:
    """`report time`: one row a ticket, by company and number."""
    sums: dict[tuple[str, int], Sums] = {}
    subjects: dict[int, str] = {}
    for line in lines:
        sums.setdefault((line.company or "", line.ticket), Sums()).add(line, over.get(line.id, 0))
        subjects[line.ticket] = line.subject
    return [
        {"company": company or None, "ticket": ticket, "subject": subjects[ticket], **total.row()}
        for (company, ticket), total in sorted(sums.items(), key=lambda one: one[0])
    ]


def group_rows(lines: Iterable[TimeLine], over: Mapping[int, int], by: Group) -> list[Json]:
    """The same minutes by company, agent or topic, each with how many tickets."""
    if by is Group.TICKET:
        return ticket_rows(lines, over)
    sums: dict[str, Sums] = {}
    tickets: dict[str, set[int]] = {}
    for line in lines:
        name = {Group.COMPANY: line.company, Group.AGENT: line.agent, Group.TOPIC: line.topic}[by] or ""
        sums.setdefault(name, Sums()).add(line, over.get(line.id, 0))
        tickets.setdefault(name, set()).add(line.ticket)
    return [
        {str(by): name or None, "tickets": len(tickets[name]), **total.row()}
        for name, total in sorted(sums.items())
    ]


def item_rows(lines: Iterable[TimeLine], over: Mapping[int, int], zone: str) -> list[Json]:
    """`report time --items`: the lines of an invoice, by company and time. A correction is a line of its own."""
    ordered = sorted(lines, key=lambda line: (line.company or "", line.at, line.id))
    return [
        {
            "date": prepaid.local_day(line.at, zone).isoformat(), "ticket": line.ticket, "company": line.company,
            "agent": line.agent, "text": line.text or line.subject, "raw_minutes": line.raw_minutes,
            "billed_minutes": line.billed_minutes, "courtesy": line.courtesy, "over": over.get(line.id, 0),
            "id": line.id, "own_fault": line.own_fault, "outside": line.outside, "corrects": line.corrects,
            "subject": line.subject,
        }
        for line in ordered
    ]  # fmt: skip


def totals(rows: Iterable[Mapping[str, int]]) -> Json:
    """The sums of rows' minutes."""
    found = {"raw_minutes": 0, "billed_minutes": 0, "over": 0}
    for row in rows:
        for name in found:
            found[name] += row[name]
    return found


def clock(minutes: int) -> str:
    """Minutes as hours and minutes, exact: `1:20`, `-0:15`."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"
