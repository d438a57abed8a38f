"""The daemon's writer: jobs of all loops gathered into common transactions, in one thread on SQLite.

A commit is an fsync; 32 mails that share one cost each of them a thirty-second of it. A job that fails takes nobody
along: on SQLite a batch is first done without savepoints, each of which makes it copy every page that the job changes,
and where one job fails all of it is rolled back and done again with a savepoint for each. A job's result is given only
after the COMMIT: what the caller then acknowledges is on the disk. Where several daemons write, a job that another one is
in the way of is done again by itself.

On PostgreSQL, where transactions are written beside each other and most of their time is spent waiting for the server,
there are more threads (`Lane`): a mail that comes in does not wait for those that are decided, and two that have nothing
in common are decided side by side. Jobs of one lane are never done at the same time, and BATCHED ones that nobody is in
the way of in their order.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from maild.errors import Overtaken, StoreBusy
from maild.store.locks import LockHeld
from maild.store.store import Store
from maild.store.tx import Tx
from maild.store.write_modes import Lane, WriteMode

T = TypeVar("T")


#: how often a job is tried that another process is in the way of
TRIES = 4
_SHARED = (WriteMode.BATCHED, WriteMode.OWN_TRANSACTION)


class _Failed(Exception):
    """A job of a batch raised: nothing of the batch was written."""


class _Job:
    __slots__ = ("error", "future", "loop", "mode", "result", "work")

    def __init__(
        self, work: Callable[[Tx], Any], future: Any, loop: asyncio.AbstractEventLoop | None, mode: WriteMode
    ) -> None:
        self.work = work
        self.mode = mode
        self.future = future
        self.loop = loop
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Give the result; a waiter that was cancelled meanwhile gets none."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


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
        self._threads = {lane: _Thread(store, lane, batch, wait_seconds) for lane in lanes}

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
        self, work: Callable[[Tx], T], mode: WriteMode = WriteMode.BATCHED, lane: Lane = Lane.MAIN
    ) -> T:
        """Do `work` in a transaction; its result after the COMMIT. It may be done more than once until then.

        Errors: what `work` raises; StoreBusy when the database cannot take it now. When the waiting task is
        cancelled the work may or may not be done.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Job(work, future, loop, mode), lane)
        return await future

    def run_sync(self, work: Callable[[Tx], T], mode: WriteMode = WriteMode.BATCHED) -> T:
        """The same for a thread without a loop."""
        future: Future[T] = Future()
        self._put(_Job(work, future, None, mode), Lane.MAIN)
        return future.result()

    def _put(self, job: _Job, lane: Lane) -> None:
        if self.depth >= self._limit:
            raise StoreBusy(
                f"{self._limit} changes wait for the database: it is too slow now, try again later"
            )
        self._threads.get(lane, self._threads[Lane.MAIN]).put(job)


class _Thread:
    """One lane's jobs, and who does them."""

    def __init__(self, store: Store, lane: Lane, batch: int, wait_seconds: float) -> None:
        self._store = store
        self._lane = lane
        self._batch = batch
        self._wait = wait_seconds
        self._jobs: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def depth(self) -> int:
        return len(self._jobs)

    def start(self) -> None:
        if self._thread is not None:
            raise RuntimeError("the writer runs already")
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="maild-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def put(self, job: _Job) -> None:
        with self._wake:
            if self._stopping or self._thread is None:
                raise StoreBusy("maild is stopping; try again when it runs")
            self._jobs.append(job)
            if len(self._jobs) == 1 or len(self._jobs) == self._batch:
                self._wake.notify()

    def _work(self) -> None:
        while jobs := self._gather():
            try:
                self._commit(jobs)
            except BaseException as error:
                fault = error if isinstance(error, StoreBusy) else _as_busy(error)
                for job in jobs:
                    job.error = job.error or fault
            self._settle(jobs)

    def _gather(self) -> list[_Job]:
        """The next batch; empty when the writer is to end."""
        with self._wake:
            while not self._jobs and not self._stopping:
                self._wake.wait()
            until = time.monotonic() + self._wait
            while len(self._jobs) < self._batch and not self._stopping:
                left = until - time.monotonic()
                if left <= 0 or not self._wake.wait(left):
                    break
            return [self._jobs.popleft() for _ in range(min(self._batch, len(self._jobs)))]

    def _commit(self, jobs: list[_Job]) -> None:
        together = [job for job in jobs if self._store.is_sqlite or job.mode is WriteMode.BATCHED]
        again = [job for job in jobs if job not in together]
        if len(together) == 1:
            again += together
        elif together and not self._at_once(together):
            try:
                again += self._together(together)
            except Overtaken:  # at the COMMIT: nothing of it was written
                again += together
        for job in again:
            self._by_itself(job)

    def _at_once(self, jobs: list[_Job]) -> bool:
        """All in one transaction without savepoints; False when one failed, which undid the others. Not where others
        write beside us, for whom jobs fail every day."""
        if not self._store.is_sqlite:
            return False
        try:
            with self._store.write(concurrent=True, lane=self._lane.value) as tx:
                for job in jobs:
                    try:
                        job.result = job.work(tx)
                    except Exception as error:
                        raise _Failed from error
                try:
                    tx.run_last()
                except Exception as error:
                    raise _Failed from error
        except _Failed:
            return False
        return True

    def _together(self, jobs: list[_Job]) -> list[_Job]:
        """All in one transaction; those that found another process in their way, for which nothing was done."""
        again: list[_Job] = []
        with self._store.write(concurrent=True, lane=self._lane.value) as tx:
            for job in jobs:
                tx.savepoint()
                try:
                    job.result = job.work(tx)
                    tx.run_last()
                    tx.release()
                except Exception as error:
                    tx.roll_back_to_savepoint()
                    fault = self._store.explained(error) or error
                    if isinstance(fault, LockHeld | Overtaken):
                        again.append(job)
                    else:
                        job.error = fault
        return again

    def _by_itself(self, job: _Job) -> None:
        """In a transaction of its own; at last one in which nobody else writes."""
        if_free = job.mode is WriteMode.EXCLUSIVE_IF_FREE
        for left in range(TRIES - 1, -1, -1):
            try:
                shared = left > 0 and job.mode in _SHARED
                with self._store.write(concurrent=shared, if_free=if_free, lane=self._lane.value) as tx:
                    job.result = job.work(tx)
            except (LockHeld, Overtaken) as error:
                job.error = error
            except Exception as error:
                job.error = error
                return
            else:
                job.error = None
                return

    @staticmethod
    def _settle(jobs: list[_Job]) -> None:
        """Wake each loop once for all its jobs."""
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in jobs:
            if job.loop is None:
                job.settle()
            else:
                by_loop.setdefault(job.loop, []).append(job)
        for loop, own in by_loop.items():
            try:
                loop.call_soon_threadsafe(_settle_all, own)
            except RuntimeError:  # the loop is closed: nobody waits any more
                continue


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


def _as_busy(error: BaseException) -> StoreBusy:
    fault = StoreBusy(f"the database did not take the changes: {error}")
    fault.__cause__ = error
    return fault
