"""What is due next on a ticket: the one rule that list, alarms, digest and reports go by."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from maild.ticket.phases import PAUSED, Phase
from maild.ticket.state import TicketState

#: columns of a ticket that decide what is due, beside its state; what sets one of them sets `due` anew
DECIDES = frozenset({"phase", "respond_by", "resolve_by", "responded_at", "reply_by"})


class Columns(Protocol):
    """A ticket, or its row."""

    @property
    def phase(self) -> Phase: ...
    @property
    def respond_by(self) -> datetime | None: ...
    @property
    def resolve_by(self) -> datetime | None: ...
    @property
    def responded_at(self) -> datetime | None: ...
    @property
    def reply_by(self) -> datetime | None: ...


def of(ticket: Columns, state: TicketState) -> datetime | None:
    """What is due next on a ticket with that state."""
    return next_due(
        ticket.phase,
        respond_by=ticket.respond_by,
        resolve_by=ticket.resolve_by,
        responded_at=ticket.responded_at,
        reply_by=ticket.reply_by,
        call_back_by=state.clock.call_back_by if state.clock is not None else None,
        scheduled_for=state.scheduled_for,
    )


def next_due(
    phase: Phase,
    *,
    respond_by: datetime | None,
    resolve_by: datetime | None,
    responded_at: datetime | None,
    reply_by: datetime | None,
    call_back_by: datetime | None,
    scheduled_for: datetime | None,
) -> datetime | None:
    """The nearest moment by which the desk has to do something; None where it waits for others.

    What waits for the customer is due by its solution alone, or by the answer that did not reach them.
    """
    moments = [resolve_by, reply_by]
    if phase is not Phase.WAITING_CUSTOMER:
        if phase in PAUSED:
            return None
        moments.append(scheduled_for if phase is Phase.SCHEDULED else None)
        if responded_at is None:
            moments += [respond_by, call_back_by]
    return min((at for at in moments if at is not None), default=None)
