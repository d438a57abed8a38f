"""The daemon's writer: jobs of all loops gathered into common transactions, in one thread on SQLite.

A commit is an fsync; 32 mails that share one cost each of them a thirty-second of it. A job that fails takes nobody
along (`writer_thread`). A job's result is given only after the COMMIT: what the caller then acknowledges is on the disk.
Where several daemons write, a job that another one is in the way of is done again by itself. A job that nobody waits for
may say how long it can wait for others to share the next transaction with.

On PostgreSQL, where transactions are written beside each other and most of their time is spent waiting for the server,
there are more threads (`Lane`): a mail that comes in does not wait for those that are decided, and two that have nothing
in common are decided side by side. Jobs of one lane are never done at the same time, and BATCHED ones that nobody is in
the way of in their order, but for those that wait for others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from maild.errors import StoreBusy
from maild.store.store import Store
from maild.store.tx import Tx
from maild.store.write_modes import Lane, WriteMode
from maild.store.writer_thread import Job, Together, WriterThread

T = TypeVar("T")


class Writer:
    """`start`, then `await run(fn)` from a loop or `run_sync(fn)` from a thread; `stop` drains.

    `batch` jobs at most are gathered: what comes while one commit is under way makes the next. `wait_seconds` more for
    others to come cost a daemon a tenth of its rate, and are for tests. `queue_limit` jobs may wait, more are refused
    with StoreBusy so that a slow disk pushes back instead of filling the memory.
    """

    def __init__(
        self, store: Store, *, batch: int = 32, wait_seconds: float = 0.0, queue_limit: int = 4096
    ) -> None:
        self._limit = queue_limit
        lanes = [Lane.MAIN] if store.is_sqlite else list(Lane)
        self._threads = {lane: WriterThread(store, lane, batch, wait_seconds) for lane in lanes}

    @property
    def depth(self) -> int:
        """Jobs that wait."""
        return sum(thread.depth for thread in self._threads.values())

    @property
    def has_lanes(self) -> bool:
        """Whether jobs of different lanes are done at the same time."""
        return len(self._threads) > 1

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads.values():
            thread.start()

    def stop(self) -> None:
        """Do what is queued, then end the threads. Later jobs get StoreBusy."""
        for thread in self._threads.values():
            thread.stop()

    async def run(
        self,
        work: Callable[[Tx], T],
        mode: WriteMode = WriteMode.BATCHED,
        lane: Lane = Lane.MAIN,
        *,
        within: float = 0.0,
        together: Together | None = None,
    ) -> T:
        """Do `work` in a transaction; its result after the COMMIT. It may be done more than once until then.

        `within` so many seconds it is begun: with the next job of its lane, or alone when none comes or the waiting task is
        cancelled. `together` does all jobs that name it and stand side by side in a batch, where a batch is done without
        savepoints; when one of them fails, each is done by its own `work`.

        Errors: what `work` raises; StoreBusy when the database cannot take it now. When the waiting task is
        cancelled the work may or may not be done.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        thread = self._put(Job(work, future, loop, mode, together), lane, waits=within > 0)
        if within <= 0:
            return await future
        timer = loop.call_later(within, thread.hurry)
        try:
            return await future
        except asyncio.CancelledError:
            thread.hurry()  # it waits in the lane still, and the timer goes with its loop
            raise
        finally:
            timer.cancel()

    def run_sync(self, work: Callable[[Tx], T], mode: WriteMode = WriteMode.BATCHED) -> T:
        """The same for a thread without a loop."""
        future: Future[T] = Future()
        self._put(Job(work, future, None, mode), Lane.MAIN)
        return future.result()

    def _put(self, job: Job, lane: Lane, *, waits: bool = False) -> WriterThread:
        if self.depth >= self._limit:
            raise StoreBusy(
                f"{self._limit} changes wait for the database: it is too slow now, try again later"
            )
        thread = self._threads.get(lane, self._threads[Lane.MAIN])
        thread.put(job, waits=waits)
        return thread
