"""One daemon in one process, begun anew when the configuration changed. Several under a parent: `maild.parent`."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable

from maild.daemon import Daemon, loop_factory
from maild.errors import MaildError, Temporary
from maild.pauses import NO_START, Pauses
from maild.secret import every_secret
from maild.settings import Settings
from maild.work import logs, systemd
from maild.work.memory import give_back_large_blocks

log = logs.Log("maild.daemon")


def serve(settings: Settings, reread: Callable[[], Settings]) -> int:
    """`maild serve`: exit code 0 after a clean stop, 1 when it could not start.

    SIGHUP has the configuration read again (`reread`): one that is wrong is told and changes nothing, a right one
    takes the place of the old after a stop in which everything that was begun is finished. Where the new one cannot
    start (a port is taken), the old one goes on; where neither can for now (the disk is full), both are tried until one
    does, the new one first: who served yesterday is not ended by a SIGHUP.
    """
    give_back_large_blocks()
    served: Settings | None = None  # the last that did
    wanted, pauses = settings, Pauses(NO_START)
    while True:
        people = logs.set_up(settings.server.log, settings.server.log_level, zone=settings.desk.timezone)
        life = _Life(settings, reread, people=people and served is None)
        try:
            try:
                with asyncio.Runner(loop_factory=loop_factory(settings)) as runner:
                    runner.run(life.run())
            finally:
                _obey_again()
        except (MaildError, OSError) as error:
            if life.was_ready and life.then is not None:
                log.error(f"the stop was not a clean one: {error}")
            elif life.was_ready or served is None or life.told_to_end:
                log.error(str(error))
                return 1
            elif settings is not served:
                log.error(
                    f"the configuration that was read again does not start, the old one goes on: {error}"
                )
                settings = served
                continue
            elif isinstance(error, MaildError) and not isinstance(error, Temporary):
                log.error(str(error))
                return 1
            else:
                pause = next(pauses)
                log.error("no configuration starts now", because=str(error), again_in_seconds=pause)
                time.sleep(pause)
                settings = wanted
                continue
        if life.then is None:
            return 0
        served, settings, wanted = settings, life.then, life.then
        pauses.reset()


def _obey_again() -> None:
    """uvloop leaves handlers behind that do nothing: who asks for the end between two lives is to get it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class _Life:
    """One daemon between two readings of the configuration. `then`: the settings of the next one."""

    def __init__(self, settings: Settings, reread: Callable[[], Settings], *, people: bool) -> None:
        self._settings, self._reread, self._people = settings, reread, people
        self.then: Settings | None = None
        self.was_ready = False

    @property
    def told_to_end(self) -> bool:
        return self._daemon.told_to_end

    async def run(self) -> None:
        self._daemon = Daemon(self._settings)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self._read_again)
        try:
            await self._daemon.run(self._ready)
        finally:
            loop.remove_signal_handler(signal.SIGHUP)
            # between two lives it must not end the process
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            if not self._daemon.ends_for_another:
                self.then = None  # SIGTERM came beside SIGHUP: who asks for the end gets it

    def _ready(self) -> None:
        self.was_ready = True
        systemd.notify("READY=1")
        if self._people:
            logs.say(self._daemon.welcome())

    def _read_again(self) -> None:
        systemd.notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            then = self._reread()
            for secret in every_secret(then):
                secret.read()
        except MaildError as error:
            log.error(f"SIGHUP: the configuration stays as it was: {error}")
            systemd.notify("READY=1")
            return
        log.tell("the configuration was read again", lambda: "the configuration was read again")
        self.then = then
        self._daemon.end(anew=True)
