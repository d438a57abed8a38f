"""Every state machine of maild as one table of arrows.

`docs/phases.md` is generated from these tables; `make check` fails when it differs.
"""

from __future__ import annotations

from enum import StrEnum

from maild.errors import Refused


class Phase(StrEnum):
    """Where a ticket stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"


_WORK = (
    "accepted",
    "in_progress",
    "waiting_customer",
    "scheduled",
    "resolved",
    "closed",
    "rejected",
    "merged",
)

#: ticket: phase -> phases that may follow. `awaiting_approval` is left only through the consent engine.
TICKET: dict[str, tuple[str, ...]] = {
    "received": (*_WORK, "awaiting_approval"),
    "accepted": ("in_progress", "waiting_customer", "scheduled", "resolved", "closed", "rejected", "merged",
                 "awaiting_approval"),
    "in_progress": ("accepted", "waiting_customer", "scheduled", "resolved", "closed", "rejected", "merged",
                    "awaiting_approval"),
    "waiting_customer": ("received", "accepted", "in_progress", "scheduled", "resolved", "closed", "rejected",
                         "merged", "awaiting_approval"),
    "scheduled": ("accepted", "in_progress", "waiting_customer", "resolved", "closed", "rejected", "merged",
                  "awaiting_approval"),
    "awaiting_approval": ("received", "accepted", "in_progress", "waiting_customer", "scheduled", "rejected",
                          "merged"),
    "resolved": ("in_progress", "closed", "merged", "awaiting_approval"),
    "closed": ("in_progress", "merged"),
    "rejected": ("in_progress", "awaiting_approval", "merged"),
    "merged": (),
}  # fmt: skip

#: phases of a ticket that is out of the queue
ENDED = frozenset({"closed", "rejected", "merged"})
#: phases in which no service clock runs (SPEC: paused while waiting)
PAUSED = frozenset({"waiting_customer", "awaiting_approval", "resolved", "closed", "rejected", "merged"})

#: inbound mail: `received` rows are work to do, the others are final until an operator retries them
INBOUND: dict[str, tuple[str, ...]] = {
    "received": ("done", "duplicate", "quarantined"),
    "quarantined": ("received", "duplicate"),  # the second: a mail left in its mailbox came after all
    "done": (),
    "duplicate": (),
}

#: outbound mail: `sending` returns to `queued` after a temporary failure or a crash
OUTBOUND: dict[str, tuple[str, ...]] = {
    "queued": ("sending", "failed"),
    "sending": ("sent", "failed", "queued"),
    "failed": ("queued",),
    "sent": (),
}

#: consent: only `waiting` can be decided, and once; one that expired still holds until it is withdrawn or asked anew
CONSENT: dict[str, tuple[str, ...]] = {
    "waiting": ("granted", "refused", "expired", "withdrawn", "void"),
    "expired": ("withdrawn", "void"),
    "granted": (),
    "refused": (),
    "withdrawn": (),
    "void": (),
}

#: notice sent when a ticket enters a phase; a phase that is not here sends none by itself
PHASE_NOTICE: dict[str, str] = {
    "received": "received",
    "accepted": "accepted",
    "in_progress": "in_progress",
    "waiting_customer": "waiting_customer",
    "awaiting_approval": "awaiting_approval",
    "scheduled": "scheduled",
    "resolved": "resolved",
    "closed": "closed",
    "rejected": "rejected",
    "merged": "merged",
}


def check_move(table: dict[str, tuple[str, ...]], old: str, new: str) -> None:
    """Raise `Refused`, naming the moves that are possible, unless `table` has the arrow `old` -> `new`."""
    allowed = table.get(old, ())
    if new in allowed:
        return
    if new not in table:
        raise Refused(f"{new!r} is no state here; there are: {', '.join(table)}")
    remedy = f"possible from here: {', '.join(allowed)}" if allowed else "nothing follows it"
    raise Refused(f"cannot go from {old} to {new}; {remedy}")
