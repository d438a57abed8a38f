"""Consents, their tokens (hashes only) and the append-only log that chains every step to the one before.

A log row's hash is SHA-256 over `canonical(...)`: JSON with sorted keys, no spaces, ASCII only, of the row
and of the hash before it. Whoever changes, removes or reorders a row breaks the chain at that row; removing
the newest rows shows against the head, which also stands in `meta` and outside the database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from maild.errors import NotFound, Refused
from maild.model import AddTokens, ConsentFacts, DecideConsent, Json, OpenConsent, TokenFacts
from maild.store.core import Transaction
from maild.store.statements import Prepared, PreparedIn, insert_all
from maild.store.tables import CONSENT, CONSENT_LOG, CONSENT_TOKEN
from maild.store.types import clean, dump, from_micros, iso, load, maybe_moment, to_micros
from maild.ticket import phases
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import ConsentEvent, ConsentKind

#: the hash before the first row
GENESIS = "0" * 64

_INSERT = Prepared(insert_all(CONSENT), " RETURNING id")
_ADD_TOKEN = Prepared(insert_all(CONSENT_TOKEN))
_OF_TICKETS = PreparedIn(
    lambda numbers: select(*CONSENT.c).where(CONSENT.c.ticket.in_(numbers)).order_by(CONSENT.c.id),
    CONSENT.c.ticket,
)
_BY_ID = PreparedIn(
    lambda ids: select(*CONSENT.c).where(CONSENT.c.id.in_(ids)).order_by(CONSENT.c.id), CONSENT.c.id
)
_TOKENS = PreparedIn(
    lambda ids: (
        select(*CONSENT_TOKEN.c)
        .where(CONSENT_TOKEN.c.consent_id.in_(ids))
        .order_by(CONSENT_TOKEN.c.token_hash)
    ),
    CONSENT_TOKEN.c.consent_id,
)
_BY_TOKEN = PreparedIn(
    lambda hashes: select(CONSENT_TOKEN.c.consent_id).where(CONSENT_TOKEN.c.token_hash.in_(hashes)),
    CONSENT_TOKEN.c.token_hash,
)
_CARRIED = Prepared(
    update(CONSENT_TOKEN)
    .where(CONSENT_TOKEN.c.token_hash == bindparam("key"))
    .values(message_id=bindparam("message_id"))
)
_DECIDE = Prepared(
    update(CONSENT)
    .where(CONSENT.c.id == bindparam("key"), CONSENT.c.state == bindparam("old"))
    .values(
        state=bindparam("state"),
        decided_by=bindparam("by"),
        decided_at=bindparam("at"),
        reason=bindparam("why"),
    )
    .returning(CONSENT.c.id)
)
_STATE = Prepared(select(CONSENT.c.state).where(CONSENT.c.id == bindparam("key")))
_SPEND = Prepared(
    update(CONSENT_TOKEN)
    .where(CONSENT_TOKEN.c.token_hash == bindparam("key"), CONSENT_TOKEN.c.consent_id == bindparam("consent"),
           CONSENT_TOKEN.c.spent_at.is_(None), CONSENT_TOKEN.c.void_at.is_(None))
    .values(spent_at=bindparam("at"))
    .returning(CONSENT_TOKEN.c.token_hash)
)  # fmt: skip
_VOID = Prepared(
    update(CONSENT_TOKEN)
    .where(
        CONSENT_TOKEN.c.consent_id == bindparam("consent"),
        CONSENT_TOKEN.c.spent_at.is_(None),
        CONSENT_TOKEN.c.void_at.is_(None),
    )
    .values(void_at=bindparam("at"))
)
_LAST = Prepared(
    select(CONSENT_LOG.c.seq, CONSENT_LOG.c.hash)
    .order_by(CONSENT_LOG.c.seq.desc())
    .limit(literal_column("1"))
)
_APPEND = Prepared(insert_all(CONSENT_LOG))


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify` found. `broken_at`: the first row that does not fit."""

    ok: bool
    rows: int
    head: str
    broken_at: int | None = None
    problem: str = ""


