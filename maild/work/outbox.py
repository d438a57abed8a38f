"""Takes outgoing mail from the database to the relay or the Maildir.

One turn is one job of the writer: it records what the last mails' recipients got and, where something may be due, claims
that, renders what has no bytes yet and keeps them. What was claimed is sent beside, and the results wait for the next
turn; nobody waits for them, so they share a transaction with whatever comes next. A result that cannot be recorded is
withheld: that one mail stays claimed, its result is tried again by itself, and the others go on. A relay that cannot be
reached holds everything; it is probed, and no mail's attempts are counted.

Over 300 lines: one turn from claim to record, which is one job of the writer.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from maild.errors import Refused, Temporary
from maild.mail.own_ids import Signer
from maild.pauses import OUR_FAULT, UNREACHABLE, Pauses
from maild.send.letter import Letter, MailSender, SendResult, all_of
from maild.steps import Steps, in_step
from maild.store import Claim, Lane, OutboundWork, Store, Tx, WriteMode, Writer
from maild.values import dataclass, replace
from maild.work import retry
from maild.work.alert_bundling import bundle_alerts
from maild.work.clock import Clock, wait_for_any
from maild.work.logs import Log
from maild.work.metrics import Metrics
from maild.work.outgoing import Compose, Finished, OutgoingMails

log = Log("maild.work.outbox")

BATCH = 32
#: mails claimed and not yet recorded
IN_FLIGHT = 96
#: after a crash, `sending` rows of a daemon that is gone are taken up again when this time is over
LEASE = timedelta(minutes=30)
POLL_SECONDS = 5.0
#: seconds in which a result is recorded. Who is killed before leaves a mail that may have been sent, as one who is killed
#: between the relay's answer and the commit does
RECORD_WITHIN = 0.05


@dataclass(frozen=True, slots=True)
class _Attempt:
    """`verdict` None: nothing was tried, or it came too late."""

    done: Finished
    verdict: retry.AttemptOutcome | None
    at: datetime


class Outbox:
    """The loop."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        signer: Signer,
        sender: MailSender,
        compose: Compose,
        *,
        clock: Clock,
        metrics: Metrics,
        nonce: Callable[[], str],
        worker: str = "",
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store, self._writer, self._sender = store, writer, sender
        self._mails = OutgoingMails(store, signer, compose, metrics=metrics, nonce=nonce, chance=chance)
        self.clock = self._clock = clock
        self._metrics = metrics
        self._worker = worker
        self._kick = asyncio.Event()
        self._stop = asyncio.Event()
        self._turning = asyncio.Lock()
        self._finished: list[Finished] = []  # until they are recorded
        self._withheld: list[Finished] = []  # what could not be, which stands in nobody's way
        self._withheld_until = clock.now()
        self._due = True  # whether something may be due
        self._ready: list[OutboundWork] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight: set[int] = set()
        #: claimed in transactions that decide; filled by the writer's threads
        self._with_decisions: set[int] = set()
        self._unsure = False  # whether rows may be claimed by us that we do not know of
        self._probes = 0
        self._retries = 0  # agents' words "now" that were obeyed
        self._pauses, self._withheld_pauses = Pauses(OUR_FAULT), Pauses(OUR_FAULT)
        self._probe_pauses = Pauses(UNREACHABLE)
        self.held = ""  # why the relay cannot be reached at the moment

    @property
    def in_flight(self) -> int:
        """Mails claimed and not yet recorded, but for those whose results cannot be."""
        return len(self._in_flight) - len(self._withheld)

    # ------------------------------------------------------------ answers, in the transaction that decides

    def claim(self) -> Claim | None:
        """For the answers to a mail that is about to be decided; None where they have to wait in the queue."""
        if self.held or self._unsure or self._stop.is_set() or len(self._in_flight) >= IN_FLIGHT:
            return None
        return Claim(self._worker, self._clock.now() + LEASE)

    def rendered(self, tx: Tx, claimed: Sequence[OutboundWork], now: datetime) -> Steps[list[OutboundWork]]:
        """Those with their bytes that can be rendered. In the writer's thread."""
        self._with_decisions.update(work.id for work in claimed)
        ready: list[OutboundWork] = []
        for one in claimed:
            work = yield from self._mails.rendered(tx, one, now, new=True)
            if work is not None:
                ready.append(work)
        return ready

    def send(self, claimed: Sequence[OutboundWork], ready: Sequence[OutboundWork]) -> None:
        """It is committed: send what is ready, together with that of other decisions in the same batch."""
        self._in_flight |= {work.id for work in ready}
        self.forget(claimed)
        self._ready += ready
        if ready and len(self._ready) == len(ready):
            self._start(self._send_ready())

    def let_go(self, claimed: Sequence[OutboundWork]) -> None:
        """Nobody knows whether it was committed: the next turn gives back what is claimed after all."""
        self.forget(claimed)
        self._unsure = True
        self.kick()

    def forget(self, claimed: Sequence[OutboundWork]) -> None:
        """They are no decision's any more."""
        self._with_decisions.difference_update([work.id for work in claimed])

    async def _send_ready(self) -> None:
        await asyncio.sleep(0)  # the other decisions of the batch tell in this turn of the event loop
        ready, self._ready = self._ready, []
        await self._deliver(ready)

    def kick(self) -> None:
        """There may be something to send."""
        self._due = True
        self._kick.set()

    async def run(self) -> None:
        """Until `stop`: send what is due."""
        while not self._stop.is_set():
            if self.held:
                await self._hold()
                continue
            self._kick.clear()
            if await self._turn() or self._finished:
                continue
            if not await wait_for_any(self._clock, POLL_SECONDS, self._kick, self._stop):
                self._due = True

    async def stop(self) -> None:
        """Claim nothing more, let what is under way end, record it."""
        self._stop.set()
        async with self._turning:
            pass  # a turn under way may have claimed once more: that is sent and recorded too
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=10.0)
        self._withheld_until = now = self._clock.now()
        try:
            if self._finished or self._withheld:
                await self._turn(claim=False)
            if not self._in_flight:
                await self._writer.run(lambda tx: tx.outbound.release_worker(self._worker, now))
        finally:
            await self._sender.close()

    async def drain(self) -> None:
        """Send everything that is due now and record it (tests, simulated time)."""
        if self.held:
            self.held = await self._sender.probe()
        self._due, self._withheld_until = True, self._clock.now()
        while not self.held and (await self._turn() or self._tasks or self._finished):
            if self._tasks:
                await asyncio.wait(tuple(self._tasks))
            self._due = True
        if self._finished:
            await self._turn(claim=False)

    # --------------------------------------------------------------------------------------- one turn

    async def _turn(self, *, claim: bool = True) -> bool:
        """Record, claim, render and send off. False when there is no more to do."""
        async with self._turning:
            if self._withheld:
                await self._record_withheld()
            return await self._record_claim_and_send(claim and not self._stop.is_set())

    async def _record_claim_and_send(self, claim: bool) -> bool:
        looks = claim and self._due
        if not looks:
            return await self._record_only(RECORD_WITHIN if claim else 0.0)
        room = min(BATCH, IN_FLIGHT - len(self._in_flight) + len(self._finished))
        if not self._finished and room < BATCH // 2:
            await wait_for_any(self._clock, POLL_SECONDS, self._kick, self._stop)
            return True
        unsure, self._unsure, self._due = self._unsure, False, False
        try:
            works, recorded, more = await self._writer.run(
                lambda tx: self._job(tx, room, unsure=unsure), WriteMode.OWN_TRANSACTION, Lane.BESIDE
            )
        except BaseException as error:
            self._unsure = self._due = True  # the answer to a commit may have been lost
            await self._failed(error)
            return True
        self._were_recorded(recorded)
        self._due |= more
        if works:
            self._in_flight |= {work.id for work in works}
            self._start(self._deliver(works))
        return more

    async def _record_only(self, within: float) -> bool:
        if not self._finished:
            return False
        try:
            recorded = await self._writer.run(self._recorded, lane=Lane.BESIDE, within=within)
        except BaseException as error:
            await self._failed(error)
            return True
        self._were_recorded(recorded)
        return self._due

    async def _failed(self, error: BaseException) -> None:
        """A turn failed: what passes is waited for. A result that cannot be recorded is withheld from the next turn. Any
        other fault ends the loop, which is begun again, when what it would keep from being recorded is."""
        if not isinstance(error, Exception):
            raise error
        if not isinstance(error, Temporary):
            withheld = len(self._withheld)
            for done in tuple(self._finished):
                if not await self._record_alone(done):
                    self._withhold(done)
            if len(self._withheld) > withheld:
                await self._keep_claimed()
                return
            raise error
        pause = next(self._pauses)
        log.warning("the outbox waits", because=str(error), again_in_seconds=pause)
        await wait_for_any(self._clock, pause, self._stop)

    async def _record_alone(self, done: Finished, *, again: bool = False) -> bool:
        """What cannot be written stops no other mail. Where that is what follows of the answers, state and answers are
        written without it, so that the mail is not sent again. False where not even they can be."""
        for follow in (True, False):
            try:
                recorded = await self._writer.run(
                    partial(self._recorded_one, done, follow=follow), lane=Lane.BESIDE
                )
            except Temporary as error:
                log.warning("a result is recorded later", outbound=done.work.id, because=str(error))
                return True
            except Exception as error:
                log.error(
                    "a result cannot be recorded", error=None if again else error, outbound=done.work.id,
                    whole=follow, because=str(error),
                )  # fmt: skip
            else:
                self._were_recorded([recorded])
                return True
        return False

    def _withhold(self, done: Finished) -> None:
        """It is tried again by itself. Its mail counts as one in flight: where each result is such a one, as many mails
        are sent without being recorded, and no more."""
        self._finished = [one for one in self._finished if one is not done]
        if not self._withheld:
            self._withheld_pauses.reset()
            self._withheld_until = self._clock.now() + timedelta(seconds=next(self._withheld_pauses))
        self._withheld.append(done)

    async def _record_withheld(self) -> None:
        """Try again, after a while that grows, what could not be recorded."""
        if self._clock.now() < self._withheld_until:
            return
        for done in tuple(self._withheld):
            await self._record_alone(done, again=True)
        if self._withheld:
            await self._keep_claimed()
        pause = timedelta(seconds=next(self._withheld_pauses))
        self._withheld_until = self._clock.now() + pause

    async def _keep_claimed(self) -> None:
        """What is withheld was sent, or may have been: no lease of it comes to its end while this process lives."""
        ids = [done.work.id for done in self._withheld]
        until = self._clock.now() + LEASE
        try:
            await self._writer.run(
                lambda tx: tx.outbound.keep_claimed(ids, self._worker, until), lane=Lane.BESIDE
            )
        except Exception as error:
            log.warning("a claim is prolonged later", outbound=ids, because=str(error))

    def _were_recorded(self, recorded: Sequence[_Attempt]) -> None:
        """It is committed."""
        self._pauses.reset()
        over = {id(one.done) for one in recorded}
        self._finished = [one for one in self._finished if id(one) not in over]
        self._withheld = [one for one in self._withheld if id(one) not in over]
        self._in_flight -= {one.done.work.id for one in recorded}
        for one in recorded:
            if one.verdict is not None:
                self._mails.count(one.done.work, one.verdict, one.done.result, one.at)

    def _recorded(self, tx: Tx) -> list[_Attempt]:
        """All that there is by now."""
        return [self._recorded_one(done, tx) for done in tuple(self._finished)]

    def _recorded_one(self, done: Finished, tx: Tx, *, follow: bool = True) -> _Attempt:
        """`follow`: with all that follows of a recipient that was refused."""
        now = self._clock.now()
        try:
            verdict = self._mails.record(tx, done, now)
        except Refused as refusal:  # nothing was written: the row is somebody else's now
            log.warning("a result came too late", outbound=done.work.id, because=str(refusal))
            return _Attempt(done, None, now)
        if follow:
            self._mails.follow(tx, done.work, verdict, now)
        return _Attempt(done, verdict, now)

    def _job(
        self, tx: Tx, room: int, *, unsure: bool = False
    ) -> tuple[list[OutboundWork], list[_Attempt], bool]:
        """What is to be sent, the attempts that were recorded, which are told of once it is committed, and whether more may
        be due."""
        recorded, now = self._recorded(tx), self._clock.now()
        if unsure:
            # in this order: what the event loop moves meanwhile goes from the first to the second
            tx.outbound.release_unknown(self._worker, lambda: self._with_decisions | self._in_flight, now)
        if room <= 0:
            return [], recorded, bool(recorded)
        bundle_alerts(tx, now)
        claimed = tx.outbound.claim(room, now, self._worker, LEASE)
        rendered = in_step(self._mails.rendered(tx, work, now) for work in claimed)
        ready = [work for work in rendered if work is not None]
        # what could not be rendered may have made a mail to an agent
        return ready, recorded, len(claimed) == room or len(ready) < len(claimed)

    # -------------------------------------------------------------------------------------- envelopes

    async def _deliver(self, works: Sequence[OutboundWork]) -> None:
        self._metrics.batch.labels("outbox").observe(len(works))
        by_key = {work.id: work for work in works}

        def done(letter: Letter, result: SendResult) -> None:
            self._finished.append(Finished(by_key.pop(letter.key), result))
            self.held = result.unreachable or self.held
            self._due |= not result.all_sent  # of a mail that was refused somebody is told
            self._kick.set()

        try:
            await self._sender.send_many([self._mails.letter(work) for work in works], done)
        except Exception as error:
            log.error("sending ended unexpectedly", error=error)
        for work in tuple(by_key.values()):  # nothing may stay claimed without a result
            letter = self._mails.letter(work)
            done(letter, replace(all_of(letter, "temporary", "sending ended unexpectedly"), ambiguous=True))

    def _start(self, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ----------------------------------------------------------------------------------- what came of it

    # --------------------------------------------------------------------------------- relay unreachable

    async def _hold(self) -> None:
        """Wait, record what came back, probe; each failed probe makes the next wait longer."""
        if not self._probes:
            self._retries = await self._said_now()
        self._probes += 1
        if self._probes == 1 or self._probes % 10 == 0:
            log.warning("outgoing mail is held", because=self.held, probes=self._probes)
        await self._pause_or_word(next(self._probe_pauses))
        if self._stop.is_set():
            return
        self.held = await self._sender.probe()
        if not self.held:
            log.info("outgoing mail goes on", after_probes=self._probes)
            self._probes = 0
            self._probe_pauses.reset()
            self._due = True

    async def _pause_or_word(self, seconds: float) -> None:
        """Until the time is over, the loop stops, or an agent says `maild outbox retry`."""
        until = self._clock.now() + timedelta(seconds=seconds)
        while not self._stop.is_set():
            if self._finished or self._withheld:
                await self._turn(claim=False)
            left = (until - self._clock.now()).total_seconds()
            if left <= 0 or not await wait_for_any(self._clock, left, self._kick, self._stop):
                return
            self._kick.clear()  # before the look: for a word that comes meanwhile is looked again
            said = await self._said_now()  # the watch kicks as long as something is due
            if said != self._retries:
                self._retries = said
                return

    async def _said_now(self) -> int:
        try:
            return await asyncio.to_thread(self._look)
        except Temporary:
            return self._retries

    def _look(self) -> int:
        with self._store.read() as tx:
            return tx.outbound.retries()
