"""Minutes worked: entries are only ever added, sums are exact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from maild.errors import NotFound, Refused
from maild.model import AddTime
from maild.store.core import Transaction
from maild.store.rows import TimeRow, TimeSum
from maild.store.tables import TICKET, TIME_ENTRY
from maild.ticket.timelog import TimeLine


class TimeLog:
    """`tx.timelog`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, ticket: int, change: AddTime, now: datetime) -> int:
        """A new entry; its id. Refused when it corrects one of another ticket."""
        if change.corrects is not None and self.get(change.corrects).ticket != ticket:
            raise Refused(f"time entry {change.corrects} belongs to another ticket than {ticket}")
        return int(
            self._tx.execute(
                insert(TIME_ENTRY)
                .values(
                    ticket=ticket, at=change.at or now, agent=change.agent, raw_minutes=change.raw_minutes,
                    billed_minutes=change.billed_minutes, text=change.text, courtesy=change.courtesy,
                    own_fault=change.own_fault, corrects=change.corrects, data=change.data,
                )
                .returning(TIME_ENTRY.c.id)
            ).scalar_one()
        )  # fmt: skip

    def get(self, key: int) -> TimeRow:
        """NotFound when there is none."""
        row = self._tx.execute(select(TIME_ENTRY).where(TIME_ENTRY.c.id == key)).first()
        if row is None:
            raise NotFound(f"there is no time entry {key}; `maild show N` lists a ticket's")
        return _entry(row)

    def of_ticket(self, number: int) -> tuple[TimeRow, ...]:
        """Oldest first."""
        query = select(TIME_ENTRY).where(TIME_ENTRY.c.ticket == number).order_by(TIME_ENTRY.c.id)
        return tuple(_entry(row) for row in self._tx.execute(query))

    def sums(self, number: int) -> tuple[int, int]:
        """(raw, billed) minutes of a ticket."""
        row = self._tx.execute(
            select(
                func.coalesce(func.sum(TIME_ENTRY.c.raw_minutes), 0).label("raw"),
                func.coalesce(func.sum(TIME_ENTRY.c.billed_minutes), 0).label("billed"),
            ).where(TIME_ENTRY.c.ticket == number)
        ).one()
        return int(row.raw), int(row.billed)

    def lines(
        self, start: datetime | None, end: datetime, company: str | None = None
    ) -> tuple[TimeLine, ...]:
        """Entries in [start, end), by time, with what reports need of their tickets. `start` None: from the first."""
        query = (
            select(TIME_ENTRY, *TICKET.c["company", "subject", "topic"])
            .select_from(TIME_ENTRY.join(TICKET, TICKET.c.number == TIME_ENTRY.c.ticket))
            .where(TIME_ENTRY.c.at < end)
            .order_by(TIME_ENTRY.c.at, TIME_ENTRY.c.id)
        )
        if start is not None:
            query = query.where(TIME_ENTRY.c.at >= start)
        if company is not None:
            query = query.where(TICKET.c.company == company)
        return tuple(
            TimeLine(
                company=row.company, ticket=row.ticket, at=row.at, raw_minutes=row.raw_minutes,
                billed_minutes=row.billed_minutes, subject=row.subject, agent=row.agent, courtesy=row.courtesy,
                own_fault=row.own_fault, text=row.text, topic=row.topic, id=row.id, corrects=row.corrects,
            )
            for row in self._tx.execute(query)
        )  # fmt: skip

    def report(self, start: datetime, end: datetime, company: str | None = None) -> tuple[TimeSum, ...]:
        """Sums per ticket of the entries in [start, end), by company and number."""
        query = (
            select(
                *TICKET.c["company", "number", "subject"],
                func.sum(TIME_ENTRY.c.raw_minutes).label("raw"),
                func.sum(TIME_ENTRY.c.billed_minutes).label("billed"),
            )
            .select_from(TIME_ENTRY.join(TICKET, TICKET.c.number == TIME_ENTRY.c.ticket))
            .where(TIME_ENTRY.c.at >= start, TIME_ENTRY.c.at < end)
            .group_by(TICKET.c.number)
        )
        if company is not None:
            query = query.where(TICKET.c.company == company)
        found = [
            TimeSum(row.company, row.number, row.subject, int(row.raw), int(row.billed))
            for row in self._tx.execute(query)
        ]
        return tuple(sorted(found, key=lambda one: (one.company or "", one.ticket)))


def _entry(row: Any) -> TimeRow:
    return TimeRow(
        id=row.id, ticket=row.ticket, at=row.at, agent=row.agent, raw_minutes=row.raw_minutes,
        billed_minutes=row.billed_minutes, text=row.text, corrects=row.corrects, courtesy=row.courtesy,
        own_fault=row.own_fault, data=row.data,
    )  # fmt: skip
