"""The writer on both databases: what shares a transaction, and what becomes of the others where one fails.

Over 300 lines: one class, with all that its jobs may do to each other.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import pytest

from maild.errors import Refused, StoreBusy
from maild.model import Envelope
from maild.settings import Settings
from maild.steps import Steps
from maild.store import Lane, Store, Tx, Writer, hot
from maild.store.tables import ENTRY
from maild.store.writer_thread import Together
from tests import timing
from tests.store.values import NOW, ask
from tests.timing import PATIENCE, until


def put(text: str):  # type: ignore[no-untyped-def]
    def work(tx: Tx) -> int:
        return tx.inbound.accept(Envelope("smtp", NOW), text.encode(), None, text)

    return work


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    made = Writer(store)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def begun(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An item for each transaction that is begun since the writer is there."""
    counts: list[int] = []
    real = Store.write

    def counted(self: Store, **how: bool) -> Any:
        counts.append(1)
        return real(self, **how)

    monkeypatch.setattr(Store, "write", counted)
    return counts


async def test_result_comes_after_the_commit(store: Store, writer: Writer) -> None:
    key = await writer.run(put("one"))
    assert ask(store, lambda tx: tx.inbound.raw(key)) == b"one"


async def test_many_jobs_share_transactions(writer: Writer, begun: list[int]) -> None:
    keys = await asyncio.gather(*(writer.run(put(str(i))) for i in range(100)))
    assert len(set(keys)) == 100
    assert len(begun) <= 10


async def test_failing_job_takes_nobody_along_and_leaves_nothing(store: Store, writer: Writer) -> None:
    def bad(tx: Tx) -> int:
        put("bad")(tx)
        raise Refused("no")

    results = await asyncio.gather(*(writer.run(bad if i % 3 == 1 else put(str(i))) for i in range(12)),
                                   return_exceptions=True)  # fmt: skip
    assert [isinstance(result, Refused) for result in results] == [i % 3 == 1 for i in range(12)]
    assert ask(store, lambda tx: tx.inbound.counts())["received"] == 8


@pytest.mark.parametrize("lane", Lane)
async def test_savepoints_are_made_where_a_job_failed_only(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch, lane: Lane
) -> None:
    """Where others decide beside us (PostgreSQL), each decision has one at once."""
    made: list[int] = []
    real = Tx.savepoint

    def counted(tx: Tx) -> None:
        made.append(1)
        real(tx)

    monkeypatch.setattr(Tx, "savepoint", counted)
    await asyncio.gather(*(writer.run(put(str(i)), lane=lane) for i in range(8)))
    assert bool(made) == (not store.is_sqlite and lane is not Lane.BESIDE)

    def bad(_tx: Tx) -> int:
        raise Refused("no")

    def waits_and_fails(tx: Tx) -> int:
        tx.tell(hot.ADD_ENTRY, {name: None for name in (c.name for c in ENTRY.c) if name != "id"})
        return 0

    results = await asyncio.gather(
        *(writer.run({6: waits_and_fails, 7: bad}.get(i, put(f"b{i}")), lane=lane) for i in range(10)),
        return_exceptions=True,
    )
    assert [isinstance(one, Exception) for one in results] == [i in (6, 7) for i in range(10)]
    assert made
    assert ask(store, lambda tx: tx.inbound.counts())["received"] == 16


async def test_jobs_that_stand_side_by_side_are_done_together_where_they_may_be(
    sqlite_settings: Settings,
) -> None:
    """What comes of them is theirs, in their order; where they fail, each is done by itself."""
    store = Store.open(sqlite_settings, create=True)
    writer = Writer(store, wait_seconds=0.2)
    writer.start()
    some: list[int] = []

    def all_of_them(tx: Tx, works: Sequence[Callable[[Tx], str]]) -> list[str]:
        some.append(len(works))
        return [f"{work(tx)} together" for work in works]

    def does(word: str) -> Callable[[Tx], str]:
        return lambda tx: word

    def fails(_tx: Tx) -> str:
        raise Refused("no")

    def run(word: str, together: Together | None = all_of_them) -> Awaitable[str]:
        return writer.run(does(word), together=together)

    try:
        found = await asyncio.gather(run("a"), run("b"), run("c", None), run("d"))
        assert [*found] == ["a together", "b together", "c", "d"]
        assert some == [2]
        failed = await asyncio.gather(
            run("a"), writer.run(fails, together=all_of_them), return_exceptions=True
        )
        assert failed[0] == "a"
        assert isinstance(failed[1], Refused)
        assert some == [2, 2]
    finally:
        writer.stop()
        store.close()


