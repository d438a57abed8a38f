"""Takes received mails through parse, authentication and decide, and applies what follows.

A batch is claimed at once and its small mails are parsed here, in the order of their arrival. A mail that
might be dragged out (large, deep, or present at a crash before) goes to a worker process beside, so that it
delays nobody. Each mail then is one job of the writer: facts, decide and apply in one transaction.
"""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from maild.app.handle_mail import decide, unreadable
from maild.app.lookup import keys_of
from maild.errors import NotYet, Refused, Temporary, Unreadable
from maild.mail.own_ids import Signer
from maild.mail.parse import ParseLimits, headers_only, needs_worker, parse_mail
from maild.model import AuthResult, Envelope, Mail, Plan, Reason
from maild.settings import Settings
from maild.store import InboundWork, Store, Tx, Writer
from maild.work.clock import Clock, wait_for_any
from maild.work.in_progress import DECIDE, PARSE, Breadcrumb
from maild.work.logs import Log
from maild.work.metrics import Metrics
from maild.work.workers import Capped, WorkerPool

log = Log("maild.work.ingest")

#: What authentication says of a mail and its bytes (of a large mail without a signature the header block only).
#: Returning the result itself, not an awaitable, is for mails where there is nothing to look up; they keep
#: their place in the batch.
Authenticate = Callable[[Mail, Envelope, bytes], AuthResult | Awaitable[AuthResult]]

BATCH = 32
#: mails claimed and not yet decided; more are left in the database
IN_FLIGHT = 96
#: a claim that a crash left behind is taken up again after this time, by any daemon
LEASE = timedelta(minutes=10)
#: a mail that was at hand when the daemon died is parsed in a worker, and after so many times not at all
POISON = 3
POLL_SECONDS = 5.0
#: pauses of a mail that waits for an answer from outside (DNS); half its age, within these
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
#: pause after a fault of ours (database locked, disk full), doubled up to the last
FIRST_PAUSE, LAST_PAUSE = 0.2, 30.0


def note_head(head: str, **about: object) -> None:
    """The consent log's newest hash stands in our log too: a witness outside of the database."""
    if head:
        log.info("consent log", head=head, **about)


def no_authentication(mail: Mail, envelope: Envelope, raw: bytes) -> AuthResult:
    """What is known without looking at signatures: nothing."""
    return AuthResult()


