"""Minutes worked: entries are only ever added, sums are exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, case, collate, func, insert, select, type_coerce

from maild.errors import NotFound, Refused
from maild.model import AddTime, CompanyFacts, TimeRow
from maild.store import facts_of
from maild.store.core import Transaction
from maild.store.statements import where_equal
from maild.store.tables import COMPANY, TICKET, TIME_ENTRY
from maild.ticket import days, prepaid
from maild.ticket.hours import Group, GroupHours, Minutes, TicketHours
from maild.ticket.prepaid import Balance
from maild.ticket.timelog import TimeLine

#: rows that are read together
_STRIDE = 1000
_RAW, _BILLED = TIME_ENTRY.c.raw_minutes, TIME_ENTRY.c.billed_minutes
#: as `Minutes` has them, without those beyond prepaid hours
_SUMS = (
    func.sum(_RAW), func.sum(_BILLED), func.sum(case((TIME_ENTRY.c.courtesy, _RAW), else_=0)),
    func.sum(case((TIME_ENTRY.c.own_fault, _RAW), else_=0)), func.sum(case((TIME_ENTRY.c.outside, _BILLED), else_=0)),
)  # fmt: skip
#: what the sums of a group are named by
_NAMED = {
    Group.COMPANY: func.coalesce(TICKET.c.company, ""), Group.AGENT: type_coerce(TIME_ENTRY.c.agent, Text),
    Group.TOPIC: type_coerce(TICKET.c.topic, Text),
}  # fmt: skip


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
        return facts_of.time_row(row)

    def of_ticket(self, number: int) -> tuple[TimeRow, ...]:
        """Oldest first."""
        query = select(TIME_ENTRY).where(TIME_ENTRY.c.ticket == number).order_by(TIME_ENTRY.c.id)
        return tuple(facts_of.time_row(row) for row in self._tx.execute(query))

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
        return self.balance(facts_of.company(row, (), (), ()), now)

    def balance(self, company: CompanyFacts, at: datetime) -> Balance:
        """The account of prepaid hours of the period that `at` is in."""
        zone = self._tx.settings.desk.timezone
        day = days.local_day(at, zone)
        end = prepaid.span_of(day, company.hours_period).moments(zone)[1]
        return prepaid.balance(
            company, self.lines(prepaid.counted_from(company, day, zone), end, company.key), zone, day
        )

    def lines(
        self, start: datetime | None, end: datetime, company: str | None = None
    ) -> tuple[TimeLine, ...]:
        """Entries in [start, end), by time, with what reports need of their tickets. `start` None: from the first."""
        return tuple(self._lines(start, end, company, (TIME_ENTRY.c.at, TIME_ENTRY.c.id)))

    def by_company(self, start: datetime, end: datetime, company: str | None = None) -> Iterator[TimeLine]:
        """The same as they come from the database, by company and time."""
        first = self._in_order(func.coalesce(TICKET.c.company, ""))
        return self._lines(start, end, company, (first, TIME_ENTRY.c.at, TIME_ENTRY.c.id))

    def _lines(
        self, start: datetime | None, end: datetime, company: str | None, order: tuple[Any, ...]
    ) -> Iterator[TimeLine]:
        query = _worked(start, end, company, *_LINE).order_by(*order)
        with self._tx.execute(query.execution_options(yield_per=_STRIDE)) as found:
            for row in found:
                yield TimeLine(*tuple(row))

    def of_tickets(
        self, start: datetime, end: datetime, company: str | None, over: Mapping[int, int]
    ) -> Iterator[TicketHours]:
        """Sums of the entries in [start, end) by ticket, by company and number, as they come from the database.
        `over`: minutes beyond prepaid hours, by ticket."""
        by = (TICKET.c.company, TIME_ENTRY.c.ticket, type_coerce(TICKET.c.subject, Text))
        query = _worked(start, end, company, *by, *_SUMS).group_by(*by)
        query = query.order_by(self._in_order(func.coalesce(TICKET.c.company, "")), TIME_ENTRY.c.ticket)
        with self._tx.execute(query.execution_options(yield_per=_STRIDE)) as found:
            rows: Iterable[Any] = found
            for key, ticket, subject, raw, billed, courtesy, ours, outside in rows:
                minutes = Minutes(raw, billed, courtesy, ours, outside, over.get(ticket, 0))
                yield TicketHours(key, ticket, subject, minutes)

    def of_groups(
        self, group: Group, start: datetime, end: datetime, company: str | None, over: Mapping[str, int]
    ) -> tuple[GroupHours, ...]:
        """Sums of the entries in [start, end) by company, agent or topic, each with how many tickets, by name.
        `over`: minutes beyond prepaid hours, by that name ("" for none)."""
        name = _NAMED[group]
        count = func.count(TIME_ENTRY.c.ticket.distinct())
        query = _worked(start, end, company, name, count, *_SUMS).group_by(name)
        found = sorted(tuple(row) for row in self._tx.execute(query))
        return tuple(
            GroupHours(
                group, name or None, tickets, Minutes(raw, billed, courtesy, ours, outside, over.get(name, 0))
            )
            for name, tickets, raw, billed, courtesy, ours, outside in found
        )

    def any_outside(self, start: datetime, end: datetime, company: str | None = None) -> bool:
        """Whether something in [start, end) was done outside of a contract."""
        query = _worked(start, end, company, TIME_ENTRY.c.id).where(TIME_ENTRY.c.outside).limit(1)
        return self._tx.execute(query).first() is not None

    def _in_order(self, text: Any) -> Any:
        """For ORDER BY: as Python orders text, whatever the database's language."""
        return text if self._tx.is_sqlite else collate(text, "C")


#: the fields of a `TimeLine`, in their order
_LINE = tuple(
    (TICKET if one.name in ("company", "subject", "topic") else TIME_ENTRY).c[one.name]
    for one in fields(TimeLine)
)


def _worked(start: datetime | None, end: datetime, company: str | None, *columns: Any) -> Select[Any]:
    """Entries in [start, end) with their tickets. `start` None: from the first; `company` None: of all."""
    query = select(*columns).select_from(TIME_ENTRY.join(TICKET, TICKET.c.number == TIME_ENTRY.c.ticket))
    query = query.where(TIME_ENTRY.c.at < end)
    if start is not None:
        query = query.where(TIME_ENTRY.c.at >= start)
    return where_equal(query, TICKET, company=company)
