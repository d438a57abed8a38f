"""Reading many mails at once, in order, each in a process that can be killed: no mail holds up or ends a run.

The processes are the daemon's own workers. A mail that takes longer than it may, or that kills its worker, is read
from its header block only (`headers_only` with a defect `cap-time`), as in the daemon.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from types import TracebackType

from maild.errors import Unreadable
from maild.mail.parse import ParseLimits, headers_only
from maild.model import Mail, Reason
from maild.settings import Settings
from maild.values import replace
from maild.work.workers import Capped, WorkerPool

#: mails on their way at once for each process; enough that none of them waits for the reader of the rows
AHEAD = 16

#: (mail, error): one of them is there
Outcome = tuple[Mail | None, str]


class Readers:
    """The workers of one run, and the event loop that feeds them. Use as a context manager."""

    def __init__(self, settings: Settings, *, processes: int) -> None:
        self._pool = WorkerPool(replace(settings, limits=replace(settings.limits, workers=processes)))
        self._ahead = AHEAD * processes
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="readers", daemon=True)

    def __enter__(self) -> Readers:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def map(self, loads: Iterable[Callable[[], bytes]]) -> Iterator[Outcome]:
        """The outcome of each mail, in order; `loads` give the bytes (an OSError is an outcome too)."""
        waiting: deque[Future[Outcome]] = deque()
        for load in loads:
            waiting.append(asyncio.run_coroutine_threadsafe(self._one(load), self._loop))
            if len(waiting) >= self._ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    async def _one(self, load: Callable[[], bytes]) -> Outcome:
        try:
            raw = await asyncio.to_thread(load)
        except OSError as error:
            return None, f"cannot be read: {error.strerror}"
        try:
            return await self._pool.parse(raw, ParseLimits()), ""
        except Unreadable as error:
            return None, str(error)
        except Capped as cap:
            return _capped(raw, str(cap))
        except RuntimeError:
            return _capped(raw, "a fault while parsing")

    async def _end(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._pool.close()
        await self._loop.shutdown_default_executor()


def _capped(raw: bytes, why: str) -> Outcome:
    try:
        return headers_only(raw, defect=Reason("cap-time", why)), ""
    except Unreadable as error:
        return None, str(error)


def processes_here() -> int:
    """How many processes this machine has a core for, eight at most."""
    try:
        return max(1, min(8, len(os.sched_getaffinity(0))))
    except AttributeError:  # macOS
        return max(1, min(8, os.cpu_count() or 1))
