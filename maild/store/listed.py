"""What a list of tickets tells of each, whichever way its rows were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from maild.ticket.queue import QueueRow

#: the columns of a ticket that `as_listed` needs
COLUMNS = (
    "number", "subject", "company", "requester", "requester_name", "kind", "severity", "team", "owner", "phase",
    "language", "topic", "created_at", "updated_at", "respond_by", "resolve_by", "last_word", "waiting_since", "due",
    "data",
)  # fmt: skip


class UnfiledMail(NamedTuple):
    """A mail that stands on no ticket."""

    id: int
    received_at: datetime
    from_address: str | None
    subject: str | None
    kind: str | None


class QueueSource(Protocol):
    """What the queue is read from: a transaction of either database, or a SQLite file looked at without SQLAlchemy."""

    def company_keys(self) -> Sequence[str]:
        """Of all companies."""
        ...

    def owners(self) -> Sequence[str]:
        """Who owns tickets that are not over."""
        ...

    def tickets(
        self, *, all: bool = False, limit: int | None = None, company: str | None = None, phase: str | None = None,
        team: str | None = None, owner: str | None = None,
    ) -> Iterator[QueueRow]:  # fmt: skip
        """As `TicketLists.stream` gives them."""
        ...

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        """Those of `numbers` on which somebody wrote since the agent looked."""
        ...

    def mails_on_no_ticket(self, limit: int) -> Sequence[UnfiledMail]:
        """Those that were judged, oldest first, then the quarantined, newest first; `limit` of each."""
        ...


def as_listed(row: Any) -> QueueRow:
    """A ticket of a list. `row`: `COLUMNS` by name."""
    kept = row.data or {}  # the JSON of `TicketState`: a list of thousands reads two of its words
    scheduled = kept.get("scheduled_for")
    return QueueRow(
        row.number, row.subject, row.company or "", row.requester, row.requester_name, row.phase, row.kind,
        row.severity or "", row.team, row.owner, row.created_at, row.due, row.updated_at, row.last_word or "",
        row.waiting_since, datetime.fromisoformat(scheduled) if scheduled else None,
        tuple(kept.get("undelivered", ())), language=row.language, topic=row.topic, respond_by=row.respond_by,
        resolve_by=row.resolve_by,
    )  # fmt: skip
