"""uvicorn in the daemon's own loop: one listener for the customers' page, one for probes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterable, Iterator

import uvicorn
from starlette.types import ASGIApp

from maild.errors import ConfigError
from maild.receive.smtp_limits import ConnectionLimits
from maild.web.connection import SharedConfig

#: connections of one listener at a time, and of one address; more get a 503. Those of proxies count for themselves
CONNECTIONS, OF_ONE = 200, 50
#: connections that wait to be accepted
BACKLOG = 64


class _Server(uvicorn.Server):
    """Signals are the daemon's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the handlers as they are."""
        yield


class Listener:
    """Serves an application on `listen` ("127.0.0.1:8026", port 0 = a free one). `key` names it in errors; `proxies`
    bring the requests of many."""

    def __init__(
        self, app: ASGIApp, listen: str, key: str, opened: socket.socket | None = None, proxies: Iterable[str] = ()
    ) -> None:  # fmt: skip
        self._listen, self._key = listen, key
        self._opened = opened  # by somebody else, who closes it too
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None
        self._server = _Server(SharedConfig(
            app, ConnectionLimits(CONNECTIONS, OF_ONE, proxies), log_config=None, log_level="warning",
            access_log=False, lifespan="off", server_header=False, proxy_headers=False, timeout_keep_alive=10,
            timeout_graceful_shutdown=5, limit_concurrency=2 * CONNECTIONS, backlog=BACKLOG,
        ))  # fmt: skip

    @property
    def port(self) -> int:
        """The port listened on."""
        if self._socket is None:
            raise RuntimeError("not started")
        return int(self._socket.getsockname()[1])

    async def start(self) -> None:
        """Listen. `ConfigError` where that cannot be done."""
        self._socket = made = self._opened or open_socket(self._listen, self._key)
        self._task = asyncio.create_task(self._server.serve(sockets=[made]))
        for _ in range(1000):
            if self._server.started or self._task.done():
                break
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Answer what was asked, then close."""
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=10.0)
            self._task = None
        if self._socket is not None:
            if self._socket is not self._opened:
                self._socket.close()
            self._socket = None


def open_socket(listen: str, key: str) -> socket.socket:
    """Listen on an address and port; `ConfigError` names the `key` of the configuration."""
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        if not 0 <= int(port) <= 65535:  # create_server leaves a socket open over such a port
            raise ValueError(f"{port} is not a port")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.create_server((host, int(port)), family=family, backlog=BACKLOG)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f'{key} = {listen!r}: {why}; write a free address:port, or "" for none') from error
    made.setblocking(False)
    return made
