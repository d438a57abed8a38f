"""Keeps a loop running: one that ends by an exception is logged with its traceback and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import field
from datetime import datetime

from maild.pauses import ENDED, QUIET_SECONDS, Pauses
from maild.values import dataclass
from maild.work.clock import Clock
from maild.work.health import PartState
from maild.work.logs import Log
from maild.work.metrics import Metrics

log = Log("maild.work.supervise")


@dataclass()
class DaemonPart:
    """One part of the daemon as `/healthz` shows it. `essential`: without it the daemon is not healthy."""

    name: str
    essential: bool = True
    state: PartState = "starting"
    detail: str = ""
    since: datetime | None = None

    def set(self, state: PartState, detail: str = "") -> None:
        """Change the state; callable from any thread."""
        self.state, self.detail = state, detail


@dataclass()
class DaemonParts:
    """All parts of one daemon."""

    parts: dict[str, DaemonPart] = field(default_factory=dict)

    def add(self, name: str, *, essential: bool = True) -> DaemonPart:
        """A new part, in state "starting"."""
        part = self.parts[name] = DaemonPart(name, essential)
        return part

    @property
    def healthy(self) -> bool:
        """Whether no essential part is failed or stopped."""
        return all(p.state in ("ok", "degraded", "starting") for p in self.parts.values() if p.essential)


async def supervise(
    part: DaemonPart, run: Callable[[], Awaitable[None]], clock: Clock, metrics: Metrics, stop: asyncio.Event
) -> None:
    """Run `run` until it returns or `stop` is set; what it raises is logged and it is run again."""
    pauses = Pauses(ENDED)
    while not stop.is_set():
        part.set("ok")
        part.since = started = clock.now()
        try:
            await run()
            part.set("stopped")
            return
        except Exception as error:
            metrics.restarts.labels(part.name).inc()
            if (clock.now() - started).total_seconds() > QUIET_SECONDS:
                pauses.reset()
            pause = next(pauses)
            part.set("failed", f"{type(error).__name__}: {error}")
            log.error("a part ended unexpectedly", error=error, part=part.name, again_in_seconds=pause)
            await clock.sleep(pause)
