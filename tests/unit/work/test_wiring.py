"""The parts of a desk as they are put together."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from maild.work import wiring
from tests.unit.work.clocks import FakeClock
from tests.unit.work.desk import Script, bench, notice, settings

LEASE = timedelta(minutes=5)


async def test_what_a_daemon_that_is_gone_had_claimed_is_sent_by_the_next(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        await b.ticket(notice("received"))
        began = b.clock.now()
        await b.writer.run(lambda tx: tx.outbound.claim(32, began, "gone", LEASE))
    clock = FakeClock()
    await clock.advance(LEASE.total_seconds() + 1)
    async with AsyncExitStack() as closers:
        base = await wiring.open_database(settings(tmp_path), closers, create=False)
        works = await wiring.build(settings(tmp_path), clock, Script(), base, closers, notes=tmp_path / "now")
        closers.push_async_callback(works.outbox.stop)
        with base.store.read() as tx:
            assert [(row.state, row.maybe_sent) for row in tx.outbound.list()] == [("queued", True)]
