"""Takes received mails through reading, authentication and decision, and applies what follows.

There are two lanes. Quick mails are claimed where they are taken in (`arrivals`), or in batches where others came before
them that wait, and read here, in the order of their arrival; each then is one
job of the writer. A mail that might be dragged out (large, of a risky format, or at hand when the daemon died) takes
each step in a worker process, and such mails have a number of their own: whatever they cost, quick mails are claimed.

Over 300 lines: both lanes share the claims, and what one lets go of the other takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from maild.app.lookup import keys_of
from maild.consent.hiding import hide
from maild.consent.masking import without_tokens
from maild.desk import daemon_lines
from maild.errors import ConfigError, Refused, Temporary
from maild.mail.auth.signatures import Answers
from maild.mail.own_ids import Signer
from maild.mail.parse import IN_EVENT_LOOP, ParseLimits, TooCostly, parse_mail
from maild.model import AuthResult, Mail, Reason
from maild.settings import Settings
from maild.store import Claim, InboundWork, Lane, Store, Tx, WriteMode, Writer
from maild.work.arrivals import Arrivals
from maild.work.authentication import Authenticates, NoAuthentication, no_dns, not_told
from maild.work.clock import Clock, wait_for_any
from maild.work.deciding import Decider, FactsKeptChanging, TooLong
from maild.work.failed_mails import FailedMails
from maild.work.in_a_row import Decided
from maild.work.logs import Log
from maild.work.mail_steps import ReadMail, Source
from maild.work.mails_in_progress import MailsInProgress, Stage
from maild.work.metrics import Metrics
from maild.work.outbox import Outbox
from maild.work.workers import Capped, WorkerPool

log = Log("maild.work.ingest")

BATCH = 32
#: mails claimed and not yet decided, quick ones and slow ones; more are left in the database
QUICK_IN_FLIGHT, SLOW_IN_FLIGHT = 96, 12
#: a claim that a crash left behind is taken up again after this time, by any daemon
LEASE = timedelta(minutes=10)
#: a mail that was at hand when the daemon died takes its steps in a worker, and after so many times none at all
POISON = 3
#: so does one that was claimed so often and never decided, wherever the daemon died
OFTEN = 5
POLL_SECONDS = 5.0
#: characters and bytes of a mail whose decision would hold up the writer: it goes on in the other lane
LONG = 24_000
#: seconds of reading after which others in the event loop have their turn
TURN_SECONDS = 0.02


def is_long(mail: Mail) -> bool:
    """Whether a mail that was quickly read is decided in a worker."""
    return len(mail.text) + len(mail.raw_headers) > LONG


def _line(mail: Mail, decided: Decided, number: int | None) -> str:
    """What people read of it, without the tokens that stand in it: the line cuts words, and names addresses whole."""
    told = without_tokens(mail, decided.tokens)
    return hide(daemon_lines.came_in(told, decided.plan, number), decided.tokens)


def note_head(head: str, **about: object) -> None:
    """The consent log's newest hash stands in our log too: a witness outside of the database."""
    if head:
        log.info("consent log", head=head, **about)


