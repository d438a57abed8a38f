"""Which duties this daemon has where several work on one database: each mailbox, the deadlines, the tidying.

The daemon lives under a random id that others see the end of (`maild.store.presence`). Every few seconds it looks who
died, gives back what they had claimed, and takes the duties that nobody has. On PostgreSQL a duty is held for some
seconds and kept while all goes well, so that a daemon that hangs loses it too; its writes name the number of its
lease, and one that was overtaken writes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial

from maild.errors import StoreBusy, Temporary
from maild.store import Store, Tx, WriteMode, Writer
from maild.store.presence import fresh_id, place_here, surely_gone
from maild.values import dataclass
from maild.work.clock import Clock, wait_for_any
from maild.work.logs import Log

log = Log("maild.work.duties")

PAUSE_SECONDS = 3.0
#: a process of another machine may only have lost its connection, as when the server starts again
GRACE_SECONDS = 10.0
#: how long a duty is held without being kept
PERIOD = timedelta(seconds=20)


@dataclass(slots=True)
class Duty:
    """One duty. `fence` None: another daemon has it."""

    name: str
    fence: int | None = None

    @property
    def held(self) -> bool:
        return self.fence is not None

    def check(self, tx: Tx) -> None:
        """In the transaction of a write of this duty. Temporary when it is not ours any more."""
        tx.processes.check(self.name, self.fence if self.fence is not None else -1)


class UnsharedDuty(Duty):
    """A duty that nobody shares: tests, simulations."""

    def check(self, tx: Tx) -> None:
        """It is ours."""


def always() -> Duty:
    """For a desk of one process."""
    return UnsharedDuty("", 0)


async def while_held(
    duty: Duty, turn: Callable[[], Awaitable[object]], clock: Clock, seconds: float, stop: asyncio.Event
) -> None:
    """A turn every so many seconds until `stop`, where the duty is this daemon's."""
    while not stop.is_set():
        if duty.held:
            await turn()
        await wait_for_any(clock, seconds, stop)


class Duties:
    """The loop. `changed` is told of each duty that was won or lost."""

    def __init__(
        self, store: Store, writer: Writer, clock: Clock, names: Sequence[str],
        *, changed: Callable[[Duty], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._store, self._writer, self._clock, self._changed = store, writer, clock, changed
        self._duties = {name: Duty(name) for name in names}
        self._presence = store.presence()
        self._suspected: dict[str, float] = {}
        self._place = place_here()
        self._stop = asyncio.Event()
        self.process = fresh_id()

    def __getitem__(self, name: str) -> Duty:
        return self._duties[name]

    def holds(self) -> list[str]:
        """Names of the duties that this daemon has."""
        return [duty.name for duty in self._duties.values() if duty.held]

    async def start(self) -> None:
        """Begin to live, and take what is free."""
        await self._enter()
        await self.turn()

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stop.is_set():
            await wait_for_any(self._clock, PAUSE_SECONDS, self._stop)
            if self._stop.is_set():
                return
            try:
                await self.turn()
            except Temporary as error:
                log.warning("the duties wait", because=str(error))

    async def stop(self) -> None:
        """End the loop."""
        self._stop.set()

    async def leave(self) -> None:
        """Nothing is claimed any more: others may have the duties at once."""
        try:
            await self._writer.run(lambda tx: tx.processes.leave(self.process))
        except Temporary as error:
            log.warning("others will notice the end by themselves", because=str(error))
        await asyncio.to_thread(self._presence.leave)

    async def turn(self) -> None:
        """Look who died, give back what they had, take and keep duties."""
        try:
            known, dead = await asyncio.to_thread(self._look)
        except StoreBusy:
            # our own sign of life may be gone, and that of others for the same reason
            self._suspected.clear()
            await asyncio.to_thread(self._presence.enter, self.process)
            raise
        if not known:
            log.warning("this daemon was taken for dead: others had its mails meanwhile")
            await self._enter()
        for key in dead:
            mails, going = await self._writer.run(partial(self._bury, key), WriteMode.OWN_TRANSACTION)
            self._suspected.pop(key, None)
            log.warning(
                "a daemon is gone; others go on with its mails", process=key, mails=mails, outgoing=going
            )
        taken = await self._writer.run(self._take, WriteMode.OWN_TRANSACTION) if self._wanting(dead) else None
        for name, fence in (taken or {}).items():
            duty = self._duties[name]
            if duty.fence != fence:
                was, duty.fence = duty.held, fence
                if was or duty.held:
                    log.info("a duty is ours" if duty.held else "a duty is another's now", duty=name)
                    await self._changed(duty)

    async def _enter(self) -> None:
        await asyncio.to_thread(self._presence.enter, self.process)
        key, now = self.process, self._clock.now()
        await self._writer.run(
            lambda tx: tx.processes.enter(key, self._place, now), WriteMode.OWN_TRANSACTION
        )
        self._store.process = key

    def _bury(self, key: str, tx: Tx) -> tuple[int, int]:
        return tx.processes.bury(key, self._clock.now())

    def _wanting(self, dead: Sequence[str]) -> bool:
        """On SQLite a duty is held for life: nothing is written while nothing changes."""
        return not self._store.is_sqlite or bool(dead) or len(self.holds()) < len(self._duties)

    def _take(self, tx: Tx) -> dict[str, int | None]:
        period = None if tx.is_sqlite else PERIOD
        return {name: tx.processes.take(name, self.process, period) for name in self._duties}

    def _look(self) -> tuple[bool, list[str]]:
        """Whether this daemon is known, and which others died."""
        with self._store.read() as tx:
            processes = {one.id: one.place for one in tx.processes.all()}
        living = self._presence.living(tuple(processes))
        now, dead = time.monotonic(), []
        for key, place in processes.items():
            if key in living:
                self._suspected.pop(key, None)
                continue
            since = self._suspected.setdefault(key, now)
            if self._store.is_sqlite or surely_gone(place) or now - since >= GRACE_SECONDS:
                dead.append(key)
        return self.process in processes, [key for key in dead if key != self.process]
