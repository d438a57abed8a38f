"""Consents, their tokens (hashes only) and the append-only log that chains every step to the one before.

A log row's hash is SHA-256 over `canonical(...)`: JSON with sorted keys, no spaces, ASCII only, of the row
and of the hash before it. Whoever changes, removes or reorders a row breaks the chain at that row; removing
the newest rows shows against the head, which also stands in `meta` and outside the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select, update

from maild.errors import NotFound, Refused
from maild.model import AddTokens, ConsentFacts, DecideConsent, JsonObject, OpenConsent
from maild.store import facts_of, hot
from maild.store.core import Transaction
from maild.store.locks import Kind
from maild.store.plain import dump, in_parts, load
from maild.store.rows import LogRow
from maild.store.statements import where_equal
from maild.store.tables import CONSENT, CONSENT_LOG, CONSENT_TOKEN
from maild.ticket import phases
from maild.ticket.phases import ConsentState
from maild.ticket.terms import CODEC as TERMS
from maild.ticket.vocabulary import ConsentEvent
from maild.values import dataclass

#: the hash before the first row
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify` found. `broken_at`: the first row that does not fit."""

    ok: bool
    rows: int
    head: str
    broken_at: int | None = None
    problem: str = ""


def canonical(seq: int, consent_id: int, at: str, event: str, data: JsonObject, prev_hash: str) -> bytes:
    """The bytes that a log row's hash is made of; `at` is ISO-8601 UTC."""
    row = {
        "seq": seq,
        "consent_id": consent_id,
        "at": at,
        "event": event,
        "data": data,
        "prev_hash": prev_hash,
    }
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


