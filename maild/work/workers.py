"""Steps in processes that can be killed: for mails that might take long or much memory.

A worker that takes more processor time than it may, or dies, is replaced, and the step counts as `Capped`. A mail that
a worker cannot read never takes anything else down.
"""

from __future__ import annotations

import asyncio
import heapq
import pickle
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

from maild.errors import MaildError, Temporary
from maild.model import AuthResult, Envelope, Facts, Mail, Plan
from maild.settings import Settings
from maild.work.worker_main import LENGTH

if TYPE_CHECKING:
    from maild.mail.auth.signatures import Answers
    from maild.mail.own_ids import Signer
    from maild.mail.parse import ParseLimits
    from maild.work.mail_steps import ReadMail, Source

#: a worker that grew beyond this share of its limit is replaced instead of kept
KEEP_SHARE = 0.5
#: starting a worker is our own time, not the mail's
START_SECONDS = 60.0
CHUNK = 65_536
#: seconds of the clock for one of the processor: on a busy host a mail keeps its text
WALL = 8
#: bytes that are as long a wait as one place in the queue: a small mail goes before large ones, for a while
A_PLACE = 32_768


class Capped(Exception):
    """The step could not be done within the limits; the text says which one was hit."""


class WorkerPool:
    """At most `limits.workers` processes, started when they are first needed. One event loop uses it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limits = settings.limits
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._slots = _Slots(max(1, settings.limits.workers))
        self.killed = 0  # workers that hit a limit, since the start

    async def parse(self, source: Source, limits: ParseLimits) -> Mail:
        """The mail. Raises `Capped`, `Unreadable`, or `RuntimeError` with the worker's traceback, as all of these."""
        return cast(Mail, await self.run("parse", self._limits.parse_seconds, _size(source), source, limits))

    async def read(self, source: Source, envelope: Envelope, limits: ParseLimits) -> ReadMail:
        """The mail with what is to be asked for it."""
        seconds = self._limits.parse_seconds
        return cast("ReadMail", await self.run("read", seconds, _size(source), source, envelope, limits))

    async def read_headers(self, source: Source, envelope: Envelope, limits: ParseLimits) -> ReadMail:
        """The same from the header block alone."""
        seconds = self._limits.parse_seconds
        return cast(
            "ReadMail", await self.run("read_headers", seconds, _size(source), source, envelope, limits)
        )

    async def verify(
        self, source: Source, mail: Mail, envelope: Envelope, answers: Answers, settings: Settings
    ) -> AuthResult:
        """Who vouches for the mail, by `settings`."""
        seconds = min(self._limits.parse_seconds, settings.authentication.timeout_seconds)
        asked = (settings, source, mail, envelope, answers)
        return cast(AuthResult, await self.run("verify_by", seconds, _size(source), *asked))

    async def decide(
        self, mail: Mail, envelope: Envelope, facts: Facts, auth: AuthResult, signer: Signer, now: datetime,
        instance: str,
    ) -> Plan:  # fmt: skip
        """The decision on these facts. Raises `NotYet` besides."""
        asked = (mail, envelope, facts, auth, signer, now, instance)
        return cast(Plan, await self.run("decide_alone", self._limits.decide_seconds, len(mail.text), *asked))

    async def run(self, step: str, seconds: float, size: int, *arguments: object) -> object:
        """A function of `steps` in a worker, with `seconds` of the processor; smaller ones go first."""
        frame = pickle.dumps((step, seconds, arguments))
        async with self._slots.taken(size):
            worker = self._living() or await self._start()
            try:
                answer = await asyncio.wait_for(worker.ask(frame), seconds * WALL)
            except TimeoutError:
                await self._end(worker, killed=True)
                raise Capped(f"it took longer than {seconds * WALL:g} s") from None
            except (EOFError, OSError):
                by = await self._end(worker, killed=True)
                if by == -signal.SIGPROF:
                    raise Capped(f"it took more than {seconds:g} s of the processor") from None
                raise Capped("the worker was ended by a limit") from None
            except BaseException:
                await self._end(worker)
                raise
            await self._keep(worker, answer[2])
        return _value_of(answer)

    async def close(self) -> None:
        """End every worker."""
        await asyncio.gather(*(self._end(worker) for worker in tuple(self._all)))

    def _living(self) -> _Worker | None:
        """An idle worker; one that was ended meanwhile has nothing to do with the mail that comes now."""
        while self._idle:
            worker = self._idle.pop()
            if worker.lives:
                return worker
            self._all.discard(worker)
        return None

    async def _start(self) -> _Worker:
        """Raises `Temporary`: no mail has been given to it yet, so it is none's fault."""
        try:
            worker = await _Worker.start(self._settings)
        except (EOFError, OSError, TimeoutError) as error:
            why = f"a worker could not be started: {type(error).__name__}: {error}"
            raise Temporary(why) from error
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


def _size(source: Source) -> int:
    if not isinstance(source, Path):
        return len(source)
    try:
        return source.stat().st_size
    except OSError:  # the worker says what is wrong with it
        return 0


def _value_of(answer: tuple[str, object, int]) -> object:
    kind, value, _ = answer
    if kind == "done":
        return value
    if kind == "memory":
        raise Capped("it needed more memory or depth than it may have")
    if isinstance(value, MaildError):
        raise value
    raise RuntimeError(f"the worker failed:\n{value}")


class _Slots:
    """A semaphore whose queue is ordered: by arrival, and each `A_PLACE` bytes count as one who came before."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._came = count()

    @asynccontextmanager
    async def taken(self, size: int) -> AsyncIterator[None]:
        await self._take(size)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, size: int) -> None:
        came = next(self._came)
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (came + size // A_PLACE, came, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back()
            raise

    def _give_back(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class _Worker:
    """One process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, settings: Settings) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "maild.work.worker_main", str(settings.limits.parse_memory_mb),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        worker = cls(process)
        try:
            await asyncio.wait_for(worker.ask(pickle.dumps(settings)), START_SECONDS)
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def lives(self) -> bool:
        """As far as is known."""
        return self._process.returncode is None

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
