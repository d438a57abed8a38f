"""Moments at which somebody must look at a ticket again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update

from maild.model import Json
from maild.store.core import Transaction
from maild.store.statements import Prepared, PreparedIn, insert_all
from maild.store.tables import DEADLINE
from maild.store.types import dump, from_micros, load, to_micros

_SET = Prepared(
    insert_all(DEADLINE),
    " ON CONFLICT (key) DO UPDATE SET type = excluded.type, ticket = excluded.ticket, at = excluded.at,"
    " data = excluded.data, claimed_until = NULL",
)
_REMOVE = Prepared(delete(DEADLINE).where(DEADLINE.c.key == bindparam("name")))
_DONE = Prepared(
    delete(DEADLINE).where(DEADLINE.c.key == bindparam("name"), DEADLINE.c.at == bindparam("moment"))
)
_DUE = Prepared(
    select(DEADLINE.c.key, DEADLINE.c.type, DEADLINE.c.ticket, DEADLINE.c.at, DEADLINE.c.data)
    .where(
        DEADLINE.c.at <= bindparam("now"),
        or_(DEADLINE.c.claimed_until.is_(None), DEADLINE.c.claimed_until <= bindparam("now")),
    )
    .order_by(DEADLINE.c.at, DEADLINE.c.key)
    .limit(bindparam("count"))
)
_CLAIM = PreparedIn(
    lambda keys: update(DEADLINE).where(DEADLINE.c.key.in_(keys)).values(claimed_until=bindparam("until")),
    DEADLINE.c.key,
)


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """A deadline that has come."""

    key: str
    type: str  # a DeadlineType, or a word that a newer maild knows
    ticket: int
    at: datetime
    data: Json


class Deadlines:
    """`tx.deadlines`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def set(
        self, key: str, type: str, ticket: int, at: datetime | None, data: Json | None = None,
    ) -> None:  # fmt: skip
        """Set, move (same key) or, with None, remove."""
        if at is None:
            self.remove(key)
            return
        self._tx.run(_SET, {"key": key, "type": type, "ticket": ticket, "at": to_micros(at),
                            "data": dump(data or {}), "claimed_until": None})  # fmt: skip

    def remove(self, key: str) -> None:
        self._tx.run(_REMOVE, {"name": key})

    def due(self, now: datetime, limit: int, lease: timedelta) -> tuple[DueDeadline, ...]:
        """Those that have come, claimed for `lease`."""
        found = self._tx.rows(_DUE, {"now": to_micros(now), "count": limit})
        self._tx.run_in(_CLAIM, [row[0] for row in found], {"until": to_micros(now + lease)})
        return tuple(
            DueDeadline(key, type_, ticket, from_micros(at), load(data))
            for key, type_, ticket, at, data in found
        )

    def done(self, key: str, at: datetime) -> None:
        """Remove it, unless it was set to another moment meanwhile."""
        self._tx.run(_DONE, {"name": key, "moment": to_micros(at)})

    def next_at(self) -> datetime | None:
        """When the next one comes."""
        return self._tx.connection.execute(select(DEADLINE.c.at).order_by(DEADLINE.c.at).limit(1)).scalar()

    def of_ticket(self, number: int) -> tuple[DueDeadline, ...]:
        query = select(DEADLINE).where(DEADLINE.c.ticket == number).order_by(DEADLINE.c.at)
        return tuple(
            DueDeadline(row.key, row.type, row.ticket, row.at, row.data)
            for row in self._tx.connection.execute(query)
        )

    def count(self) -> int:
        return int(self._tx.connection.execute(select(func.count()).select_from(DEADLINE)).scalar_one())
