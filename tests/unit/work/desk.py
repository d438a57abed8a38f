"""A small desk for the loops' tests: a real SQLite store, tickets made by plans, a composer of few words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from maild.errors import StoreBusy
from maild.mail.own_ids import Signer
from maild.model import NEW, Json, Mailbox, Notice, OpenTicket, Plan, SendNotice, TicketFacts
from maild.send.letter import Done, Letter, SendResult, all_of
from maild.settings import Database, Settings
from maild.steps import Steps
from maild.store import OutboundWork, Store, Tx, Writer
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import Severity, TicketKind
from maild.work.metrics import Metrics
from maild.work.outbox import Outbox
from maild.work.outgoing import Composed
from tests.shapes import shapes
from tests.unit.work.clocks import FakeClock

ANNA = Mailbox("anna@acme.example", "Anna")
BEA = Mailbox("bea@acme.example", "Bea")


def compose(tx: Tx, work: OutboundWork) -> Steps[Composed]:
    """A mail of few words; the notice `broken` cannot be rendered."""
    yield
    if work.notice == "broken":
        raise KeyError("no such template")
    raw = f"Message-ID: {work.message_id}\r\nSubject: {work.notice}\r\n\r\nHello\r\n"
    return Composed(raw.encode(), f"about {work.notice}")


@dataclass
class Script:
    """A sender that does what a test says: results by turns, then everything is sent."""

    results: list[SendResult | str] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    down: str = ""
    probes: int = 0

    async def send_many(self, letters: Any, done: Done) -> None:
        for letter in letters:
            self.letters.append(letter)
            step = self.results.pop(0) if self.results else "sent"
            if self.down:
                done(letter, SendResult(unreachable=self.down))
            elif isinstance(step, SendResult):
                done(letter, step)
            else:
                done(letter, all_of(letter, step, "250 ok" if step == "sent" else "450 4.2.0 later"))  # type: ignore[arg-type]

    async def probe(self) -> str:
        self.probes += 1
        return self.down

    async def close(self) -> None:
        pass


@dataclass
class Bench:
    """Everything around an outbox."""

    store: Store
    writer: Writer
    signer: Signer
    clock: FakeClock
    sender: Script
    outbox: Outbox
    metrics: Metrics

    async def ticket(self, *notices: Notice) -> int:
        """A ticket that sends `notices` (whose ticket is NEW); its number."""
        opened = OpenTicket(TicketFacts(
            NEW, "Printer", None, ANNA.address, ANNA.name, TicketKind.INCIDENT, Severity.USER, "L1", "", Phase.RECEIVED,
            "en", self.clock.now(), "",
        ))  # fmt: skip
        plan = Plan((opened, *(SendNotice(notice) for notice in notices)))
        made = await self.writer.run(
            lambda tx: tx.apply(plan, now=self.clock.now(), signer=self.signer, nonces=nonce)
        )
        assert made.ticket is not None
        return made.ticket

    def rows(self) -> list[Json]:
        """The outbox as `outbox list` shows it, oldest first."""
        with self.store.read() as tx:
            return shapes(tx.outbound.list())[::-1]

    async def later(self, **time: float) -> None:
        """Move the clock and work off what is due then."""
        await self.clock.advance(
            sum(v * {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}[k] for k, v in time.items())
        )
        await self.outbox.drain()


_numbers = count(1)


def nonce() -> str:
    return f"n{next(_numbers)}"


def answer_lost_once(run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The writer's `run` whose first commit is done, but the database's answer to it never comes."""
    lost = [True]

    async def lossy(work: Callable[[Tx], Any], *how: Any, **more: Any) -> Any:
        result = await run(work, *how, **more)
        if lost:
            lost.pop()
            raise StoreBusy("the answer was lost")
        return result

    return lossy


class _Undone(Exception):
    """A transaction is rolled back."""


def done_in_vain_first(writer: Writer, store: Store) -> Callable[..., Awaitable[Any]]:
    """The writer's `run` where each job is done twice and what it did first is rolled back, as in a batch of which another
    job fails."""
    run = writer.run

    async def twice(work: Callable[[Tx], Any], *how: Any, **more: Any) -> Any:
        with suppress(_Undone), store.write() as tx:
            work(tx)
            tx.finish()
            raise _Undone
        return await run(work, *how, **more)

    return twice


def notice(name: str = "received", *to: Mailbox, **more: Any) -> Notice:
    return replace(Notice(name, NEW, to or (ANNA,), "en", {}), **more)


def settings(folder: Path, **more: Any) -> Settings:
    """Settings with everything under `folder`."""
    return replace(Settings(base=folder, database=Database(url="sqlite:///desk.db")), **more)


@asynccontextmanager
async def bench(folder: Path, **more: Any) -> AsyncIterator[Bench]:
    """An outbox on a fresh database and a scripted sender."""
    store = Store.open(settings(folder, **more), create=True)
    writer = Writer(store, wait_seconds=0.0)
    writer.start()
    signer = Signer(b"k" * 32, "desk.example")
    clock, sender, metrics = FakeClock(), Script(), Metrics()
    outbox = Outbox(
        store, writer, signer, sender, compose, clock=clock, metrics=metrics, nonce=nonce, worker="w",
        chance=lambda: 0.5,
    )  # fmt: skip
    try:
        yield Bench(store, writer, signer, clock, sender, outbox, metrics)
    finally:
        writer.stop()
        store.close()
