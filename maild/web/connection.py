"""One browser's connection, which nobody holds for nothing: who sends or reads too slowly is cut off, and all
connections are shared by address as those of the SMTP port are (`receive.smtp_limits`).

uvicorn ends only a connection that is silent between two requests: one that sends a byte of a request now and then, or
never reads its answer, has its place for ever, and two hundred of them kept everybody out. A trusted proxy brings the
requests of many: it always gets in.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from maild.receive.smtp_limits import ConnectionLimits

#: what slower clients than this hold is given to others: bytes a second, from one answer to the next, after a while
LOWEST_SPEED, LOWEST_AFTER = 512.0, 30.0
#: how often that is looked at
LOOK_SECONDS = 1.0
#: a request, or a part of one, is still to come (RFC 9112)
_TO_COME = (h11.IDLE, h11.SEND_BODY)
_NO_ROOM = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class SharedConfig(uvicorn.Config):
    """uvicorn's, with the limits that all connections share."""

    def __init__(self, app: Any, limits: ConnectionLimits, **how: Any) -> None:
        super().__init__(app, http=Connection, ws="none", **how)
        self.limits = limits


class Connection(H11Protocol):
    """`peer`, `busy`, `since`, `crawls` and the two ends are what the limits need of it."""

    transport: asyncio.Transport

    def __init__(self, config: uvicorn.Config, *given: Any, **named: Any) -> None:
        super().__init__(config, *given, **named)
        assert isinstance(config, SharedConfig)
        self._limits = config.limits
        self._admitted = False
        self._look_again: asyncio.TimerHandle | None = None
        self.peer = ""
        self.busy = False  # a whole request is there, and its answer is made or written
        self._begin()

    def _begin(self) -> None:
        """The client has its turn from now on."""
        self.since = time.monotonic()
        self._moved = self._unread = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.peer = self.client[0] if self.client else ""
        self._admitted = not self._limits.admit(self)
        if not self._admitted:
            transport.write(_NO_ROOM)
            transport.close()
            return
        self._look_again = self.loop.call_later(LOOK_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
        self._limits.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._admitted:
            return
        self._moved += len(data)
        super().data_received(data)
        answered = self.cycle is None or self.cycle.response_complete
        self.busy = not answered and self.conn.their_state not in _TO_COME

    def on_response_complete(self) -> None:
        self.busy = False
        self._begin()
        super().on_response_complete()

    def crawls(self, now: float) -> bool:  # noqa: ARG002 (each has the same time here)
        """A slow reader has its place for seconds, as `_look` sees to."""
        return False

    def send_away(self, line: str) -> None:
        """Others wait, and nothing is done for this one now."""
        if not self.busy:
            self.cut_off(line)

    def cut_off(self, line: str) -> None:  # noqa: ARG002 (what an SMTP client is told)
        """Whatever is done for it."""
        self.transport.abort()

    def _look(self) -> None:
        now, unread = time.monotonic(), self.transport.get_write_buffer_size()
        self._moved += max(0, self._unread - unread)
        self._unread = unread
        lasts = now - self.since
        if not unread and self.conn.their_state not in _TO_COME:
            self._begin()  # we are at work, and the client has nothing to do
        elif lasts > LOWEST_AFTER and self._moved < LOWEST_SPEED * lasts:
            self.transport.abort()
            return
        self._look_again = self.loop.call_later(LOOK_SECONDS, self._look)
