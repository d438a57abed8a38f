"""A ticket as the reports need it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class Wait(NamedTuple):
    """A time during which no clock ran. `reason`: the phase, "" where an older maild did not note it; `minutes`: of
    working time."""

    reason: str
    minutes: int


class NewTicket(NamedTuple):
    """What of a ticket is counted where it is one of many."""

    created_at: datetime
    company: str | None
    kind: str


class TicketRow(NamedTuple):
    """One ticket as the reports need it; hundreds of thousands of them pass by in a year's report."""

    number: int
    company: str | None
    kind: str
    severity: str | None
    phase: str
    created_at: datetime
    respond_by: datetime | None = None
    responded_at: datetime | None = None
    resolve_by: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    subject: str = ""
    team: str = ""
    owner: str = ""
    topic: str = ""
    call_back_by: datetime | None = None
    waits: tuple[Wait, ...] = ()
