"""Mails going out: claimed, rendered once, sent, and what each recipient's server said; `mails_out` looks them up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update

from maild.errors import NotFound, Refused
from maild.model import Json, Mailbox, OutboundFacts
from maild.store import hot
from maild.store.core import Transaction
from maild.store.ids import KnownKeys
from maild.store.outbound_work import OutboundWork, of_row
from maild.store.packing import unpacked
from maild.store.rows import Claim
from maild.store.statements import Params, in_state
from maild.store.tables import (
    OUTBOUND,
    OUTBOUND_BYTES,
    OUTBOUND_RECIPIENT,
)
from maild.ticket import phases
from maild.ticket.phases import OutboundState, RecipientState
from maild.values import dataclass

QUEUED, _SENDING = in_state(OUTBOUND, OutboundState.QUEUED), in_state(OUTBOUND, OutboundState.SENDING)
#: moves that no answer of a server causes
CLAIMED = phases.arrow(phases.OUTBOUND, OutboundState.QUEUED, OutboundState.SENDING)
_RELEASED = phases.arrow(phases.OUTBOUND, OutboundState.SENDING, OutboundState.QUEUED)
_RETRIED = phases.arrow(phases.OUTBOUND, OutboundState.FAILED, OutboundState.QUEUED)
_ASKED_AGAIN = phases.arrow(phases.RECIPIENT, RecipientState.FAILED, RecipientState.WAITING)

#: what a server's answer makes of a recipient
_RECIPIENT_STATES = {
    "sent": RecipientState.SENT, "permanent": RecipientState.FAILED, "temporary": RecipientState.WAITING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one recipient in one attempt."""

    address: str
    state: Literal["sent", "temporary", "permanent"]
    answer: str = ""


