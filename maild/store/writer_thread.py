"""One thread of the writer: its jobs, gathered into batches, and each batch's transaction.

A batch is first done without savepoints: inside of one, SQLite copies every page that the job changes, and PostgreSQL
needs two statements and a round trip more a job. Where a job fails all of it is rolled back and done again with a
savepoint for each. Only decisions on PostgreSQL have them at once: others are in their way every day.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from maild.errors import Overtaken, StoreBusy
from maild.store.locks import LockHeld
from maild.store.store import Store
from maild.store.tx import Tx
from maild.store.write_modes import Lane, WriteMode

#: how often a job is tried that another process is in the way of
TRIES = 4
_SHARED = (WriteMode.BATCHED, WriteMode.OWN_TRANSACTION)


#: does several pieces of work at once; their results in their order
Together = Callable[[Tx, Sequence[Any]], Sequence[Any]]


class _Failed(Exception):
    """A job of a batch raised: nothing of the batch was written."""


class Job:
    """Work, who waits for it, and what came of it."""

    __slots__ = ("error", "future", "loop", "mode", "result", "together", "work")

    def __init__(
        self, work: Callable[[Tx], Any], future: Any, loop: asyncio.AbstractEventLoop | None, mode: WriteMode,
        together: Together | None = None,
    ) -> None:  # fmt: skip
        self.work = work
        self.mode = mode
        self.together = together
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


class WriterThread:
    """One lane's jobs, and who does them."""

    def __init__(self, store: Store, lane: Lane, batch: int, wait_seconds: float) -> None:
        self._store = store
        self._lane = lane
        self._batch = batch
        self._wait = wait_seconds
        self._jobs: deque[Job] = deque()
        self._waiting: deque[Job] = deque()  # for others, to share a transaction with
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def depth(self) -> int:
        return len(self._jobs) + len(self._waiting)

    def start(self) -> None:
        if self._thread is not None:
            raise RuntimeError("the writer runs already")
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="maild-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._hurry()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def hurry(self) -> None:
        """Whoever waits for others has waited long enough."""
        with self._wake:
            if self._waiting:
                self._hurry()

    def _hurry(self) -> None:
        self._jobs += self._waiting
        self._waiting.clear()
        self._wake.notify()

    def put(self, job: Job, *, waits: bool = False) -> None:
        with self._wake:
            if self._stopping or self._thread is None:
                raise StoreBusy("maild is stopping; try again when it runs")
            if waits:
                self._waiting.append(job)
                return
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

    def _gather(self) -> list[Job]:
        """The next batch; empty when the writer is to end."""
        with self._wake:
            while not self._jobs and not self._stopping:
                self._wake.wait()
            until = time.monotonic() + self._wait
            while len(self._jobs) < self._batch and not self._stopping:
                left = until - time.monotonic()
                if left <= 0 or not self._wake.wait(left):
                    break
            if len(self._jobs) < self._batch:
                self._jobs += self._waiting
                self._waiting.clear()
            return [self._jobs.popleft() for _ in range(min(self._batch, len(self._jobs)))]

    def _commit(self, jobs: list[Job]) -> None:
        together = [job for job in jobs if self._store.is_sqlite or job.mode is WriteMode.BATCHED]
        again = [job for job in jobs if job not in together]
        if len(together) == 1:
            again += together
        elif together:
            try:
                if not (self._seldom_fails and self._at_once(together)):
                    again += self._together(together)
            except Overtaken:  # at the COMMIT: nothing of it was written
                again += together
        for job in again:
            self._by_itself(job)

    @property
    def _seldom_fails(self) -> bool:
        """Whether a batch is done without savepoints first: not where others decide beside us and hold what we need."""
        return self._store.is_sqlite or self._lane is Lane.BESIDE

    def _at_once(self, jobs: list[Job]) -> bool:
        """All in one transaction without savepoints; False when one failed, which undid the others."""
        try:
            with self._store.write(concurrent=True, lane=self._lane.value) as tx:
                try:
                    for together, some in groupby(jobs, key=attrgetter("together")):
                        _do(tx, together, list(some))
                    tx.run_last()
                except Exception as error:
                    raise _Failed from error
                try:
                    tx.finish()  # what waited goes here, in front of the COMMIT, which is not done where that fails
                except Exception as error:
                    if isinstance(self._store.explained(error) or error, StoreBusy):
                        raise  # nobody knows what was committed
                    raise _Failed from error
        except _Failed:
            return False
        return True

    def _together(self, jobs: list[Job]) -> list[Job]:
        """All in one transaction; those that found another process in their way, for which nothing was done."""
        again: list[Job] = []
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

    def _by_itself(self, job: Job) -> None:
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
    def _settle(jobs: list[Job]) -> None:
        """Wake each loop once for all its jobs."""
        by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
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


def _do(tx: Tx, together: Together | None, jobs: Sequence[Job]) -> None:
    if together is None or len(jobs) == 1:
        for job in jobs:
            job.result = job.work(tx)
        return
    for job, result in zip(jobs, together(tx, [job.work for job in jobs]), strict=True):
        job.result = result


def _settle_all(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()


def _as_busy(error: BaseException) -> StoreBusy:
    fault = StoreBusy(f"the database did not take the changes: {error}")
    fault.__cause__ = error
    return fault
