"""What is old enough to go: the bytes of mails, files, the data of persons who have long been silent.

Tickets, entries, decisions and sums stay. Nothing goes of a ticket that is not over, or that holds a consent whose evidence
must still be kept. The rows go in small transactions, so that the daemons write on meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)

from maild.store.rows import Removed
from maild.store.searching import CARRIES
from maild.store.tables import (
    BLOB,
    CONSENT,
    CONTACT_ADDRESS,
    ENTRY,
    INBOUND,
    INBOUND_RAW,
    OUTBOUND,
    OUTBOUND_BYTES,
    TICKET,
)
from maild.ticket import phases
from maild.ticket.phases import InboundState, OutboundState

if TYPE_CHECKING:
    from maild.store.tx import Tx

#: states of mails that nobody works on any more
_READ = (InboundState.DONE, InboundState.DUPLICATE)
_GONE_OUT = (OutboundState.SENT,)
#: of mails that may still go out
_TO_GO = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.FAILED)
_HAS_FILES = type_coerce(OUTBOUND.c.attach, Text) != "[]"
_CARRIES = literal_column("CAST(entry.data AS TEXT)").like(CARRIES)


class OldData:
    """`tx.retention`. `before`: what is older; `evidence`: consents asked for since are kept whole."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    # ------------------------------------------------------------------------------------- mails

    def mails(self, before: datetime, evidence: datetime, *, with_files_only: bool = False) -> Removed:
        """Mails whose bytes may go, in and out."""
        came, went = self._came(before, evidence, with_files_only), self._went(before, evidence)
        return self._counted(came) + (Removed() if with_files_only else self._counted(went))

    def remove_mails(
        self, before: datetime, evidence: datetime, limit: int, *, with_files_only: bool = False
    ) -> Removed:
        """Remove the bytes of at most `limit` mails of each kind."""
        rows = self._tx.execute(self._came(before, evidence, with_files_only).limit(limit)).all()
        ids = [row.id for row in rows]
        self._tx.execute(delete(INBOUND_RAW).where(INBOUND_RAW.c.inbound_id.in_(ids)))
        self._tx.execute(update(INBOUND).where(INBOUND.c.id.in_(ids)).values(file=None))
        self._tx.inbound.drop_files(row.file for row in rows)
        out = [] if with_files_only else self._tx.execute(self._went(before, evidence).limit(limit)).all()
        self._tx.execute(
            delete(OUTBOUND_BYTES).where(OUTBOUND_BYTES.c.outbound_id.in_([row.id for row in out]))
        )
        return Removed(len(rows) + len(out), sum(row.size for row in (*rows, *out)))

    def _came(self, before: datetime, evidence: datetime, with_files_only: bool) -> Select[Any]:
        query = (
            select(INBOUND.c.id, INBOUND.c.file, INBOUND.c.size)
            .select_from(INBOUND.outerjoin(INBOUND_RAW, INBOUND_RAW.c.inbound_id == INBOUND.c.id))
            .where(
                INBOUND.c.received_at < before,
                INBOUND.c.state.in_(_READ),
                or_(INBOUND.c.file.is_not(None), INBOUND_RAW.c.inbound_id.is_not(None)),
                self._over(INBOUND.c.ticket, before, evidence),
            )
            .order_by(INBOUND.c.id)
        )
        if with_files_only:
            query = query.where(
                exists().where(
                    ENTRY.c.ticket == INBOUND.c.ticket, ENTRY.c.inbound_id == INBOUND.c.id, _CARRIES
                )
            )
        return query

    def _went(self, before: datetime, evidence: datetime) -> Select[Any]:
        return (
            select(OUTBOUND.c.id, func.length(OUTBOUND_BYTES.c.content).label("size"))
            .select_from(OUTBOUND.join(OUTBOUND_BYTES, OUTBOUND_BYTES.c.outbound_id == OUTBOUND.c.id))
            .where(
                OUTBOUND.c.created_at < before,
                OUTBOUND.c.state.in_(_GONE_OUT),
                self._over(OUTBOUND.c.ticket, before, evidence),
            )
            .order_by(OUTBOUND.c.id)
        )

    def _over(self, ticket: ColumnElement[Any], before: datetime, evidence: datetime) -> ColumnElement[bool]:
        """On no ticket, or on one that ended before and holds no consent that must be provable."""
        ended = exists().where(
            TICKET.c.number == ticket, TICKET.c.phase.in_(sorted(phases.ENDED)), TICKET.c.updated_at < before
        )
        kept = exists().where(CONSENT.c.ticket == ticket, CONSENT.c.requested_at > evidence)
        return or_(ticket.is_(None), ended & ~kept)

    def _counted(self, query: Select[Any]) -> Removed:
        inner = query.order_by(None).subquery()
        sums = select(func.count(), func.coalesce(func.sum(inner.c.size), 0)).select_from(inner)
        return Removed(*map(int, self._tx.execute(sums).one()))

    # ------------------------------------------------------------------------------------- files

    def files(self, before: datetime, evidence: datetime) -> Removed:
        """Files that agents stored for mails that have left."""
        rows = self._stored(before, evidence)
        return Removed(len(rows), sum(row.size for row in rows))

    def remove_files(self, before: datetime, evidence: datetime, limit: int) -> Removed:
        """Remove at most `limit` of them."""
        rows = self._stored(before, evidence)[:limit]
        self._tx.execute(delete(BLOB).where(BLOB.c.sha256.in_([row.sha256 for row in rows])))
        return Removed(len(rows), sum(row.size for row in rows))

    def _stored(self, before: datetime, evidence: datetime) -> list[Row[Any]]:
        stays = or_(OUTBOUND.c.state.in_(_TO_GO), ~self._over(OUTBOUND.c.ticket, before, evidence))
        attached = self._tx.execute(select(OUTBOUND.c.attach).where(_HAS_FILES, stays))
        needed = {sha256 for row in attached for sha256 in row.attach}
        old = select(BLOB.c.sha256, func.length(BLOB.c.content).label("size")).where(BLOB.c.at < before)
        return [row for row in self._tx.execute(old.order_by(BLOB.c.sha256)) if row.sha256 not in needed]

    # ------------------------------------------------------------------------------------- persons

    def silent(self, before: datetime, evidence: datetime) -> tuple[str, ...]:
        """Addresses of requesters who are no contact and whose tickets all ended before."""
        contact = exists().where(CONTACT_ADDRESS.c.address == TICKET.c.requester)
        over = TICKET.c.phase.in_(sorted(phases.ENDED)) & (TICKET.c.updated_at < before)
        kept = exists().where(CONSENT.c.ticket == TICKET.c.number, CONSENT.c.requested_at > evidence)
        lively = select(TICKET.c.requester).where(or_(~over, kept))
        query = (
            select(TICKET.c.requester)
            .distinct()
            .where(over, TICKET.c.requester.contains("@"), ~contact, TICKET.c.requester.not_in(lively))
            .order_by(TICKET.c.requester)
        )
        return tuple(self._tx.execute(query).scalars())
