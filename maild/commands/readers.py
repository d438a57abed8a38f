"""Reading many mails at once, in order, each in a process that can be killed: no mail holds up or ends a run.

A mail that takes longer than it may, or that kills its process, is read from its header block only (`headers_only`
with a defect `cap-time`), as in the daemon. The processes are those of `maild.work.worker_main`.
"""

from __future__ import annotations

import os
import pickle
import queue
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from maild.errors import Unreadable
from maild.mail.parse import ParseLimits, headers_only
from maild.model import Mail, Reason
from maild.work.worker_main import LENGTH

#: what one mail may take, wall clock
SECONDS = 2.0
START_SECONDS = 60.0
#: mails on their way at once for each process; enough that none of them waits for the reader of the rows
AHEAD = 16

#: (mail, error): one of them is there
Outcome = tuple[Mail | None, str]


class Stopped(Exception):
    """The process took too long, died or was refused memory; the text says which."""


class _Process:
    """One parsing process, asked synchronously."""

    def __init__(self, megabytes: int) -> None:
        command = [sys.executable, "-m", "maild.work.worker_main", str(megabytes), str(SECONDS)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.ask(None, START_SECONDS)

    def ask(self, frame: bytes | None, seconds: float) -> tuple[str, object]:
        """(kind, value) as `worker_main` answers. Raises `Stopped`; the process is of no more use then."""
        until = time.monotonic() + seconds
        try:
            if frame is not None:
                assert self._process.stdin is not None
                self._process.stdin.write(LENGTH.pack(len(frame)) + frame)
            head = self._read(LENGTH.size, until)
            answer = pickle.loads(self._read(LENGTH.unpack(head)[0], until))  # noqa: S301  written by our child
        except OSError:
            raise Stopped("the parsing process was ended by a limit") from None
        return (answer[0], answer[1]) if isinstance(answer, tuple) else (answer, None)

    def _read(self, size: int, until: float) -> bytes:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        pieces: list[bytes] = []
        while size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise Stopped(f"parsing took longer than {SECONDS:g} s")
            piece = os.read(pipe, min(size, 1_048_576))
            if not piece:
                raise Stopped("the parsing process was ended by a limit")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


class Readers:
    """A pool of parsing processes. Use as a context manager."""

    def __init__(self, desk_addresses: tuple[str, ...], *, megabytes: int, processes: int) -> None:
        self._ours = desk_addresses
        self._megabytes = megabytes
        self._idle: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        self._alive: set[_Process] = set()
        self._processes = processes
        for _ in range(processes):
            self._idle.put(None)  # started when it is first needed
        self._threads = ThreadPoolExecutor(processes, "reader")

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=kind is None, cancel_futures=True)
        for process in tuple(self._alive):
            process.end()
        self._threads.shutdown()

    def map(self, loads: Iterable[Callable[[], bytes]]) -> Iterator[Outcome]:
        """The outcome of each mail, in order; `loads` give the bytes (an OSError is an outcome too)."""
        waiting: deque[Future[Outcome]] = deque()
        for load in loads:
            waiting.append(self._threads.submit(self._one, load))
            if len(waiting) >= AHEAD * self._processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _one(self, load: Callable[[], bytes]) -> Outcome:
        try:
            raw = load()
        except OSError as error:
            return None, f"cannot be read: {error.strerror}"
        frame = pickle.dumps((raw, ParseLimits(), self._ours))
        process = self._idle.get()
        try:
            if process is None:
                process = _Process(self._megabytes)
                self._alive.add(process)
            kind, value = process.ask(frame, SECONDS)
        except Stopped as why:
            if process is not None:
                self._alive.discard(process)
                process.end()
                process = None
            return _capped(raw, str(why))
        finally:
            self._idle.put(process)
        if isinstance(value, Mail):
            return value, ""
        if kind == "unreadable":
            return None, str(value)
        return _capped(raw, "parsing needed too much memory" if kind == "memory" else "a fault while parsing")


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
