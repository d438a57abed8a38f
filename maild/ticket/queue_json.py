"""A row of the queue as `list --json` and hooks write it. Pure; imported at each `maild list`: nothing heavy."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from maild.ticket.queue import QueueRow

if TYPE_CHECKING:
    from maild.model import JsonObject


def row_json(row: QueueRow, now: datetime | None = None) -> JsonObject:
    """The keys in their order, moments in UTC. `now`: when it is read, which says whether it is late."""
    if row.number is None:
        return _mail_json(row)
    made: JsonObject = {
        "number": row.number, "subject": row.subject, "company": row.company or None, "requester": row.requester,
        "requester_name": row.requester_name, "phase": row.phase, "kind": row.kind, "severity": row.severity or None,
        "team": row.team, "owner": row.owner or None, "language": row.language, "topic": row.topic,
        "created": row.created.isoformat(), "changed": iso(row.changed), "respond_by": iso(row.respond_by),
        "resolve_by": iso(row.resolve_by), "due": iso(row.due), "last_word": row.last_word or None,
        "waiting_since": iso(row.waiting_since), "scheduled_for": iso(row.scheduled_for),
        "undelivered": [*row.undelivered],
    }  # fmt: skip
    if now is not None:
        made["overdue"] = row.overdue(now)
    return made


def _mail_json(row: QueueRow) -> JsonObject:
    """A mail that is on no ticket: what only tickets have is null."""
    return {
        "number": None, "subject": row.subject or None, "company": None, "requester": row.requester or None,
        "phase": row.phase, "kind": row.kind, "severity": None, "team": row.team, "owner": None, "language": None,
        "created": row.created.isoformat(), "respond_by": None, "resolve_by": None, "due": None, "overdue": False,
        "last_word": None, "waiting_since": None, "mail": row.mail,
    }  # fmt: skip


def iso(moment: datetime | None) -> str | None:
    """As all moments are written."""
    return None if moment is None else moment.isoformat()
