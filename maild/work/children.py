"""A daemon as its parent sees it: a process with a pipe for questions and one for answers (`maild.member`)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import Sequence

from maild.work.health import ChildAnswer

#: a page of metrics is the longest line
LINE_LIMIT = 16 * 1_048_576


class Child:
    """The place of one daemon; the process in it changes when it has to be started again."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.restarts = 0
        self.serves = False
        #: it was told to end, and is to be started again
        self.wanted_to_end = False
        #: whether it serves is known
        self.tried = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        #: who waits for a line, in the order of the questions; one that was given up keeps its place
        self._waiting: deque[asyncio.Future[ChildAnswer | None]] = deque()

    async def start(self, arguments: Sequence[str], descriptors: Sequence[int], seconds: float) -> bool:
        """Run a daemon with the arguments of `maild.member`; True when it serves within so many seconds."""
        environment = {k: v for k, v in os.environ.items() if k not in ("NOTIFY_SOCKET", "WATCHDOG_USEC")}
        # a session of its own: Ctrl-C is for the parent, which stops it
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "maild.member", "--number", str(self.number), *arguments,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            pass_fds=tuple(descriptors), env=environment, start_new_session=True, limit=LINE_LIMIT,
        )  # fmt: skip
        assert process.stdout is not None
        ready = self._next_line()
        self._reader = asyncio.create_task(self._read(process.stdout))
        self.serves = bool(await _in_time(ready, seconds))
        self.tried.set()
        return self.serves

    async def ask(self, question: str, seconds: float) -> ChildAnswer | None:
        """Its answer; None when there is none in time, or nobody to ask."""
        process = self._process
        if not self.serves or process is None or process.stdin is None:
            return None
        answer = self._next_line()
        process.stdin.write(question.encode() + b"\n")
        return await _in_time(answer, seconds)

    def _next_line(self) -> asyncio.Future[ChildAnswer | None]:
        line: asyncio.Future[ChildAnswer | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(line)
        return line

    async def _read(self, pipe: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError, ValueError):  # ValueError: no answer, or a line without an end
            while line := await pipe.readline():
                answer = ChildAnswer.of(line)
                if self._waiting and not (waiting := self._waiting.popleft()).done():
                    waiting.set_result(answer)
        self.serves = False
        while self._waiting:
            if not (waiting := self._waiting.popleft()).done():
                waiting.set_result(None)

    async def ended(self) -> int | None:
        """How it ended, when it has: a signal's number below zero; None where there is none."""
        if self._process is None:
            return None
        code = await self._process.wait()
        if self._reader is not None:
            await self._reader
        return code

    def kill(self) -> None:
        """As the kernel would."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def stop(self, seconds: float) -> int | None:
        """Let it finish what it began, for so long; then kill it. How it ended; None where there is none."""
        self.serves = False
        process = self._process
        if process is None:
            return None
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                return await asyncio.wait_for(process.wait(), seconds)
            except TimeoutError:
                self.kill()
        return await process.wait()


async def _in_time(line: asyncio.Future[ChildAnswer | None], seconds: float) -> ChildAnswer | None:
    try:
        return await asyncio.wait_for(line, seconds)
    except TimeoutError:
        return None
