"""What can wait until there is nothing else to do: old counters, the full-text index."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from maild.errors import Temporary
from maild.store import Tx, WriteMode, Writer
from maild.work.clock import Clock, wait_for_any
from maild.work.duties import Duty, always

PAUSE_SECONDS = 3.0
BUSY_SECONDS = 0.05
#: rows in one go: the writer is held for some tens of milliseconds
ROWS = 100
#: clocks that are kept right go back by less
NOTHING = timedelta(minutes=1)


class Housekeeping:
    """The loop. `idle`: nothing more urgent waits. `refresh` is called in the writer's thread, where mails
    are rendered: it reads changed templates again. `longest_pause`: after which anything is tried again; whether a clock
    that was ahead has made longer ones is looked at when it goes back, and at the start."""

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        *,
        idle: Callable[[], bool],
        refresh: Callable[[], None],
        duty: Duty | None = None,
        longest_pause: timedelta = timedelta(hours=1),
    ) -> None:
        self._longest = longest_pause
        self._seen: datetime | None = None
        self._duty = duty or always()
        self._writer, self._clock, self._idle, self._refresh = writer, clock, idle, refresh
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`."""
        done = 0
        while not self._stop.is_set():
            await wait_for_any(self._clock, BUSY_SECONDS if done else PAUSE_SECONDS, self._stop)
            done = 0
            if self._stop.is_set() or not self._idle():
                continue
            try:
                await self._writer.run(lambda _tx: self._refresh())
                if self._duty.held:
                    # what is taken into the index by its number must not be overtaken by what others write
                    now = self._clock.now()
                    done = await self._writer.run(partial(self._tidy, now), WriteMode.EXCLUSIVE_IF_FREE)
                    self._seen = now
            except Temporary:
                continue

    async def stop(self) -> None:
        """End the loop."""
        self._stop.set()

    def _tidy(self, now: datetime, tx: Tx) -> int:
        self._duty.check(tx)
        if self._seen is None or now < self._seen - NOTHING:
            tx.clock_was_set_back(now, self._longest + NOTHING)
        return tx.housekeeping(now, ROWS)
