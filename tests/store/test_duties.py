"""Two daemons and their duties, on both databases."""

from __future__ import annotations

from collections.abc import Callable

from maild.store import Store, Writer
from maild.work.clock import RealClock
from maild.work.duties import Duties, Duty
from tests.store.values import LEASE, NOW, accept

NAMES = ["deadlines", "mailbox:support"]


async def test_duties_and_claims_of_a_daemon_that_died_are_taken_over(
    store: Store, reopened: Callable[[], Store]
) -> None:
    told: list[tuple[str, bool]] = []

    async def changed(duty: Duty) -> None:
        told.append((duty.name, duty.held))

    with reopened() as other:
        writers = [Writer(store), Writer(other)]
        for writer in writers:
            writer.start()
        first = Duties(store, writers[0], RealClock(), NAMES, changed=changed)
        second = Duties(other, writers[1], RealClock(), NAMES, changed=changed)
        await first.start()
        await second.start()
        assert (first.holds(), second.holds()) == (NAMES, [])
        assert told == [(name, True) for name in NAMES]
        key = accept(store)
        assert await writers[0].run(lambda tx: len(tx.inbound.claim(9, NOW, LEASE, first.process))) == 1
        await second.turn()
        assert second.holds() == []
        first._presence.leave()  # as when it is killed; the place says that its process is another one
        second._place = first._place = ""
        await writers[0].run(
            lambda tx: tx.connection.exec_driver_sql("UPDATE process SET place = ''").rowcount
        )
        second._suspected[first.process] = -100.0
        await second.turn()
        assert second.holds() == NAMES
        assert [w.id for w in await writers[1].run(lambda tx: tx.inbound.claim(9, NOW, LEASE, "x"))] == [key]
        await second.leave()
        for writer in writers:
            writer.stop()
