"""A whole daemon in this process, on an event loop of its own in a thread."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from maild.daemon import Daemon
from maild.settings import Settings
from maild.store import Store, Tx
from tests.harness.configuration import note_of
from tests.timing import PATIENCE

T = TypeVar("T")


class ThreadedDaemon:
    """A desk of these `settings`: `start`, `stop`, or `with`. What ends it raises there. `read` looks into the store."""

    _thread: threading.Thread | None = None
    _failure: BaseException | None = None
    daemon: Daemon
    loop: asyncio.AbstractEventLoop

    @property
    def settings(self) -> Settings:
        raise NotImplementedError

    def made(self) -> Daemon:
        """Called on the daemon's own loop."""
        return Daemon(self.settings)

    async def closed(self) -> None:
        """What is to end after the daemon."""

    def start(self, *, uvloop: bool = False) -> None:
        """Run a daemon until `stop`. Raises what its start raises."""
        ready = threading.Event()
        self._failure = None

        async def serve() -> None:
            self.loop, self._end = asyncio.get_running_loop(), asyncio.Event()
            self.daemon = self.made()
            try:
                await self.daemon.start()
                ready.set()
                await self._end.wait()
            finally:
                await self.daemon.stop()
                await self.closed()

        def run() -> None:
            try:
                with asyncio.Runner(loop_factory=_uvloop if uvloop else None) as runner:
                    runner.run(serve())
            except BaseException as error:
                self._failure = error
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="maild-daemon")
        self._thread.start()
        assert ready.wait(PATIENCE), "the daemon does not start"
        if self._has_failed():
            self._joined()

    def stop(self) -> float:
        """Seconds that a clean stop took."""
        began = time.monotonic()
        if self._thread is not None:
            self.loop.call_soon_threadsafe(self._end.set)
            self._joined()
        return time.monotonic() - began

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def read(self, look: Callable[[Tx], T]) -> T:
        """`look` at one snapshot of the database."""
        if self._thread is not None:
            with self.daemon.store.read() as tx:
                return look(tx)
        with Store.open(self.settings) as store, store.read() as tx:
            return look(tx)

    @property
    def note(self) -> Path:
        """What the daemon tells about itself, beside its database."""
        return note_of(self.settings.base, self.settings.database.url)

    def port(self, name: str) -> int:
        return int(json.loads(self.note.read_text())[name])

    def _has_failed(self) -> bool:
        return self._failure is not None

    def _joined(self) -> None:
        assert self._thread is not None
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the daemon does not stop"
        self._thread = None
        if self._failure is not None:
            raise self._failure


def _uvloop() -> asyncio.AbstractEventLoop:
    import uvloop

    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
