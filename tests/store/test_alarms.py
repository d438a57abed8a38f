"""The loop that writes to the operator: once, whichever daemon sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from maild.mail.own_ids import Signer
from maild.settings import Settings, Webhook
from maild.store import Store, Writer
from maild.ticket.vocabulary import AlertKind
from maild.work.alarms import AlarmLoop
from maild.work.duties import Duty, always
from tests.store.values import NOW, accept, ask, nonces
from tests.unit.work.clocks import FakeClock


@pytest.fixture
def told_settings(settings: Settings) -> Settings:
    alarms = replace(settings.alarms, to=("root@desk.example", "other@desk.example"), disk_free_mb=0)
    return replace(settings, alarms=alarms)


class Watched:
    """A daemon's loop; `connected` is what its mailboxes are."""

    def __init__(
        self, store: Store, writer: Writer, clock: FakeClock, settings: Settings, duty: Duty
    ) -> None:
        self.connected: dict[str, bool] = {}
        self.kicks = 0
        self.loop = AlarmLoop(
            settings, store, writer, Signer(b"x" * 16, "desk.example"), clock=clock, nonce=nonces, changed=self._kick,
            duty=duty, connected=lambda: dict(self.connected), folder=settings.base,
        )  # fmt: skip

    def _kick(self) -> None:
        self.kicks += 1


@contextmanager
def at_work(settings: Settings) -> Iterator[tuple[Store, Writer]]:
    """The database of these settings and a writer that is at work on it."""
    with Store.open(settings) as store:
        writer = Writer(store)
        writer.start()
        try:
            yield store, writer
        finally:
            writer.stop()


def sent(store: Store) -> list[tuple[str, str | None]]:
    return ask(
        store, lambda tx: [(one.recipients[0].address, one.alert) for one in tx.outbound.list(limit=None)]
    )


def test_the_operator_is_told_once_whichever_daemon_sees_it(told_settings: Settings) -> None:
    async def run() -> None:
        clock = FakeClock(NOW)
        leads = Watched(store, writer, clock, told_settings, always())
        other = Watched(store, writer, clock, told_settings, Duty("deadlines"))
        other.connected = {"support": False, "sales": True}
        accept(store)
        for one in (leads, other):
            await one.loop.turn()
        assert sent(store) == []
        await clock.advance(20 * 60)
        for one in (other, leads, other, leads):
            await one.loop.turn()
        assert (leads.kicks, other.kicks) == (1, 1)  # the mail that waits, and the mailbox
        both = [("root@desk.example", AlertKind.ALARM), ("other@desk.example", AlertKind.ALARM)]
        assert sorted(sent(store)) == sorted(both * 2)
        # those mails wait now, too
        await clock.advance(24 * 3600)
        await other.loop.turn()
        await leads.loop.turn()
        assert (leads.kicks, other.kicks) == (2, 2)

    with at_work(told_settings) as (store, writer):
        asyncio.run(run())


@pytest.mark.parametrize("operator", [True, False])
def test_hooks_are_told_beside_the_mail_or_alone(told_settings: Settings, operator: bool) -> None:
    hooks = (
        Webhook("https://pager.example/", ("alarm",)),
        Webhook("https://chat.example/", ("new", "closed")),
    )
    to = told_settings.alarms.to if operator else ()
    settings = replace(told_settings, webhooks=hooks, alarms=replace(told_settings.alarms, to=to))

    async def run() -> None:
        clock = FakeClock(NOW)
        alone = Watched(store, writer, clock, settings, always())
        accept(store)
        await clock.advance(20 * 60)
        for _ in range(2):
            await alone.loop.turn()
        assert len(sent(store)) == len(to)
        with store.write() as tx:
            (told,) = tx.hooks.claim("https://pager.example/", 9, clock.now(), "w", timedelta(minutes=1))
        body = json.loads(told.body)
        assert (told.event, body["event"], body["ticket"], body["entry"]) == ("alarm", "alarm", None, None)
        assert body["alarm"] == {"code": "mail_waits", "who": [], "minutes": 20, "count": 0, "ends": None}
        assert body["id"] == told.event_id
        assert ask(store, lambda tx: tx.hooks.due(clock.now())) == frozenset()

    with at_work(settings) as (store, writer):
        asyncio.run(run())


def test_without_an_operator_nothing_is_looked_at(settings: Settings) -> None:
    async def run() -> None:
        clock = FakeClock(NOW)
        alone = Watched(store, writer, clock, settings, always())
        accept(store)
        await clock.advance(3600)
        await alone.loop.turn()
        assert sent(store) == []

    with at_work(settings) as (store, writer):
        asyncio.run(run())