async def test_what_nobody_waits_for_shares_the_next_transaction(writer: Writer, begun: list[int]) -> None:
    waiting = [
        asyncio.create_task(writer.run(put(f"w{i}"), lane=Lane.BESIDE, within=PATIENCE)) for i in range(3)
    ]
    await asyncio.sleep(0.05)
    assert not begun
    assert writer.depth == 3
    await writer.run(put("next"), lane=Lane.BESIDE)
    await asyncio.gather(*waiting)
    assert len(begun) == 1


async def test_what_nobody_waits_for_is_done_in_time_where_nothing_else_comes(
    store: Store, writer: Writer
) -> None:
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE):
        key = await writer.run(put("one"), lane=Lane.BESIDE, within=0.1)
    assert time.monotonic() - began >= 0.1
    assert ask(store, lambda tx: tx.inbound.raw(key)) == b"one"


async def test_a_commit_that_failed_is_not_done_again(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether it was done."""
    monkeypatch.setattr(Tx, "finish", lambda tx: (_ for _ in ()).throw(StoreBusy("the answer was lost")))
    done: list[int] = []

    def job(tx: Tx) -> int:
        done.append(put(f"n{len(done)}")(tx))
        return 1

    hold = threading.Event()
    first = asyncio.create_task(writer.run(lambda _tx: hold.wait(PATIENCE), lane=Lane.BESIDE))
    await asyncio.sleep(0.05)
    jobs = [asyncio.create_task(writer.run(job, lane=Lane.BESIDE)) for _ in range(3)]
    await asyncio.sleep(0)
    hold.set()
    results = await asyncio.gather(first, *jobs, return_exceptions=True)
    assert all(isinstance(one, StoreBusy) for one in results)
    assert len(done) == 3


async def test_what_is_left_to_be_done_last_is_done_in_the_same_transaction(
    store: Store, writer: Writer
) -> None:
    order: list[str] = []

    def job(number: int, fails: bool = False) -> Any:
        def last(tx: Tx) -> Steps[None]:
            order.append(f"last {number}")
            put(f"last {number}")(tx)
            yield
            if fails:
                raise Refused("no")

        def work(tx: Tx) -> None:
            order.append(f"job {number}")
            tx.do_last(lambda: last(tx))

        return work

    await asyncio.gather(*(writer.run(job(number)) for number in range(3)))
    assert ask(store, lambda tx: tx.inbound.counts())["received"] == 3
    assert sorted(order) == sorted(f"{what} {number}" for what in ("job", "last") for number in range(3))
    results = await asyncio.gather(
        *(writer.run(job(number, fails=number == 4)) for number in range(3, 6)), return_exceptions=True
    )
    assert [isinstance(one, Refused) for one in results] == [False, True, False]
    assert ask(store, lambda tx: tx.inbound.counts())["received"] == 5


async def test_database_error_of_one_job_is_its_own(store: Store, writer: Writer) -> None:
    def broken(tx: Tx) -> None:
        tx.connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('secret', 'x')")

    results = await asyncio.gather(
        writer.run(put("a")), writer.run(broken), writer.run(put("b")), return_exceptions=True
    )
    assert [type(result) for result in results][0::2] == [int, int]
    assert isinstance(results[1], Exception)


async def test_failing_commit_tells_every_job_of_the_batch(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Store, **how: bool):  # type: ignore[no-untyped-def]
        raise StoreBusy("the disk of x is full")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", refuse)
        results = await asyncio.gather(*(writer.run(put(str(i))) for i in range(5)), return_exceptions=True)
    assert [str(result) for result in results] == ["the disk of x is full"] * 5
    assert isinstance(await writer.run(put("later")), int)


async def test_full_queue_pushes_back(store: Store) -> None:
    made = Writer(store, queue_limit=2)
    made.start()
    begun, gate = threading.Event(), threading.Event()

    def hold(_: Tx) -> None:
        begun.set()
        gate.wait(PATIENCE)

    first = asyncio.ensure_future(made.run(hold))
    await timing.until(begun.is_set)
    waiting = [asyncio.ensure_future(made.run(put(str(i)))) for i in range(2)]
    await asyncio.sleep(0)
    assert made.depth == 2
    with pytest.raises(StoreBusy, match="too slow"):
        await made.run(put("too many"))
    gate.set()
    await asyncio.gather(first, *waiting)
    made.stop()


async def test_stop_does_what_waits_for_others(store: Store) -> None:
    made = Writer(store)
    made.start()
    task = asyncio.create_task(made.run(put("one"), lane=Lane.BESIDE, within=PATIENCE))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(made.stop)
    assert ask(store, lambda tx: tx.inbound.counts())["received"] == 1
    assert await task


async def test_stop_drains_what_was_queued(store: Store) -> None:
    made = Writer(store, wait_seconds=0.5)
    made.start()
    jobs = [asyncio.ensure_future(made.run(put(str(i)))) for i in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(made.stop)
    assert len({await job for job in jobs}) == 50
    with pytest.raises(StoreBusy, match="stopping"):
        await made.run(put("late"))


async def test_cancelled_waiter_does_not_disturb_the_writer(store: Store, writer: Writer) -> None:
    job = asyncio.ensure_future(writer.run(put("gone")))
    await asyncio.sleep(0)
    job.cancel()
    assert isinstance(await writer.run(put("here")), int)


async def test_what_a_cancelled_waiter_left_does_not_wait_for_others(store: Store, writer: Writer) -> None:
    job = asyncio.ensure_future(writer.run(put("gone"), lane=Lane.BESIDE, within=PATIENCE))
    await asyncio.sleep(0.05)
    assert writer.depth == 1
    job.cancel()
    await until(lambda: ask(store, lambda tx: tx.inbound.counts())["received"] == 1)
    assert job.cancelled()


def test_threads_can_wait_too(store: Store, writer: Writer) -> None:
    keys: list[int] = []
    threads = [
        threading.Thread(target=lambda i=i: keys.append(writer.run_sync(put(str(i))))) for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 8


def test_lone_job_waits_a_few_milliseconds_only(store: Store, writer: Writer) -> None:
    best = math.inf
    for number in range(20):  # a busy disk may take its time for some of them
        start = time.monotonic()
        writer.run_sync(put(str(number)))
        best = min(best, time.monotonic() - start)
        if best < 0.1:
            break
    assert best < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_what_is_quick_does_not_wait_for_what_is_decided(store: Store, writer: Writer) -> None:
    """Nor do two lanes that count the same things wait for each other's rows."""
    goes_on = threading.Event()

    def count(tx: Tx) -> None:
        tx.counters.add({"desk": 1}, NOW)
        tx.send()

    def decides(tx: Tx) -> None:
        count(tx)
        assert goes_on.wait(PATIENCE)

    store.process = "d"
    slow = asyncio.create_task(writer.run(decides))
    key = await writer.run(put("one"), lane=Lane.BESIDE)
    await writer.run(count, lane=Lane.SECOND)
    assert not slow.done()
    assert ask(store, lambda tx: tx.inbound.raw(key)) == b"one"
    goes_on.set()
    await slow
    assert ask(store, lambda tx: tx.counters.last_hour(["desk"], NOW)) == {"desk": 2}


async def test_lanes_of_an_embedded_database_are_one(sqlite_settings: Settings) -> None:
    done: list[int] = []

    def job(number: int) -> Any:
        return lambda _tx: done.append(number)

    with Store.open(sqlite_settings) as store:
        made = Writer(store)
        made.start()
        await asyncio.gather(*(made.run(job(n), lane=lane) for n, lane in enumerate([*Lane] * 5)))
        await asyncio.to_thread(made.stop)
    assert not made.has_lanes
    assert done == list(range(15))
