"""A desk's parts, put together once: the database with its writer, and the loops on them.

The daemon runs the loops, a desk on a simulated clock drains them; nobody else makes them. What is opened here is
closed by the caller's `closers`, last to first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from maild.mail.own_ids import Signer
from maild.receive.addresses import desk_predicate
from maild.receive.smtp import Accept, SmtpReceiver
from maild.send.letter import MailSender
from maild.settings import Settings
from maild.store import Store, Tx, Writer
from maild.values import dataclass
from maild.work.authentication import Authenticates, Authenticator
from maild.work.clock import Clock
from maild.work.compose import Composer
from maild.work.deadline_handlers import HANDLERS
from maild.work.deadlines import DeadlineLoop, Handler
from maild.work.digests import Digests
from maild.work.duties import Duties
from maild.work.ingest import Ingest
from maild.work.intake import Intake
from maild.work.mails_in_progress import MailsInProgress
from maild.work.metrics import Metrics
from maild.work.nonces import instance_of, nonce
from maild.work.outbox import Outbox
from maild.work.reports import Reports
from maild.work.workers import WorkerPool


@dataclass(frozen=True, slots=True)
class OpenDatabase:
    """The store, its one writer, and the secret that ids are signed with."""

    store: Store
    writer: Writer
    secret: bytes


async def open_database(settings: Settings, closers: AsyncExitStack, *, create: bool = True) -> OpenDatabase:
    """Raises `MaildError` with what to do about it."""
    store = await asyncio.to_thread(Store.open, settings, create=create)
    closers.callback(store.close)
    writer = Writer(store)
    writer.start()
    closers.push_async_callback(asyncio.to_thread, writer.stop)
    return OpenDatabase(store, writer, await writer.run(lambda tx: tx.secret()))


@dataclass(frozen=True, slots=True)
class DeskLoops:
    """What a desk does by itself."""

    settings: Settings
    signer: Signer
    composer: Composer
    workers: WorkerPool
    intake: Intake
    ingest: Ingest
    outbox: Outbox
    deadlines: DeadlineLoop
    reports: Reports
    digests: Digests

    def receiver(self, accept: Accept | None = None) -> SmtpReceiver:
        """The SMTP port, not started yet. `accept` stands in for the intake's."""
        return SmtpReceiver(
            self.settings.smtp, desk_predicate(self.settings.desk), accept or self.intake.accept
        )

    async def drain(self) -> None:
        """Do all that is due at this moment: mails taken in, deadlines, reports, mails to send."""
        await self.ingest.drain()
        await self.deadlines.drain()
        await self.reports.turn()
        await self.digests.turn()
        await self.outbox.drain()


async def build(
    settings: Settings, clock: Clock, sender: MailSender, base: OpenDatabase, closers: AsyncExitStack, *, notes: Path,
    metrics: Metrics | None = None, duties: Duties | None = None, handlers: Mapping[str, Handler] = HANDLERS,
    authenticate: Authenticates | None = None, nonce: Callable[[], str] = nonce,
) -> DeskLoops:  # fmt: skip
    """The loops, none of them running. `notes`: the file in which a crash finds what was at hand; `duties`: of a
    process that shares the database with others; without them everything is this one's."""
    store, writer, metrics = base.store, base.writer, metrics or Metrics()
    signer, instance = Signer(base.secret, settings.desk.domain), instance_of(base.secret)
    in_progress = MailsInProgress(notes)
    closers.callback(in_progress.close)
    await writer.run(lambda tx: _take_back(tx, clock, in_progress))
    worker = duties.process if duties is not None else ""
    duty = duties["deadlines"] if duties is not None else None
    composer = Composer(settings, signer, instance=instance)
    outbox = Outbox(
        store, writer, signer, sender, composer, clock=clock, metrics=metrics, nonce=nonce, worker=worker
    )
    workers = WorkerPool(settings)
    closers.push_async_callback(workers.close)
    if authenticate is None:
        authenticate = Authenticator(settings)
        closers.push_async_callback(authenticate.close)
    ingest = Ingest(
        store, writer, signer, clock=clock, metrics=metrics, nonce=nonce, workers=workers, decided=outbox.kick,
        authenticate=authenticate, worker=worker, instance=instance, in_progress=in_progress,
        outbox=outbox,
    )  # fmt: skip
    return DeskLoops(
        settings, signer, composer, workers, Intake(store, writer, metrics, ingest.arrivals, accepted=ingest.kick),
        ingest, outbox,
        DeadlineLoop(writer, signer, handlers, clock=clock, nonce=nonce, changed=outbox.kick, duty=duty),
        Reports(store, writer, signer, clock=clock, nonce=nonce, changed=outbox.kick, duty=duty),
        Digests(settings, writer, signer, clock=clock, nonce=nonce, changed=outbox.kick, duty=duty),
    )  # fmt: skip


def _take_back(tx: Tx, clock: Clock, in_progress: MailsInProgress) -> None:
    """Who is to blame for the end of the last life, and claims whose time is over."""
    in_progress.blame(tx)
    tx.outbound.release_stale(clock.now())
