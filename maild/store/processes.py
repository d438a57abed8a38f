"""Who works on this database, and which duty is held by whom.

A daemon is a row of `process` with a random id as long as it lives; whether it does is seen by `presence`. What
it had claimed is given back by whoever notices its death. A duty (a mailbox, the deadlines) is a row of
`lease`: its number grows with each new holder, and a holder's writes name the number that it got, so that one who
was overtaken without noticing writes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text, update

from maild.errors import Temporary
from maild.store.plain import from_micros
from maild.store.rows import Process
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import LEASE, PROCESS

if TYPE_CHECKING:
    from maild.store.tx import Tx

_SQLITE_CLOCK = text("SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)")
_NEW_LEASE = insert_all(LEASE).ext(OnConflict("(name) DO NOTHING"))


class LeaseLost(Temporary):
    """Another process has the duty now."""


class Processes:
    """`tx.processes`"""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def enter(self, key: str, place: str, now: datetime) -> None:
        """A process begins. `place`: machine and number, for people and for `presence`."""
        self._tx.execute(insert(PROCESS).values(id=key, place=place, started_at=now))

    def all(self) -> tuple[Process, ...]:
        """The oldest first."""
        query = select(PROCESS).order_by(*PROCESS.c["started_at", "id"])
        return tuple(Process(row.id, row.place, row.started_at) for row in self._tx.execute(query))

    def bury(self, key: str, now: datetime) -> tuple[int, int]:
        """A process is gone: others may take what it had claimed, and its duties. How many mails that came in,
        and how many that go out, which may have been sent. Nothing when another was quicker."""
        if not self._tx.execute(delete(PROCESS).where(PROCESS.c.id == key)).rowcount:
            return 0, 0
        self._give_up_duties(key)
        self._tx.hooks.release(now, key)
        came = self._tx.inbound.release_worker(key)
        return came, self._tx.outbound.release_worker(key, now, maybe_sent=True)

    def leave(self, key: str) -> None:
        """A process ends by itself, and has given back what it had claimed."""
        self._give_up_duties(key)
        self._tx.execute(delete(PROCESS).where(PROCESS.c.id == key))

    def _give_up_duties(self, key: str) -> None:
        self._tx.execute(update(LEASE).where(LEASE.c.holder == key).values(holder="", until=None))

    # ------------------------------------------------------------------------------------------ duties

    def now(self) -> datetime:
        """The database's clock: those of its machines may differ."""
        if self._tx.is_sqlite:
            return from_micros(int(self._tx.execute(_SQLITE_CLOCK).scalar_one()))
        at: datetime = self._tx.execute(select(func.clock_timestamp())).scalar_one()
        return at

    def take(self, name: str, key: str, period: timedelta | None) -> int | None:
        """Get or keep a duty; its number, or None while another has it. `period` None: for life."""
        self._tx.execute(_NEW_LEASE, {"name": name, "holder": "", "fence": 0, "until": None})
        row = self._tx.execute(select(LEASE).where(LEASE.c.name == name).with_for_update()).one()
        now = self.now()
        free = not row.holder or (row.until is not None and row.until <= now)
        if row.holder != key and not free:
            return None
        fence: int = row.fence if row.holder == key else row.fence + 1
        until = None if period is None else now + period
        values = {"holder": key, "fence": fence, "until": until}
        self._tx.execute(update(LEASE).where(LEASE.c.name == name).values(values))
        return fence

    def check(self, name: str, fence: int) -> None:
        """In the transaction of a holder's write: LeaseLost when another has got the duty meanwhile."""
        query = select(LEASE.c.fence).where(LEASE.c.name == name).with_for_update(read=True)
        if self._tx.execute(query).scalar() != fence:
            raise LeaseLost(f"another process has {name} now")
