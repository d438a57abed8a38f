"""How many automatic answers went out in the last hour, and which number the next ticket gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from maild.store import hot
from maild.store.core import Transaction
from maild.store.locks import Kind
from maild.store.plain import from_micros, to_micros
from maild.store.tables import AUTOMATIC_COUNT

_MINUTE = 60_000_000
#: minutes before this one that make an hour
_WINDOW = 60


def _since(now: datetime) -> int:
    """The first minute of the hour that counts."""
    return to_micros(now) // _MINUTE - _WINDOW


def pace_key(pace: str) -> str:
    """The counter of a `Notice.pace`."""
    return f"p:{pace}"


class Counters:
    """Automatic answers are counted by the minute; an hour is this minute and the 60 before it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def next_number(self) -> int:
        """A ticket number that no other ticket has; `[desk] first_number` at least."""
        first = self._tx.settings.desk.first_number
        if self._tx.is_sqlite:
            self._tx.tell(hot.NEXT_NUMBER, {"first": first})
            return int(self._tx.scalar(hot.NUMBER_TAKEN, {}))
        number = int(self._tx.scalar(hot.NEXT_OF_SEQUENCE, {}))
        return number if number >= first else self._raised_to(first)

    def _raised_to(self, first: int) -> int:
        """`first_number` was raised, or this is the very first ticket: the sequence goes on from there."""
        self._tx.locks.take(Kind.NUMBERS, ["first"])
        number = int(self._tx.scalar(hot.NEXT_OF_SEQUENCE, {}))  # another may have raised it meanwhile
        if number < first:
            number = first
            self._tx.execute(select(func.setval("ticket_number", first)))
        return number

    def add(self, keys: Mapping[str, int], now: datetime) -> None:
        """Count automatic answers."""
        minute = to_micros(now) // _MINUTE
        self._counted(keys, minute)
        self._tx.tell(hot.ADD_COUNT, *[
            {"key": key, "minute": minute, "process": self._tx.process, "count": count}
            for key, count in keys.items()
        ])  # fmt: skip

    def ahead(self, keys: Sequence[str], now: datetime) -> None:
        """`last_hour` is going to be asked for these."""
        since = _since(now)
        sums = self._tx.sums.get(since, {})
        self._tx.ahead_in(hot.AUTOMATIC_SUMS, [key for key in keys if key not in sums], {"since": since})

    def last_hour(self, keys: Sequence[str], now: datetime) -> dict[str, int]:
        """Sums by key; absent keys have none. What most mails ask for is read once a transaction."""
        since = _since(now)
        sums = self._tx.sums.setdefault(since, {})
        wanted = [key for key in keys if key not in sums]
        sums.update(dict.fromkeys(wanted, 0))
        for row in self._tx.rows_in(hot.AUTOMATIC_SUMS, wanted, {"since": since}):
            sums[row.key] = int(row.total)
        return {key: total for key in keys if (total := sums[key])}

    def of_all(self, now: datetime) -> tuple[int, int]:
        """Automatic answers of the last hour: all of the desk's, and those to unknown senders."""
        sums = self.last_hour(("desk", "unknown"), now)
        return sums.get("desk", 0), sums.get("unknown", 0)

    def _counted(self, keys: Mapping[str, int], minute: int) -> None:
        """Add these to the sums that this transaction has read."""
        for since, sums in self._tx.sums.items():
            for key in keys.keys() & sums.keys() if minute >= since else ():
                sums[key] += keys[key]

    def slot(self, key: str, per_hour: int, now: datetime) -> datetime:
        """When a mail of the pace `key` may go, and count it there: now, or once fewer than `per_hour` went in the
        hour before. Never before one that waits already."""
        minute = to_micros(now) // _MINUTE
        self._tx.locks.take(Kind.PACE, [key])
        query = (
            select(AUTOMATIC_COUNT.c.minute, func.sum(AUTOMATIC_COUNT.c["count"]).label("mails"))
            .where(AUTOMATIC_COUNT.c.key == key, AUTOMATIC_COUNT.c.minute >= minute - _WINDOW)
            .group_by(AUTOMATIC_COUNT.c.minute)
        )
        counted = {row.minute: int(row.mails) for row in self._tx.execute(query)}
        free = max(minute, *counted) if counted else minute
        while sum(n for at, n in counted.items() if at >= free - _WINDOW) >= max(per_hour, 1):
            free = min(at for at in counted if at >= free - _WINDOW) + _WINDOW + 1
        self._tx.tell(hot.ADD_COUNT, {"key": key, "minute": free, "process": self._tx.process, "count": 1})
        self._counted({key: 1}, free)
        return now if free == minute else from_micros(free * _MINUTE)

    def forget_old(self, now: datetime) -> None:
        """Drop what no window reaches any more."""
        oldest = to_micros(now) // _MINUTE - 120
        self._tx.execute(delete(AUTOMATIC_COUNT).where(AUTOMATIC_COUNT.c.minute < oldest))
