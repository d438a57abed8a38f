"""`/healthz` and `/metrics` on loopback: a few lines of HTTP/1.1, for probes and Prometheus only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

from maild.errors import ConfigError

#: a request head is read up to this size and this long
HEAD_BYTES, HEAD_SECONDS = 8192, 5.0

#: status, content type, body
Page = tuple[int, str, bytes]
MakePage = Callable[[], Awaitable[Page]]

_WORDS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    503: "Service Unavailable",
}


class HttpServer:
    """Serves the pages of a table path -> function; every answer closes the connection."""

    def __init__(self, listen: str, pages: Mapping[str, MakePage]) -> None:
        host, _, port = listen.rpartition(":")
        self._host, self._port = host.removeprefix("[").removesuffix("]"), port
        self._listen, self._pages = listen, pages
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port listened on."""
        if self._server is None:
            raise RuntimeError("not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen. `ConfigError` where that cannot be done."""
        try:
            self._server = await asyncio.start_server(
                self._serve, self._host, int(self._port), limit=HEAD_BYTES, backlog=16
            )
        except (OSError, ValueError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(
                f'[server] http = {self._listen!r}: {why}; write a free address:port, or "" for none'
            ) from error

    async def stop(self) -> None:
        """Close the listening socket."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
            status, kind, body = await self._answer(head)
            first = (
                f"HTTP/1.1 {status} {_WORDS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
            )
            writer.write(f"{first}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n".encode())
            if not head.startswith(b"HEAD "):
                writer.write(body)
            await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: bytes) -> Page:
        parts = head.split(b"\r\n", 1)[0].split(b" ")
        if len(parts) != 3:
            return 400, "text/plain", b"bad request\n"
        if parts[0] not in (b"GET", b"HEAD"):
            return 405, "text/plain", b"only GET\n"
        page = self._pages.get(parts[1].partition(b"?")[0].decode("latin-1"))
        if page is None:
            return 404, "text/plain", f"there are: {' '.join(self._pages)}\n".encode()
        return await page()


def json_page(status: int, value: object) -> Page:
    """`value` as a JSON page."""
    return status, "application/json", json.dumps(value, default=str).encode() + b"\n"
