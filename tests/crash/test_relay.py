"""A relay whose connections are cut after any byte of a delivery: each mail arrives, and copies are the same bytes."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import pytest
from tenacity import wait_exponential

from maild.daemon import Daemon
from maild.settings import DeliverySettings
from maild.work import outbox as outbox_module
from tests.crash.test_faults import desk, running, send
from tests.crash.test_kill import answers_in
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.timing import until

#: of a thousand connections, so many hundred are cut somewhere in their first delivery, the others later or never
REACH = 1.3
CAPS = (
    "automatic_mails_per_address_per_hour",
    "automatic_mails_per_ticket_per_hour",
    "automatic_mails_to_unknown_per_hour",
    "automatic_mails_per_hour",
)


@dataclass
class Cutting:
    """Forwards to `target`; each connection is cut after so many bytes, in both ways together."""

    target: int
    offsets: Iterator[int] = field(default_factory=lambda: iter(()))
    seen: int = 0  # bytes of the last connection
    cuts: Counter[int] = field(default_factory=Counter)
    port: int = 0

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self.drop()

    async def drop(self) -> None:
        """End the connections that there are."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _forward(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        offset = next(self.offsets, 10**9)
        far, to_far = await asyncio.open_connection("127.0.0.1", self.target)
        left = [offset]
        self.seen = 0

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while left[0] > 0 and (data := await source.read(65_536)):
                piece = data[: left[0]]
                left[0] -= len(piece)
                self.seen += len(piece)
                sink.write(piece)
                await sink.drain()

        pumps = [asyncio.create_task(pump(near, to_far)), asyncio.create_task(pump(far, to_near))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            if left[0] <= 0:
                self.cuts[offset] += 1
        finally:
            for one in pumps:
                one.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            to_near.close()
            to_far.close()
            self._tasks.discard(task)


def _going(daemon: Daemon) -> int:
    """Mails that were taken in, or answered, and are not yet away."""
    with daemon.store.read() as tx:
        came, out = tx.inbound.counts(), tx.outbound.counts()
    return came.get("received", 0) + out.get("queued", 0) + out.get("sending", 0)


async def cut_while_mails_go_out(folder: Path, wanted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "UNREACHABLE", wait_exponential(multiplier=0.005, max=0.05))
    monkeypatch.setattr(outbox_module, "POLL_SECONDS", 0.05)
    chance, began = random.Random(20261127), time.monotonic()
    async with ScriptedSmtp() as relay, Cutting(relay.port) as proxy:
        settings = desk(folder, relay)
        delivery = DeliverySettings(
            kind="smtp", port=proxy.port, timeout_seconds=5.0, retry_minutes=(0.0005,)
        )
        many = dict.fromkeys(CAPS, 10**6)
        settings = replace(settings, delivery=delivery, limits=replace(settings.limits, **many))
        sent: list[str] = []
        async with running(settings) as daemon:
            sent.append(await send(settings, 1))  # how long is a delivery?
            await until(lambda: relay.mails and _going(daemon) == 0)
            reach = int(REACH * proxy.seen)
            proxy.offsets = (chance.randrange(reach) for _ in range(10**9))
            await proxy.drop()
            while proxy.cuts.total() < wanted:
                sent.append(await send(settings, len(sent) + 1))
                # four mails under way at a time
                await until(lambda: _going(daemon) < 4)
            proxy.offsets = iter(())  # and now it goes well
            await proxy.drop()
            await until(lambda: _going(daemon) == 0)
            with daemon.store.read() as tx:
                rows = tx.outbound.list(limit=None)
    assert len(rows) == len(sent)
    assert {row.state for row in rows} == {"sent"}
    raws = [taken.raw for taken in relay.mails]
    assert answers_in(raws) == Counter(sent), "each under one Message-ID"
    assert len(set(raws)) == len(sent), "a copy is the same bytes"
    copies = Counter(raws)
    unsure = sum(row.maybe_sent for row in rows)
    assert sum(count > 1 for count in copies.values()) <= unsure, (
        "nothing goes twice whose answer was not lost"
    )
    print(
        f"\n{proxy.cuts.total()} cuts at {len(proxy.cuts)} places, {len(sent)} mails, "
        f"{len(raws) - len(sent)} copies, {unsure} unsure, {time.monotonic() - began:.0f} s"
    )


@pytest.mark.slow
async def test_relay_that_cuts_forty_times_gets_each_mail_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_while_mails_go_out(tmp_path, 40, monkeypatch)


@pytest.mark.torture
async def test_relay_that_cuts_a_thousand_times_gets_each_mail_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cut_while_mails_go_out(tmp_path, 1000, monkeypatch)
