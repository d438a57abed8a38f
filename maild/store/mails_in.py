"""Mails taken in, as people look them up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Select, func, or_, select, text

from maild.errors import NotFound
from maild.store import facts_of
from maild.store.inbound import RECEIVED, InboundMails, no_mail
from maild.store.listed import MailFilter
from maild.store.packing import unpacked
from maild.store.rows import MailIn, MailInWhole
from maild.store.statements import count_in, where_equal
from maild.store.tables import INBOUND, INBOUND_DECISION, INBOUND_RAW
from maild.ticket.phases import InboundState

#: written out, so that the database sees that the partial index of these rows serves
_UNFILED = text(f"state = '{InboundState.DONE}' AND ticket IS NULL AND dismissed_at IS NULL")
_LISTED = INBOUND.c[facts_of.columns_of(MailIn)]
_MORE = ("mail_from", "rcpt_to", "peer", "trace", "size", "sha256", "attempts", "traceback", "source_key",
         "duplicate_of", "fingerprint")  # fmt: skip


def unfiled_query(limit: int) -> Select[Any]:
    """Mails that are done and stand on no ticket, oldest first."""
    return select(*_LISTED).where(_UNFILED).order_by(INBOUND.c.id).limit(limit)


def listed_query(limit: int | None, **wanted: Unpack[MailFilter]) -> Select[Any]:
    """Mails taken in, newest first."""
    query = select(*_LISTED).order_by(INBOUND.c.id.desc()).limit(limit)
    return where_equal(query, INBOUND, **wanted)


class MailsIn(InboundMails):
    """`tx.inbound`: what `InboundMails` does, and looks."""

    def from_person(self, addresses: Sequence[str]) -> tuple[int, ...]:
        """Ids of the mails that came from these addresses (reading all rows)."""
        query = select(INBOUND.c.id).where(INBOUND.c.from_address.in_(addresses)).order_by(INBOUND.c.id)
        return tuple(self._tx.execute(query).scalars())

    def raw(self, key: int) -> bytes:
        """The exact bytes. NotFound when there is no such mail or its bytes were erased."""
        row = self._tx.execute(
            select(INBOUND.c.file, *INBOUND_RAW.c["content", "packed"])
            .select_from(INBOUND.outerjoin(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id))
            .where(INBOUND.c.id == key)
        ).first()
        if row is None:
            raise no_mail(key)
        if row.file:
            try:
                return self._large.read(row.file)
            except FileNotFoundError:
                raise NotFound(f"the file of mail {key} is missing: {self._large.path(row.file)}") from None
        if row.content is None:
            raise NotFound(f"the bytes of mail {key} were erased")
        return unpacked(row.content, row.packed)

    def raw_or_none(self, key: int) -> bytes | None:
        """The exact bytes, where they are kept."""
        try:
            return self.raw(key)
        except NotFound:
            return None

    def list(self, *, limit: int | None = 100, **wanted: Unpack[MailFilter]) -> tuple[MailIn, ...]:
        """Mails taken in, newest first."""
        return tuple(map(facts_of.mail_in, self._tx.execute(listed_query(limit, **wanted))))

    def unfiled(self, limit: int) -> tuple[MailIn, ...]:
        """Mails that are done and stand on no ticket, oldest first. An agent files or
        dismisses them."""
        return tuple(map(facts_of.mail_in, self._tx.execute(unfiled_query(limit))))

    def get(self, key: int) -> MailInWhole:
        """Everything but the bytes. NotFound."""
        mails = self._whole(INBOUND.c.id == key)
        if not mails:
            raise no_mail(key)
        return mails[0]

    def by_message_id(self, message_id: str) -> tuple[MailInWhole, ...]:
        """Every mail that came with this Message-ID, oldest first, as `get`."""
        return self._whole(INBOUND.c.message_id == message_id)

    def queued_as(self, queue_id: str) -> tuple[int, ...]:
        """Ids of the mails that were answered `queued as` this; reads all rows."""
        query = select(INBOUND.c.id).where(INBOUND.c.trace.contains(f" id {queue_id}", autoescape=True))
        return tuple(self._tx.execute(query.order_by(INBOUND.c.id)).scalars())

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
        return tuple(row.id for row in self._tx.execute(query))

    def _whole(self, condition: Any) -> tuple[MailInWhole, ...]:
        query = (
            select(*_LISTED, *INBOUND.c[_MORE], INBOUND_DECISION.c.decision)
            .select_from(INBOUND.outerjoin(INBOUND_DECISION, INBOUND_DECISION.c.inbound_id == INBOUND.c.id))
            .where(condition)
            .order_by(INBOUND.c.id)
        )
        return tuple(
            MailInWhole(
                mail=facts_of.mail_in(row), mail_from=row.mail_from, rcpt_to=tuple(row.rcpt_to), peer=row.peer,
                trace=row.trace,
                size=row.size, sha256=row.sha256, attempts=row.attempts, traceback=row.traceback,
                source_key=row.source_key, duplicate_of=row.duplicate_of, fingerprint=row.fingerprint,
                decision=row.decision, events=self._tx.events("inbound", row.id),
            )
            for row in self._tx.execute(query).all()
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """Mails waiting and mails in quarantine."""
        states = (InboundState.RECEIVED, InboundState.QUARANTINED)
        return {one: self._tx.execute(count_in(INBOUND, one)).scalar_one() for one in states}

    def oldest_waiting(self) -> datetime | None:
        """When the oldest mail that is not finished was received."""
        query = select(func.min(INBOUND.c.received_at, type_=INBOUND.c.received_at.type)).where(RECEIVED)
        at: datetime | None = self._tx.execute(query).scalar()
        return at

    def newest(self) -> datetime | None:
        """When the last mail was received; None where none ever came."""
        query = select(INBOUND.c.received_at).order_by(INBOUND.c.id.desc()).limit(1)
        at: datetime | None = self._tx.execute(query).scalar()
        return at
