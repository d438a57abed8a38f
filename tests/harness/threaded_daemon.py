"""A whole daemon in this process, on an event loop of its own in a thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

from maild.daemon import Daemon
from tests.timing import PATIENCE


class ThreadedDaemon:
    """`start` takes what makes the daemon on its own loop; what ends it raises at `start` or `stop`."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self.daemon: Daemon

    def start(
        self,
        made: Callable[[], Daemon],
        *,
        uvloop: bool = False,
        closing: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`closing`: what is to end after the daemon."""
        ready = threading.Event()
        self._failure = None

        async def serve() -> None:
            self.loop = asyncio.get_running_loop()
            self._end = asyncio.Event()
            self.daemon = made()
            try:
                await self.daemon.start()
                ready.set()
                await self._end.wait()
            finally:
                await self.daemon.stop()
                if closing is not None:
                    await closing()

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
        if self.failed:
            self._joined()

    @property
    def failed(self) -> bool:
        return self._failure is not None

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def stop(self) -> float:
        """Seconds that a clean stop took."""
        began = time.monotonic()
        if self._thread is not None:
            self.loop.call_soon_threadsafe(self._end.set)
            self._joined()
        return time.monotonic() - began

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
