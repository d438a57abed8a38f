"""Facts, decision and everything that follows, of one mail: in one transaction, or beside it.

A small mail is decided inside of the write transaction, on facts that cannot change under it. The decision on others
takes time that grows with their words, so it is made in a worker, on facts that were read before; the transaction that
applies it reads them again, and when they are others now, it is decided anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext

from maild.consent.masking import shown
from maild.errors import Temporary
from maild.mail.own_ids import Signer
from maild.model import AuthResult, Facts, LookupKeys, Mail, Plan
from maild.settings import LimitSettings
from maild.store import Applied, InboundWork, Lane, Store, Tx, Writer
from maild.values import replace
from maild.work.answers import AnswersAtOnce
from maild.work.clock import Clock
from maild.work.in_a_row import Decided, DecidesWith, SmallMail, in_a_row
from maild.work.mail_steps import ReadMail
from maild.work.mails_in_progress import MailsInProgress, Stage
from maild.work.outbox import Outbox
from maild.work.side_by_side import SideBySide
from maild.work.workers import Capped, WorkerPool

#: how often a decision that others overtook is made anew, before the mail waits a while
TRIES = 5


class FactsKeptChanging(Temporary):
    """Others changed what the decision was made on, again and again: the mail waits a while."""


class TooLong(Exception):
    """The decision took longer than it may; the text says how long."""


class Decider:
    """Makes a plan of a mail and applies it. `nonce` is for Message-IDs, `instance` this desk's mark."""

    def __init__(
        self, store: Store, writer: Writer, signer: Signer, *, clock: Clock, nonce: Callable[[], str],
        workers: WorkerPool, in_progress: MailsInProgress, instance: str, outbox: Outbox | None = None,
    ) -> None:  # fmt: skip
        self._with = DecidesWith(store.settings, signer, nonce, in_progress, instance)
        self._writer, self._clock, self._workers, self._outbox = writer, clock, workers, outbox
        self._beside = SideBySide()

    async def in_transaction(
        self, work: InboundWork, mail: Mail, keys: LookupKeys, auth: AuthResult
    ) -> Decided:
        """Decided in the transaction that applies it, and answered in the same. Raises what `decide` and the writer
        raise."""
        answers = AnswersAtOnce(self._outbox) if self._outbox is not None else None
        job = SmallMail(work, mail, keys, auth, self._with, now=self._clock.now(), answers=answers)
        async with self._lane(keys) as lane:
            try:
                done = await self._writer.run(job, lane=lane, together=in_a_row)
            except BaseException:
                if answers:
                    answers.let_go()
                raise
            if answers:
                answers.send()
        return done

    def _lane(self, keys: LookupKeys) -> AbstractAsyncContextManager[Lane]:
        return self._beside.turn(keys) if self._writer.has_lanes else nullcontext(Lane.MAIN)

    async def in_worker(self, work: InboundWork, read: ReadMail, auth: AuthResult) -> Decided:
        """Decided in a worker. Raises besides `TooLong`, and `FactsKeptChanging` when others were quicker each time."""
        now, desk = self._clock.now(), self._with
        facts = await self._writer.run(lambda tx: tx.facts(read.keys, now, inbound_id=work.id))
        for _ in range(TRIES):
            try:
                plan = await self._workers.decide(
                    read.mail, work.envelope, facts, auth, desk.signer, now, desk.instance
                )
            except Capped as cap:
                raise TooLong(f"the decision was stopped: {cap}") from None

            def job(tx: Tx, old: Facts = facts, plan: Plan = plan) -> tuple[Facts, Applied | None]:
                with desk.in_progress.at_hand(work.id, Stage.WRITER):
                    new = tx.facts(read.keys, now, inbound_id=work.id)
                    if settled(new, desk.settings.limits) != settled(old, desk.settings.limits):
                        return new, None
                    applied = tx.apply(
                        plan,
                        now=now,
                        signer=desk.signer,
                        nonces=desk.nonce,
                        inbound_id=work.id,
                        mail=shown(read.mail, new.tokens),
                    )
                return new, applied

            facts, applied = await self._writer.run(job)
            if applied is not None:
                return Decided(plan, applied, facts.tokens)
        raise FactsKeptChanging("others changed the same ticket while this mail was decided")


def settled(facts: Facts, limits: LimitSettings) -> Facts:
    """Facts without what every other mail changes: of a count, only whether its cap is reached."""
    counts = facts.automatic_ticket_last_hour
    return replace(
        facts,
        automatic_last_hour=facts.automatic_last_hour >= limits.automatic_mails_per_address_per_hour,
        automatic_unknown_last_hour=facts.automatic_unknown_last_hour
        >= limits.automatic_mails_to_unknown_per_hour,
        automatic_desk_last_hour=facts.automatic_desk_last_hour >= limits.automatic_mails_per_hour,
        automatic_ticket_last_hour={
            number: count >= limits.automatic_mails_per_ticket_per_hour for number, count in counts.items()
        },
        paced_last_hour={
            pace: count >= limits.approvals_per_approver_per_hour
            for pace, count in facts.paced_last_hour.items()
        },
    )
