"""Mail in by SMTP: listens, limits, and hands each mail to `accept`."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import secrets
import socket
import ssl
import time
from base64 import b32encode
from collections.abc import Awaitable, Callable, Sequence

from maild.errors import ConfigError
from maild.model import Envelope
from maild.receive.smtp_limits import Budget, ConnectionLimits
from maild.receive.smtp_session import SmtpSession
from maild.receive.smtp_wire import CLOSING, SmtpConnection
from maild.settings import Smtp

log = logging.getLogger("maild.receive.smtp")

#: connections that wait to be accepted
BACKLOG = 512

#: Returns the id of the row only after it is committed and synced; raises when it is not stored.
Accept = Callable[[Envelope, bytes, str | None], Awaitable[int]]


class _NoHandler:
    """aiosmtpd asks its handler for hooks; there are none."""


class SmtpReceiver:
    """The listening socket and what its sessions share.

    `is_ours` says which recipients are the desk's (`addresses.desk_predicate`).
    """

    def __init__(self, settings: Smtp, is_ours: Callable[[str], bool], accept: Accept) -> None:
        self.settings = settings
        self.is_ours = is_ours
        self.accept = accept
        self.hostname = settings.hostname or socket.getfqdn()
        self.max_bytes = settings.max_bytes
        self.max_recipients = settings.max_recipients
        self.timeout = settings.timeout_seconds
        self.require_tls = settings.require_tls
        self.stopping = False
        self._connections = ConnectionLimits(
            settings.max_connections, settings.max_connections_per_address, settings.trusted_relays
        )
        self._budget = Budget(settings.max_bytes_in_flight, settings.max_bytes)
        self._relays_budget = Budget(settings.max_bytes_in_flight, settings.max_bytes_in_flight)
        self._tls = _Certificate(settings.tls_cert, settings.tls_key) if settings.tls_cert else None
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []
        if self.require_tls and self._tls is None:
            raise ConfigError("[smtp] require_tls needs tls_cert and tls_key")

    @property
    def port(self) -> int:
        """The port listened on, for `listen = "127.0.0.1:0"`."""
        return int(self._servers[0].sockets[0].getsockname()[1])

    @property
    def connections(self) -> int:
        """Open now."""
        return len(self._connections)

    # ------------------------------------------------------------------------------ start and stop

    async def start(self, sockets: Sequence[socket.socket] = ()) -> None:
        """Listen, on `sockets` where somebody else opened them. ConfigError names the address and the remedy."""
        loop = asyncio.get_running_loop()
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's: a line for each command
        template = SmtpSession(
            _NoHandler(), hostname=self.hostname, enable_SMTPUTF8=True, timeout=self.timeout, loop=loop
        )
        self._servers = [
            await loop.create_server(lambda: template.spawn(self), sock=one, backlog=BACKLOG)
            for one in sockets or open_sockets(self.settings.listen)
        ]
        log.info("smtp: listening on %s, port %d", self.settings.listen.rpartition(":")[0], self.port)

    async def stop(self, grace_seconds: float = 10.0) -> None:
        """No new connections, 421 for idle sessions; mail under way may end within the grace."""
        self.stopping = True
        for server in self._servers:
            server.close()
        for session in self._connections.sessions():
            session.send_away(CLOSING.format(self.hostname))
        tasks = set(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=2.0)

    # -------------------------------------------------------------------------- what sessions need

    def admit(self, session: SmtpConnection) -> str:
        """ "" or the refusal for a new connection."""
        if self.stopping:
            return f"421 4.3.2 {self.hostname} is shutting down, try again later"
        return self._connections.admit(session)

    def budget_of(self, peer: str) -> Budget:
        """Where the bytes of a mail from that address are counted."""
        return self._relays_budget if self._connections.is_relay(peer) else self._budget

    def watch(self, task: asyncio.Task[None]) -> None:
        """Keep the session's task until it ends, for `stop`."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def leave(self, session: SmtpConnection) -> None:
        """The connection of an admitted session is gone."""
        self._connections.leave(session)

    def tls_context(self) -> ssl.SSLContext | None:
        return self._tls.context() if self._tls else None

    def queue_id(self) -> str:
        """16 letters: 40 bits of milliseconds, so that logs sort, and 40 of chance."""
        stamp = (time.time_ns() // 1_000_000) & 0xFF_FFFF_FFFF
        return b32encode(stamp.to_bytes(5, "big") + secrets.token_bytes(5)).decode("ascii")


class _Certificate:
    """The TLS context, made anew when the certificate's file was renewed."""

    def __init__(self, cert: str, key: str) -> None:
        self._files = (cert, key or cert)
        self._stamp = self._mtimes()
        self._context = self._load()

    def context(self) -> ssl.SSLContext:
        stamp = self._mtimes()
        if stamp != self._stamp:
            try:
                self._context = self._load()
                self._stamp = stamp
            except ConfigError as problem:  # half a renewal: the old certificate serves on
                log.warning("smtp: %s", problem)
        return self._context

    def _mtimes(self) -> tuple[int, ...]:
        try:
            return tuple(os.stat(name).st_mtime_ns for name in self._files)
        except OSError:
            return ()

    def _load(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as problem:
            raise ConfigError(
                f"[smtp] tls_cert = {self._files[0]!r}, tls_key = {self._files[1]!r}: {problem}; "
                "both must be readable PEM files that belong together"
            ) from problem
        return context


def listen_address(listen: str) -> tuple[str, int]:
    """`127.0.0.1:2525`, `[::1]:2525` -> (host, port)."""
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ConfigError(
            f'[smtp] listen = {listen!r}: should be "address:port", like "127.0.0.1:2525" or "[::]:25"'
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def open_sockets(listen: str) -> list[socket.socket]:
    """A listening socket for each address that the name stands for. ConfigError names the address and the remedy."""
    host, port = listen_address(listen)
    opened: list[socket.socket] = []
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((row[0], row[4]) for row in rows):
            opened.append(socket.create_server(address, family=family, backlog=BACKLOG))
            opened[-1].setblocking(False)
    except OSError as problem:
        for one in opened:
            one.close()
        raise ConfigError(_cannot_listen(listen, port, problem)) from problem
    return opened


def _cannot_listen(listen: str, port: int, problem: OSError) -> str:
    where = f"[smtp] listen = {listen!r}: "
    if problem.errno == errno.EADDRINUSE:
        return (
            f"{where}port {port} is in use by another program: stop it "
            f"(`ss -ltnp 'sport = :{port}'` names it) or choose another port"
        )
    if problem.errno in (errno.EACCES, errno.EPERM):
        return (
            f"{where}port {port} is not allowed to this user: choose one above 1023, or give the service "
            "CAP_NET_BIND_SERVICE (see deploy/)"
        )
    return f"{where}{problem.strerror or problem}; is that an address of this machine?"
