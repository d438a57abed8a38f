"""Moments at which somebody must look at a ticket again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from maild.store import hot
from maild.store.core import Transaction
from maild.store.tables import DEADLINE
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """A deadline that has come."""

    key: str
    type: str  # a DeadlineType, or a word that a newer maild knows
    ticket: int
    at: datetime
    since: datetime | None = None


#: type, ticket, the moment (None = no such deadline) and since when
WantedDeadline = tuple[str, int, datetime | None, datetime | None]


class Deadlines:
    """`tx.deadlines`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def set(
        self, key: str, type: str, ticket: int, at: datetime | None, since: datetime | None = None,
    ) -> None:  # fmt: skip
        """Set, move (same key) or, with None, remove."""
        self.set_all({key: (type, ticket, at, since)})

    def set_all(self, wanted: Mapping[str, WantedDeadline]) -> None:
        """`set` for several, by their keys."""
        if gone := [key for key, one in wanted.items() if one[2] is None]:
            self._tx.tell_in(hot.REMOVE_DEADLINES, gone, {})
        self._tx.tell(hot.SET_DEADLINE, *[
            {"key": key, "type": type_, "ticket": ticket, "at": at,
             "data": {"since": since.isoformat()} if since is not None else {}}
            for key, (type_, ticket, at, since) in wanted.items()
            if at is not None
        ])  # fmt: skip

    def due(self, now: datetime, limit: int, lease: timedelta) -> tuple[DueDeadline, ...]:
        """Those that have come, claimed for `lease`: the oldest `limit`, and what else has come of their tickets."""
        free = or_(DEADLINE.c.claimed_until.is_(None), DEADLINE.c.claimed_until <= now)
        come = select(DEADLINE).where(DEADLINE.c.at <= now, free).with_for_update(skip_locked=True)
        rows = self._tx.execute(come.order_by(DEADLINE.c.at, DEADLINE.c.key).limit(limit)).all()
        if len(rows) == limit:
            theirs = come.where(
                DEADLINE.c.ticket.in_({row.ticket for row in rows}),
                DEADLINE.c.key.not_in([row.key for row in rows]),
            )
            rows = [*rows, *self._tx.execute(theirs.order_by(DEADLINE.c.at, DEADLINE.c.key))]
        if rows:
            keys = [row.key for row in rows]
            self._tx.execute(
                update(DEADLINE).where(DEADLINE.c.key.in_(keys)).values(claimed_until=now + lease)
            )
        return tuple(_due(row) for row in rows)

    def done(self, key: str, at: datetime) -> None:
        """Remove it, unless it was set to another moment meanwhile."""
        self._tx.execute(delete(DEADLINE).where(DEADLINE.c.key == key, DEADLINE.c.at == at))

    def next_at(self) -> datetime | None:
        """When the next one comes."""
        return self._tx.execute(select(DEADLINE.c.at).order_by(DEADLINE.c.at).limit(1)).scalar()

    def of_ticket(self, number: int) -> tuple[DueDeadline, ...]:
        query = select(DEADLINE).where(DEADLINE.c.ticket == number).order_by(DEADLINE.c.at)
        return tuple(_due(row) for row in self._tx.execute(query))


def _due(row: Any) -> DueDeadline:
    since = row.data.get("since")
    return DueDeadline(
        row.key, row.type, row.ticket, row.at, datetime.fromisoformat(since) if since else None
    )