class OutboundMails:
    """`tx.outbound`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # --------------------------------------------------------------------------------- the daily way

    def insert(
        self, values: Params, data: Json, to: Sequence[Mailbox], cc: Sequence[Mailbox], claim: Claim | None = None
    ) -> int:  # fmt: skip
        """A new mail to send, by `apply`: values by column, and the frozen data. With a claim it is `sending`."""
        key = self._tx.insert(hot.ADD_OUTBOUND, values | {
            "state": OutboundState.SENDING if claim else OutboundState.QUEUED,
            "claimed_until": claim.until if claim else None, "claimed_by": claim.worker if claim else "",
        })  # fmt: skip
        assert key is not None
        self._tx.tell(hot.KEEP_DATA, {"outbound_id": key, "data": data})
        places = [("to", box) for box in to] + [("cc", box) for box in cc]
        self._tx.tell(hot.ADD_RECIPIENT, *[
            {"outbound_id": key, "position": position, "address": box.address, "name": box.name,
             "field": field}
            for position, (field, box) in enumerate(places)
        ])  # fmt: skip
        return key

    def claim(self, limit: int, now: datetime, worker: str, lease: timedelta) -> Sequence[OutboundWork]:
        """Queued mails that are due; they are `sending` from now on."""
        rows = self._tx.rows(hot.DUE, {"now": now, "count": limit})
        if not rows:
            return []
        ids = [row.id for row in rows]
        self._tx.tell_in(hot.CLAIM_OUTBOUND, ids, {"until": now + lease, "worker": worker})
        self._tx.add_events([("outbound", key, *CLAIMED, worker) for key in ids], now)
        people: dict[int, list[Any]] = {key: [] for key in ids}
        for row in self._tx.rows_in(hot.RECIPIENTS, ids):
            people[row.outbound_id].append(row)
        return [of_row(row, people[row.id]) for row in rows]

    def save_bytes(
        self, key: int, raw: bytes, mail_from: str, subject: str = "", *, has_token: bool = True, new: bool = False
    ) -> None:  # fmt: skip
        """Keep the rendered mail, once and for all, and wipe the token. Refused for other bytes later. `new`: the row was
        made in this transaction, where there can be none yet."""
        values = {"outbound_id": key, "mail_from": mail_from, "subject": subject, "content": raw}
        if new:
            self._tx.tell(hot.SAVE_BYTES, values)
        elif not self._tx.changed(hot.SAVE_BYTES, values):
            if self.raw(key) != raw:
                raise Refused(f"outgoing mail {key} was rendered before; its bytes never change")
            return
        if has_token:
            self._tx.tell(hot.WIPE_TOKEN, {"key": key})

    def record(
        self, key: int, deliveries: Sequence[Delivery], *, state: OutboundState, now: datetime, answer: str = "",
        next_attempt_at: datetime | None = None, ambiguous: bool = False, count_attempt: bool = True,
    ) -> None:  # fmt: skip
        """Note an attempt and move the mail on. Refused when it is not `sending` any more."""
        phases.check_move(phases.OUTBOUND, OutboundState.SENDING, state)
        changed = self._tx.changed(hot.RECORD, {
            "key": key, "state": state, "answer": answer, "sent_at": now if state is OutboundState.SENT else None,
            "next": next_attempt_at, "more": 1 if count_attempt else 0, "ambiguous": ambiguous,
        })  # fmt: skip
        if not changed:
            raise Refused(f"outgoing mail {key} is not being sent; its claim was over")
        self._tx.tell(hot.TELL_RECIPIENT, *[
            {"key": key, "who": one.address, "state": _RECIPIENT_STATES[one.state], "answer": one.answer,
             "told_at": now}
            for one in deliveries
        ])  # fmt: skip
        note = "maybe sent: " + answer if ambiguous else answer
        self._tx.add_events([("outbound", key, OutboundState.SENDING, state, note[:500])], now)

    def keep_claimed(self, ids: Sequence[int], worker: str, until: datetime) -> None:
        """A worker cannot record what became of these: its lease of them is a new one."""
        mine = (OUTBOUND.c.claimed_by == worker) & OUTBOUND.c.id.in_(ids)
        self._tx.execute(update(OUTBOUND).where(_SENDING, mine).values(claimed_until=until))

    def release_stale(self, now: datetime) -> int:
        """Claims whose lease is over go back; their mails may have been sent. How many."""
        return self._release(OUTBOUND.c.claimed_until <= now, now, maybe_sent=True)

    def release_worker(self, worker: str, now: datetime, *, maybe_sent: bool = False) -> int:
        """A worker that stops cleanly gives back what it has not tried; one that starts after a crash what
        its last life had claimed, which may have been sent."""
        return self._release(OUTBOUND.c.claimed_by == worker, now, maybe_sent=maybe_sent)

    def try_at_once(self, now: datetime, longest: timedelta) -> None:
        """Try at once what waits for longer than any pause lasts: the clock was ahead when that was set."""
        waits = (OUTBOUND.c.state == OutboundState.QUEUED) & (OUTBOUND.c.attempts > 0)
        ahead = OUTBOUND.c.next_attempt_at > now + longest
        self._tx.execute(update(OUTBOUND).where(waits, ahead).values(next_attempt_at=now))

    def release_unknown(self, worker: str, known: Callable[[], Collection[int]], now: datetime) -> int:
        """Give back what a worker has claimed without knowing of it, since the database was gone meanwhile. It never
        sent these. How many. `known` is asked after the look: what another lane commits later is not seen, and what was
        committed before is known by then."""
        mine = OUTBOUND.c.claimed_by == worker
        seen = set(self._tx.execute(select(OUTBOUND.c.id).where(_SENDING, mine)).scalars())
        lost = seen.difference(known())
        return self._release(mine & OUTBOUND.c.id.in_(lost), now, maybe_sent=False) if lost else 0

    def _release(self, condition: Any, now: datetime, *, maybe_sent: bool) -> int:
        values: Params = {"state": _RELEASED[1], "claimed_until": None, "claimed_by": ""}
        if maybe_sent:
            values["maybe_sent"] = True
        rows = self._tx.execute(
            update(OUTBOUND).where(_SENDING, condition).values(values).returning(OUTBOUND.c.id)
        )
        ids = [row.id for row in rows]
        note = "lease over: may have been sent" if maybe_sent else "given back"
        self._tx.add_events([("outbound", key, *_RELEASED, note) for key in ids], now)
        return len(ids)

    # ------------------------------------------------------------------------------- for the rules

    def facts(self, ids: Sequence[int]) -> Sequence[OutboundFacts]:
        """Outgoing mails for bounces, in no order."""
        rows = self._tx.rows_in(hot.OUTBOUND_FACTS, ids)
        people: dict[int, list[str]] = {}
        for one in self._tx.rows_in(hot.RECIPIENTS, [row.id for row in rows]):
            people.setdefault(one.outbound_id, []).append(one.address)
        return [
            OutboundFacts(
                row.id, row.notice, row.ticket, tuple(people.get(row.id, ())), row.message_id, row.state, row.created_at
            )
            for row in rows
        ]  # fmt: skip

    def by_message_id(self, message_id: str) -> OutboundFacts | None:
        """The outgoing mail with this Message-ID."""
        key = KnownKeys(self._tx).outbound(message_id)
        mails = self.facts([key]) if key is not None else []
        return mails[0] if mails else None

    def recent(self, tickets: Sequence[int], since: datetime) -> frozenset[tuple[int, str, str]]:
        """(ticket, notice, address) of what was planned since then."""
        rows = self._tx.rows_in(hot.RECENT_NOTICES, tickets, {"since": since})
        return frozenset((row.ticket, row.notice, row.address) for row in rows)

    def mark(self, key: int, recipient: str, state: RecipientState, answer: str, now: datetime) -> None:
        """What a delivery report told about a recipient ("" = all); nothing where no arrow leads there from what
        is known: a delay that is reported after the bounce is old news. Of a mail that no relay can have yet nobody's
        server tells anything."""
        before = set(phases.leading_to(phases.RECIPIENT, state))
        row = self._tx.execute(select(*OUTBOUND.c["state", "maybe_sent"]).where(OUTBOUND.c.id == key)).first()
        if (
            row is not None
            and row.state in (OutboundState.QUEUED, OutboundState.FAILED)
            and not row.maybe_sent
        ):
            before.discard(RecipientState.WAITING)
        told = [
            row for row in self._tx.rows_in(hot.RECIPIENTS, [key])
            if recipient in ("", row.address) and row.state in before
        ]  # fmt: skip
        self._tx.tell(hot.TELL_RECIPIENT, *[
            {"key": key, "who": row.address, "state": state, "answer": answer, "told_at": now} for row in told
        ])  # fmt: skip
        self._tx.add_events(
            [("outbound", key, row.state, state, f"{row.address} {answer}".strip()) for row in told], now
        )

    def raw(self, key: int) -> bytes | None:
        """The rendered bytes; None before the first attempt and after erasure."""
        query = select(*OUTBOUND_BYTES.c["content", "packed"]).where(OUTBOUND_BYTES.c.outbound_id == key)
        row = self._tx.execute(query).first()
        return None if row is None else unpacked(row.content, row.packed)

    def retry(self, key: int, now: datetime) -> None:
        """Send again now. NotFound; Refused when it was sent or is being sent."""
        state = self._tx.execute(select(OUTBOUND.c.state).where(OUTBOUND.c.id == key)).scalar()
        if state is None:
            raise no_mail(key)
        if state not in (OutboundState.FAILED, OutboundState.QUEUED):
            raise Refused(f"outgoing mail {key} is {state}; only failed and queued ones can be retried")
        self._again(OUTBOUND.c.id == key, now)

    def retry_all(self, now: datetime) -> int:
        """Everything failed or queued is due now. How many."""
        return self._again(OUTBOUND.c.state.in_([OutboundState.FAILED, OutboundState.QUEUED]), now)

    def _again(self, condition: Any, now: datetime) -> int:
        rows = self._tx.execute(select(OUTBOUND.c.id, OUTBOUND.c.state).where(condition)).all()
        failed = [row.id for row in rows if row.state is _RETRIED[0]]
        self._tx.execute(update(OUTBOUND).where(condition).values(state=_RETRIED[1], next_attempt_at=now))
        if failed:
            # those that refused get another chance, those that took it are not asked again
            self._tx.execute(
                update(OUTBOUND_RECIPIENT)
                .where(
                    OUTBOUND_RECIPIENT.c.outbound_id.in_(failed),
                    OUTBOUND_RECIPIENT.c.state == _ASKED_AGAIN[0],
                )
                .values(state=_ASKED_AGAIN[1])
            )
        self._tx.add_events([("outbound", key, *_RETRIED, "retry") for key in failed], now)
        self._tx.set_meta("outbox_retries", str(self.retries() + 1))
        return len(rows)

    def retries(self) -> int:
        """How often an agent has said "now": a daemon that holds everything back sees that it was said again."""
        return int(self._tx.meta("outbox_retries") or 0)


def no_mail(key: int) -> NotFound:
    return NotFound(f"there is no outgoing mail {key}; see `maild outbox list`")
