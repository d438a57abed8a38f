"""`serve --processes N`: several daemons on one database, and the small process that they belong to.

The parent opens the sockets on which all of them listen, holds the lock of the database's file, starts again what ends,
kills what hangs, and answers `/healthz` and `/metrics` for all. It neither opens the database nor touches a mail. The
daemons share their work as those of several machines do (`maild.work.duties`); each ends when the parent does.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from maild.config import load
from maild.errors import ConfigError, MaildError
from maild.pauses import ENDED, QUIET_SECONDS, Pauses
from maild.receive.smtp import open_sockets
from maild.settings import Settings
from maild.web.probes import probes
from maild.web.server import Listener, open_socket
from maild.work import logs, systemd
from maild.work.children import Child
from maild.work.merged_status import MergedStatus
from maild.work.runfile import runfile_of

log = logs.Log("maild.parent")

#: the first daemon may have a large database to migrate
START_SECONDS = 900.0
#: how often each daemon is asked for a sign of life, and how long it may be silent
BEAT_SECONDS, HANGS_SECONDS = 5.0, 60.0
#: how long a daemon may take to stop
STOP_SECONDS = 45.0


class Parent:
    """`run` until SIGTERM or SIGINT. At SIGHUP, and when a daemon is started again, the file `config` is read anew."""

    def __init__(self, config: Path, settings: Settings, count: int) -> None:
        self._config, self._settings, self._count = config, settings, count
        self._runfile = runfile_of(settings)
        self._smtp: list[socket.socket] = []
        self._web: socket.socket | None = None
        self._listens = ("", "")  # what the sockets were opened for
        self._children = [Child(number) for number in range(1, count + 1)]
        self._stop, self._again = asyncio.Event(), asyncio.Event()
        self._status = MergedStatus(self._children)

    async def run(self) -> None:
        """Raises `MaildError` when the first daemon cannot start; what it says stands in the log."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._again.set)
        self._runfile.lock()
        tasks: list[asyncio.Task[None]] = []
        health: Listener | None = None
        try:
            self._open()
            await self._start_first()
            if self._stop.is_set():
                return
            tasks = [asyncio.create_task(self._keep(child)) for child in self._children]
            tasks.append(asyncio.create_task(self._look()))
            await self._unless_stopped(*(child.tried.wait() for child in self._children))
            health = await self._listen()
            systemd.notify("READY=1")
            tasks.append(asyncio.create_task(self._watchdog()))
            log.tell(
                "ready",
                lambda: (
                    f"maild is ready in {self._count} processes; Ctrl-C stops it, `maild list` shows what waits"
                ),
                processes=self._count,
            )
            while not self._stop.is_set():
                await self._unless_stopped(self._again.wait())
                if self._again.is_set() and not self._stop.is_set():
                    self._again.clear()
                    await self._begin_anew()
            log.info("stopping")
            systemd.notify("STOPPING=1")
        finally:
            self._stop.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*(child.stop(STOP_SECONDS) for child in self._children))
            if health is not None:
                await health.stop()
            self._close()
            self._runfile.release()

    # ------------------------------------------------------------------------------------- sockets

    def _open(self) -> None:
        """Listen where the settings say so, unless that is done already."""
        smtp, web = self._settings.smtp.listen, self._settings.web.listen
        if smtp != self._listens[0]:
            fresh = open_sockets(smtp) if smtp else []
            for one in self._smtp:
                one.close()
            self._smtp = fresh
        if web != self._listens[1]:
            page = open_socket(web, "[web] listen") if web else None
            if self._web is not None:
                self._web.close()
            self._web = page
        self._listens = (smtp, web)

    def _close(self) -> None:
        for one in (*self._smtp, *([self._web] if self._web else [])):
            one.close()

    async def _listen(self) -> Listener | None:
        """The probes, and the note about the ports."""
        ports = {"smtp": self._smtp[0].getsockname()[1] if self._smtp else None, "http": None}
        ports["web"] = self._web.getsockname()[1] if self._web else None
        health = None
        if self._settings.server.http:
            health = Listener(probes(self._status.pages()), self._settings.server.http, "[server] http")
            await health.start()
            ports["http"] = health.port
        self._runfile.write(ports)
        return health

    # ------------------------------------------------------------------------------------- children

    async def _start(self, child: Child) -> bool:
        """Whether it serves now."""
        smtp = [one.fileno() for one in self._smtp]
        web = [self._web.fileno()] if self._web is not None else []
        arguments = ["--config", str(self._config), "--beside", str(self._runfile.database)]
        arguments += ["--smtp", *map(str, smtp)] if smtp else []
        arguments += ["--web", *map(str, web)] if web else []
        return await child.start(arguments, [*smtp, *web], START_SECONDS)

    async def _start_first(self) -> None:
        """It migrates the database, and says what is wrong with the configuration: once, not N times."""
        first = self._children[0]
        await self._unless_stopped(self._start(first))
        if not first.serves and not self._stop.is_set():
            raise ConfigError("the first process could not start; its own message stands above")

    async def _keep(self, child: Child) -> None:
        """Start it, and again whenever it ends."""
        pauses, loop = Pauses(ENDED), asyncio.get_running_loop()
        while True:
            began = loop.time()
            serves = child.serves or await self._start(child)
            code = await (child.ended() if serves else child.stop(0.0))
            if child.wanted_to_end:
                child.wanted_to_end = False
                continue
            child.restarts += 1
            if loop.time() - began > QUIET_SECONDS:
                pauses.reset()
            pause = next(pauses)
            log.error(
                "a process ended unexpectedly", worker=child.number, how=_how(code), again_in_seconds=pause
            )
            await asyncio.sleep(pause)

    async def _look(self) -> None:
        """Kill what hangs: the others take over what a killed process had."""
        await asyncio.gather(*(self._beat(child) for child in self._children))

    async def _beat(self, child: Child) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if child.serves and await child.ask("beat", HANGS_SECONDS) is None and child.serves:
                log.error("a process hangs and is killed", worker=child.number, silent_seconds=HANGS_SECONDS)
                child.kill()

    async def _begin_anew(self) -> None:
        """SIGHUP: each in its turn with the new settings, so that somebody always serves."""
        before = self._settings
        try:
            self._settings = load(self._config)
            self._open()
        except MaildError as error:
            self._settings = before
            log.error("the configuration stays as it was", because=str(error))
            return
        for child in self._children:
            if self._stop.is_set():
                return
            child.wanted_to_end = True
            child.tried.clear()
            await child.stop(STOP_SECONDS)
            await self._unless_stopped(child.tried.wait())
        log.info("the configuration was read again")

    # ------------------------------------------------------------------------------------- the rest

    async def _unless_stopped(self, *waits: Coroutine[Any, Any, object]) -> None:
        """Until all is done, or this process is to stop."""
        done = asyncio.gather(*waits)
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait((done, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not done.done():
            done.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await done

    async def _watchdog(self) -> None:
        """Tell systemd that this process turns, which looks after the others itself."""
        pause = systemd.watchdog_seconds()
        while pause is not None:
            systemd.notify("WATCHDOG=1")
            await asyncio.sleep(pause)


def _how(code: int | None) -> str:
    if code is None:
        return "it never began"
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def serve(config: Path, settings: Settings, count: int) -> int:
    """`maild serve --processes N`: exit code 0 after a clean stop, 1 when it could not start."""
    logs.set_up(settings.server.log, settings.server.log_level)
    try:
        asyncio.run(Parent(config, settings, count).run())
    except MaildError as error:
        log.error(str(error))
        return 1
    return 0
