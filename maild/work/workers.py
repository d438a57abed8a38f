"""Parsing in processes that can be killed: for mails that might take long or much memory.

A worker that takes more processor time than it may, or dies, is replaced; the mail then counts as capped and only its
headers are used. A mail that a worker cannot parse never takes anything else down.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from maild.errors import Unreadable
from maild.model import Mail
from maild.settings import Limits
from maild.work.worker_main import LENGTH

if TYPE_CHECKING:
    from maild.mail.parse import ParseLimits

#: a worker that grew beyond this share of its limit is replaced instead of kept
KEEP_SHARE = 0.5
#: starting a worker is our own time, not the mail's
START_SECONDS = 60.0
CHUNK = 65_536
#: seconds of the clock for one of the processor: on a busy host a mail keeps its text
WALL = 4


class Capped(Exception):
    """The mail could not be parsed within the limits; the text says which one was hit."""


class WorkerPool:
    """At most `limits.workers` processes, started when they are first needed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._slots = asyncio.Semaphore(max(1, limits.workers))
        self.killed = 0  # workers that hit a limit, since the start

    async def parse(
        self, source: bytes | Path, parse_limits: ParseLimits, desk_addresses: tuple[str, ...]
    ) -> Mail:
        """Parse the mail in a worker; `source` is the raw mail or the file that holds it.

        Raises `Capped`, `Unreadable`, or `RuntimeError` with the worker's traceback.
        """
        frame = pickle.dumps((source, parse_limits, desk_addresses))
        async with self._slots:
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                answer = await asyncio.wait_for(worker.ask(frame), self._limits.parse_seconds * WALL)
            except TimeoutError:
                await self._end(worker, killed=True)
                raise Capped(f"parsing took longer than {self._limits.parse_seconds * WALL:g} s") from None
            except (EOFError, OSError):
                by = await self._end(worker, killed=True)
                if by == -signal.SIGPROF:
                    spent = f"more than {self._limits.parse_seconds:g} s of the processor"
                    raise Capped(f"parsing took {spent}") from None
                raise Capped("the parsing process was ended by a limit") from None
            except BaseException:
                await self._end(worker)
                raise
            await self._keep(worker, answer[2])
        return _mail_of(answer)

    async def close(self) -> None:
        """End every worker."""
        await asyncio.gather(*(self._end(worker) for worker in tuple(self._all)))

    async def _start(self) -> _Worker:
        worker = await _Worker.start(self._limits)
        self._all.add(worker)
        return worker

    async def _keep(self, worker: _Worker, peak_kilobytes: int) -> None:
        if peak_kilobytes > self._limits.parse_memory_mb * 1024 * KEEP_SHARE:
            await self._end(worker)
        else:
            self._idle.append(worker)

    async def _end(self, worker: _Worker, *, killed: bool = False) -> int:
        self.killed += killed
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        return await worker.end()


def _mail_of(answer: tuple[str, object, int]) -> Mail:
    kind, value, _ = answer
    if kind == "unreadable":
        raise Unreadable(str(value))
    if kind == "memory":
        raise Capped("parsing needed more memory or depth than it may have")
    if not isinstance(value, Mail):
        raise RuntimeError(f"the parsing process failed:\n{value}")
    return value


class _Worker:
    """One process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, limits: Limits) -> _Worker:
        caps = (str(limits.parse_memory_mb), str(limits.parse_seconds))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "maild.work.worker_main", *caps,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        worker = cls(process)
        try:
            await asyncio.wait_for(worker._read(), START_SECONDS)
        except BaseException:
            await worker.end()
            raise
        return worker

    async def ask(self, frame: bytes) -> tuple[str, object, int]:
        pipe = self._process.stdin
        if pipe is None:
            raise EOFError
        pipe.write(LENGTH.pack(len(frame)))
        view = memoryview(frame)
        for start in range(0, len(view), CHUNK):  # in pieces: the pipe's buffer never holds a second copy
            pipe.write(view[start : start + CHUNK])
            await pipe.drain()
        answer: tuple[str, object, int] = await self._read()
        return answer

    async def _read(self) -> tuple[str, object, int]:
        pipe = self._process.stdout
        if pipe is None:
            raise EOFError
        head = await pipe.readexactly(LENGTH.size)
        data = await pipe.readexactly(LENGTH.unpack(head)[0])
        answer: tuple[str, object, int] = pickle.loads(data)  # noqa: S301  written by our own child
        return answer

    async def end(self) -> int:
        """Kill it if it still runs; how it ended: a signal's number below zero."""
        if self._process.stdout is not None and self._process.stdout.at_eof():
            with suppress(TimeoutError):  # it is dead, or as good as
                await asyncio.wait_for(self._process.wait(), 1.0)
        if self._process.returncode is None:
            try:
                self._process.kill()
            except ProcessLookupError:
                pass
        if self._process.stdin is not None:
            self._process.stdin.close()
        return await self._process.wait()
