"""A clock that was ahead and goes back: what waits for its next attempt does not wait for that moment again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from maild.store import Delivery, Store, Writer
from maild.store.tables import OUTBOUND
from maild.ticket.phases import OutboundState
from maild.work.housekeeping import Housekeeping
from tests.store.values import ANNA, LEASE, NOW, accept, apply, ask, mail, new_ticket, notice, plan
from tests.unit.work.clocks import FakeClock
from tests.unit.work.desk import done_in_vain_first

AHEAD, SOON = NOW + timedelta(days=3), NOW + timedelta(minutes=1)


def due(store: Store) -> int:
    """How many mails may go now."""
    query = select(func.count()).where(OUTBOUND.c.state == "queued", OUTBOUND.c.next_attempt_at <= SOON)
    return int(ask(store, lambda tx: tx.execute(query).scalar_one()))


async def tidied(store: Store, clock: FakeClock, *, twice: bool = False) -> None:
    """Housekeeping looks around once. `twice`: what it does at first is undone."""
    writer = Writer(store)
    writer.start()
    if twice:
        setattr(writer, "run", done_in_vain_first(writer, store))  # noqa: B010  a method
    looks = 0

    def refresh() -> None:
        nonlocal looks
        looks += 1

    tidy = Housekeeping(writer, clock, idle=lambda: True, refresh=refresh)
    task = asyncio.create_task(tidy.run())
    while looks < 2:  # the first look is done when the second begins
        await clock.somebody_sleeps()
        await clock.advance(3)
        await asyncio.sleep(0.01)
    await tidy.stop()
    await clock.advance(3)
    await task
    writer.stop()


@pytest.mark.parametrize("twice", [False, True])
async def test_what_was_tried_while_the_clock_was_ahead_is_tried_again_at_once(
    store: Store, twice: bool
) -> None:
    new_ticket(store, notice(to=(ANNA,)))
    with store.write() as tx:
        (work,) = tx.outbound.claim(10, AHEAD, "w", LEASE)
        later = [Delivery(ANNA.address, "temporary", "451 later")]
        again = AHEAD + timedelta(minutes=1)
        tx.outbound.record(work.id, later, state=OutboundState.QUEUED, now=AHEAD, next_attempt_at=again)
    came = accept(store)
    with store.write() as tx:
        tx.inbound.claim(10, NOW, LEASE, "w")
        tx.inbound.postpone(came, mail(), AHEAD, "DNS does not answer")
    assert due(store) == 0
    await tidied(store, FakeClock(NOW), twice=twice)
    assert due(store) == 1
    with store.write() as tx:
        assert [one.id for one in tx.inbound.claim(10, NOW, LEASE, "w")] == [came]


async def test_what_waits_by_intention_goes_on_waiting(store: Store) -> None:
    """A held mail that nobody tried, and one whose next attempt is as near as the table says."""
    number = new_ticket(store, notice(to=(ANNA,)))
    with store.write() as tx:
        (work,) = tx.outbound.claim(10, NOW, "w", LEASE)
        later = [Delivery(ANNA.address, "temporary", "451 later")]
        again = NOW + timedelta(minutes=60)
        tx.outbound.record(work.id, later, state=OutboundState.QUEUED, now=NOW, next_attempt_at=again)
    held = notice(ticket=number, to=(ANNA,))
    apply(store, plan(type(held)(held.notice, hold_seconds=3 * 86400.0)))
    await tidied(store, FakeClock(NOW))
    assert due(store) == 0