class Consents:
    """`tx.consents`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ------------------------------------------------------------------------------------- writing

    def open(self, ticket: int, change: OpenConsent, now: datetime) -> int:
        """A new consent with its tokens; the id."""
        made = insert(CONSENT).values(
            ticket=ticket, kind=change.kind, state=ConsentState.WAITING, requested_at=now, expires_at=change.expires_at,
            approvers=change.approvers, requester=change.requester, request_sha256=change.request_sha256,
            request_text=change.request_text, require=change.require, phase_before=change.phase_before,
            decided_by="", reason="", data=TERMS.dump(change.terms),
        )  # fmt: skip
        key: int = self._tx.execute(made.returning(CONSENT.c.id)).scalar_one()
        self._add_tokens(key, change.token_hashes, change.expires_at)
        self._tx.add_events([("consent", key, "", ConsentState.WAITING, change.kind)], now)
        return key

    def add_tokens(self, change: AddTokens) -> None:
        """Further tokens of a consent, such as a reminder's. Refused when it does not wait any more."""
        if self._state(change.consent_id) != ConsentState.WAITING:
            raise Refused(f"consent C{change.consent_id} is no longer waiting for an answer")
        self._add_tokens(change.consent_id, change.token_hashes, change.expires_at)

    def _add_tokens(self, key: int, hashes: Sequence[tuple[str, str]], expires_at: datetime) -> None:
        if hashes:
            self._tx.execute(insert(CONSENT_TOKEN), [
                {"token_hash": token, "consent_id": key, "approver": approver, "message_id": "",
                 "expires_at": expires_at}
                for approver, token in hashes
            ])  # fmt: skip

    def _state(self, key: int) -> str | None:
        state: str | None = self._tx.execute(select(CONSENT.c.state).where(CONSENT.c.id == key)).scalar()
        return state

    def carried(self, token_hash: str, message_id: str) -> None:
        """Note which mail carried a token."""
        own = CONSENT_TOKEN.c.token_hash == token_hash
        self._tx.execute(update(CONSENT_TOKEN).where(own).values(message_id=message_id))

    def decide(self, change: DecideConsent, now: datetime) -> None:
        """Move a consent on by `phases.CONSENT`; spend the one token, void the others.

        What expired keeps its tokens: an answer that was received in time still decides it. Refused when the
        consent stands elsewhere, or the token is spent, void or of another consent.
        """
        phases.check_move(phases.CONSENT, ConsentState.WAITING, change.state)
        key = change.consent_id
        old = ConsentState.WAITING
        moved = self._move(change, old, now)
        if not moved and change.state in phases.CONSENT[ConsentState.EXPIRED]:
            old = ConsentState.EXPIRED
            moved = self._move(change, old, now)
        if not moved:
            state = self._state(key)
            if state is None:
                raise NotFound(f"there is no consent C{key}")
            raise Refused(f"consent C{key} is {state} already; open a new one with `maild approval request`")
        unused = (CONSENT_TOKEN.c.consent_id == key, CONSENT_TOKEN.c.spent_at.is_(None),
                  CONSENT_TOKEN.c.void_at.is_(None))  # fmt: skip
        if change.spend_token is not None:
            own = CONSENT_TOKEN.c.token_hash == change.spend_token
            spent = self._tx.execute(update(CONSENT_TOKEN).where(own, *unused).values(spent_at=now))
            if spent.rowcount != 1:
                raise Refused(f"the token is not one that consent C{key} waits for")
        if change.state != ConsentState.EXPIRED:
            self._tx.execute(update(CONSENT_TOKEN).where(*unused).values(void_at=now))
        self._tx.add_events([("consent", key, old, change.state, change.by)], now)

    def _move(self, change: DecideConsent, old: str, now: datetime) -> bool:
        """Move it on from `old`; whether it stood there."""
        moved = self._tx.execute(
            update(CONSENT)
            .where(CONSENT.c.id == change.consent_id, CONSENT.c.state == old)
            .values(state=change.state, decided_by=change.by, decided_at=now, reason=change.reason)
        )
        return moved.rowcount == 1

    def append(self, consent_id: int, event: ConsentEvent, data: JsonObject, now: datetime) -> str:
        """Append to the log; the new head."""
        self._tx.locks.take(Kind.LOG, ["consents"])
        last = self._last()
        seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
        text = dump(data)
        # what is hashed is what will be read again
        head = sha256(canonical(seq, consent_id, now.isoformat(), event, load(text), prev)).hexdigest()
        self._tx.execute(insert(CONSENT_LOG).values(
            seq=seq, consent_id=consent_id, at=now, event=event, data=text, prev_hash=prev, hash=head
        ))  # fmt: skip
        self._tx.set_meta("consent_head", head)
        return head

    # ------------------------------------------------------------------------------------- reading

    def of_tickets(self, numbers: Sequence[int]) -> dict[int, ConsentFacts]:
        """Consents of these tickets by id."""
        return self._facts(self._tx.rows_in(hot.CONSENTS_OF, numbers))

    def by_tokens(self, hashes: Sequence[str]) -> dict[int, ConsentFacts]:
        """Consents that these tokens belong to, by id."""
        if not hashes:
            return {}
        query = select(CONSENT_TOKEN.c.consent_id).where(CONSENT_TOKEN.c.token_hash.in_(hashes))
        return self._by_ids(self._tx.execute(query).scalars())

    def _by_ids(self, ids: Iterable[int]) -> dict[int, ConsentFacts]:
        query = select(CONSENT).where(CONSENT.c.id.in_(sorted(set(ids)))).order_by(CONSENT.c.id)
        return self._facts(self._tx.execute(query).all())

    def by_token(self, token_hash: str) -> ConsentFacts | None:
        return next(iter(self.by_tokens([token_hash]).values()), None)

    def get(self, key: int) -> ConsentFacts:
        """One consent. NotFound."""
        by_id = self._by_ids([key])
        if key not in by_id:
            raise NotFound(f"there is no consent C{key}; see `maild approval list`")
        return by_id[key]

    def of_ticket(self, number: int) -> tuple[ConsentFacts, ...]:
        """All consents of a ticket, oldest first."""
        return tuple(self.of_tickets([number]).values())

    def waiting(self, number: int) -> ConsentFacts | None:
        """The consent that the ticket waits for."""
        return next((one for one in self.of_ticket(number) if one.state is ConsentState.WAITING), None)

    def all(self, state: str | None = None) -> tuple[ConsentFacts, ...]:
        """All consents, or those in one state, newest first."""
        query = where_equal(select(CONSENT.c.id).order_by(CONSENT.c.id.desc()), CONSENT, state=state)
        ids = list(self._tx.execute(query).scalars())
        by_id: dict[int, ConsentFacts] = {}
        for some in in_parts(ids):
            by_id |= self._by_ids(some)
        return tuple(by_id[key] for key in ids)

    def _facts(self, rows: Sequence[Any]) -> dict[int, ConsentFacts]:
        if not rows:
            return {}
        own = CONSENT_TOKEN.c.consent_id.in_([row.id for row in rows])
        tokens: dict[int, list[Any]] = {}
        for one in self._tx.execute(select(CONSENT_TOKEN).where(own).order_by(CONSENT_TOKEN.c.token_hash)):
            tokens.setdefault(one.consent_id, []).append(one)
        return {row.id: facts_of.consent(row, tokens.get(row.id, ())) for row in rows}

    # ----------------------------------------------------------------------------------------- log

    def log(self, consent_id: int | None = None) -> tuple[LogRow, ...]:
        """Rows of the log, oldest first."""
        query = select(CONSENT_LOG).order_by(CONSENT_LOG.c.seq)
        query = where_equal(query, CONSENT_LOG, consent_id=consent_id)
        return tuple(
            LogRow(row.seq, row.consent_id, row.at, row.event, load(row.data), row.prev_hash, row.hash)
            for row in self._tx.execute(query)
        )  # fmt: skip

    def head(self) -> str:
        """Hash of the newest row."""
        last = self._last()
        return GENESIS if last is None else str(last.hash)

    def _last(self) -> Any | None:
        query = select(*CONSENT_LOG.c["seq", "hash"]).order_by(CONSENT_LOG.c.seq.desc())
        return self._tx.execute(query.limit(1)).first()

    def verify(self, expected_head: str | None = None) -> ChainReport:
        """Walk the whole chain. `expected_head`: a head noted elsewhere that must occur in it."""
        prev, expected, count = GENESIS, 1, 0
        seen = {GENESIS}
        query = select(CONSENT_LOG).order_by(CONSENT_LOG.c.seq).execution_options(yield_per=500)
        with self._tx.execute(query) as rows:
            for row in rows:
                problem = _misfit(row, expected, prev)
                if problem:
                    return ChainReport(False, count, prev, expected, problem)
                prev, expected, count = row.hash, expected + 1, count + 1
                seen.add(prev)
        noted = self._tx.meta("consent_head") or GENESIS
        if noted != prev:
            return ChainReport(
                False, count, prev, expected, "the newest rows are missing, or were added by hand"
            )
        if expected_head is not None and expected_head not in seen:
            return ChainReport(False, count, prev, None, "the head noted elsewhere does not occur in the log")
        return ChainReport(True, count, prev)


def _misfit(row: Any, expected: int, prev: str) -> str:
    """Why a row is not the one that must follow; "" when it is."""
    if row.seq != expected:
        return f"row {expected} is missing"
    if row.prev_hash != prev:
        return f"row {row.seq} does not follow the row before it"
    try:
        data = load(row.data)
    except ValueError:
        return f"the data of row {row.seq} are not JSON any more"
    made = canonical(row.seq, row.consent_id, row.at.isoformat(), row.event, data, prev)
    if sha256(made).hexdigest() != row.hash or dump(data) != row.data:
        return f"row {row.seq} was changed"
    return ""