class Ingest:
    """The loop. `decided` is called after each commit that may have made mail for the queue; `outbox` sends answers that
    are composed where a mail is decided, without it they are queued as well."""

    def __init__(
        self,
        store: Store,
        writer: Writer,
        signer: Signer,
        *,
        clock: Clock,
        metrics: Metrics,
        nonce: Callable[[], str],
        workers: WorkerPool,
        decided: Callable[[], None],
        authenticate: Authenticates | None = None,
        worker: str = "",
        instance: str = "",
        in_progress: MailsInProgress,
        outbox: Outbox | None = None,
    ) -> None:
        self.settings: Settings = store.settings
        self.parse_limits = ParseLimits()
        self._store, self._writer = store, writer
        self._clock, self._metrics = clock, metrics
        self._workers, self._decided = workers, decided
        self._authenticate: Authenticates = authenticate or NoAuthentication()
        self._worker, self._in_progress = worker, in_progress
        self._decider = Decider(
            store,
            writer,
            signer,
            clock=clock,
            nonce=nonce,
            workers=workers,
            in_progress=in_progress,
            instance=instance,
            outbox=outbox,
        )
        self._failed = FailedMails(
            writer,
            signer,
            clock=clock,
            metrics=metrics,
            nonce=nonce,
            kick=self.kick,
            claim_lost=self._claim_lost,
        )
        self._kick = asyncio.Event()
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._quick = self._slow = 0
        self._claiming = asyncio.Lock()  # held from a claim until what it brought is in `_tasks`
        self._reading = asyncio.Lock()  # none overtakes a batch that gives others their turn
        self._claims_lost = False  # whether rows may be claimed by us that we do not know of
        self._none_waits = False  # in the database, as far as we know
        self.arrivals = Arrivals(self._claim_arriving, self._read_arrived, self._arrival_lost)

    def _claim_lost(self) -> None:
        self._claims_lost = True

    def _arrival_lost(self) -> None:
        self._claims_lost = True
        self.kick()

    def kick(self) -> None:
        """There may be a mail to claim."""
        self._none_waits = False
        self._kick.set()

    def _claim_arriving(self) -> Claim | None:
        """For a mail that comes now: none overtakes one that waits."""
        if not self._none_waits or self._claims_lost or self._stop.is_set():
            return None
        if self._quick + self.arrivals.under_way >= QUICK_IN_FLIGHT:
            return None
        return Claim(self._worker, self._clock.now() + LEASE)

    def _read_arrived(self, works: Sequence[InboundWork]) -> None:
        for work in works:
            self._in_progress.begin(work.id)
        self._metrics.batch.labels("ingest").observe(len(works))
        self._begin(self._read_batch(works), quick=len(works))

    @property
    def in_flight(self) -> int:
        """Mails claimed and not yet decided."""
        return self._quick + self._slow

    async def run(self) -> None:
        """Until `stop`: take mails as they come."""
        while not self._stop.is_set():
            self._kick.clear()
            if not await self._turn():
                self._none_waits = not self._kick.is_set()
                await wait_for_any(self._clock, POLL_SECONDS, self._kick, self._stop)

    async def stop(self) -> None:
        """Finish what was begun and end the loop. A claim on its way is waited for: what it brings was begun, too."""
        self._stop.set()
        await self.arrivals.all_over()
        async with self._claiming:
            pass
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def drain(self) -> None:
        """Take every mail that waits and return when all are decided (tests, simulated time)."""
        while await self._turn() or self._tasks:
            if self._tasks:
                await asyncio.wait(tuple(self._tasks))

    async def _turn(self) -> bool:
        """Claim what there is room for and set it going. False when there is no more to claim."""
        quick, slow = min(BATCH, QUICK_IN_FLIGHT - self._quick), SLOW_IN_FLIGHT - self._slow
        if quick < BATCH // 2:
            await asyncio.wait(tuple(self._tasks), return_when=asyncio.FIRST_COMPLETED)
            return True
        try:
            async with self._claiming:
                return await self._claim_and_begin(quick, slow)
        except Temporary as error:
            await self._failed.rest(error)
            return True

    async def _claim_and_begin(self, quick: int, slow: int) -> bool:
        now = self._clock.now()
        lost, self._claims_lost = (
            self._claims_lost,
            False,
        )  # what is lost from here on the next claim gives back
        try:
            works = await self._writer.run(
                lambda tx: self._claim(tx, quick, slow, now, lost=lost),
                WriteMode.OWN_TRANSACTION,
                Lane.BESIDE,
            )
        except BaseException:
            self._claims_lost = True  # the answer to a commit may have been lost
            raise
        if not works:
            return False
        self._metrics.batch.labels("ingest").observe(len(works))
        for work in works:
            self._in_progress.begin(work.id)
        in_worker = [
            work
            for work in works
            if work.slow or work.id in self._in_progress.blamed or work.attempts > OFTEN
        ]
        for work in in_worker:
            self._begin(self._in_a_worker(work), slow=1)
        if here := [work for work in works if work not in in_worker]:
            self._begin(self._read_batch(here), quick=len(here))
        # a lane that was not filled has no more: whoever brings some kicks
        taken = sum(work.slow for work in works)
        return len(works) - taken >= quick or 0 < slow <= taken

    def _claim(self, tx: Tx, quick: int, slow: int, now: datetime, *, lost: bool) -> Sequence[InboundWork]:
        if lost:
            # in this order: what the event loop moves meanwhile goes from the first to the second
            known = {*self.arrivals.ids, *self._in_progress.now}
            tx.inbound.release_unknown(self._worker, known)
        return tx.inbound.claim(quick, now, LEASE, self._worker, slow=slow)

    def _begin(self, work: Awaitable[None], *, quick: int = 0, slow: int = 0) -> None:
        self._quick += quick
        self._slow += slow

        async def run() -> None:
            try:
                await work
            except Exception as error:  # each mail has its own; this one is ours
                log.error("a batch ended unexpectedly", error=error)
            finally:
                self._quick -= quick
                self._slow -= slow
                if slow:
                    self.kick()  # there is room for another one

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ------------------------------------------------------------------------------------ the quick lane

    async def _read_batch(self, works: Sequence[InboundWork]) -> None:
        """Small mails in their order; who waits for DNS goes on beside."""
        jobs: list[Awaitable[None]] = []
        async with self._reading:
            turn = asyncio.get_running_loop().time()
            for work in works:
                jobs.append(self._read_here(work))
                if asyncio.get_running_loop().time() - turn > TURN_SECONDS:
                    await asyncio.sleep(0)
                    turn = asyncio.get_running_loop().time()
            decided = asyncio.gather(*jobs)
        await decided

    def _read_here(self, work: InboundWork) -> Awaitable[None]:
        """Read it now; gives what is left to do: authenticate it, decide and apply."""
        try:
            with self._in_progress.at_hand(work.id, Stage.LOOP):
                mail = parse_mail(
                    work.raw or b"", limits=IN_EVENT_LOOP, desk_addresses=self.settings.desk.addresses
                )
                asked = self._authenticate.questions(mail)
            answers = self._authenticate.at_once(asked) if asked else {}
        except TooCostly:
            return self._to_the_slow_lane(work)
        except Exception as error:
            return self._give_up(work, error)
        if is_long(mail):
            return self._to_the_slow_lane(work)
        if answers is None:
            self._begin(self._ask_dns_and_decide(work, mail, asked), quick=1)
            return _nothing()
        return self._authenticate_and_decide(work, mail, answers)

    async def _ask_dns_and_decide(self, work: InboundWork, mail: Mail, asked: tuple[str, ...]) -> None:
        answers = await self._answers(work, asked)
        if isinstance(answers, AuthResult):
            await self._decide(work, mail, answers)
        else:
            await self._authenticate_and_decide(work, mail, answers)

    async def _authenticate_and_decide(self, work: InboundWork, mail: Mail, answers: Answers) -> None:
        try:
            with self._in_progress.at_hand(work.id, Stage.LOOP):
                auth = self._authenticate.judge(mail, work.envelope, work.raw or b"", answers)
        except Exception as error:
            auth = self._no_verdict(work, error)
        await self._decide(work, mail, auth)

    async def _decide(self, work: InboundWork, mail: Mail, auth: AuthResult) -> None:
        try:
            with self._in_progress.at_hand(work.id, Stage.LOOP):
                keys = keys_of(mail, work.envelope, self.settings)
            done = await self._decider.in_transaction(work, mail, keys, auth)
        except Refused as refusal:
            self._overtaken(work, refusal)
        except Exception as error:
            await self._give_up(work, error, mail)
        else:
            self._done(work, mail, done)

    async def _to_the_slow_lane(self, work: InboundWork) -> None:
        """It grew as it was read (HTML that repeats itself): what follows would hold up others."""
        try:
            await self._writer.run(lambda tx: tx.inbound.slow_down(work.id))
        except Exception as error:
            await self._give_up(work, error)
        else:
            self._in_progress.end(work.id)
            self.kick()

    # ------------------------------------------------------------------------------------- the slow lane

    async def _in_a_worker(self, work: InboundWork) -> None:
        """Each step in a process that can be killed."""
        times = self._in_progress.blamed.get(work.id, 0)
        if times >= POISON:
            await self._failed.quarantine(
                work, f"the daemon ended {times} times while it worked on this mail"
            )
            self._in_progress.end(work.id)
            return
        read: ReadMail | None = None
        try:
            source = self._source(work)
            read = await self._read_in_worker(work, source)
            auth = await self._authenticated_in_worker(work, source, read)
            done = await self._decider.in_worker(work, read, auth)
        except Refused as refusal:
            self._overtaken(work, refusal)
        except (TooLong, Capped) as cap:
            self._metrics.capped.inc()
            await self._failed.quarantine(work, str(cap), mail=read.mail if read else None)
            self._in_progress.end(work.id)
        except FactsKeptChanging as why:
            await self._failed.postpone(work, read.mail, why) if read else None
            self._in_progress.end(work.id)
        except Exception as error:
            await self._give_up(work, error, read.mail if read else None)
        else:
            self._done(work, read.mail, done)

    def _source(self, work: InboundWork) -> Source:
        """The mail; of a large one the file, which a worker reads itself."""
        source = self._store.path_of(work) or work.raw
        if source is None:
            raise FileNotFoundError(f"the bytes of mail {work.id} are missing")
        return source

    async def _read_in_worker(self, work: InboundWork, source: Source) -> ReadMail:
        try:
            return await self._workers.read(source, work.envelope, self.parse_limits)
        except Capped as cap:
            self._metrics.capped.inc()
            log.warning("a limit was hit, only the headers are used", mail=work.id, because=str(cap))
            return await self._workers.read_headers(source, work.envelope, self.parse_limits)

    async def _authenticated_in_worker(self, work: InboundWork, source: Source, read: ReadMail) -> AuthResult:
        """A signature that is too dear to check is none."""
        asked = read.questions if self._authenticate.settings.authentication.verify_dkim else ()
        answers = await self._answers(work, asked)
        if isinstance(answers, AuthResult):
            return answers
        if isinstance(self._authenticate, NoAuthentication):
            return AuthResult()
        try:
            return await self._workers.verify(
                source, read.mail, work.envelope, answers, self._authenticate.settings
            )
        except Capped as cap:
            log.warning("a signature was not checked", mail=work.id, because=str(cap))
            return not_told(Reason("dkim-too-dear", str(cap)), "none")

    # ----------------------------------------------------------------------------------------- both lanes

    async def _answers(self, work: InboundWork, asked: tuple[str, ...]) -> Answers | AuthResult:
        """What DNS says in time; a verdict where it says nothing."""
        if not asked:
            return {}
        limit = self.settings.authentication.timeout_seconds
        try:
            return await asyncio.wait_for(self._authenticate.answers(asked), limit)
        except TimeoutError:
            return not_told(Reason("authentication-timeout", f"no result within {limit:g} s"))
        except ConfigError as error:
            return no_dns(error)
        except Exception as error:
            return self._no_verdict(work, error)

    def _no_verdict(self, work: InboundWork, error: Exception) -> AuthResult:
        log.error("authentication failed unexpectedly", error=error, mail=work.id)
        return not_told(Reason("authentication-error", type(error).__name__))

    def _done(self, work: InboundWork, mail: Mail, decided: Decided) -> None:
        plan, applied, _ = decided
        self._in_progress.end(work.id)
        self._failed.went_well()
        if not applied.claimed or len(applied.claimed) < len(applied.outbound):
            self._decided()
        kind = plan.decision.kind if plan.decision else ""
        self._metrics.ingested.labels(kind).inc()
        waited = (self._clock.now() - work.envelope.received_at).total_seconds()
        self._metrics.to_decision.observe(max(0.0, waited))
        named = plan.inbound_ticket  # what stands for a ticket of this plan is not above 0
        number = named if named is None or named > 0 else applied.ticket
        log.tell(
            "mail decided", partial(_line, mail, decided, number), mail=work.id, kind=kind, ticket=number,
            company=plan.decision.sender.company if plan.decision else None,
        )  # fmt: skip
        note_head(applied.consent_head, mail=work.id)

    def _overtaken(self, work: InboundWork, refusal: Refused) -> None:
        self._in_progress.end(work.id)
        log.warning("another worker was quicker", mail=work.id, because=str(refusal))

    async def _give_up(self, work: InboundWork, error: Exception, mail: Mail | None = None) -> None:
        await self._failed.give_up(work, error, mail)
        self._in_progress.end(work.id)


async def _nothing() -> None:
    """It goes on beside."""
