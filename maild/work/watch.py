"""Sees what other processes put into the database: the command line writes beside the daemon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from maild.errors import Temporary
from maild.store import Store
from maild.store.due_work import Due
from maild.work.clock import Clock, wait_for_any
from maild.work.logs import Log

log = Log("maild.work.watch")

#: what an agent does is on its way to the customer within a second
POLL_SECONDS = 0.3


class Watch:
    """Looks for due work and kicks the loop whose work it is. Reads only."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        inbound: Callable[[], None],
        outbound: Callable[[], None],
        deadlines: Callable[[], None],
    ) -> None:
        self._store, self._clock = store, clock
        self._kicks = (inbound, outbound, deadlines)
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stop.is_set():
            now = self._clock.now()
            try:
                due = await asyncio.to_thread(self._look, now)
            except Temporary as error:
                log.debug("cannot look into the database now", because=str(error))
                due = Due(True, True, True)
            for kick, wanted in zip(self._kicks, due, strict=True):
                if wanted:
                    kick()
            await wait_for_any(self._clock, POLL_SECONDS, self._stop)

    async def stop(self) -> None:
        """End the loop."""
        self._stop.set()

    def _look(self, now: datetime) -> Due:
        with self._store.read() as tx:
            return tx.due(now)
