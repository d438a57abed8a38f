"""The daemon: wiring, start and stop, nothing else. docs/architecture.md draws it.

One of several under a parent (`maild.parent`) takes from it the sockets on which all of them listen, and a place
beside the database for its files; it serves no probes, for the parent asks each and answers for all.

Over 300 lines: start and stop in one order that is the reverse of the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from maild.desk import welcome
from maild.mail.own_ids import Signer
from maild.receive.oauth import mailbox_tokens, relay_tokens
from maild.secret import TokenSource, every_secret
from maild.send.letter import MailSender
from maild.send.maildir import MaildirSender
from maild.send.smtp import SmtpSender
from maild.settings import Settings
from maild.store import Store
from maild.values import dataclass
from maild.web.desk import Accept, Desk
from maild.web.probes import probes
from maild.web.server import Listener
from maild.web.site import Site
from maild.work import logs, systemd, wiring
from maild.work.alarms import AlarmLoop
from maild.work.authentication import Authenticates
from maild.work.clock import Clock, RealClock
from maild.work.deadline_handlers import HANDLERS
from maild.work.deadlines import Handler
from maild.work.duties import Duties, Duty
from maild.work.hooks import Hooks
from maild.work.housekeeping import Housekeeping
from maild.work.imap import DUTY as MAILBOX_DUTY
from maild.work.imap import Mailboxes
from maild.work.metrics import Metrics
from maild.work.nonces import nonce, token
from maild.work.retry import longest_pause
from maild.work.runfile import RunFile, runfile_of
from maild.work.status import Status
from maild.work.supervise import DaemonParts, supervise
from maild.work.watch import Watch

log = logs.Log("maild.daemon")


@dataclass(frozen=True, slots=True)
class Member:
    """What one of several daemons gets from their parent."""

    runfile: RunFile
    smtp: Sequence[socket.socket] = ()
    web: socket.socket | None = None


class Daemon:
    """One daemon on one database. `start`, then `stop`; `run` does both around a signal."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        handlers: Mapping[str, Handler] = HANDLERS,
        authenticate: Authenticates | None = None,
        tokens: TokenSource | None = None,
        member: Member | None = None,
    ) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.parts = DaemonParts()
        self.clock = clock or RealClock()
        self._handlers, self._tokens = handlers, tokens
        self._authenticate = authenticate
        self._member = member
        self._runfile = member.runfile if member else runfile_of(settings)
        self._stop, self._anew = asyncio.Event(), False
        self.told_to_end = False
        self._tasks: list[asyncio.Task[None]] = []
        self._closers = contextlib.AsyncExitStack()
        self._boxes: Mailboxes | None = None
        self._ports: dict[str, int | None] = {"smtp": None, "http": None}

    async def run(self, ready: Callable[[], None] = lambda: systemd.notify("READY=1")) -> None:
        """Serve until SIGTERM, SIGINT or `end`. `ready` is called when everything listens."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        try:
            await self.start()
            ready()
            await self._stop.wait()
            log.info("stopping")
            if not self._anew:
                systemd.notify("STOPPING=1")
        finally:
            await self.stop()

    def end(self, *, anew: bool = False) -> None:
        """Let `run` stop. `anew`: another daemon takes its place in this process, unless a stop was asked for, too."""
        if not (anew and self._stop.is_set()):
            self._anew = anew
        self.told_to_end |= not anew
        self._stop.set()

    @property
    def ends_for_another(self) -> bool:
        return self._anew

    async def start(self) -> None:
        """Open the database, start every part, listen. Raises `MaildError` with what to do about it."""
        settings, closers = self.settings, self._closers
        for secret in every_secret(settings):
            secret.read()  # one that is missing is told now, not when the first mail is to leave
        self._runfile.lock()
        closers.callback(self._runfile.release)
        base = await wiring.open_database(settings, closers)
        self.store, self.writer = base.store, base.writer
        self._warn_about_sqlite(base.store)
        await self._begin(base)
        await self._listen()
        log.info("ready", database=self.store.engine_name, delivery=settings.delivery.kind)

    def welcome(self) -> Iterable[str]:
        """What a person on a terminal is told once everything listens."""
        with self.store.read() as tx:
            companies, tickets = len(tx.companies.list()), tx.tickets.count_open()
            mails = tx.inbound.newest() is not None
        standing = welcome.AtStart(self._ports, companies, tickets, mails, os.getpid())
        return welcome.lines(self.settings, standing, _typed(), Path.cwd())

    async def stop(self) -> None:
        """Take nothing more in, finish what was begun, close. May be called after a failed start."""
        self._stop.set()
        await self._closers.aclose()

    async def _begin(self, base: wiring.OpenDatabase) -> None:
        """The loops, in the order in which they are stopped last to first."""
        settings, clock, store, writer, closers = (
            self.settings,
            self.clock,
            base.store,
            base.writer,
            self._closers,
        )
        boxes = [f"{MAILBOX_DUTY}{box.name}" for box in settings.imap]
        self.duties = duties = Duties(
            store, writer, clock, ["deadlines", "housekeeping", *boxes], changed=self._duty_changed
        )
        await duties.start()
        closers.push_async_callback(duties.leave)
        self.works = works = await wiring.build(
            settings, clock, self._sender(), base, closers, notes=self._runfile.file(".now"), metrics=self.metrics,
            duties=duties, handlers=self._handlers, authenticate=self._authenticate,
        )  # fmt: skip
        self.ingest, self.outbox, self.deadlines = works.ingest, works.outbox, works.deadlines
        watch = Watch(
            store,
            clock,
            inbound=works.ingest.kick,
            outbound=works.outbox.kick,
            deadlines=works.deadlines.kick,
        )
        tidy = Housekeeping(
            writer,
            clock,
            idle=self._idle,
            refresh=works.composer.refresh,
            duty=duties["housekeeping"],
            longest_pause=longest_pause(settings.delivery),
        )
        for name, loop in (
            ("reports", works.reports), ("digests", works.digests),
            *((("hooks", Hooks(store, writer, clock=clock, worker=duties.process)),) if settings.webhooks else ()),
            ("outbox", works.outbox), ("ingest", works.ingest), ("deadlines", works.deadlines), ("watch", watch),
            ("housekeeping", tidy), ("duties", duties),
        ):  # fmt: skip
            self._supervise(name, loop.run, loop.stop)

    async def _listen(self) -> None:
        """The ways in, and the page that tells how everything is."""
        settings, closers = self.settings, self._closers
        intake = self.works.intake
        ports = self._ports
        boxes = Mailboxes(
            settings, intake.accept, self.writer, self.clock, self.parts,
            tokens=lambda box: mailbox_tokens(box, settings.base),
        )  # fmt: skip
        self.metrics.imap_state({box.name: partial(boxes.connected, box.name) for box in settings.imap})
        await boxes.start()
        self._boxes = boxes
        for box in settings.imap:
            await boxes.follow(self.duties[f"{MAILBOX_DUTY}{box.name}"])
        closers.push_async_callback(boxes.stop)
        if settings.smtp.listen:
            receiver = self.works.receiver()
            await receiver.start(self._member.smtp if self._member else ())
            closers.push_async_callback(receiver.stop)
            self.parts.add("smtp").set("ok", settings.smtp.listen)
            ports["smtp"] = receiver.port
            log.info("listening for mail", smtp=f"{settings.smtp.listen.rpartition(':')[0]}:{receiver.port}")
        self.status = Status(
            self.store,
            self.writer,
            self.outbox,
            self.ingest,
            self.parts,
            self.metrics,
            self.duties,
            self._runfile.database.parent,
        )
        if settings.server.http and self._member is None:
            http = Listener(probes(self.status.pages()), settings.server.http, "[server] http")
            await http.start()
            closers.push_async_callback(http.stop)
            ports["http"] = http.port
            log.info("listening for probes", http=f"{settings.server.http.rpartition(':')[0]}:{http.port}")
        if settings.web.listen:
            ports["web"] = await self._serve_page(intake.accept)
        alarms = AlarmLoop(
            settings, self.store, self.writer, self.works.signer, clock=self.clock, nonce=nonce,
            changed=self.outbox.kick, duty=self.duties["deadlines"], connected=boxes.read_here,
            folder=self._runfile.database.parent,
        )  # fmt: skip
        self._supervise("alarms", alarms.run, alarms.stop)
        self._supervise("watchdog", self._watchdog, _nothing)
        self._runfile.write(ports)

    async def _serve_page(self, accept: Accept) -> int:
        """The customers' page."""
        settings, secret = self.settings, await self.writer.run(lambda tx: tx.secret())
        desk = Desk(
            settings, self.store, self.writer, Signer(secret, settings.desk.domain), accept, self.clock.now, nonce,
            token, self.outbox.kick,
            lambda path, error: log.error("the customers' page failed", error=error, path=path),
        )  # fmt: skip
        site = Site(desk, settings, secret)
        opened = self._member.web if self._member else None
        page = Listener(site.app(), settings.web.listen, "[web] listen", opened, settings.web.trusted_proxies)
        await page.start()
        self._closers.push_async_callback(site.finish)
        self._closers.push_async_callback(page.stop)
        self.parts.add("web", essential=False).set("ok", settings.web.listen)
        log.info("listening for customers", web=f"{settings.web.listen.rpartition(':')[0]}:{page.port}")
        return page.port

    def _supervise(
        self, name: str, run: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]]
    ) -> None:
        part = self.parts.add(name)
        task = asyncio.create_task(supervise(part, run, self.clock, self.metrics, self._stop))

        async def end() -> None:
            await stop()
            _, late = await asyncio.wait((task,), timeout=15.0)
            for one in late:
                one.cancel()

        self._closers.push_async_callback(end)

    async def _duty_changed(self, duty: Duty) -> None:
        if duty.name.startswith(MAILBOX_DUTY) and self._boxes is not None:
            await self._boxes.follow(duty)

    def _idle(self) -> bool:
        return not (self.ingest.in_flight or self.outbox.in_flight)

    def _sender(self) -> MailSender:
        delivery = self.settings.delivery
        if delivery.kind == "maildir":
            return MaildirSender(self.settings.path(delivery.maildir))
        hostname = self.settings.smtp.hostname or socket.getfqdn()
        tokens = self._tokens or relay_tokens(delivery, self.settings.base)
        return SmtpSender(delivery, hostname=hostname, tokens=tokens)

    def _warn_about_sqlite(self, store: Store) -> None:
        if not store.sqlite_is_safe():
            log.warning(
                "this SQLite has a bug that can damage the file: see `maild check`", engine=store.engine_name
            )

    async def _watchdog(self) -> None:
        """Tell systemd that the event loop turns; a loop that hangs stays silent and is restarted."""
        pause = systemd.watchdog_seconds()
        while pause is not None and not self._stop.is_set():
            systemd.notify("WATCHDOG=1")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
        await self._stop.wait()


async def _nothing() -> None:
    """A part that ends by itself when the daemon stops."""


def _typed() -> str:
    """How the person who started us types `maild`."""
    name = Path(sys.argv[0])
    if name.name != "maild" or shutil.which("maild") == str(name):
        return "maild"
    path = name.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(name)


def loop_factory(settings: Settings) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's where it is wanted and there; None for asyncio's own."""
    if not settings.server.uvloop:
        return None
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