def canonical(seq: int, consent_id: int, at: str, event: str, data: Json, prev_hash: str) -> bytes:
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
        at = to_micros(now)
        expires = to_micros(change.expires_at)
        row = self._tx.row(_INSERT, {
            "ticket": ticket, "kind": change.kind, "state": ConsentState.WAITING, "requested_at": at, "expires_at": expires,
            "approvers": dump(change.approvers), "requester": clean(change.requester),
            "request_sha256": change.request_sha256, "request_text": clean(change.request_text),
            "require": change.require, "phase_before": change.phase_before, "decided_by": "", "decided_at": None,
            "reason": "", "data": dump(change.data),
        })  # fmt: skip
        assert row is not None
        key = int(row[0])
        self._tx.many(_ADD_TOKEN, [
            {"token_hash": token, "consent_id": key, "approver": approver, "message_id": "", "expires_at": expires,
             "spent_at": None, "void_at": None}
            for approver, token in change.token_hashes
        ])  # fmt: skip
        self._tx.add_events([("consent", key, "", ConsentState.WAITING, change.kind)], now)
        return key

    def add_tokens(self, change: AddTokens) -> None:
        """Further tokens of a consent, such as a reminder's. Refused when it does not wait any more."""
        if self._tx.scalar(_STATE, {"key": change.consent_id}) != ConsentState.WAITING:
            raise Refused(f"consent C{change.consent_id} does not wait for an answer any more")
        self._tx.many(_ADD_TOKEN, [
            {"token_hash": token, "consent_id": change.consent_id, "approver": approver, "message_id": "",
             "expires_at": to_micros(change.expires_at), "spent_at": None, "void_at": None}
            for approver, token in change.token_hashes
        ])  # fmt: skip

    def carried(self, token_hash: str, message_id: str) -> None:
        """Note which mail carried a token."""
        self._tx.run(_CARRIED, {"key": token_hash, "message_id": message_id})

    def decide(self, change: DecideConsent, now: datetime) -> None:
        """Move a consent on by `phases.CONSENT`; spend the one token, void the others.

        Only a waiting one can be granted, refused or expire; one that expired can be withdrawn. Refused when it
        stands elsewhere, or the token is spent, void or of another consent.
        """
        phases.check_move(phases.CONSENT, ConsentState.WAITING, change.state)
        key, at = change.consent_id, to_micros(now)
        old = ConsentState.WAITING
        params = {
            "key": key,
            "old": old,
            "state": change.state,
            "by": clean(change.by),
            "at": at,
            "why": clean(change.reason),
        }
        moved = self._tx.row(_DECIDE, params)
        if moved is None and change.state in phases.CONSENT[ConsentState.EXPIRED]:
            old = ConsentState.EXPIRED
            moved = self._tx.row(_DECIDE, {**params, "old": old})
        if moved is None:
            state = self._tx.scalar(_STATE, {"key": key})
            if state is None:
                raise NotFound(f"there is no consent C{key}")
            raise Refused(f"consent C{key} is {state} already; open a new one with `maild approval request`")
        if change.spend_token is not None:
            spent = self._tx.row(_SPEND, {"key": change.spend_token, "consent": key, "at": at})
            if spent is None:
                raise Refused(f"the token is not one that consent C{key} waits for")
        self._tx.run(_VOID, {"consent": key, "at": at})
        self._tx.add_events([("consent", key, old, change.state, change.by)], now)

    def append(self, consent_id: int, event: ConsentEvent, data: Json, now: datetime) -> str:
        """Append to the log; the new head."""
        last = self._tx.row(_LAST, {})
        seq, prev = (int(last[0]) + 1, last[1]) if last else (1, GENESIS)
        text = dump(data)
        # what is hashed is what will be read again
        head = sha256(canonical(seq, consent_id, now.isoformat(), event, load(text), prev)).hexdigest()
        self._tx.run(_APPEND, {"seq": seq, "consent_id": consent_id, "at": to_micros(now), "event": event,
                               "data": text, "prev_hash": prev, "hash": head})  # fmt: skip
        self._tx.set_meta("consent_head", head)
        return head

    # ------------------------------------------------------------------------------------- reading

    def of_tickets(self, numbers: Sequence[int]) -> dict[int, ConsentFacts]:
        """Consents of these tickets by id."""
        return self._facts(self._tx.rows_in(_OF_TICKETS, numbers))

    def by_tokens(self, hashes: Sequence[str]) -> dict[int, ConsentFacts]:
        """Consents that these tokens belong to, by id."""
        ids = sorted({row[0] for row in self._tx.rows_in(_BY_TOKEN, hashes)})
        return self._facts(self._tx.rows_in(_BY_ID, ids))

    def by_token(self, token_hash: str) -> ConsentFacts | None:
        return next(iter(self.by_tokens([token_hash]).values()), None)

    def get(self, key: int) -> ConsentFacts:
        """NotFound when there is none."""
        found = self._facts(self._tx.rows_in(_BY_ID, [key]))
        if key not in found:
            raise NotFound(f"there is no consent C{key}; see `maild approval list`")
        return found[key]

    def of_ticket(self, number: int) -> tuple[ConsentFacts, ...]:
        """Oldest first."""
        return tuple(self.of_tickets([number]).values())

    def waiting(self, number: int) -> ConsentFacts | None:
        """The consent that the ticket waits for."""
        return next((one for one in self.of_ticket(number) if one.state is ConsentState.WAITING), None)

    def all(self, state: str | None = None) -> tuple[ConsentFacts, ...]:
        """Newest first."""
        query = select(CONSENT.c.id).order_by(CONSENT.c.id.desc())
        if state is not None:
            query = query.where(CONSENT.c.state == state)
        ids = [row.id for row in self._tx.connection.execute(query)]
        found: dict[int, ConsentFacts] = {}
        for start in range(0, len(ids), 256):
            found |= self._facts(self._tx.rows_in(_BY_ID, ids[start : start + 256]))
        return tuple(found[key] for key in ids)

    def list(self, state: str | None = None) -> tuple[ConsentFacts, ...]:
        """The same as `all`, under the name of the command."""
        return self.all(state)

    def _facts(self, rows: Sequence[Sequence[Any]]) -> dict[int, ConsentFacts]:
        tokens: dict[int, list[TokenFacts]] = {}
        for hash_, consent, approver, message_id, expires, spent, void in self._tx.rows_in(
            _TOKENS, [row[0] for row in rows]
        ):
            tokens.setdefault(consent, []).append(TokenFacts(
                hash_, consent, approver, message_id, from_micros(expires), maybe_moment(spent), maybe_moment(void)
            ))  # fmt: skip
        return {row[0]: _consent(row, tuple(tokens.get(row[0], ()))) for row in rows}

    # ----------------------------------------------------------------------------------------- log

    def log(self, consent_id: int | None = None) -> tuple[Json, ...]:
        """Rows of the log, oldest first."""
        query = select(CONSENT_LOG).order_by(CONSENT_LOG.c.seq)
        if consent_id is not None:
            query = query.where(CONSENT_LOG.c.consent_id == consent_id)
        return tuple(
            {"seq": row.seq, "consent_id": row.consent_id, "at": row.at.isoformat(), "event": row.event,
             "data": load(row.data), "prev_hash": row.prev_hash, "hash": row.hash}
            for row in self._tx.connection.execute(query)
        )  # fmt: skip

    def head(self) -> str:
        """Hash of the newest row."""
        last = self._tx.row(_LAST, {})
        return GENESIS if last is None else str(last[1])

    def verify(self, expected_head: str | None = None) -> ChainReport:
        """Walk the whole chain. `expected_head`: a head noted elsewhere that must occur in it."""
        prev, expected, count = GENESIS, 1, 0
        seen = {GENESIS}
        query = select(CONSENT_LOG).order_by(CONSENT_LOG.c.seq).execution_options(yield_per=500)
        with self._tx.connection.execute(query) as rows:
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
        return f"the data of row {row.seq} are no JSON any more"
    made = canonical(row.seq, row.consent_id, iso(to_micros(row.at)) or "", row.event, data, prev)
    if sha256(made).hexdigest() != row.hash or dump(data) != row.data:
        return f"row {row.seq} was changed"
    return ""


def _consent(row: Sequence[Any], tokens: tuple[TokenFacts, ...]) -> ConsentFacts:
    (key, ticket, kind, state, requested, expires, approvers, requester, sha, text, require, phase_before, by, at,
     reason, data) = row  # fmt: skip
    more = load(data)
    if reason:
        more["reason"] = reason
    return ConsentFacts(
        id=key, ticket=ticket, kind=ConsentKind(kind), state=ConsentState(state), requested_at=from_micros(requested),
        expires_at=from_micros(expires), approvers=tuple(load(approvers)), requester=requester, request_sha256=sha,
        request_text=text, require=require, phase_before=Phase(phase_before or Phase.RECEIVED), tokens=tokens, decided_by=by,
        decided_at=maybe_moment(at), data=more,
    )  # fmt: skip
