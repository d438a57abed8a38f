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

from maild.errors import ConfigError, Refused
from maild.model import AddEntry, Plan, RecordAct, UndoAct, UpdateTicket
from maild.secret import Secret
from maild.send.hook import HookAnswer
from maild.settings import DeliverySettings, Webhook
from maild.store import HookRow, Tx
from maild.ticket.phases import HookState
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType
from maild.work import hooks as module
from maild.work.hooks import Hooks, next_attempt
from tests.timing import PATIENCE
from tests.unit.work.clocks import FakeClock
from tests.unit.work.desk import Bench, bench, nonce, notice

CHAT, SLOW = "http://chat.example/hook", "http://slow.example/hook"


class Ears:
    """Hooks that answer what a test wants. `hangs`: an address that never answers until it is set free."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, object]]] = []
        self.answers: dict[str, HookAnswer] = {}
        self.hangs = ""
        self.free = asyncio.Event()
        self.told, self.hanging = asyncio.Event(), asyncio.Event()

    async def __call__(
        self, url: str, body: bytes, *, event: str, event_id: str, secret: str, seconds: float
    ) -> HookAnswer:
        if url == self.hangs:
            self.hanging.set()
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


async def test_hook_whose_secret_cannot_be_read_any_more_is_tried_again_and_says_why(tmp_path: Path) -> None:
    def gone() -> str:
        raise ConfigError("there is no file hook.key")

    async with bench(tmp_path, webhooks=(Webhook(CHAT, ("new",), Secret("hook.key", gone)),)) as desk:
        await desk.ticket()
        await Hooks(desk.store, desk.writer, clock=desk.clock, worker="w", send=Ears()).drain()
        (row,) = rows(desk)
        assert (row.state, row.attempts, row.answer) == (HookState.QUEUED, 1, "there is no file hook.key")


async def test_hook_that_hangs_keeps_no_other(tmp_path: Path) -> None:
    async with hooked(tmp_path) as (desk, hooks, ears, _):
        ears.hangs = SLOW
        await desk.ticket()
        await hooks.turn()
        async with asyncio.timeout(PATIENCE):
            await ears.told.wait()
        await desk.ticket()
        await hooks.turn()
        async with asyncio.timeout(PATIENCE):
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
        async with asyncio.timeout(PATIENCE):
            await ears.hanging.wait()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "STOPPING_SECONDS", 0.02)
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


async def acted(desk: Bench, number: int, owner: str) -> None:
    """An agent's recorded act."""
    plan = Plan((RecordAct("kata", number), UpdateTicket(number, TicketChange(owner=owner))))
    await desk.writer.run(lambda tx: tx.apply(plan, now=desk.clock.now(), signer=desk.signer, nonces=nonce))


async def taken_back(desk: Bench, number: int) -> None:
    """`undo`."""

    def write(tx: Tx) -> None:
        last = tx.acts.last("kata", number)
        assert last is not None
        said = AddEntry(number, EntryType.UNDO, "kata", "cli", "took back", public=False)
        tx.apply(Plan((UndoAct(last.id), said)), now=desk.clock.now(), signer=desk.signer, nonces=nonce)

    await desk.writer.run(write)


@asynccontextmanager
async def owned(folder: Path) -> AsyncIterator[tuple[Bench, Hooks, Ears, int]]:
    """Two hooks that hear of owners, only one of which wants to hear of what is taken back; a ticket."""
    hooks = (Webhook(CHAT, ("assigned", "undone")), Webhook(SLOW, ("assigned",)))
    async with bench(folder, webhooks=hooks, delivery=DeliverySettings(hold_seconds=10)) as desk:
        ears = Ears()
        told = Hooks(desk.store, desk.writer, clock=desk.clock, worker="w", send=ears)
        yield desk, told, ears, await desk.ticket()


async def test_act_is_told_when_its_mails_would_leave(tmp_path: Path) -> None:
    async with owned(tmp_path) as (desk, hooks, ears, number):
        await acted(desk, number, "kata")
        await desk.clock.advance(9)
        await hooks.drain()
        assert ears.heard == []
        await desk.clock.advance(1)
        await hooks.drain()
        assert sorted(url for url, _ in ears.heard) == [CHAT, SLOW]


async def test_act_that_is_taken_back_while_it_waits_is_never_told(tmp_path: Path) -> None:
    async with owned(tmp_path) as (desk, hooks, ears, number):
        await acted(desk, number, "kata")
        await taken_back(desk, number)
        for _ in range(3):
            await desk.clock.advance(3600)
            await hooks.drain()
        assert ears.heard == []
        assert [row.state for row in rows(desk)] == [HookState.CANCELLED] * 2
        with desk.store.write() as tx, pytest.raises(Refused, match="cancelled"):
            tx.hooks.retry(desk.clock.now(), rows(desk)[0].id)
        await desk.clock.advance(8 * 86400)
        with desk.store.write() as tx:
            tx.hooks.forget_old(desk.clock.now())
        assert rows(desk) == []


async def test_who_was_told_of_an_act_is_told_that_it_was_taken_back(tmp_path: Path) -> None:
    async with owned(tmp_path) as (desk, hooks, ears, number):
        await acted(desk, number, "kata")
        await desk.clock.advance(10)
        await hooks.drain()
        first = next(said for url, said in ears.heard if url == CHAT)
        ears.heard.clear()
        await taken_back(desk, number)
        await hooks.drain()
        ((url, said),) = ears.heard
        assert (url, said["event"], said["undoes"]) == (CHAT, "undone", [first["id"]])
        ticket, entry = said["ticket"], said["entry"]
        assert isinstance(ticket, dict)
        assert isinstance(entry, dict)
        assert (ticket["owner"], entry["text"]) == (None, "took back")


async def test_hook_that_may_have_heard_although_it_answered_badly_is_told_too(tmp_path: Path) -> None:
    async with owned(tmp_path) as (desk, hooks, ears, number):
        ears.answers[CHAT] = HookAnswer(False, "500")
        await acted(desk, number, "kata")
        await desk.clock.advance(10)
        await hooks.drain()
        ears.answers.clear()
        ears.heard.clear()
        await taken_back(desk, number)
        await desk.clock.advance(3600)
        await hooks.drain()
        assert [(url, said["event"]) for url, said in ears.heard] == [(CHAT, "undone")]
