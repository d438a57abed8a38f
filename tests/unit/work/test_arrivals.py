"""Mails that are claimed where they are taken in: decided without a look for them, once, and never forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from maild.errors import Refused, StoreBusy
from maild.model import Envelope
from maild.store import Tx
from maild.store.inbound import InboundMails
from maild.work import ingest as module
from maild.work.intake import Intake
from tests.timing import PATIENCE, until
from tests.unit.work.desk import answer_lost_once, done_in_vain_first
from tests.unit.work.test_ingest import Bench, bench, large, mail


class Claims:
    """How often the database was looked into for mails, and what it gave."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: list[int] = []
        real = InboundMails.claim

        def counted(mails: InboundMails, *how: Any, **more: Any) -> Any:
            works = real(mails, *how, **more)
            self.given.append(len(works))
            return works

        monkeypatch.setattr(InboundMails, "claim", counted)


@asynccontextmanager
async def running(b: Bench) -> AsyncIterator[Intake]:
    """The loop runs and has found that nothing waits."""
    task = asyncio.create_task(b.ingest.run())
    await until(lambda: b.ingest._none_waits)
    yield Intake(b.store, b.writer, b.metrics, b.ingest.arrivals, accepted=b.ingest.kick)
    await b.ingest.stop()
    await asyncio.wait_for(task, PATIENCE)
    assert b.ingest.arrivals.under_way == 0
    assert not b.ingest.arrivals.ids
    assert not b.in_progress.now


def take(b: Bench, intake: Intake, raw: bytes, source_key: str | None = None) -> asyncio.Task[int]:
    envelope = Envelope("smtp", b.clock.now(), "anna@acme.example", ("help@desk.example",), "192.0.2.1")
    return asyncio.create_task(intake.accept(envelope, raw, source_key))


def done(b: Bench) -> list[tuple[str, int]]:
    """(state, attempts) of each mail, in the order of their arrival; tickets are in it, too."""
    tickets = [row["ticket"] for row in b.rows() if row["ticket"]]
    assert tickets == sorted(set(tickets))
    return [(row["state"], b.get(row["id"])["attempts"]) for row in b.rows()]


async def test_mail_goes_on_without_being_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        claims = Claims(monkeypatch)
        for number in range(3):
            await take(b, intake, mail(number))
        await asyncio.gather(*(take(b, intake, mail(number)) for number in range(3, 40)))
        await until(lambda: done(b) == [("done", 1)] * 40)
        assert not claims.given


async def test_none_overtakes_a_mail_that_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        claims = Claims(monkeypatch)
        await b.accept(mail(1))  # by another process
        b.ingest.kick()
        assert await take(b, intake, mail(2))
        await until(lambda: done(b) == [("done", 1)] * 2)
        assert sum(claims.given) == 2


async def test_more_than_is_read_at_a_time_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        claims = Claims(monkeypatch)
        monkeypatch.setattr(module, "QUICK_IN_FLIGHT", 16)
        await asyncio.gather(*(take(b, intake, mail(number)) for number in range(40)))
        await until(lambda: [one for one, _ in done(b)] == ["done"] * 40)
        assert sum(claims.given) >= 24


async def test_slow_mail_waits_for_its_like(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        claims = Claims(monkeypatch)
        await take(b, intake, large())
        await until(lambda: [one for one, _ in done(b)] == ["done"])
        assert sum(claims.given) == 1
        assert "read" in b.workers.asked


async def test_mail_whose_commit_nobody_knows_of_is_decided_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        with monkeypatch.context() as patched:
            patched.setattr(b.writer, "run", answer_lost_once(b.writer.run))
            with pytest.raises(StoreBusy):
                await take(b, intake, mail())
        await until(lambda: done(b) == [("done", 1)])


async def test_mail_whose_client_is_gone_before_the_answer_is_decided_at_once(tmp_path: Path) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        for number in range(10):
            task = take(b, intake, mail(number))
            for _ in range(1 + number % 3):
                await asyncio.sleep(0)
            task.cancel()
        await until(lambda: len(b.rows()) == 10)
        b.ingest.kick()  # as the watch does it
        await until(lambda: done(b) == [("done", 1)] * 10)


async def test_mail_of_a_batch_that_is_done_again_is_decided_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(_tx: Tx) -> None:
        raise Refused("no")

    async with bench(tmp_path) as b, running(b) as intake:
        taken = [take(b, intake, mail(number)) for number in range(3)]
        with pytest.raises(Refused):
            await b.writer.run(bad)
        await asyncio.gather(*taken)
        monkeypatch.setattr(b.writer, "run", done_in_vain_first(b.writer, b.store))
        await take(b, intake, mail(3))
        await until(lambda: done(b) == [("done", 1)] * 4)


async def test_arriving_mail_is_not_given_back_with_those_that_nobody_knows_of(tmp_path: Path) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        plain, held = b.writer.run, asyncio.Event()

        async def held_back(*job: Any, **more: Any) -> Any:
            """What takes the mail in, whose result is late."""
            b.writer.run = plain  # type: ignore[method-assign]
            result = await plain(*job, **more)
            await held.wait()
            return result

        b.writer.run = held_back  # type: ignore[method-assign]
        task = take(b, intake, mail())
        await until(lambda: len(b.rows()) == 1)
        b.ingest._claim_lost()
        b.ingest.kick()
        await until(lambda: b.ingest._none_waits)
        assert done(b) == [("received", 1)]
        held.set()
        await task
        await until(lambda: done(b) == [("done", 1)])


async def test_mail_that_is_known_goes_on_as_it_was(tmp_path: Path) -> None:
    async with bench(tmp_path) as b, running(b) as intake:
        first = await take(b, intake, mail(), "imap:1")
        assert await take(b, intake, mail(), "imap:1") == first
        await until(lambda: done(b) == [("done", 1)])


async def test_stop_waits_for_a_mail_that_arrives(tmp_path: Path) -> None:
    """It is answered 250: nothing that it needs is closed before it is decided."""
    async with bench(tmp_path) as b:
        async with running(b) as intake:
            task = take(b, intake, mail())
            await asyncio.sleep(0)
            assert b.ingest.arrivals.under_way == 1
        assert done(b) == [("done", 1)]
        assert await task


async def test_a_loop_that_is_drained_by_hand_claims_nothing_before(tmp_path: Path) -> None:
    async with bench(tmp_path) as b:
        intake = Intake(b.store, b.writer, b.metrics, b.ingest.arrivals, accepted=b.ingest.kick)
        await take(b, intake, mail())
        assert done(b) == [("received", 0)]
        await b.ingest.drain()
        assert done(b) == [("done", 1)]