class Ingest:
    """The loop. `decided` is called after each commit that may have made outgoing mail."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        signer: Signer,
        *,
        clock: Clock,
        metrics: Metrics,
        nonce: Callable[[], str],
        token: Callable[[], str],
        workers: WorkerPool,
        decided: Callable[[], None],
        authenticate: Authenticate = no_authentication,
        worker: str = "",
        instance: str = "",
        crumb: Breadcrumb,
    ) -> None:
        self.settings: Settings = store.settings
        self.parse_limits = ParseLimits()
        self._store, self._writer, self._signer = store, writer, signer
        self._clock, self._metrics, self._nonce = clock, metrics, nonce
        self._token = token
        self._workers, self._decided, self._authenticate = workers, decided, authenticate
        self._worker, self._instance, self._crumb = worker, instance, crumb
        self._kick = asyncio.Event()
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight = 0
        self._pause = FIRST_PAUSE

    def kick(self) -> None:
        """There is a new mail."""
        self._kick.set()

    @property
    def in_flight(self) -> int:
        """Mails claimed and not yet decided."""
        return self._in_flight

    async def run(self) -> None:
        """Until `stop`: take mails as they come."""
        while not self._stop.is_set():
            self._kick.clear()
            if not await self._turn():
                await wait_for_any(self._clock, POLL_SECONDS, self._kick, self._stop)

    async def stop(self) -> None:
        """Finish what was begun and end the loop."""
        self._stop.set()
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def drain(self) -> None:
        """Take every mail that waits and return when all are decided (tests, simulated time)."""
        while await self._turn() or self._tasks:
            if self._tasks:
                await asyncio.wait(tuple(self._tasks))

    async def _turn(self) -> bool:
        """Claim one batch and set it going. False when there was nothing to claim."""
        room = min(BATCH, IN_FLIGHT - self._in_flight)
        if room < BATCH // 2:
            await asyncio.wait(tuple(self._tasks), return_when=asyncio.FIRST_COMPLETED)
            return True
        now = self._clock.now()
        try:
            works = await self._writer.run(lambda tx: tx.inbound.claim(room, now, LEASE, self._worker))
        except Temporary as error:
            await self._rest(error)
            return True
        if not works:
            return False
        self._metrics.batch.labels("ingest").observe(len(works))
        self._begin(self._batch(works), len(works))
        return True

    def _begin(self, work: Awaitable[None], mails: int) -> None:
        self._in_flight += mails

        async def run() -> None:
            try:
                await work
            except Exception as error:  # each mail has its own; this one is ours
                log.error("a batch ended unexpectedly", error=error)
            finally:
                self._in_flight -= mails

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _batch(self, works: Sequence[InboundWork]) -> None:
        """The small mails in order; what takes longer goes on beside."""
        jobs: list[Awaitable[None]] = []
        for work in works:
            if work.raw is None or work.id in self._crumb.blamed or needs_worker(work.raw):
                self._begin(self._slow(work), 1)
                continue
            self._crumb.put(PARSE, work.id)
            try:
                mail = parse_mail(
                    work.raw, limits=self.parse_limits, desk_addresses=self.settings.desk.addresses
                )
                auth = self._authenticate(mail, work.envelope, work.raw)
            except Exception as error:
                jobs.append(self._give_up(work, error))
                continue
            if inspect.isawaitable(auth):
                self._begin(self._authenticated(work, mail, auth), 1)
            else:
                jobs.append(self._settle(work, mail, auth))
        self._crumb.clear(PARSE)
        await asyncio.gather(*jobs)

    async def _slow(self, work: InboundWork) -> None:
        """A mail that is parsed in a worker."""
        times = self._crumb.blamed.get(work.id, 0)
        if times >= POISON:
            await self._quarantine(work, f"the daemon ended {times} times while it worked on this mail")
            return
        try:
            mail, raw = await self._parse_beside(work)
            auth = self._authenticate(mail, work.envelope, raw)
        except Exception as error:
            await self._give_up(work, error)
            return
        if inspect.isawaitable(auth):
            await self._authenticated(work, mail, auth)
        else:
            await self._settle(work, mail, auth)

    async def _parse_beside(self, work: InboundWork) -> tuple[Mail, bytes]:
        """The mail and its bytes; of a large mail the worker reads the file, and we the bytes only if needed."""
        path = self._store.path_of(work)
        source = work.raw if path is None else path
        if source is None:
            raise FileNotFoundError(f"the bytes of mail {work.id} are missing")
        try:
            mail = await self._workers.parse(source, self.parse_limits, self.settings.desk.addresses)
        except Capped as cap:
            self._metrics.capped.inc()
            log.warning("a parsing limit was hit, only the headers are used", mail=work.id, because=str(cap))
            # of the whole: sameness is decided by a digest of all bytes
            mail = await asyncio.to_thread(lambda: headers_only(self._store.raw_of(work)))
        if path is None or mail.header("DKIM-Signature") is not None:
            return mail, await asyncio.to_thread(self._store.raw_of, work)
        return mail, mail.raw_headers

    async def _authenticated(self, work: InboundWork, mail: Mail, auth: Awaitable[AuthResult]) -> None:
        limit = self.settings.authentication.timeout_seconds
        try:
            result = await asyncio.wait_for(auth, limit)
        except TimeoutError:
            late = Reason("authentication-timeout", f"no result within {limit:g} s")
            result = AuthResult("temperror", reasons=(late,))
        except Exception as error:
            log.error("authentication failed unexpectedly", error=error, mail=work.id)
            result = AuthResult("temperror", reasons=(Reason("authentication-error", type(error).__name__),))
        await self._settle(work, mail, result)

    async def _settle(self, work: InboundWork, mail: Mail, auth: AuthResult) -> None:
        """Facts, decision and everything that follows, in one transaction."""
        keys = keys_of(mail, work.envelope, self.settings)
        now = self._clock.now()

        def job(tx: Tx) -> tuple[Plan, str]:
            self._crumb.put(DECIDE, work.id)
            try:
                facts = tx.facts(keys, now, inbound_id=work.id)
                plan = decide(
                    mail, work.envelope, facts, auth, self.settings, self._signer, now,
                    nonce=self._token, instance=self._instance,
                )  # fmt: skip
                applied = tx.apply(
                    plan, now=now, signer=self._signer, nonces=self._nonce, inbound_id=work.id, mail=mail
                )  # fmt: skip
            finally:
                self._crumb.clear(DECIDE)
            return plan, applied.consent_head

        try:
            plan, head = await self._writer.run(job)
        except Refused as refusal:
            log.warning("another worker was quicker", mail=work.id, because=str(refusal))
        except Exception as error:
            await self._give_up(work, error, mail)
        else:
            self._pause = FIRST_PAUSE
            self._decided()
            self._note(work, plan)
            note_head(head, mail=work.id)

    def _note(self, work: InboundWork, plan: Plan) -> None:
        kind = plan.decision.kind if plan.decision else ""
        self._metrics.ingested.labels(kind).inc()
        waited = (self._clock.now() - work.envelope.received_at).total_seconds()
        self._metrics.to_decision.observe(max(0.0, waited))
        log.debug("mail decided", mail=work.id, kind=kind, ticket=plan.inbound_ticket or None)

    # ---------------------------------------------------------------------------- when it cannot be done

    async def _give_up(self, work: InboundWork, error: Exception, mail: Mail | None = None) -> None:
        """Our own passing fault leaves the mail for later; anything else is the quarantine's."""
        if isinstance(error, NotYet) and mail is not None:
            await self._postpone(work, mail, error)
        elif isinstance(error, Temporary):
            await self._release(work, error)
        elif isinstance(error, Unreadable):
            await self._unreadable(work, str(error))
        else:
            trace = "".join(traceback.format_exception(error))
            await self._quarantine(work, f"{type(error).__name__}: {error}", trace, mail)

    async def _unreadable(self, work: InboundWork, error: str) -> None:
        plan, now = unreadable(error), self._clock.now()
        try:
            await self._writer.run(
                lambda tx: tx.apply(
                    plan, now=now, signer=self._signer, nonces=self._nonce, inbound_id=work.id
                )
            )
        except Exception as fault:
            log.error("the mail stays for later", error=fault, mail=work.id)
            return
        self._metrics.quarantined.inc()
        log.warning("no mail can be made of it: see `maild mail quarantine`", mail=work.id, because=error)

    async def _quarantine(
        self, work: InboundWork, error: str, trace: str = "", mail: Mail | None = None
    ) -> None:
        now = self._clock.now()
        try:
            await self._writer.run(lambda tx: tx.inbound.quarantine(work.id, error, trace, now, mail=mail))
        except Exception as fault:
            log.error("the mail stays for later", error=fault, mail=work.id)
            return
        self._metrics.quarantined.inc()
        log.error("mail put into the quarantine: see `maild mail quarantine`", mail=work.id, because=error)

    async def _postpone(self, work: InboundWork, mail: Mail, why: NotYet) -> None:
        """Not decided before something outside answers: this mail waits alone, longer as it grows older."""
        now = self._clock.now()
        pause = min(max((now - work.envelope.received_at) / 2, SHORTEST_WAIT), LONGEST_WAIT)
        log.warning("a mail waits", mail=work.id, because=str(why), again_in_seconds=pause.total_seconds())
        try:
            await self._writer.run(lambda tx: tx.inbound.postpone(work.id, mail, now + pause, str(why)))
        except Temporary as fault:
            log.warning("the mail stays claimed until its lease is over", mail=work.id, because=str(fault))

    async def _release(self, work: InboundWork, error: Temporary) -> None:
        await self._rest(error, mail=work.id)
        try:
            now = self._clock.now()
            await self._writer.run(lambda tx: tx.inbound.release(work.id, now))
        except (Temporary, Refused) as again:
            log.warning("the mail stays claimed until its lease is over", mail=work.id, because=str(again))
        self.kick()

    async def _rest(self, error: Temporary, mail: int | None = None) -> None:
        log.warning("left for later", mail=mail, because=str(error), again_in_seconds=self._pause)
        pause, self._pause = self._pause, min(self._pause * 2, LAST_PAUSE)
        await self._clock.sleep(pause)
