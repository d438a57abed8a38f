"""Due rows call their handlers; a week runs in a moment on a simulated clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from maild.model import AddEntry, Plan, SetDeadline
from maild.store import DueDeadline, Tx
from maild.ticket.vocabulary import DeadlineType, EntryType
from maild.work.deadlines import BATCH, LEASE, DeadlineLoop, Handler
from tests.unit.work.desk import Bench, bench, nonce


def deadlines(
    b: Bench, handlers: dict[str, Handler], changed: Callable[[], None] = lambda: None
) -> DeadlineLoop:
    return DeadlineLoop(b.writer, b.signer, handlers, clock=b.clock, nonce=nonce, changed=changed)


async def remind(
    b: Bench, number: int, after: timedelta, type: DeadlineType = DeadlineType.CONSENT_REMIND
) -> None:
    plan = Plan((SetDeadline(type, number, b.clock.now() + after),))
    await b.writer.run(lambda tx: tx.apply(plan, now=b.clock.now(), signer=b.signer, nonces=nonce))


def note(tx: Tx, row: DueDeadline, now: datetime) -> Plan:
    assert row.ticket is not None
    return Plan((AddEntry(row.ticket, EntryType.NOTE, "maild", "system", f"at {now:%H:%M}", False),))


async def test_due_row_is_handled_once_at_its_time(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket()
        await remind(b, number, timedelta(hours=1))
        kicks: list[int] = []
        loop = deadlines(b, {"consent_remind": note}, lambda: kicks.append(1))
        assert await loop.drain() == 0
        await b.clock.advance(3600)
        assert await loop.drain() == 1
        assert await loop.drain() == 0
        assert kicks == [1]
        with b.store.read() as tx:
            assert [e.text for e in tx.ticket(number).entries if e.type == "note"] == ["at 10:30"]


async def test_handler_that_sets_its_deadline_again_is_called_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket()

        def daily(tx: Tx, row: DueDeadline, now: datetime) -> Plan:
            again = SetDeadline(DeadlineType(row.type), number, now + timedelta(days=1))
            return Plan((*note(tx, row, now).changes, again))

        await remind(b, number, timedelta(days=1))
        loop = deadlines(b, {"consent_remind": daily})
        for _ in range(7):
            await b.clock.advance(86400)
            await loop.drain()
        with b.store.read() as tx:
            assert len([e for e in tx.ticket(number).entries if e.type == "note"]) == 7


async def test_failing_handler_changes_nothing_stops_nobody_and_is_tried_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket()
        broken = True

        def handler(tx: Tx, row: DueDeadline, now: datetime) -> Plan:
            if broken:
                raise ZeroDivisionError
            return note(tx, row, now)

        await remind(b, number, timedelta(0), DeadlineType.AUTO_CLOSE)
        await remind(b, number, timedelta(0), DeadlineType.OUTAGE_CLOSE)
        loop = deadlines(b, {"auto_close": handler, "outage_close": note})
        await loop.drain()
        with b.store.read() as tx:
            assert len([e for e in tx.ticket(number).entries if e.type == "note"]) == 1
        broken = False
        await b.clock.advance(LEASE.total_seconds() + 1)
        await loop.drain()
        with b.store.read() as tx:
            assert len([e for e in tx.ticket(number).entries if e.type == "note"]) == 2


async def test_row_without_a_handler_stays(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        number = await b.ticket()
        await b.writer.run(lambda tx: tx.deadlines.set("new:1", "unheard-of", number, b.clock.now()))
        await deadlines(b, {}).drain()
        with b.store.read() as tx:
            assert [row.type for row in tx.deadlines.of_ticket(number)] == ["unheard-of"]


async def test_what_is_due_on_one_ticket_is_applied_in_one_transaction(tmp_path: Path) -> None:
    """Also where more is due than one look takes: between two of its alarms no mail leaves."""
    async with bench(tmp_path) as b:
        numbers = [await b.ticket() for _ in range(BATCH)]
        kinds = (DeadlineType.AUTO_CLOSE, DeadlineType.OUTAGE_CLOSE)
        for number in numbers:
            for kind in kinds:
                await remind(b, number, timedelta(0), kind)
        applied: list[tuple[int, int]] = []

        def handler(tx: Tx, row: DueDeadline, now: datetime) -> Plan:
            applied.append((id(tx), row.ticket))
            return note(tx, row, now)

        kicks: list[int] = []
        loop = deadlines(b, dict.fromkeys(kinds, handler), lambda: kicks.append(1))
        assert await loop.drain() == 2 * BATCH
        assert len(kicks) == BATCH
        assert all(first == second for first, second in zip(applied[::2], applied[1::2], strict=True))
