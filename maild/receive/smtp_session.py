"""The commands of one SMTP session (RFC 5321), and what a desk allows in them.

Over 300 lines: every command of the dialogue, with the state that they share.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import cast

from maild.model import Envelope
from maild.receive.smtp_data import DataReader
from maild.receive.smtp_limits import LOWEST_AFTER, LOWEST_SPEED, Account, address_key
from maild.receive.smtp_path import PathError, parse_path
from maild.receive.smtp_wire import CLOSING, OUR_FAULT, ClientGone, SmtpConnection
from maild.receive.trace import received_field

log = logging.getLogger("maild.receive.smtp")

#: commands, or empty lines, without a mail accepted in between; a recipient of ours is none (RFC 5321, section 4.5.3.1.10)
JUNK_LIMIT = 300
#: but for a client that names recipients without end and without a mail
RECIPIENT_COMMANDS = 10_000
#: A DATA phase may last this long, so that no trickle holds a connection for ever
DATA_SECONDS = 3_600.0
NO_ROOM = "451 4.3.1 Too much mail in flight, try again later"

#: before STARTTLS where the configuration requires TLS (RFC 3207, section 4)
_WITHOUT_TLS = frozenset({"EHLO", "HELO", "NOOP", "QUIT", "STARTTLS", "RSET"})
#: another protocol's client that was lured to this port
_FOREIGN = frozenset({"GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "HOST:"})


class SmtpSession(SmtpConnection):
    """Never construct for a connection: `spawn` copies what the constructor found out once."""

    _mail_from: str | None
    _rcpt_to: list[str]
    _named: int
    _international: bool
    _extended: bool
    _helo_name: str
    _junk: int
    _account: Account | None = None  # of the mail that is under way

    def begin(self) -> None:
        self._junk = self._named = 0
        self._extended = False
        self._helo_name = ""
        self._forget_mail()

    async def command(self, line: bytes) -> None:
        verb, _, argument = line.partition(b" ")
        name = verb.upper().decode("ascii", "replace")
        if name in _FOREIGN:
            self.dismiss("421 4.7.0 This is a mail server")
        self._junk += 1
        if self._junk > JUNK_LIMIT:
            self.dismiss("421 4.7.0 Too many commands without a mail, goodbye")
        if not line:
            return  # sloppy clients send one behind a mail; it counts all the same
        handle = COMMANDS.get(name)
        if handle is None:
            self.complain("500 5.5.2 Command not recognised")
        elif self.receiver.require_tls and name not in _WITHOUT_TLS and not self._over_ssl:
            self.complain("530 5.7.0 Must issue a STARTTLS command first")
        else:
            await handle(self, argument.strip(b" \t"))

    async def _helo(self, argument: bytes) -> None:
        self._hello(argument, extended=False)
        if self._helo_name:
            self.reply(f"250 {self.receiver.hostname}")

    async def _ehlo(self, argument: bytes) -> None:
        self._hello(argument, extended=True)
        if not self._helo_name:
            return
        offers = [
            "PIPELINING",
            f"SIZE {self.receiver.max_bytes}",
            "8BITMIME",
            "ENHANCEDSTATUSCODES",
            "SMTPUTF8",
        ]
        if not self._over_ssl and self.receiver.tls_context() is not None:
            offers.append("STARTTLS")
        lines = [self.receiver.hostname, *offers]
        self._out += b"".join(b"250-%b\r\n" % text.encode() for text in lines[:-1])
        self.reply(f"250 {lines[-1]}")

    def _hello(self, argument: bytes, *, extended: bool) -> None:
        self._forget_mail()
        self._extended = extended
        self._helo_name = argument[:512].decode("ascii", "replace")
        if not argument:
            self.complain("501 5.5.4 Say who you are")

    async def _mail(self, argument: bytes) -> None:
        if not self._helo_name:
            return self.complain("503 5.5.1 Send EHLO first")
        if self._mail_from is not None:
            return self.complain("503 5.5.1 One MAIL at a time")
        try:
            address, parameters = parse_path(argument, b"FROM:")
        except PathError as problem:
            return self.complain(str(problem))
        size = parameters.pop("SIZE", "0")
        body = parameters.pop("BODY", "7BIT").upper()
        self._international = parameters.pop("SMTPUTF8", None) is not None
        if parameters or body not in ("7BIT", "8BITMIME"):
            return self.complain("555 5.5.4 MAIL parameter not recognised")
        if not (size.isascii() and size.isdigit() and len(size) <= 20):  # RFC 1870, section 4
            return self.complain("501 5.5.4 SIZE is a number")
        if int(size) > self.receiver.max_bytes:
            return self.reply(f"552 5.3.4 A mail may have {self.receiver.max_bytes} bytes")
        if not self.receiver.budget_of(self.peer).room(address_key(self.peer), int(size)):
            return self.reply(NO_ROOM)
        self._mail_from = address
        self.reply("250 2.1.0 Ok")

    async def _rcpt(self, argument: bytes) -> None:
        if self._mail_from is None:
            return self.complain("503 5.5.1 Send MAIL first")
        try:
            address, parameters = parse_path(argument, b"TO:", international=self._international)
        except PathError as problem:
            return self.complain(str(problem))
        if parameters:
            return self.complain("555 5.5.4 RCPT parameter not recognised")
        if not self.receiver.is_ours(address):
            log.info("smtp %s: 550 for recipient %r", self.peer, address)
            return self.complain("550 5.1.1 No such address here")
        self._named += 1
        self._junk -= self._named <= RECIPIENT_COMMANDS
        if len(self._rcpt_to) >= self.receiver.max_recipients:
            return self.reply("452 4.5.3 Too many recipients")
        self._rcpt_to.append(address)
        self.reply("250 2.1.5 Ok")

    async def _data(self, argument: bytes) -> None:
        if argument:
            return self.complain("501 5.5.4 DATA takes no argument")
        if self._mail_from is None:
            return self.complain("503 5.5.1 Send MAIL first")
        if not self._rcpt_to:
            return self.complain("554 5.5.1 No valid recipients")
        self.busy = True
        account = self.receiver.budget_of(self.peer).account(address_key(self.peer), self._give_way)
        reader = DataReader(self.receiver.max_bytes, account)
        self._account = account
        try:
            self.reply("354 End data with <CR><LF>.<CR><LF>")
            await self._read_mail(reader)
            account.complete = True
            if reader.too_big:
                self.reply(f"552 5.3.4 A mail may have {self.receiver.max_bytes} bytes")
            elif reader.no_room:
                self.reply(NO_ROOM)
            else:
                await self._store(reader.mail())
        finally:
            reader.release()
            self._account = None
            self.busy = False
            self.since = time.monotonic()
            self._forget_mail()

    def crawls(self, now: float) -> bool:
        return self._account is not None and self._account.crawls(now)

    def _give_way(self) -> None:
        self.cut_off("421 4.3.1 Others wait and this mail comes slowly, try again later")

    async def _read_mail(self, reader: DataReader) -> None:
        began = self.loop.time()
        chunk, self._pending = self._pending, b""
        while True:
            rest = reader.feed(chunk or await self.more())
            if rest is not None:
                self._pending = rest
                await self.flush()  # of a client that did not wait for the 354
                self._stop_timer()
                return
            chunk = b""
            lasted = self.loop.time() - began
            too_slow = lasted > LOWEST_AFTER and reader.size < LOWEST_SPEED * lasted
            if too_slow or lasted > DATA_SECONDS or reader.size > 4 * self.receiver.max_bytes:
                self.dismiss("421 4.4.2 This takes too long, goodbye")

    async def _store(self, raw: bytes) -> None:
        """250 only when accept() has returned, which is after the commit; any fault of ours is a 451."""
        at = datetime.now(UTC)
        queue_id = self.receiver.queue_id()
        trace = received_field(
            helo=self._helo_name,
            peer=self.peer,
            hostname=self.receiver.hostname,
            protocol=self._protocol_name(),
            queue_id=queue_id,
            recipient=self._rcpt_to[0] if len(self._rcpt_to) == 1 else "",
            at=at,
        )
        envelope = Envelope(
            "smtp", at, self._mail_from, tuple(dict.fromkeys(self._rcpt_to)), self.peer, trace
        )
        try:
            await self.receiver.accept(envelope, raw, f"smtp:{queue_id}")
        except asyncio.CancelledError:
            self.reply(CLOSING.format(self.receiver.hostname))
            raise
        except Exception as problem:
            log.error("smtp %s: %s not stored, answered 451: %r", self.peer, queue_id, problem)
            self.reply(OUR_FAULT)
            return
        self._junk = self._errors = self._named = 0
        self.reply(f"250 2.0.0 Ok: queued as {queue_id}")

    def _protocol_name(self) -> str:
        """RFC 3848 and RFC 6531, section 4.3."""
        if not self._extended:
            return "SMTP"
        return ("UTF8SMTP" if self._international else "ESMTP") + ("S" if self._over_ssl else "")

    def _forget_mail(self) -> None:
        self._mail_from = None
        self._rcpt_to = []
        self._international = False

    async def _rset(self, _argument: bytes) -> None:
        self._forget_mail()
        self.reply("250 2.0.0 Ok")

    async def _noop(self, _argument: bytes) -> None:
        self.reply("250 2.0.0 Ok")

    async def _quit(self, _argument: bytes) -> None:
        self.reply("221 2.0.0 Bye")
        raise ClientGone

    async def _vrfy(self, _argument: bytes) -> None:
        self.reply("252 2.5.0 Send some mail, we shall see")  # RFC 5321, section 7.3: no address is disclosed

    async def _help(self, _argument: bytes) -> None:
        self.reply("214 2.0.0 RFC 5321")

    async def _not_here(self, _argument: bytes) -> None:
        self.complain("502 5.5.1 Not offered here")

    async def _bdat(self, _argument: bytes) -> None:
        # what follows is a chunk of mail and would be read as commands
        self.dismiss("502 5.5.1 CHUNKING is not offered, goodbye")

    async def _starttls(self, argument: bytes) -> None:
        context = self.receiver.tls_context()
        if argument:
            return self.complain("501 5.5.4 STARTTLS takes no argument")
        if self._over_ssl or context is None:
            return self.complain("503 5.5.1 TLS is " + ("active" if self._over_ssl else "not offered"))
        await self.flush()
        # what was sent in the clear after STARTTLS is no part of the protected session (RFC 3207, 4.2)
        self._pending = b""
        self._reader._buffer.clear()  # type: ignore[attr-defined]
        transport = cast(asyncio.Transport, self.transport)  # uvloop's is not derived from it
        transport.write(b"220 2.0.0 Ready to start TLS\r\n")
        try:
            secured = await self.loop.start_tls(
                transport,
                self,
                context,
                server_side=True,
                ssl_handshake_timeout=min(self.receiver.timeout, 60),
            )
        except (OSError, ssl.SSLError) as problem:
            log.info("smtp %s: TLS handshake failed: %s", self.peer, problem)
            raise ClientGone from None
        if secured is None:
            raise ClientGone
        self.transport = secured
        self._over_ssl = True
        self._reader._transport = secured  # type: ignore[attr-defined]
        self._writer._transport = secured  # type: ignore[attr-defined]
        self._transport = secured
        self._forget_mail()
        self._helo_name = ""


Handler = Callable[[SmtpSession, bytes], Awaitable[None]]
COMMANDS: dict[str, Handler] = {
    "HELO": SmtpSession._helo,
    "EHLO": SmtpSession._ehlo,
    "MAIL": SmtpSession._mail,
    "RCPT": SmtpSession._rcpt,
    "DATA": SmtpSession._data,
    "RSET": SmtpSession._rset,
    "NOOP": SmtpSession._noop,
    "QUIT": SmtpSession._quit,
    "VRFY": SmtpSession._vrfy,
    "HELP": SmtpSession._help,
    "STARTTLS": SmtpSession._starttls,
    "BDAT": SmtpSession._bdat,
    "AUTH": SmtpSession._not_here,
    "EXPN": SmtpSession._not_here,
    "ETRN": SmtpSession._not_here,
    "TURN": SmtpSession._not_here,
}
