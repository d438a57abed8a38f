"""Mails taken in: accepted, claimed by a worker, finished by `apply` or put into quarantine; `mails_in` looks them up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import literal, select, update

from maild.errors import NotFound, Refused
from maild.model import Envelope, JsonObject, Mail
from maild.store import hot
from maild.store.core import Transaction
from maild.store.imapstate import of_doubted_uid
from maild.store.large import LargeMails
from maild.store.rows import Claim
from maild.store.statements import Params, in_state
from maild.store.tables import INBOUND
from maild.ticket import phases
from maild.ticket.phases import InboundState
from maild.values import dataclass

RECEIVED = in_state(INBOUND, InboundState.RECEIVED)
#: what an agent's `retry`, and a mail that came after all, do to one in quarantine
_RETRIED = phases.arrow(phases.INBOUND, InboundState.QUARANTINED, InboundState.RECEIVED)
_CAME = phases.arrow(phases.INBOUND, InboundState.QUARANTINED, InboundState.DUPLICATE)


def no_mail(key: int) -> NotFound:
    return NotFound(f"there is no mail {key}; see `maild mail list`")


@dataclass(frozen=True, slots=True)
class InboundWork:
    """A claimed mail. `raw` is None when the bytes stand in the file `file`: see `Store.path_of`."""

    id: int
    envelope: Envelope
    sha256: str
    size: int
    attempts: int  # this one included
    raw: bytes | None
    file: str | None
    source_key: str | None
    slow: bool = False  # reading it may be dragged out: only in a process that can be killed


class InboundMails:
    """`tx.inbound`"""

    def __init__(self, tx: Transaction, large: LargeMails) -> None:
        self._tx = tx
        self._large = large

    # --------------------------------------------------------------------------------- the daily way

    def accept(
        self, envelope: Envelope, raw: bytes, source_key: str | None, sha256: str, *, file: str | None = None,
        slow: bool = False,
    ) -> int:  # fmt: skip
        """Store a mail; the id. A source key that is known returns the known id and writes nothing.

        `slow`: it is claimed with its like, whose number is limited, and never holds up the others.
        """
        return self.take_in(envelope, raw, source_key, sha256, file=file, slow=slow)[0]

    def take_in(
        self, envelope: Envelope, raw: bytes, source_key: str | None, sha256: str, *, file: str | None = None,
        slow: bool = False, claim: Claim | None = None,
    ) -> tuple[int, InboundWork | None]:  # fmt: skip
        """As `accept`. With a `claim` a new mail that is quick is the caller's from now on: its work is given, too."""
        tx = self._tx
        if file is None and tx.is_sqlite and len(raw) > tx.settings.database.large_mail_bytes:
            file = self._large.keep(raw, sha256)
        if source_key and (known := of_doubted_uid(tx, source_key, sha256)) is not None:
            return known, None
        if slow or file is not None:
            slow, claim = True, None
        key = tx.insert(hot.ACCEPT, {
            "source_key": source_key, "source": envelope.source, "received_at": envelope.received_at,
            "mail_from": envelope.mail_from, "rcpt_to": envelope.rcpt_to, "peer": envelope.peer,
            "trace": envelope.trace, "sha256": sha256, "size": len(raw), "file": file,
            "slow": slow, "attempts": 1 if claim else 0, "claimed_until": claim.until if claim else None,
            "claimed_by": claim.worker if claim else "",
        })  # fmt: skip
        if key is None:
            query = select(INBOUND.c.id).where(INBOUND.c.source_key == source_key)
            return int(tx.execute(query).scalar_one()), None
        if file is None:
            tx.tell(hot.KEEP_RAW, {"inbound_id": key, "content": raw})
        tx.add_events(
            [("inbound", key, "", InboundState.RECEIVED, source_key or envelope.peer)], envelope.received_at
        )
        if claim is None:
            return key, None
        return key, InboundWork(key, envelope, sha256, len(raw), 1, raw, None, source_key)

    def knows(self, source_key: str) -> bool:
        """Whether a mail with this source key was stored."""
        query = select(INBOUND.c.id).where(INBOUND.c.source_key == source_key)
        return self._tx.execute(query).first() is not None

    def claim(
        self, limit: int, now: datetime, lease: timedelta, worker: str = "", *, slow: int | None = None
    ) -> Sequence[InboundWork]:
        """The oldest mails that nobody works on, for `lease`; after that another worker may take them.

        At most `limit` quick ones, and at most `slow` (None: `limit`) of those that were called slow.
        """
        lanes = ((False, limit), (True, limit if slow is None else slow))
        rows = [
            row
            for lane, count in lanes
            if count > 0
            for row in self._tx.rows(hot.WAITING, {"now": now, "count": count, "slow": lane})
        ]
        claimed = [row.id for row in rows]
        self._tx.tell_in(hot.CLAIM_INBOUND, claimed, {"until": now + lease, "worker": worker})
        return [
            InboundWork(
                id=row.id,
                envelope=Envelope(row.source, row.received_at, row.mail_from, tuple(row.rcpt_to), row.peer, row.trace),
                sha256=row.sha256, size=row.size, attempts=row.attempts + 1, raw=row.content, file=row.file,
                source_key=row.source_key, slow=row.slow,
            )
            for row in rows
        ]  # fmt: skip

    def release(self, key: int) -> None:
        """Give a claim back: for a fault that is not the mail's, so the attempt does not count."""
        self._give_back(key, claimed_until=None)

    def slow_down(self, key: int) -> None:
        """A mail turned out to be slow: it is claimed again among those. No attempt counts."""
        self._give_back(key, claimed_until=None, slow=True)

    def postpone(self, key: int, mail: Mail, until: datetime, why: str) -> None:
        """Leave a mail `received` until then, since something outside must answer first. No attempt counts; the
        reason, From and Subject are shown by `mail list` and `mail show`."""
        if self._give_back(key, claimed_until=until, error=why):
            self.describe(key, mail)

    def _give_back(self, key: int, **values: Any) -> bool:
        """Whether it was: somebody else may have finished the mail."""
        given = self._tx.execute(
            update(INBOUND)
            .where(INBOUND.c.id == key, RECEIVED)
            .values(claimed_by="", attempts=INBOUND.c.attempts - 1, **values)
        )
        return given.rowcount == 1

    def release_worker(self, worker: str) -> int:
        """Give back what a worker had claimed that is gone, or begins anew; the attempts count. How many."""
        released = self._tx.execute(
            update(INBOUND)
            .where(RECEIVED, INBOUND.c.claimed_by == worker)
            .values(claimed_until=None, claimed_by="")
            .returning(INBOUND.c.id)
        )
        return len(released.all())

    def try_at_once(self, now: datetime, longest: timedelta) -> None:
        """Try at once what was postponed for longer than any pause lasts: the clock was ahead when that was set."""
        postponed = RECEIVED & (INBOUND.c.claimed_by == "")
        ahead = INBOUND.c.claimed_until > now + longest
        self._tx.execute(update(INBOUND).where(postponed, ahead).values(claimed_until=None))

    def release_unknown(self, worker: str, known: Collection[int]) -> None:
        """Give back what is claimed by a worker that does not know of it: the database was gone when it claimed, or when
        it gave back. No attempt counts."""
        self._tx.execute(
            update(INBOUND)
            .where(
                RECEIVED, INBOUND.c.claimed_by == worker, literal(worker) != "", INBOUND.c.id.not_in(known)
            )
            .values(claimed_until=None, claimed_by="", attempts=INBOUND.c.attempts - 1)
        )

    def finish(
        self, key: int, state: InboundState, *, mail: Mail | None, kind: str | None = None, ticket: int | None = None,
        duplicate_of: int | None = None, error: str = "", traceback: str = "", decision: JsonObject | None = None,
    ) -> tuple[str, int, str, str, str]:  # fmt: skip
        """Move a `received` mail on; returns the event to write. Refused when somebody else finished it."""
        phases.check_move(phases.INBOUND, InboundState.RECEIVED, state)
        params = {
            "key": key, "state": state, "kind": kind, "ticket": ticket, "duplicate_of": duplicate_of,
            "error": error, "traceback": traceback, "message_id": None, "from_address": None,
            "subject": None, "fingerprint": None,
        }  # fmt: skip
        if mail is not None:
            params |= _described(mail) | {"fingerprint": mail.fingerprint or None}
        if not self._tx.changed(hot.FINISH, params):
            raise Refused(
                f"mail {key} is not in state received: another worker was quicker, or it does not exist"
            )
        if decision is not None:
            self._tx.tell(hot.ADD_DECISION, {"inbound_id": key, "decision": decision})
        return ("inbound", key, InboundState.RECEIVED, state, error[:200])

    def quarantine(
        self, key: int, error: str, traceback: str, now: datetime, *, mail: Mail | None = None
    ) -> None:
        """Set a mail aside that we failed on; its bytes stay, `retry` takes it up again."""
        event = self.finish(key, InboundState.QUARANTINED, mail=mail, error=error, traceback=traceback)
        self._tx.add_events([event], now)

    def retry(self, key: int, now: datetime) -> None:
        """Take a quarantined mail up again. NotFound; Refused when it is not in quarantine."""
        state = self._tx.execute(select(INBOUND.c.state).where(INBOUND.c.id == key)).scalar()
        if state is None:
            raise no_mail(key)
        if state != _RETRIED[0]:
            raise Refused(f"mail {key} is {state}; only quarantined mails can be retried")
        self._tx.execute(
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
        return {row.source_key for row in self._tx.execute(query)}

    def came_after_all(self, source_key: str, taken: int, now: datetime) -> None:
        """A mail in quarantine whose bytes could not be had then is row `taken` now."""
        done = self._tx.execute(
            update(INBOUND)
            .where(INBOUND.c.source_key == source_key, INBOUND.c.state == _CAME[0])
            .values(state=_CAME[1], duplicate_of=taken, error="", traceback="")
            .returning(INBOUND.c.id)
        )
        self._tx.add_events([("inbound", row.id, *_CAME, f"taken as mail {taken}") for row in done], now)

    def describe(self, key: int, mail: Mail) -> None:
        """Note From, Subject and Message-ID of a mail that is not finished."""
        self._tx.execute(update(INBOUND).where(INBOUND.c.id == key).values(_described(mail)))

    def same_ahead(self, fingerprint: str, own_id: int | None) -> None:
        """`same` is going to be asked for."""
        self._tx.ahead(hot.SAME_MAIL, _same(fingerprint, own_id))

    def same(self, fingerprint: str, own_id: int | None) -> tuple[int, int | None] | None:
        """(id, ticket) of the first finished mail that is the same mail."""
        row = self._tx.row(hot.SAME_MAIL, _same(fingerprint, own_id))
        return None if row is None else (row.id, row.ticket)

    def drop_files(self, names: Iterable[str | None]) -> None:
        """Remove these files after the commit, but for those that another mail needs."""
        for name in names:
            if (
                name
                and not self._tx.execute(select(INBOUND.c.id).where(INBOUND.c.file == name).limit(1)).first()
            ):
                self._tx.after_commit.append(partial(self._large.remove, name))

    def file_on(self, key: int, ticket: int, agent: str, now: datetime) -> None:
        """An agent puts a mail on a ticket. NotFound; Refused when it stands on one, or is not done."""
        self._settle(key, {"ticket": ticket}, f"filed on #{ticket} by {agent}", now)

    def dismiss(self, key: int, agent: str, now: datetime) -> None:
        """An agent has seen a mail that belongs nowhere. NotFound; Refused as `file_on`."""
        self._settle(key, {"dismissed_at": now}, f"dismissed by {agent}", now)

    def _settle(self, key: int, values: Params, note: str, now: datetime) -> None:
        row = self._tx.execute(
            select(INBOUND.c.state, INBOUND.c.ticket, INBOUND.c.dismissed_at).where(INBOUND.c.id == key)
        ).first()
        if row is None:
            raise no_mail(key)
        if row.ticket is not None:
            raise Refused(f"mail {key} is on #{row.ticket} already; `maild show {row.ticket}` shows it")
        if row.state != InboundState.DONE:
            raise Refused(f"mail {key} is {row.state}: only mails that were judged can be filed or dismissed")
        if row.dismissed_at is not None and "ticket" not in values:
            raise Refused(f"mail {key} was dismissed already")
        self._tx.execute(update(INBOUND).where(INBOUND.c.id == key).values(values))
        self._tx.add_events([("inbound", key, InboundState.DONE, InboundState.DONE, note)], now)


def _same(fingerprint: str, own_id: int | None) -> Params:
    return {"fingerprint": fingerprint, "own": own_id or 0}


def _described(mail: Mail) -> Params:
    """What lists show of it: the strict From, else the first mailbox that any reading of From yields."""
    shown = mail.sender or next(iter(mail.froms), None)
    return {
        "message_id": mail.message_id, "from_address": shown.address if shown else None, "subject": mail.subject,
    }  # fmt: skip
