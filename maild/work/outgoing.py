"""One outgoing mail in a transaction: its bytes, what an attempt made of it, and what follows for those it did not reach.

Nothing of it knows how mails are claimed and sent: that is `outbox`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from maild.app import undelivered
from maild.desk import daemon_lines
from maild.errors import Temporary, is_machines
from maild.mail.own_ids import Signer
from maild.model import AddEntry, Change, MarkAddress, Plan
from maild.send.letter import Letter, RecipientResult, SendResult, all_of
from maild.steps import Steps
from maild.store import Delivery, OutboundWork, Store, Tx
from maild.ticket.entries import FailureDetails
from maild.ticket.phases import OutboundState, RecipientState
from maild.ticket.vocabulary import EntryType
from maild.values import dataclass, replace
from maild.work import retry
from maild.work.logs import Log
from maild.work.metrics import Metrics

log = Log("maild.work.outbox")


@dataclass(frozen=True, slots=True)
class Composed:
    """The bytes of an outgoing mail and what the outbox list shows of it."""

    raw: bytes
    subject: str


#: makes the bytes of a mail; runs inside the write transaction, as attachments are read there
Compose = Callable[[Tx, OutboundWork], Steps[Composed]]


@dataclass(slots=True)
class Finished:
    """A mail that was handed to the sender, and what came of it."""

    work: OutboundWork
    result: SendResult


class OutgoingMails:
    """What is done with each of them. `chance`: of 0 to 1, for the time of the next attempt."""

    def __init__(
        self, store: Store, signer: Signer, compose: Compose, *, metrics: Metrics, nonce: Callable[[], str],
        chance: Callable[[], float],
    ) -> None:  # fmt: skip
        self._store, self._settings = store, store.settings
        self._signer, self._compose = signer, compose
        self._metrics, self._nonce, self._chance = metrics, nonce, chance

    def rendered(
        self, tx: Tx, work: OutboundWork, now: datetime, *, new: bool = False
    ) -> Steps[OutboundWork | None]:
        """The mail with its bytes, made now unless they were made before. `new`: its row was made in this transaction."""
        if work.raw is not None and work.mail_from is not None:
            return work
        try:
            composed = yield from self._compose(tx, work)
        except Exception as error:
            if is_machines(error) or isinstance(self._store.explained(error), Temporary):
                log.warning("an outgoing mail is rendered later", outbound=work.id, because=str(error))
                later = all_of(self.letter(work), "temporary", f"this machine: {error}")
                self.follow(tx, work, self.record(tx, Finished(work, later), now), now)
                return None
            log.error(
                "an outgoing mail cannot be rendered", error=error, outbound=work.id, notice=work.notice
            )
            answer = f"cannot be rendered: {type(error).__name__}: {error}"
            rows = all_of(self.letter(work), "permanent", answer).recipients
            tx.outbound.record(work.id, _deliveries(rows), state=OutboundState.FAILED, now=now, answer=answer)
            self._tell_agent(tx, work, rows, now)
            return None
        yield
        mail_from = self._mail_from(work)
        tx.outbound.save_bytes(
            work.id, composed.raw, mail_from, composed.subject, has_token=work.token is not None, new=new
        )
        return replace(work, raw=composed.raw, mail_from=mail_from)

    def _mail_from(self, work: OutboundWork) -> str:
        """Answers have the null sender (RFC 3834, section 3.3), status mails the desk's or a VERP address."""
        if work.null_sender and self._settings.delivery.null_sender != "never":
            return ""
        return self._bounce_address(work)

    def _bounce_address(self, work: OutboundWork) -> str:
        """Where reports of failed delivery come back: an address that names the ticket and that we signed."""
        desk = self._settings.desk
        if not self._settings.delivery.verp:
            return desk.address
        bounce = f"bounce@{desk.domain}"
        return self._signer.reply_address(bounce, work.ticket) if work.ticket else bounce

    def letter(self, work: OutboundWork) -> Letter:
        """As it is handed to the sender."""
        return Letter(
            key=work.id,
            mail_from=work.mail_from or "",
            recipients=work.pending,
            raw=work.raw or b"",
            message_id=work.message_id,
            fallback_from=self._bounce_address(work),
            again=work.attempts > 0 or work.maybe_sent,
        )

    def record(self, tx: Tx, done: Finished, now: datetime) -> retry.AttemptOutcome | None:
        """What it means for the mail; None where nothing was tried. Refused when the claim was over: nothing is written."""
        work, result = done.work, done.result
        if result.unreachable:
            tx.outbound.record(
                work.id, (), state=OutboundState.QUEUED, now=now, answer=result.unreachable, next_attempt_at=now,
                count_attempt=False,
            )  # fmt: skip
            return None
        verdict = retry.judge(
            result, attempts=work.attempts + 1, created_at=work.created_at, now=now,
            delivery=self._settings.delivery, chance=self._chance(), sent_before=self._sent_before(tx, work),
        )  # fmt: skip
        tx.outbound.record(
            work.id, _deliveries(verdict.recipients), state=verdict.state, now=now,
            answer=_worst(verdict.recipients), next_attempt_at=verdict.next_attempt_at,
            ambiguous=result.ambiguous,
        )  # fmt: skip
        return verdict

    def follow(self, tx: Tx, work: OutboundWork, verdict: retry.AttemptOutcome | None, now: datetime) -> None:
        """All that follows where a recipient was refused for good."""
        if verdict is not None and verdict.failed:
            self._tell_agent(tx, work, verdict.failed, now)

    def _sent_before(self, tx: Tx, work: OutboundWork) -> bool:
        if len(work.pending) == len(work.to) + len(work.cc):
            return False
        return any(one.state is RecipientState.SENT for one in tx.outbound.recipients(work.id))

    def _tell_agent(
        self, tx: Tx, work: OutboundWork, failed: Sequence[RecipientResult], now: datetime
    ) -> None:
        """An entry that only agents see, a mark on addresses that do not exist, and what follows of any mail that did
        not arrive."""
        changes: list[Change] = []
        for row in failed:
            log.warning(
                "a recipient was refused for good", outbound=work.id, ticket=work.ticket, to=row.address,
                answer=row.answer,
            )  # fmt: skip
            if work.ticket:
                text = f"The mail “{work.notice}” could not be delivered to {row.address}: {row.answer}"
                details = FailureDetails(
                    code="not-delivered", outbound=work.id, to=row.address, answer=row.answer
                )
                changes.append(
                    AddEntry(work.ticket, EntryType.SYSTEM, "maild", "mail", text, False, details=details)
                )
            if retry.no_such_address(row.answer):
                changes.append(MarkAddress(row.address, row.answer[:500]))
        if work.ticket:
            ticket, whom = tx.ticket(work.ticket), [row.address for row in failed]
            changes += undelivered.followed(
                ticket, work.notice, whom, self._settings, now, made_at=work.created_at,
                company=tx.companies.find(ticket.company),
            )  # fmt: skip
        if changes:
            tx.apply(Plan(tuple(changes)), now=now, signer=self._signer, nonces=self._nonce)

    def count(
        self, work: OutboundWork, verdict: retry.AttemptOutcome, result: SendResult, now: datetime
    ) -> None:
        """For metrics and people, once it is recorded."""
        metrics = self._metrics
        counters = {"sent": metrics.sent, "temporary": metrics.deferred, "permanent": metrics.failed}
        for row in verdict.recipients:
            counters[row.outcome].inc()
        if result.ambiguous:
            metrics.ambiguous.inc()
            log.warning("the final answer was lost; the same bytes go out again", outbound=work.id)
        if verdict.state is OutboundState.QUEUED:
            log.info(
                "a mail waits for its next attempt", outbound=work.id, at=verdict.next_attempt_at,
                answer=_worst(verdict.recipients),
            )  # fmt: skip
        else:
            metrics.to_send.observe(max(0.0, (now - work.created_at).total_seconds()))
            # who wrote was told of in the line of the mail that came in
            if verdict.state is OutboundState.SENT and work.auto != "auto-replied":
                alert = str(work.data.get("alert") or "")
                log.tell(
                    "mail sent", partial(daemon_lines.went_out, work.notice, work.ticket, (*work.to, *work.cc), alert),
                    outbound=work.id, notice=work.notice, ticket=work.ticket,
                )  # fmt: skip


def _deliveries(rows: Sequence[RecipientResult]) -> tuple[Delivery, ...]:
    return tuple(Delivery(row.address, row.outcome, row.answer) for row in rows)


def _worst(rows: Sequence[RecipientResult]) -> str:
    """The answer that `outbox list` shows: the gravest one."""
    for outcome in ("permanent", "temporary", "sent"):
        for row in rows:
            if row.outcome == outcome:
                return row.answer
    return ""
