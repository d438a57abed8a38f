"""Alerts that wait: one mail a ticket and agent tells all that happened within `[agent_mail] window_minutes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from maild.model import Json
from maild.store import hot
from maild.store.core import Transaction
from maild.store.facts_of import ALERT
from maild.store.tables import OUTBOUND, OUTBOUND_DATA, OUTBOUND_RECIPIENT
from maild.ticket import phases
from maild.ticket.phases import OutboundState
from maild.ticket.vocabulary import AlertKind
from maild.values import dataclass

#: alerts that are never gathered with others
ALONE = frozenset({AlertKind.DIGEST})
_SUPERSEDED = phases.arrow(phases.OUTBOUND, OutboundState.QUEUED, OutboundState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class QueuedAlert:
    """One that is due. `data`: what it says."""

    id: int
    ticket: int | None
    address: str
    data: Json


class AlertMails:
    """`tx.alerts`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def due_at(self, ticket: int | None, address: str, due: datetime) -> datetime:
        """When an alert that is ready at `due` leaves: with one that waits, or when the last one's window is over."""
        window = timedelta(minutes=self._tx.settings.agent_mail.window_minutes)
        if not window:
            return due
        query = (
            select(*OUTBOUND.c["state", "next_attempt_at", "created_at", "sent_at"])
            .join(OUTBOUND_RECIPIENT, OUTBOUND_RECIPIENT.c.outbound_id == OUTBOUND.c.id)
            .where(
                OUTBOUND.c.notice == ALERT,
                OUTBOUND.c.ticket.is_(None) if ticket is None else OUTBOUND.c.ticket == ticket,
                OUTBOUND_RECIPIENT.c.address == address,
                OUTBOUND.c.state.in_((OutboundState.QUEUED, OutboundState.SENDING, OutboundState.SENT)),
                OUTBOUND.c.created_at > due - 3 * window,
            )
            .order_by(OUTBOUND.c.id.desc())
            .limit(1)
        )
        last = self._tx.execute(query).first()
        if last is None:
            return due
        planned: datetime = last.next_attempt_at
        sent: datetime = last.sent_at or planned
        return max(due, planned if last.state == OutboundState.QUEUED else sent + window)

    def due(self, now: datetime) -> Sequence[QueuedAlert]:
        """Those that may leave now and were never rendered, oldest first. Until the transaction ends no other daemon gathers
        or sends them."""
        return [
            QueuedAlert(row.id, row.ticket, row.address, row.data)
            for row in self._tx.rows(hot.DUE_ALERTS, {"now": now})
            if row.data.get("alert") not in ALONE
        ]

    def become_one(self, newest: int, data: Json, older: Sequence[int], now: datetime) -> None:
        """Let the newest tell what the older ones would have told; those of them that still wait are not sent."""
        self._tx.execute(update(OUTBOUND_DATA).where(OUTBOUND_DATA.c.outbound_id == newest).values(data=data))
        ended = self._tx.execute(
            update(OUTBOUND)
            .where(OUTBOUND.c.id.in_(older), OUTBOUND.c.state == _SUPERSEDED[0])
            .values(state=_SUPERSEDED[1])
            .returning(OUTBOUND.c.id)
        )
        ids = sorted(ended.scalars())
        self._tx.add_events([("outbound", one, *_SUPERSEDED, f"told by mail {newest}") for one in ids], now)
