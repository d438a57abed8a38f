"""uvicorn in the daemon's own loop: one listener for the customers' page, one for probes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from maild.errors import ConfigError

#: connections of one listener at a time; more get a 503
CONNECTIONS = 200


class _Server(uvicorn.Server):
    """Signals are the daemon's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the handlers as they are."""
        yield


class Listener:
    """Serves an application on `listen` ("127.0.0.1:8026", port 0 = a free one). `key` names it in errors."""

    def __init__(self, app: ASGIApp, listen: str, key: str) -> None:
        host, _, port = listen.rpartition(":")
        self._host, self._port = host.removeprefix("[").removesuffix("]"), port
        self._listen, self._key = listen, key
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None
        self._server = _Server(uvicorn.Config(
            app, log_config=None, log_level="warning", access_log=False, lifespan="off", server_header=False,
            proxy_headers=False, timeout_keep_alive=10, timeout_graceful_shutdown=5, limit_concurrency=CONNECTIONS,
            backlog=64,
        ))  # fmt: skip

    @property
    def port(self) -> int:
        """The port listened on."""
        if self._socket is None:
            raise RuntimeError("not started")
        return int(self._socket.getsockname()[1])

    async def start(self) -> None:
        """Listen. `ConfigError` where that cannot be done."""
        try:
            if not 0 <= int(self._port) <= 65535:  # create_server leaves a socket open over such a port
                raise ValueError(f"{self._port} is no port")
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            self._socket = made = socket.create_server(
                (self._host, int(self._port)), family=family, backlog=64
            )
            made.setblocking(False)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(
                f'{self._key} = {self._listen!r}: {why}; write a free address:port, or "" for none'
            ) from error
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
            self._socket.close()
            self._socket = None
