"""How a daemon's jobs stand to what other daemons write at the same time: only PostgreSQL knows the difference."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maild.errors import StoreBusy
from maild.mail.own_ids import Signer
from maild.model import NEW, Plan, SetDeadline
from maild.store import DueDeadline, Store, Tx, WriteMode, Writer
from maild.store.facts_of import ALERT
from maild.ticket.vocabulary import DeadlineType
from maild.work.deadlines import DeadlineLoop
from tests.store.others import lock, writing
from tests.store.values import NOW, accept, apply, ask, new_ticket, nonces, notice, plan
from tests.timing import PATIENCE
from tests.unit.work.clocks import FakeClock

LEASE = timedelta(minutes=10)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("settings", ["postgresql"], indirect=True),
]


def test_what_can_wait_takes_the_database_alone_only_where_nobody_writes(store: Store) -> None:
    """Who asks is refused at once, and those who write do not wait for it either."""
    with writing(store, lock(1)):
        with pytest.raises(StoreBusy, match="others write now"), store.write(if_free=True):
            pass
        with store.write(concurrent=True) as tx:
            lock(2)(tx)
    impatient = replace(store.settings, database=replace(store.settings.database, busy_timeout_seconds=0.3))
    with store.write(if_free=True) as tx, Store.open(impatient) as other:
        tx.set_meta("alone", "yes")
        with pytest.raises(StoreBusy), other.write(concurrent=True) as beside:
            beside.meta("alone")
    assert ask(store, lambda tx: tx.meta("alone")) == "yes"


def test_a_job_apart_is_a_transaction_of_its_own(store: Store) -> None:
    """What a claim has locked without taking it must not stay locked while a batch is decided."""

    def number(tx: Tx) -> str:
        return str(tx.connection.exec_driver_sql("SELECT pg_current_xact_id()").scalar())

    async def run() -> list[str]:
        batched, own = WriteMode.BATCHED, WriteMode.OWN_TRANSACTION
        ways = (batched, own, batched, own, WriteMode.EXCLUSIVE, WriteMode.EXCLUSIVE_IF_FREE)
        return await asyncio.gather(*(writer.run(number, way) for way in ways))

    writer = Writer(store, wait_seconds=0.3)
    writer.start()
    try:
        first, claim, second, other, alone, free = asyncio.run(run())
    finally:
        writer.stop()
    assert first == second
    assert len({first, claim, other, alone, free}) == 5


def test_a_claim_waits_for_nobody_and_nobody_for_a_claim(store: Store) -> None:
    """The mails of one batch while another daemon has not committed its own."""
    ids = [accept(store, raw=f"Subject: {n}\r\n\r\n".encode()) for n in range(4)]
    first: list[int] = []

    def claims(tx: Tx) -> None:
        first.extend(one.id for one in tx.inbound.claim(2, NOW, LEASE, "a"))

    with writing(store, claims), store.write(concurrent=True) as tx:
        second = [one.id for one in tx.inbound.claim(9, NOW, LEASE, "b")]
    assert (first, second) == (ids[:2], ids[2:])


def test_alerts_that_one_daemon_makes_one_mail_of_no_other_sends_by_itself(store: Store) -> None:
    """It would send the newest without what the older ones say, and these never go."""
    first = new_ticket(store, notice(name=ALERT, data={"alert": "new"}))
    apply(store, plan(notice(first, ALERT, data={"alert": "reply"})))
    with store.write() as tx:
        older, newest = (one.id for one in tx.alerts.due(NOW))

    def gathers(tx: Tx) -> None:
        tx.alerts.due(NOW)
        tx.alerts.become_one(newest, {"alert": "reply", "both": True}, [older], NOW)

    with writing(store, gathers), store.write(concurrent=True) as tx:
        assert not tx.alerts.due(NOW)
        assert not tx.outbound.claim(9, NOW, "other", LEASE)
    with store.write(concurrent=True) as tx:
        (work,) = tx.outbound.claim(9, NOW, "other", LEASE)
    assert (work.id, work.data["both"]) == (newest, True)


def test_deadlines_of_other_tickets_wait_for_no_mail(store: Store) -> None:
    busy = new_ticket(store, SetDeadline(DeadlineType.RESPOND_BREACH, NEW, NOW, since=NOW))
    free = new_ticket(store, SetDeadline(DeadlineType.RESPOND_BREACH, NEW, NOW, since=NOW))
    handled: list[int] = []

    def handler(_tx: Tx, row: DueDeadline, _now: datetime) -> Plan:
        handled.append(row.ticket)
        return Plan()

    async def run(writer: Writer, end: threading.Event) -> None:
        signer = Signer(b"x" * 16, "desk.example")
        loop = DeadlineLoop(
            writer, signer, {DeadlineType.RESPOND_BREACH: handler}, clock=FakeClock(NOW), nonce=nonces,
            changed=lambda: None,
        )  # fmt: skip
        draining = asyncio.create_task(loop.drain())
        while free not in handled:
            await asyncio.sleep(0.01)
            assert not draining.done()
        end.set()  # the mail on the other ticket is decided
        await draining

    # the free one comes first: rows are done one after the other
    with store.write() as tx:
        tx.deadlines.set(f"respond-breach:{free}", DeadlineType.RESPOND_BREACH, free, NOW - LEASE)
    writer = Writer(store)
    writer.start()
    try:
        with writing(store, lock(busy)) as end:
            asyncio.run(asyncio.wait_for(run(writer, end), PATIENCE))
    finally:
        writer.stop()
    assert handled[0] == free
    assert set(handled) == {free, busy}
    assert ask(store, lambda tx: tx.deadlines.next_at()) is None
