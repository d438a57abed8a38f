"""The connection under an SMTP session: aiosmtpd's SMTP with its own reading, replies, timeouts and end.

What aiosmtpd 1.4.6 does that a desk cannot live with, and what is done here and in smtp_session instead:

- a handler's exception is a permanent 500 that loses the mail and tells internals: here 451;
- lines over 1,001 bytes lose the mail: here lines of mail have any length;
- one timeout spans DATA and the handler, and a client that leaves cancels the handler: here each wait
  for the client has its own timeout, and a commit under way is never interrupted;
- no limit of connections, recipients, errors or bytes held: here all of them;
- 250 us of introspection a connection: here once (`spawn`).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable
from itertools import count
from typing import Protocol, Self

from aiosmtpd.smtp import SMTP, Session

from maild.model import Envelope
from maild.receive.smtp_limits import Budget

log = logging.getLogger("maild.receive.smtp")

READ = 65_536
#: RFC 5321, section 4.5.3.1.4 says 512; room for parameters and long VERP addresses
COMMAND_LIMIT = 2_048
ERROR_LIMIT = 20
#: of pipelined commands that are here already; then others have their turn
COMMANDS_A_TURN = 32
LINGER_SECONDS = 5.0

CLOSING = "421 4.3.2 {} is shutting down, try again later"
OUR_FAULT = "451 4.3.0 Our fault, not stored; try again later"


class SessionLimits(Protocol):
    """What a session needs of the receiver that made it."""

    hostname: str
    max_bytes: int
    max_recipients: int
    timeout: float
    require_tls: bool
    stopping: bool

    def is_ours(self, address: str) -> bool: ...
    def tls_context(self) -> ssl.SSLContext | None: ...
    def queue_id(self) -> str: ...
    def admit(self, session: SmtpConnection) -> str: ...
    def leave(self, session: SmtpConnection) -> None: ...
    def budget_of(self, peer: str) -> Budget: ...
    def watch(self, task: asyncio.Task[None]) -> None: ...
    def accept(self, envelope: Envelope, raw: bytes, source_key: str | None) -> Awaitable[int]: ...


class ClientGone(Exception):
    """The client has left or was sent away."""


class SmtpConnection(SMTP):
    """Never construct for a connection: `spawn` copies what the constructor found out once."""

    receiver: SessionLimits
    peer: str
    busy: bool
    since: float
    _pending: bytes
    _out: bytearray
    _errors: int
    _admitted: bool
    _over_ssl: bool
    line_length_limit = READ  # the stream's buffer, not the length of a line

    def spawn(self, receiver: SessionLimits) -> Self:
        """A session for one connection."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        asyncio.StreamReaderProtocol.__init__(
            made,
            asyncio.StreamReader(limit=READ, loop=self.loop),
            client_connected_cb=made._cb_client_connected,
            loop=self.loop,
        )
        made.receiver = receiver
        made.peer = ""
        made.busy = False
        made.since = time.monotonic()
        made._pending = b""
        made._out = bytearray()
        made._errors = 0
        made._admitted = False
        made.begin()
        return made

    def begin(self) -> None:
        """Set what one connection's commands need."""

    async def command(self, line: bytes) -> None:
        """Obey one command line, which comes without its line end. An empty one is nothing, but one more."""
        raise NotImplementedError

    # ---------------------------------------------------------------------------------- connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        asyncio.StreamReaderProtocol.connection_made(self, transport)
        self.transport = transport
        peername = transport.get_extra_info("peername")
        self.peer = str(peername[0]).removeprefix("::ffff:") if peername else ""
        self.session = Session(self.loop)
        self.session.peer = peername
        refusal = self.receiver.admit(self)
        if refusal:
            log.info("smtp %s: %s", self.peer, refusal)
            self._writer.write(refusal.encode() + b"\r\n")
            self._hang_up()
            return
        self._admitted = True
        self._handler_coroutine = self.loop.create_task(self._handle_client())
        self.receiver.watch(self._handler_coroutine)

    def connection_lost(self, error: Exception | None) -> None:
        # the task is not cancelled: it may be waiting for a commit, and reads the end of the stream otherwise
        self._stop_timer()
        asyncio.StreamReaderProtocol.connection_lost(self, error)
        if self._admitted:
            self._admitted = False
            self.receiver.leave(self)

    def eof_received(self) -> bool | None:
        return asyncio.StreamReaderProtocol.eof_received(self)

    def _timeout_cb(self) -> None:
        self._writer.write(b"421 4.4.2 Timeout, goodbye\r\n")
        self._hang_up()
        self._reader.feed_eof()

    def _hang_up(self) -> None:
        """Close; a client that does not read what was said to it is not waited for."""
        transport = self._writer.transport
        if transport.is_closing():  # a second close() breaks asyncio's TLS transport
            return
        unsent = transport.get_write_buffer_size()
        transport.close()
        if unsent:
            self.loop.call_later(LINGER_SECONDS, transport.abort)

    def _stop_timer(self) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
            self._timeout_handle = None

    def crawls(self, now: float) -> bool:
        """Whether a mail is under way that comes in slowly."""
        raise NotImplementedError

    def send_away(self, line: str) -> None:
        """A 421 for a session in which no mail is under way: the receiver stops, or others wait."""
        if not self.busy:
            self.cut_off(line)

    def cut_off(self, line: str) -> None:
        """End the session, whatever is under way."""
        log.info("smtp %s: %s", self.peer, line)
        self._writer.write(line.encode() + b"\r\n")
        self._hang_up()
        self._reader.feed_eof()

    # --------------------------------------------------------------------------------- in and out

    def reply(self, line: str) -> None:
        """Queue a reply; those of pipelined commands go out together (RFC 2920, section 3.2)."""
        self._out += line.encode("utf-8", "replace") + b"\r\n"

    async def flush(self) -> None:
        if self._out:
            self._writer.write(bytes(self._out))
            self._out.clear()
            self._reset_timeout()
            await self._writer.drain()

    async def more(self) -> bytes:
        await self.flush()
        if self._timeout_handle is None:
            self._reset_timeout()
        chunk: bytes = await self._reader.read(READ)
        if not chunk:
            raise ClientGone
        self._stop_timer()
        return chunk

    async def line(self) -> bytes:
        """The next command without its line end; b"" after one that was too long."""
        while True:
            end = self._pending.find(b"\n")
            if end >= 0:
                line, self._pending = self._pending[:end], self._pending[end + 1 :]
                if end <= COMMAND_LIMIT:
                    return line.removesuffix(b"\r")
            elif len(self._pending) <= COMMAND_LIMIT:
                self._pending += await self.more()
                continue
            else:
                while (end := self._pending.find(b"\n")) < 0:
                    self._pending = await self.more()
                self._pending = self._pending[end + 1 :]
            self.complain("500 5.5.2 Command line is too long")
            return b""

    def complain(self, line: str) -> None:
        """A reply that counts as the client's error."""
        self._errors += 1
        self.reply(line)
        if self._errors >= ERROR_LIMIT:
            self.dismiss("421 4.7.0 Too many errors, goodbye")

    def dismiss(self, line: str) -> None:
        log.info("smtp %s: %s", self.peer, line)
        self.reply(line)
        raise ClientGone

    async def _handle_client(self) -> None:
        try:
            self.reply(f"220 {self.receiver.hostname} ESMTP maild")
            for number in count(1):
                if number % COMMANDS_A_TURN == 0:
                    await asyncio.sleep(0)
                if self.receiver.stopping:
                    self.dismiss(CLOSING.format(self.receiver.hostname))
                await self.command(await self.line())
        except (ClientGone, ConnectionError, ssl.SSLError):
            pass
        except Exception:
            log.exception("smtp %s: session failed", self.peer)
            self.reply(OUR_FAULT)
        finally:
            self._stop_timer()
            if not self._writer.is_closing():
                self._writer.write(bytes(self._out))
            self._hang_up()
