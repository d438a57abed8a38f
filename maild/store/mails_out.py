"""Mails going out, as people look them up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from maild.model import MailOut, Recipient
from maild.store import facts_of
from maild.store.facts_of import ALERT
from maild.store.outbound import QUEUED, OutboundMails, no_mail
from maild.store.plain import in_parts
from maild.store.rows import HeldMail, MailOutWhole
from maild.store.statements import count_in, where_equal
from maild.store.tables import HELD_NOTICE, OUTBOUND, OUTBOUND_BYTES, OUTBOUND_DATA, OUTBOUND_RECIPIENT
from maild.ticket.phases import OutboundState

#: what an agent is told says of itself what it is about
_ALERTS = (OUTBOUND_DATA.c.outbound_id == OUTBOUND.c.id) & (OUTBOUND.c.notice == ALERT)
_LISTED = select(OUTBOUND, OUTBOUND_BYTES.c.subject, OUTBOUND_DATA.c.data).select_from(
    OUTBOUND.outerjoin(OUTBOUND_BYTES, OUTBOUND_BYTES.c.outbound_id == OUTBOUND.c.id).outerjoin(
        OUTBOUND_DATA, _ALERTS
    )
)
_WHOLE = select(OUTBOUND, OUTBOUND_BYTES.c.subject, OUTBOUND_DATA.c.data).select_from(
    OUTBOUND.outerjoin(OUTBOUND_DATA, OUTBOUND_DATA.c.outbound_id == OUTBOUND.c.id).outerjoin(
        OUTBOUND_BYTES, OUTBOUND_BYTES.c.outbound_id == OUTBOUND.c.id
    )
)


class MailsOut(OutboundMails):
    """`tx.outbound`: what `OutboundMails` does, and looks."""

    def list(
        self, *, state: str | None = None, ticket: int | None = None, limit: int | None = 100
    ) -> tuple[MailOut, ...]:
        """Mails that go out, newest first."""
        query = _LISTED.order_by(OUTBOUND.c.id.desc()).limit(limit)
        rows = self._tx.execute(where_equal(query, OUTBOUND, state=state, ticket=ticket)).all()
        people = self._people([row.id for row in rows])
        return tuple(facts_of.mail_out(row, people.get(row.id, ())) for row in rows)

    def get(self, key: int) -> MailOutWhole:
        """One with its recipients, data and events. NotFound."""
        row = self._tx.execute(_WHOLE.where(OUTBOUND.c.id == key)).first()
        if row is None:
            raise no_mail(key)
        return MailOutWhole(
            mail=facts_of.mail_out(row, self._people([key]).get(key, ())), language=row.language, auto=row.auto,
            null_sender=row.null_sender, in_reply_to=row.in_reply_to, references=tuple(row.refs),
            data={} if row.secret else row.data or {}, created_at=row.created_at, sent_at=row.sent_at,
            events=self._tx.events("outbound", key),
        )  # fmt: skip

    def to_person(self, addresses: Sequence[str]) -> tuple[int, ...]:
        """Ids of the mails to these addresses (reading all rows)."""
        query = select(OUTBOUND_RECIPIENT.c.outbound_id).where(OUTBOUND_RECIPIENT.c.address.in_(addresses))
        return tuple(sorted(set(self._tx.execute(query).scalars())))

    def caused_by(self, inbound_id: int, ticket: int | None) -> tuple[int, ...]:
        """Ids of what an incoming mail caused, on its ticket or (reading all rows) on none."""
        query = select(OUTBOUND.c.id).where(OUTBOUND.c.inbound_id == inbound_id).order_by(OUTBOUND.c.id)
        return tuple(self._tx.execute(where_equal(query, OUTBOUND, ticket=ticket)).scalars())

    def times(self, ticket: int) -> dict[int, datetime]:
        """When each mail of a ticket left, or was caused where it has not."""
        query = select(*OUTBOUND.c["id", "sent_at", "created_at"]).where(OUTBOUND.c.ticket == ticket)
        return {row.id: row.sent_at or row.created_at for row in self._tx.execute(query)}

    def recipients(self, key: int) -> tuple[Recipient, ...]:
        """To whom a mail goes."""
        return self._people([key]).get(key, ())

    def _people(self, ids: Sequence[int]) -> dict[int, tuple[Recipient, ...]]:
        recipients: dict[int, tuple[Recipient, ...]] = {}
        query = select(OUTBOUND_RECIPIENT).order_by(*OUTBOUND_RECIPIENT.c["outbound_id", "position"])
        for some in in_parts(ids):
            rows = self._tx.execute(query.where(OUTBOUND_RECIPIENT.c.outbound_id.in_(some)))
            recipients |= facts_of.recipients(rows)
        return recipients

    def counts(self) -> dict[str, int]:
        """Mails queued, being sent and failed."""
        states = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.FAILED)
        return {one: self._tx.execute(count_in(OUTBOUND, one)).scalar_one() for one in states}

    def next_due(self) -> datetime | None:
        """When the next queued mail is to be tried; None without any."""
        query = select(OUTBOUND.c.next_attempt_at).where(QUEUED).order_by(OUTBOUND.c.next_attempt_at).limit(1)
        return self._tx.execute(query).scalar()

    def held(self, inbound_id: int | None = None) -> tuple[HeldMail, ...]:
        """Answers held back by a cap where there is no ticket to say so."""
        query = where_equal(
            select(HELD_NOTICE).order_by(HELD_NOTICE.c.id), HELD_NOTICE, inbound_id=inbound_id
        )
        return tuple(
            HeldMail(row.at, row.inbound_id, row.notice, row.address, row.code, row.evidence)
            for row in self._tx.execute(query)
        )
