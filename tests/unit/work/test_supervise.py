"""A part that ends by an exception is started again, ever later."""

from __future__ import annotations

import asyncio

from maild.work.metrics import Metrics
from maild.work.supervise import DaemonParts, supervise
from tests.unit.work.clocks import FakeClock


async def test_part_that_dies_is_restarted_with_growing_pauses_and_shown_as_failed() -> None:
    clock, metrics, parts, stop = FakeClock(), Metrics(), DaemonParts(), asyncio.Event()
    part = parts.add("ingest")
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs <= 3:
            raise RuntimeError("boom")
        await asyncio.Event().wait()

    task = asyncio.create_task(supervise(part, run, clock, metrics, stop))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (part.state, part.detail) == ("failed", "RuntimeError: boom")
    assert not parts.healthy
    for seconds in (0.5, 1.0, 2.0):
        await clock.advance(seconds)
    assert runs == 4
    assert clock.slept == [0.5, 1.0, 2.0]
    assert part.state == "ok"
    assert b'maild_part_restarts_total{part="ingest"} 3.0' in metrics.text()
    task.cancel()


async def test_part_that_returns_is_stopped_and_not_started_again() -> None:
    parts = DaemonParts()
    part = parts.add("watch")

    async def run() -> None:
        return

    await supervise(part, run, FakeClock(), Metrics(), asyncio.Event())
    assert part.state == "stopped"


def test_only_essential_parts_make_the_daemon_unhealthy() -> None:
    parts = DaemonParts()
    parts.add("ingest").set("ok")
    parts.add("imap:support", essential=False).set("degraded", "connection refused")
    assert parts.healthy
