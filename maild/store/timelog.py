"""Minutes worked: entries are only ever added, sums are exact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from maild.errors import NotFound, Refused
from maild.model import (
    AddTime,
    CompanyFacts,
    TimeRow,
)
from maild.store.core import Transaction
from maild.store.rows import TimeSum
from maild.store.tables import COMPANY, TICKET, TIME_ENTRY
from maild.ticket import prepaid
from maild.ticket.prepaid import Balance
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
                    own_fault=change.own_fault, outside=change.outside, corrects=change.corrects, data={},
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

    def corrected_by(self, key: int) -> int | None:
        """The entry that reverses this one; None while it stands (a reversal that was taken back is none)."""
        query = select(*TIME_ENTRY.c["id", "raw_minutes"]).where(TIME_ENTRY.c.corrects == key)
        for row in self._tx.execute(query.order_by(TIME_ENTRY.c.id)).all():
            if row.raw_minutes < 0 and self.corrected_by(row.id) is None:
                return int(row.id)
            if row.raw_minutes > 0 and self.get(key).raw_minutes < 0:
                return int(row.id)
        return None

    def sums(self, number: int) -> tuple[int, int]:
        """(raw, billed) minutes of a ticket."""
        row = self._tx.execute(
            select(
                func.coalesce(func.sum(TIME_ENTRY.c.raw_minutes), 0).label("raw"),
                func.coalesce(func.sum(TIME_ENTRY.c.billed_minutes), 0).label("billed"),
            ).where(TIME_ENTRY.c.ticket == number)
        ).one()
        return int(row.raw), int(row.billed)

    def prepaid_company(self, number: int) -> str | None:
        """The ticket's company, where its contract includes hours."""
        query = (
            select(COMPANY.c.key)
            .join(TICKET, TICKET.c.company == COMPANY.c.key)
            .where(TICKET.c.number == number, COMPANY.c.included_minutes > 0, COMPANY.c.service_level != "")
        )
        company: str | None = self._tx.execute(query).scalar()
        return company

    def hours_to_tell(self, number: int, now: datetime) -> Balance | None:
        """The account of the ticket's company, where its contract lets the closing mail say it."""
        query = (
            select(COMPANY)
            .join(TICKET, TICKET.c.company == COMPANY.c.key)
            .where(TICKET.c.number == number, COMPANY.c.hours_in_mail, COMPANY.c.included_minutes > 0)
        )
        row = self._tx.execute(query).first()
        if row is None or not row.service_level:
            return None
        terms = CompanyFacts(
            row.key, row.name, service_level=row.service_level, included_minutes=row.included_minutes,
            hours_period=row.hours_period, carry=row.carry, valid_from=row.valid_from, valid_until=row.valid_until,
        )  # fmt: skip
        return self.balance(terms, now)

    def balance(self, company: CompanyFacts, at: datetime) -> Balance:
        """The account of prepaid hours of the period that `at` is in."""
        zone = self._tx.settings.desk.timezone
        day = prepaid.local_day(at, zone)
        end = prepaid.span_of(day, company.hours_period).moments(zone)[1]
        return prepaid.balance(
            company, self.lines(prepaid.counted_from(company, day, zone), end, company.key), zone, day
        )

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
                own_fault=row.own_fault, outside=row.outside, text=row.text, topic=row.topic, id=row.id,
                corrects=row.corrects,
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
        sums = [
            TimeSum(row.company, row.number, row.subject, int(row.raw), int(row.billed))
            for row in self._tx.execute(query)
        ]
        return tuple(sorted(sums, key=lambda one: (one.company or "", one.ticket)))


def _entry(row: Any) -> TimeRow:
    return TimeRow(
        id=row.id, ticket=row.ticket, at=row.at, agent=row.agent, raw_minutes=row.raw_minutes,
        billed_minutes=row.billed_minutes, text=row.text, corrects=row.corrects, courtesy=row.courtesy,
        own_fault=row.own_fault, outside=row.outside,
    )  # fmt: skip
