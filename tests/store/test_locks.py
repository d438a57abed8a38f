"""What daemons that write beside each other hold alone: only PostgreSQL has them; on SQLite writers queue up."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from maild.errors import Overtaken, StoreBusy
from maild.model import LookupKeys
from maild.settings import Settings
from maild.store import Store, Tx, Writer
from maild.store.locks import Kind, LockHeld
from tests import timing
from tests.store.others import lock, writing
from tests.store.values import NOW, accept, apply, ask, entry, mail, new_ticket, notice, opening, plan
from tests.timing import PATIENCE

LEASE = timedelta(minutes=10)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("settings", ["postgresql"], indirect=True),
]


def test_other_tickets_are_not_waited_for(store: Store) -> None:
    with writing(store, lock(1, 2)), store.write(concurrent=True) as tx:
        lock(3, 4)(tx)


def test_the_same_ticket_is_waited_for(store: Store) -> None:
    order: list[str] = []
    with writing(store, lock(1, 2)) as end:

        def second() -> None:
            with store.write(concurrent=True) as tx:
                lock(2)(tx)
                order.append("second")

        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
        end.set()
        thread.join(PATIENCE)
    assert order == ["first", "second"]


def test_who_holds_something_never_waits_for_the_like(store: Store) -> None:
    with writing(store, lock(1)), store.write(concurrent=True) as tx:
        lock(7)(tx)
        with pytest.raises(LockHeld):
            lock(1)(tx)


def test_who_holds_a_later_kind_never_waits_for_an_earlier_one(store: Store) -> None:
    with (
        writing(store, lambda tx: tx.locks.take(Kind.MAIL, ["<1@acme.example>"])),
        store.write(concurrent=True) as tx,
    ):
        lock(7)(tx)
        with pytest.raises(LockHeld):
            tx.locks.take(Kind.MAIL, ["<1@acme.example>"])


def test_a_lock_of_a_job_that_failed_is_free_again(store: Store) -> None:
    with store.write(concurrent=True) as tx:
        tx.savepoint()
        lock(1)(tx)
        tx.release()
        tx.savepoint()
        lock(2)(tx)
        tx.roll_back_to_savepoint()
        with store.write(concurrent=True) as other:
            lock(2)(other)
        tx.savepoint()
        with store.write(concurrent=True) as other:
            lock(2)(other)
            with pytest.raises(LockHeld):
                lock(2)(tx)  # it knows that it lost it


def test_commands_write_while_nobody_else_does(store: Store) -> None:
    impatient = replace(store.settings, database=replace(store.settings.database, busy_timeout_seconds=0.3))
    with Store.open(impatient) as command:
        with writing(store, lock(1)), pytest.raises(StoreBusy), command.write():
            pass
        with command.write() as tx:
            tx.locks.take(Kind.TICKET, [1])  # it needs none
            with (
                Store.open(impatient) as other,
                pytest.raises(StoreBusy),
                other.write(concurrent=True) as beside,
            ):
                beside.meta("secret")


def test_batches_in_any_order_come_through_and_nothing_is_lost(store: Store, settings: Settings) -> None:
    """Two daemons, tickets in random orders: each job adds one to what it read."""
    numbers = [new_ticket(store) for _ in range(4)]
    chance = random.Random(7)

    def job(wanted: list[int]) -> Callable[[Tx], None]:
        def run(tx: Tx) -> None:
            tx.locks.take(Kind.TICKET, wanted)
            for number in wanted:
                tx.set_meta(f"n{number}", str(int(tx.meta(f"n{number}") or 0) + 1))

        return run

    wanted = [[chance.sample(numbers, 2) for _ in range(60)] for _ in range(2)]

    def daemon(jobs: list[list[int]]) -> None:
        async def run(writer: Writer) -> None:
            await asyncio.gather(*(writer.run(job(one)) for one in jobs))

        with Store.open(settings) as store:
            writer = Writer(store)
            writer.start()
            asyncio.run(run(writer))
            writer.stop()

    threads = [threading.Thread(target=daemon, args=(jobs,)) for jobs in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    found = {number: int(ask(store, lambda tx, n=number: tx.meta(f"n{n}")) or 0) for number in numbers}  # type: ignore[misc]
    assert found == {n: sum(one.count(n) for jobs in wanted for one in jobs) for n in numbers}


async def test_a_job_in_whose_way_another_is_is_done_later_and_the_rest_at_once(store: Store) -> None:
    writer = Writer(store, wait_seconds=0.05)
    writer.start()
    did: list[int] = []

    def job(number: int) -> Callable[[Tx], None]:
        def run(tx: Tx) -> None:
            lock(number)(tx)
            did.append(number)

        return run

    with writing(store, lock(2)) as end:
        jobs = [asyncio.ensure_future(writer.run(job(number))) for number in (1, 2, 3)]
        await timing.until(lambda: len(did) == 2)
        assert did == [1, 3]
        end.set()
        await asyncio.gather(*jobs)
    assert did == [1, 3, 2]
    await asyncio.to_thread(writer.stop)


async def test_a_deadlock_is_nobodys_error(store: Store) -> None:
    """Two jobs that lock nothing and change the same rows in opposite orders."""
    with store.write() as tx:
        tx.set_meta("a", "0")
        tx.set_meta("b", "0")
    both = threading.Barrier(2)

    def job(first: str, second: str) -> Callable[[Tx], None]:
        def run(tx: Tx) -> None:
            tx.set_meta(first, "1")
            with suppress(threading.BrokenBarrierError):
                both.wait(2)
            tx.set_meta(second, "1")

        return run

    writers = [Writer(store), Writer(store)]
    for writer in writers:
        writer.start()
    await asyncio.gather(writers[0].run(job("a", "b")), writers[1].run(job("b", "a")))
    for writer in writers:
        await asyncio.to_thread(writer.stop)


def test_a_deadlock_is_told_apart(store: Store) -> None:
    class Deadlock(Exception):
        __module__ = "psycopg.errors"
        sqlstate = "40P01"

    assert isinstance(store.explained(Deadlock()), Overtaken)


def test_claims_pass_over_what_another_is_taking(store: Store) -> None:
    keys = [accept(store) for _ in range(4)]
    apply(store, plan(opening(), entry(from_mail=True), notice()), inbound_id=accept(store), mail=mail())
    with (
        writing(store, lambda tx: (tx.inbound.claim(2, NOW, LEASE, "one"), tx.outbound.claim(9, NOW, "one", LEASE))),
        store.write(concurrent=True) as tx,
    ):  # fmt: skip
        assert [work.id for work in tx.inbound.claim(9, NOW, LEASE, "two")] == keys[2:]
        assert list(tx.outbound.claim(9, NOW, "two", LEASE)) == []


def test_ticket_numbers_do_not_wait_and_never_repeat(store: Store) -> None:
    found: list[int] = []
    with (
        writing(store, lambda tx: found.append(tx.counters.next_number())),
        store.write(concurrent=True) as tx,
    ):
        found.append(tx.counters.next_number())
    assert found == [15789, 15790]
    raised = replace(store.settings, desk=replace(store.settings.desk, first_number=20_000))
    with Store.open(raised) as store, store.write(concurrent=True) as tx:
        assert [tx.counters.next_number() for _ in range(2)] == [20_000, 20_001]


def test_two_mails_of_one_sender_are_decided_one_after_the_other(store: Store) -> None:
    def keys(message_id: str) -> LookupKeys:
        return LookupKeys("anna@acme.example", own_message_id=message_id)

    with (
        writing(store, lambda tx: tx.facts(keys("<1@x>"), NOW)),
        store.write(concurrent=True) as tx,
    ):
        tx.facts(LookupKeys("bela@acme.example", own_message_id="<2@x>"), NOW)
        with pytest.raises(LockHeld):
            tx.facts(keys("<3@x>"), NOW)


def test_a_mail_and_its_answer_are_decided_one_after_the_other_whatever_the_case_of_the_id(
    store: Store,
) -> None:
    first = LookupKeys("anna@acme.example", own_message_id="<CAF1@Mail.ACME.example>")
    answer = LookupKeys(
        "bela@acme.example", own_message_id="<2@x>", message_ids=("<caf1@mail.acme.EXAMPLE>",)
    )
    with writing(store, lambda tx: tx.facts(first, NOW)), store.write(concurrent=True) as tx:
        tx.facts(LookupKeys("dora@acme.example", own_message_id="<4@x>"), NOW)
        with pytest.raises(LockHeld):
            tx.facts(answer, NOW)
