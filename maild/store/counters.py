"""How many automatic answers went out in the last hour, and which number the next ticket gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, delete, func, literal_column, select, update

from maild.store.core import Transaction
from maild.store.statements import Prepared, PreparedIn, insert_all
from maild.store.tables import AUTOMATIC_COUNT, COUNTER
from maild.store.types import clean, from_micros, to_micros

_MINUTE = 60_000_000
#: minutes before this one that make an hour
_WINDOW = 60
_ADD = Prepared(
    insert_all(AUTOMATIC_COUNT),
    " ON CONFLICT (key, minute) DO UPDATE SET count = automatic_count.count + excluded.count",
)
_SUMS = PreparedIn(
    lambda keys: (
        select(AUTOMATIC_COUNT.c.key, func.sum(AUTOMATIC_COUNT.c["count"]))
        .where(AUTOMATIC_COUNT.c.key.in_(keys), AUTOMATIC_COUNT.c.minute >= bindparam("since"))
        .group_by(AUTOMATIC_COUNT.c.key)
    ),
    AUTOMATIC_COUNT.c.key,
)
_MINUTES = PreparedIn(
    lambda keys: select(AUTOMATIC_COUNT.c.minute, AUTOMATIC_COUNT.c["count"]).where(
        AUTOMATIC_COUNT.c.key.in_(keys), AUTOMATIC_COUNT.c.minute >= bindparam("since")
    ),
    AUTOMATIC_COUNT.c.key,
)
_NEXT = Prepared(
    update(COUNTER)
    .where(COUNTER.c.name == literal_column("'ticket'"))
    .values(
        value=case(
            (COUNTER.c.value < bindparam("first", type_=COUNTER.c.value.type), bindparam("first")),
            else_=COUNTER.c.value,
        )
        + literal_column("1")
    )
)
_TAKEN = Prepared(
    select(COUNTER.c.value - literal_column("1")).where(COUNTER.c.name == literal_column("'ticket'"))
)


def pace_key(pace: str) -> str:
    """The counter of a `Notice.pace`."""
    return f"p:{clean(pace)}"


class Counters:
    """Automatic answers are counted by the minute; an hour is this minute and the 60 before it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def next_number(self) -> int:
        """A ticket number that no other ticket has; `[desk] first_number` at least."""
        self._tx.run(_NEXT, {"first": self._tx.settings.desk.first_number})
        return int(self._tx.scalar(_TAKEN, {}))

    def add(self, keys: Mapping[str, int], now: datetime) -> None:
        """Count automatic answers."""
        minute = to_micros(now) // _MINUTE
        self._tx.many(_ADD, [{"key": key, "minute": minute, "count": count} for key, count in keys.items()])

    def last_hour(self, keys: Sequence[str], now: datetime) -> dict[str, int]:
        """Sums by key; absent keys have none."""
        since = to_micros(now) // _MINUTE - _WINDOW
        return {key: int(total) for key, total in self._tx.rows_in(_SUMS, keys, {"since": since})}

    def slot(self, key: str, per_hour: int, now: datetime) -> datetime:
        """When a mail of the pace `key` may go, and count it there: now, or once fewer than `per_hour` went in the
        hour before. Never before one that waits already."""
        minute = to_micros(now) // _MINUTE
        counted = dict(self._tx.rows_in(_MINUTES, [key], {"since": minute - _WINDOW}))
        found = max(minute, *counted) if counted else minute
        while sum(n for at, n in counted.items() if at >= found - _WINDOW) >= max(per_hour, 1):
            found = min(at for at in counted if at >= found - _WINDOW) + _WINDOW + 1
        self._tx.many(_ADD, [{"key": key, "minute": found, "count": 1}])
        return now if found == minute else from_micros(found * _MINUTE)

    def forget_old(self, now: datetime) -> None:
        """Drop what no window reaches any more."""
        oldest = to_micros(now) // _MINUTE - 120
        self._tx.connection.execute(delete(AUTOMATIC_COUNT).where(AUTOMATIC_COUNT.c.minute < oldest))
