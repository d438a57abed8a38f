"""Minutes worked: entries are only ever added, sums are exact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from maild.errors import NotFound, Refused
from maild.model import AddTime, Json
from maild.store.core import Transaction
from maild.store.tables import TICKET, TIME_ENTRY


class TimeLog:
    """`tx.timelog`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, ticket: int, change: AddTime, now: datetime) -> int:
        """A new entry; its id. Refused when it corrects one of another ticket."""
        if change.corrects is not None and self.get(change.corrects)["ticket"] != ticket:
            raise Refused(f"time entry {change.corrects} belongs to another ticket than {ticket}")
        return int(
            self._tx.execute(
                insert(TIME_ENTRY)
                .values(
                    ticket=ticket, at=now, agent=change.agent, raw_minutes=change.raw_minutes,
                    billed_minutes=change.billed_minutes, text=change.text, courtesy=change.courtesy,
                    own_fault=change.own_fault, corrects=change.corrects, data=change.data,
                )
                .returning(TIME_ENTRY.c.id)
            ).scalar_one()
        )  # fmt: skip

    def get(self, key: int) -> Json:
        """NotFound when there is none."""
        row = self._tx.execute(select(TIME_ENTRY).where(TIME_ENTRY.c.id == key)).first()
        if row is None:
            raise NotFound(f"there is no time entry {key}; `maild show N` lists a ticket's")
        return _entry(row) | {"ticket": row.ticket}

    def of_ticket(self, number: int) -> Json:
        """`time` of `show --json`."""
        query = select(TIME_ENTRY).where(TIME_ENTRY.c.ticket == number).order_by(TIME_ENTRY.c.id)
        entries = [_entry(row) for row in self._tx.execute(query)]
        return {
            "raw_minutes": sum(one["raw_minutes"] for one in entries),
            "billed_minutes": sum(one["billed_minutes"] for one in entries),
            "entries": entries,
        }

    def report(self, start: datetime, end: datetime, company: str | None = None) -> tuple[Json, ...]:
        """Sums per ticket of the entries in [start, end): rows `company ticket subject raw_minutes billed_minutes`."""
        query = (
            select(
                TICKET.c.company,
                TICKET.c.number,
                TICKET.c.subject,
                func.sum(TIME_ENTRY.c.raw_minutes).label("raw"),
                func.sum(TIME_ENTRY.c.billed_minutes).label("billed"),
            )
            .select_from(TIME_ENTRY.join(TICKET, TICKET.c.number == TIME_ENTRY.c.ticket))
            .where(TIME_ENTRY.c.at >= start, TIME_ENTRY.c.at < end)
            .group_by(TICKET.c.company, TICKET.c.number, TICKET.c.subject)
        )
        if company is not None:
            query = query.where(TICKET.c.company == company)
        found = self._tx.execute(query).all()
        return tuple(
            {
                "company": row.company,
                "ticket": row.number,
                "subject": row.subject,
                "raw_minutes": int(row.raw),
                "billed_minutes": int(row.billed),
            }
            for row in sorted(found, key=lambda row: (row.company or "", row.number))
        )


def _entry(row: Any) -> Json:
    return {
        "id": row.id, "at": row.at.isoformat(), "agent": row.agent, "raw_minutes": row.raw_minutes,
        "billed_minutes": row.billed_minutes, "text": row.text, "corrects": row.corrects,
        "courtesy": row.courtesy, "own_fault": row.own_fault, "data": row.data,
    }  # fmt: skip
