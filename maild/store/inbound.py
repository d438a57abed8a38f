"""Mails taken in: accepted, claimed by a worker, finished by `apply` or put into quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal_column, or_, select, text, update

from maild.errors import NotFound, Refused
from maild.model import Envelope, Json, Mail
from maild.store.core import Rows, Transaction
from maild.store.large import LargeMails
from maild.store.statements import Prepared, PreparedIn, insert_all
from maild.store.tables import INBOUND, INBOUND_DECISION, INBOUND_RAW
from maild.store.types import clean, dump, from_micros, iso, load, maybe_moment, to_micros
from maild.ticket import phases
from maild.ticket.phases import InboundState

#: written out, so that the database sees that the partial index of these rows serves
_UNFILED = text(f"state = '{InboundState.DONE}' AND ticket IS NULL AND dismissed_at IS NULL")
_RECEIVED = INBOUND.c.state == literal_column(f"'{InboundState.RECEIVED}'")
#: what an agent's `retry`, and a mail that came after all, do to one in quarantine
_RETRIED = phases.arrow(phases.INBOUND, InboundState.QUARANTINED, InboundState.RECEIVED)
_CAME = phases.arrow(phases.INBOUND, InboundState.QUARANTINED, InboundState.DUPLICATE)

_FIRST = (
    "source_key",
    "source",
    "received_at",
    "mail_from",
    "rcpt_to",
    "peer",
    "trace",
    "sha256",
    "size",
    "file",
)


_FRESH = {
    "state": f"'{InboundState.RECEIVED}'",
    "attempts": "0",
    "claimed_by": "''",
    "error": "''",
    "traceback": "''",
}
#: yields the new id, or none where the source key is known
_ACCEPT = Prepared(
    insert_all(INBOUND, *_FIRST, **_FRESH), " ON CONFLICT (source_key) DO NOTHING", yields_id=True
)
_KEEP_RAW = Prepared(insert_all(INBOUND_RAW))
_BY_KEY = Prepared(select(INBOUND.c.id).where(INBOUND.c.source_key == bindparam("key")))
_WORK = INBOUND.c[
    "id",
    "source",
    "received_at",
    "mail_from",
    "rcpt_to",
    "peer",
    "trace",
    "sha256",
    "size",
    "attempts",
    "file",
    "source_key",
]
_WAITING = Prepared(
    select(*_WORK, INBOUND_RAW.c.content)
    .select_from(INBOUND.outerjoin(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id))
    .where(_RECEIVED, or_(INBOUND.c.claimed_until.is_(None), INBOUND.c.claimed_until <= bindparam("now")))
    .order_by(INBOUND.c.id)
    .limit(bindparam("count"))
)
_CLAIM = PreparedIn(
    lambda ids: (
        update(INBOUND)
        .where(INBOUND.c.id.in_(ids))
        .values(
            claimed_until=bindparam("until"),
            claimed_by=bindparam("worker"),
            attempts=INBOUND.c.attempts + literal_column("1"),
        )
    ),
    INBOUND.c.id,
)
_RELEASE = Prepared(
    update(INBOUND)
    .where(INBOUND.c.id == bindparam("key"), _RECEIVED)
    .values(claimed_until=None, claimed_by="", attempts=INBOUND.c.attempts - 1)
    .returning(INBOUND.c.id)
)
_POSTPONE = Prepared(
    update(INBOUND)
    .where(INBOUND.c.id == bindparam("key"), _RECEIVED)
    .values(
        claimed_until=bindparam("until"),
        claimed_by="",
        attempts=INBOUND.c.attempts - 1,
        error=bindparam("why"),
    )
    .returning(INBOUND.c.id)
)
_DESCRIBED = {"message_id", "from_address", "subject", "kind", "fingerprint"}
_FINISH = Prepared(
    update(INBOUND)
    .where(INBOUND.c.id == bindparam("key"), _RECEIVED)
    .values(
        {name: bindparam(name) for name in _DESCRIBED}
        | {name: bindparam(name) for name in ("state", "ticket", "duplicate_of", "error", "traceback")}
        | {"claimed_until": literal_column("NULL"), "claimed_by": literal_column("''")}
    )
)
_ADD_DECISION = Prepared(
    insert_all(INBOUND_DECISION), " ON CONFLICT (inbound_id) DO UPDATE SET decision = excluded.decision"
)
_SAME = Prepared(
    select(INBOUND.c.id, INBOUND.c.ticket)
    .where(INBOUND.c.fingerprint == bindparam("fingerprint"), INBOUND.c.state == literal_column(f"'{InboundState.DONE}'"),
           INBOUND.c.id != bindparam("own", type_=INBOUND.c.id.type))
    .order_by(INBOUND.c.id)
    .limit(literal_column("1"))
)  # fmt: skip
_FILE_AND_RAW = Prepared(
    select(INBOUND.c.file, INBOUND_RAW.c.content)
    .select_from(INBOUND.outerjoin(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id))
    .where(INBOUND.c.id == bindparam("key"))
)
_LISTED = INBOUND.c[
    "id", "received_at", "source", "message_id", "from_address", "subject", "kind", "state", "ticket", "error"
]


_MORE = ("mail_from", "rcpt_to", "peer", "trace", "size", "sha256", "attempts", "traceback", "source_key",
         "duplicate_of", "fingerprint")  # fmt: skip


@dataclass(frozen=True, slots=True)
class InboundWork:
    """A claimed mail. `raw` is None when the bytes stand in the file `file`: see `Store.raw_of`."""

    id: int
    envelope: Envelope
    sha256: str
    size: int
    attempts: int  # this one included
    raw: bytes | None
    file: str | None
    source_key: str | None


class InboundMails:
    """`tx.inbound`"""

    def __init__(self, tx: Transaction, large: LargeMails) -> None:
        self._tx = tx
        self._large = large

    # --------------------------------------------------------------------------------- the daily way

    def accept(
        self, envelope: Envelope, raw: bytes, source_key: str | None, sha256: str, *, file: str | None = None
    ) -> int:
        """Store a mail; the id. A source key that is known returns the known id and writes nothing."""
        tx = self._tx
        if file is None and tx.is_sqlite and len(raw) > tx.settings.database.large_mail_bytes:
            file = self._large.keep(raw, sha256)
        key = tx.insert(_ACCEPT, {
            "source_key": source_key, "source": envelope.source, "received_at": to_micros(envelope.received_at),
            "mail_from": None if envelope.mail_from is None else clean(envelope.mail_from),
            "rcpt_to": dump(envelope.rcpt_to), "peer": envelope.peer, "trace": envelope.trace, "sha256": sha256,
            "size": len(raw), "file": file,
        })  # fmt: skip
        if key is None:
            known = tx.scalar(_BY_KEY, {"key": source_key})
            assert isinstance(known, int)
            return known
        if file is None:
            tx.run(_KEEP_RAW, {"inbound_id": key, "content": raw})
        tx.add_events(
            [("inbound", key, "", InboundState.RECEIVED, source_key or envelope.peer)], envelope.received_at
        )
        return key

    def claim(self, limit: int, now: datetime, lease: timedelta, worker: str = "") -> Sequence[InboundWork]:
        """The oldest mails that nobody works on, for `lease`; after that another worker may take them."""
        found = self._tx.rows(_WAITING, {"now": to_micros(now), "count": limit})
        until = to_micros(now + lease)
        self._tx.run_in(_CLAIM, [row[0] for row in found], {"until": until, "worker": worker})
        return [
            InboundWork(
                id=key,
                envelope=Envelope(source, from_micros(at), mail_from, tuple(load(rcpt_to)), peer, trace),
                sha256=sha256, size=size, attempts=attempts + 1, raw=raw, file=file, source_key=source_key,
            )
            for (key, source, at, mail_from, rcpt_to, peer, trace, sha256, size, attempts, file, source_key, raw)
            in found
        ]  # fmt: skip

    def release(self, key: int, now: datetime) -> None:
        """Give a claim back: for a fault that is not the mail's, so the attempt does not count."""
        self._tx.run(_RELEASE, {"key": key})

    def postpone(self, key: int, mail: Mail, until: datetime, why: str) -> None:
        """Leave a mail `received` until then, since something outside must answer first. No attempt counts; the
        reason, From and Subject are shown by `mail list` and `mail show`."""
        if self._tx.row(_POSTPONE, {"key": key, "until": to_micros(until), "why": clean(why)}) is not None:
            self.describe(key, mail)

    def release_worker(self, worker: str) -> int:
        """At its start a worker gives back what its last life had claimed; the attempts count. How many."""
        found = self._tx.connection.execute(
            update(INBOUND)
            .where(_RECEIVED, INBOUND.c.claimed_by == worker)
            .values(claimed_until=None, claimed_by="")
            .returning(INBOUND.c.id)
        )
        return len(found.all())

    def finish(
        self,
        key: int,
        state: InboundState,
        now: datetime,
        *,
        mail: Mail | None,
        kind: str | None = None,
        ticket: int | None = None,
        duplicate_of: int | None = None,
        error: str = "",
        traceback: str = "",
        decision: str | None = None,
    ) -> tuple[str, int, str, str, str]:
        """Move a `received` mail on; the event to write. Refused when somebody else finished it."""
        phases.check_move(phases.INBOUND, InboundState.RECEIVED, state)
        params = {
            "key": key, "state": state, "kind": kind, "ticket": ticket, "duplicate_of": duplicate_of,
            "error": clean(error), "traceback": clean(traceback), "message_id": None, "from_address": None,
            "subject": None, "fingerprint": None,
        }  # fmt: skip
        if mail is not None:
            params["message_id"] = mail.message_id and clean(mail.message_id)
            params["from_address"] = mail.sender.address if mail.sender else _first_from(mail)
            params["subject"] = clean(mail.subject)
            params["fingerprint"] = mail.fingerprint or None
        if not self._tx.changed(_FINISH, params):
            raise Refused(
                f"mail {key} is not in state received: another worker was quicker, or it does not exist"
            )
        if decision is not None:
            self._tx.run(_ADD_DECISION, {"inbound_id": key, "decision": decision})
        return ("inbound", key, InboundState.RECEIVED, state, error[:200])

    def quarantine(
        self, key: int, error: str, traceback: str, now: datetime, *, mail: Mail | None = None
    ) -> None:
        """Set a mail aside that we failed on; its bytes stay, `retry` takes it up again."""
        event = self.finish(key, InboundState.QUARANTINED, now, mail=mail, error=error, traceback=traceback)
        self._tx.add_events([event], now)

    def retry(self, key: int, now: datetime) -> None:
        """Take a quarantined mail up again. NotFound; Refused when it is not in quarantine."""
        connection = self._tx.connection
        state = connection.execute(select(INBOUND.c.state).where(INBOUND.c.id == key)).scalar()
        if state is None:
            raise NotFound(f"there is no mail {key}; see `maild mail list`")
        if state != _RETRIED[0]:
            raise Refused(f"mail {key} is {state}; only quarantined mails can be retried")
        connection.execute(
            update(INBOUND)
            .where(INBOUND.c.id == key)
            .values(state=_RETRIED[1], claimed_until=None, error="", traceback="")
        )
        self._tx.add_events([("inbound", key, *_RETRIED, "retry")], now)

    def left_in_mailboxes(self) -> set[str]:
        """Source keys of the mails in quarantine that stay in their IMAP mailboxes."""
        query = select(INBOUND.c.source_key).where(
            INBOUND.c.state == InboundState.QUARANTINED, INBOUND.c.source_key.like("left:%")
        )
        return {row.source_key for row in self._tx.connection.execute(query)}

    def came_after_all(self, source_key: str, taken: int, now: datetime) -> None:
        """A mail in quarantine whose bytes could not be had then is row `taken` now."""
        done = self._tx.connection.execute(
            update(INBOUND)
            .where(INBOUND.c.source_key == source_key, INBOUND.c.state == _CAME[0])
            .values(state=_CAME[1], duplicate_of=taken, error="", traceback="")
            .returning(INBOUND.c.id)
        )
        self._tx.add_events([("inbound", row.id, *_CAME, f"taken as mail {taken}") for row in done], now)

    def describe(self, key: int, mail: Mail) -> None:
        """Note From, Subject and Message-ID of a mail that is not finished."""
        self._tx.connection.execute(
            update(INBOUND)
            .where(INBOUND.c.id == key)
            .values(
                message_id=mail.message_id,
                subject=clean(mail.subject),
                from_address=mail.sender.address if mail.sender else _first_from(mail),
            )
        )

    def same(self, fingerprint: str, own_id: int | None) -> tuple[int, int | None] | None:
        """(id, ticket) of the first finished mail that is the same mail."""
        found = self._tx.row(_SAME, {"fingerprint": fingerprint, "own": own_id or 0})
        return None if found is None else (int(found[0]), found[1])

    def first_with(self, fingerprint: str, own_id: int | None) -> int | None:
        """Id of the first finished mail that is the same mail."""
        found = self.same(fingerprint, own_id) if fingerprint else None
        return found[0] if found else None

    # ------------------------------------------------------------------------------------- looking

    def raw(self, key: int) -> bytes:
        """The exact bytes. NotFound when there is no such mail or its bytes were erased."""
        found = self._tx.row(_FILE_AND_RAW, {"key": key})
        if found is None:
            raise NotFound(f"there is no mail {key}; see `maild mail list`")
        file, content = found
        if file:
            try:
                return self._large.read(file)
            except FileNotFoundError:
                raise NotFound(f"the file of mail {key} is missing: {self._large.path(file)}") from None
        if content is None:
            raise NotFound(f"the bytes of mail {key} were erased")
        return bytes(content)

    def list(
        self, *, state: str | None = None, kind: str | None = None, ticket: int | None = None,
        limit: int | None = 100, newest_first: bool = True,
    ) -> Rows:  # fmt: skip
        """Rows of `mail list --json`."""
        query = select(*_LISTED).order_by(INBOUND.c.id.desc() if newest_first else INBOUND.c.id).limit(limit)
        for column, value in ((INBOUND.c.state, state), (INBOUND.c.kind, kind), (INBOUND.c.ticket, ticket)):
            if value is not None:
                query = query.where(column == value)
        return [_listed(row) for row in self._tx.connection.execute(query)]

    # ------------------------------------------------------------------------------ on no ticket

    def unfiled(self, limit: int) -> Rows:
        """Mails that are done and stand on no ticket, oldest first: rows of `list`. An agent files or
        dismisses them."""
        query = select(*_LISTED).where(_UNFILED).order_by(INBOUND.c.id).limit(limit)
        return [_listed(row) for row in self._tx.connection.execute(query)]

    def file_on(self, key: int, ticket: int, agent: str, now: datetime) -> None:
        """An agent puts a mail on a ticket. NotFound; Refused when it stands on one, or is not done."""
        self._settle(key, {"ticket": ticket}, f"filed on #{ticket} by {agent}", now)

    def dismiss(self, key: int, agent: str, now: datetime) -> None:
        """An agent has seen a mail that belongs nowhere. NotFound; Refused as `file_on`."""
        self._settle(key, {"dismissed_at": now}, f"dismissed by {agent}", now)

    def _settle(self, key: int, values: Json, note: str, now: datetime) -> None:
        connection = self._tx.connection
        row = connection.execute(
            select(INBOUND.c.state, INBOUND.c.ticket, INBOUND.c.dismissed_at).where(INBOUND.c.id == key)
        ).first()
        if row is None:
            raise NotFound(f"there is no mail {key}; see `maild mail list`")
        if row.ticket is not None:
            raise Refused(f"mail {key} stands on #{row.ticket} already; `maild show {row.ticket}` shows it")
        if row.state != InboundState.DONE:
            raise Refused(f"mail {key} is {row.state}: only mails that were judged can be filed or dismissed")
        if row.dismissed_at is not None and "ticket" not in values:
            raise Refused(f"mail {key} was dismissed already")
        connection.execute(update(INBOUND).where(INBOUND.c.id == key).values(values))
        self._tx.add_events([("inbound", key, InboundState.DONE, InboundState.DONE, note)], now)

    # ---------------------------------------------------------------------------------------- one

    def get(self, key: int) -> Json:
        """Everything but the bytes. NotFound."""
        found = self._whole(INBOUND.c.id == key)
        if not found:
            raise NotFound(f"there is no mail {key}; see `maild mail list`")
        return found[0]

    def by_message_id(self, message_id: str) -> Rows:
        """Every mail that came with this Message-ID, oldest first, as `get`."""
        return self._whole(INBOUND.c.message_id == message_id)

    def by_sha256(self, digest: str) -> tuple[int, ...]:
        """Ids of the mails with these very bytes that are still kept, oldest first."""
        query = (
            select(INBOUND.c.id)
            .select_from(INBOUND.outerjoin(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id))
            .where(
                INBOUND.c.sha256 == digest,
                or_(INBOUND_RAW.c.inbound_id.is_not(None), INBOUND.c.file.is_not(None)),
            )
            .order_by(INBOUND.c.id)
        )
        return tuple(row.id for row in self._tx.connection.execute(query))

    def _whole(self, condition: Any) -> Rows:
        query = (
            select(*_LISTED, *INBOUND.c[_MORE], INBOUND_DECISION.c.decision)
            .select_from(INBOUND.outerjoin(INBOUND_DECISION, INBOUND_DECISION.c.inbound_id == INBOUND.c.id))
            .where(condition)
            .order_by(INBOUND.c.id)
        )  # fmt: skip
        found = []
        for row in self._tx.connection.execute(query):
            more = row._mapping
            names = (*_MORE, "decision")
            events = self._tx.events("inbound", row.id)
            found.append(_listed(row) | {name: more[name] for name in names} | {"events": events})
        return found

    def counts(self) -> dict[str, int]:
        """Mails waiting and mails in quarantine."""
        connection = self._tx.connection
        return {
            state: connection.execute(
                select(func.count())
                .select_from(INBOUND)
                .where(INBOUND.c.state == literal_column(f"'{state}'"))
            ).scalar_one()
            for state in (InboundState.RECEIVED, InboundState.QUARANTINED)
        }

    def oldest_waiting(self) -> datetime | None:
        """When the oldest mail that is not finished was received."""
        query = select(func.min(INBOUND.c.received_at)).where(_RECEIVED)
        found = self._tx.connection.execute(query).scalar()
        return found if isinstance(found, datetime) else maybe_moment(found)

    def work_left(self, now: datetime) -> bool:
        """Whether a claim would find something."""
        query = select(INBOUND.c.id).where(
            _RECEIVED, or_(INBOUND.c.claimed_until.is_(None), INBOUND.c.claimed_until <= now)
        ).limit(1)  # fmt: skip
        return self._tx.connection.execute(query).first() is not None


def _first_from(mail: Mail) -> str | None:
    return mail.froms[0].address if mail.froms else None


def _listed(row: Any) -> Json:
    at = row.received_at
    return {
        "id": row.id,
        "received_at": at.isoformat() if isinstance(at, datetime) else iso(at),
        "source": row.source,
        "message_id": row.message_id,
        "from": row.from_address,
        "subject": row.subject,
        "kind": row.kind,
        "state": row.state,
        "ticket": row.ticket,
        "error": row.error,
    }
