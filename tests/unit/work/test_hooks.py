"""The queue of hooks: told once where all goes well, else again, given up after a day; one hook's trouble is its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from maild.errors import Refused
from maild.send.hook import HookAnswer
from maild.settings import Webhook
from maild.store import HookRow
from maild.ticket.phases import HookState
from maild.work.hooks import Hooks, next_attempt
from tests.unit.work.clocks import FakeClock
from tests.unit.work.desk import Bench, bench, notice

CHAT, SLOW = "http://chat.example/hook", "http://slow.example/hook"


class Ears:
    """Hooks that answer what a test wants. `hangs`: an address that never answers until it is set free."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, object]]] = []
        self.answers: dict[str, HookAnswer] = {}
        self.hangs = ""
        self.free = asyncio.Event()
        self.told = asyncio.Event()

    async def __call__(
        self, url: str, body: bytes, *, event: str, event_id: str, secret: str, seconds: float
    ) -> HookAnswer:
        if url == self.hangs:
            await self.free.wait()
        said = json.loads(body)
        assert (said["event"], said["id"]) == (event, event_id)
        self.heard.append((url, said))
        self.told.set()
        return self.answers.get(url, HookAnswer(True, "200"))


@asynccontextmanager
async def hooked(folder: Path) -> AsyncIterator[tuple[Bench, Hooks, Ears, FakeClock]]:
    hooks = (Webhook(CHAT, ("new", "closed")), Webhook(SLOW, ("new",)))
    async with bench(folder, webhooks=hooks) as desk:
        ears = Ears()
        yield desk, Hooks(desk.store, desk.writer, clock=desk.clock, worker="w", send=ears), ears, desk.clock


def rows(desk: Bench) -> list[HookRow]:
    with desk.store.read() as tx:
        return list(tx.hooks.list(every=True))[::-1]


async def test_event_is_told_once_to_each_hook_that_wants_it(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, _):
        number = await desk.ticket()
        await hooks.drain()
        await hooks.drain()
        assert sorted(url for url, _ in ears.heard) == [CHAT, SLOW]
        said = ears.heard[0][1]
        assert set(said) == {"event", "at", "id", "ticket", "entry"}
        ticket = said["ticket"]
        assert isinstance(ticket, dict)
        assert {"number", "subject", "company", "requester", "phase", "due", "overdue", "last_word"} <= set(
            ticket
        )
        assert ticket["number"] == number
        assert {row.state for row in rows(desk)} == {HookState.DELIVERED}


async def test_hook_that_answers_500_for_a_day_is_tried_ever_more_rarely_and_given_up(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, clock):
        ears.answers[CHAT] = HookAnswer(False, "500 no")
        await desk.ticket()
        begun, tried = clock.now(), []
        for _ in range(60):
            before = len(ears.heard)
            await hooks.drain()
            tried += [(clock.now() - begun).total_seconds() // 60] * sum(
                u == CHAT for u, _ in ears.heard[before:]
            )
            waiting = [row for row in rows(desk) if row.state is HookState.QUEUED]
            if not waiting:
                break
            await clock.advance((waiting[0].next_attempt_at - clock.now()).total_seconds())
        assert tried[:6] == [0, 1, 6, 21, 51, 111], "1, 5, 15, 30 minutes after, then hourly"
        assert tried[-1] <= 24 * 60 < tried[-1] + 60
        (failed,) = [row for row in rows(desk) if row.state is HookState.FAILED]
        assert (failed.url, failed.answer, failed.attempts) == (CHAT, "500 no", len(tried))
        # told again, with the same id, when somebody says so
        ears.answers.clear()
        with desk.store.write() as tx:
            assert tx.hooks.retry(clock.now(), failed.id) == 1
        await hooks.drain()
        assert ears.heard[-1][1]["id"] == ears.heard[0][1]["id"]
        with desk.store.write() as tx, pytest.raises(Refused, match="delivered"):
            tx.hooks.retry(clock.now(), failed.id)


async def test_hook_that_hangs_keeps_no_other(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, _):
        ears.hangs = SLOW
        await desk.ticket()
        await hooks.turn()
        async with asyncio.timeout(5):
            await ears.told.wait()
        await desk.ticket()
        await hooks.turn()
        async with asyncio.timeout(5):
            while len(ears.heard) < 2:
                await hooks.turn()
                await asyncio.sleep(0.01)
        assert {url for url, _ in ears.heard} == {CHAT}
        ears.free.set()
        await hooks.drain()
        assert len(ears.heard) == 4


async def test_what_a_daemon_claimed_that_died_is_told_by_the_next(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, clock):
        await desk.ticket()
        with desk.store.write() as tx:
            assert len(tx.hooks.claim(CHAT, 9, clock.now(), "dead", timedelta(minutes=10))) == 1
        await hooks.drain()
        assert [url for url, _ in ears.heard] == [SLOW]
        await clock.advance(601)
        await desk.ticket()
        await hooks.drain()
        assert sorted(url for url, _ in ears.heard) == [CHAT, CHAT, SLOW, SLOW]


async def test_daemon_that_stops_gives_back_what_it_has_not_told(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, _):
        ears.hangs = SLOW
        await desk.ticket()
        await hooks.turn()
        await asyncio.sleep(0.05)
        await hooks.stop()
        assert {row.state for row in rows(desk) if row.url == SLOW} == {HookState.QUEUED}


async def test_hook_that_was_taken_out_of_the_configuration_is_told_nothing(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, _, ears, clock):
        await desk.ticket()
        only = Hooks(desk.store, desk.writer, clock=clock, worker="w", send=ears)
        only._hooks = {}
        await only.drain()
        assert ears.heard == []
        assert {row.state for row in rows(desk)} == {HookState.FAILED}


async def test_nothing_is_queued_where_nothing_is_configured(tmp_path: Path) -> None:
    async with bench(tmp_path) as desk:
        await desk.ticket()
        assert rows(desk) == []


async def test_act_that_is_rolled_back_tells_nothing(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, _):
        with pytest.raises(ValueError, match="recipient"):
            await desk.ticket(notice(), replace(notice(), to=()))
        await hooks.drain()
        assert ears.heard == []


def test_times_of_retries() -> None:
    clock = FakeClock()
    now = clock.now()
    assert next_attempt(1, now, now) == now + timedelta(minutes=1)
    assert next_attempt(9, now, now) == now + timedelta(hours=1)
    assert next_attempt(9, now - timedelta(hours=23, minutes=30), now) is None


async def test_old_deliveries_are_forgotten(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, _, clock):
        await desk.ticket()
        await hooks.drain()
        with desk.store.write() as tx:
            tx.hooks.forget_old(clock.now() + timedelta(days=6))
        assert len(rows(desk)) == 2
        with desk.store.write() as tx:
            tx.hooks.forget_old(clock.now() + timedelta(days=8))
        assert rows(desk) == []
