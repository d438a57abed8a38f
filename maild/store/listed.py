"""What a list of tickets tells of each, whichever way its rows were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

#: the columns of a ticket that `as_listed` needs
COLUMNS = (
    "number", "subject", "company", "requester", "requester_name", "kind", "severity", "team", "owner", "phase",
    "language", "topic", "created_at", "updated_at", "respond_by", "resolve_by", "last_word", "waiting_since", "due",
    "data",
)  # fmt: skip


class Unfiled(NamedTuple):
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
    ) -> Iterator[dict[str, Any]]:  # fmt: skip
        """Rows of `list --json`, as `TicketLists.stream` gives them."""
        ...

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        """Those of `numbers` on which somebody wrote since the agent looked."""
        ...

    def mails_on_no_ticket(self, limit: int) -> Sequence[Unfiled]:
        """Those that were judged, oldest first, then the quarantined, newest first; `limit` of each."""
        ...


def as_listed(row: Any) -> dict[str, Any]:
    """One row of `list --json`, but for what depends on the moment it is read. `row`: `COLUMNS` by name."""
    kept = row.data or {}  # the JSON of `TicketState`: a list of thousands reads two of its words
    return {
        "number": row.number, "subject": row.subject, "company": row.company, "requester": row.requester,
        "requester_name": row.requester_name, "phase": row.phase, "kind": row.kind, "severity": row.severity,
        "team": row.team, "owner": row.owner or None, "language": row.language, "topic": row.topic,
        "created": row.created_at.isoformat(), "changed": row.updated_at.isoformat(),
        "respond_by": _iso(row.respond_by), "resolve_by": _iso(row.resolve_by), "due": _iso(row.due),
        "last_word": row.last_word or None, "waiting_since": _iso(row.waiting_since),
        "scheduled_for": kept.get("scheduled_for"), "undelivered": kept.get("undelivered", []),
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
