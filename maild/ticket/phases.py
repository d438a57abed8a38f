"""Every state machine of maild: its states as an enum, its arrows as one table.

`docs/phases.md` is generated from these tables; `make check` fails when it differs. Whatever moves something
from one state to another asks here: `check_move` for a move that people or mails ask for, `arrow` for one that
a statement of the store does by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

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


class InboundState(StrEnum):
    """A mail that came in. `received` rows are work to do; the others are final until an operator retries them."""

    RECEIVED = "received"
    DONE = "done"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


class OutboundState(StrEnum):
    """A mail that goes out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class RecipientState(StrEnum):
    """What became of an outgoing mail for one of its recipients. The last three are what reports told later."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class ConsentState(StrEnum):
    """A written yes or no that was asked for."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class HookState(StrEnum):
    """An event that another program is told of."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


State = TypeVar("State", Phase, InboundState, OutboundState, RecipientState, ConsentState, HookState)

_P = Phase
#: where work can lead from a phase in which work can be done
_WORK = (
    _P.ACCEPTED, _P.IN_PROGRESS, _P.WAITING_CUSTOMER, _P.SCHEDULED, _P.RESOLVED, _P.CLOSED, _P.REJECTED, _P.MERGED,
    _P.AWAITING_APPROVAL,
)  # fmt: skip


def _work_but(phase: Phase) -> tuple[Phase, ...]:
    return tuple(one for one in _WORK if one is not phase)


#: ticket: phase -> phases that may follow. `awaiting_approval` is left only through the consent engine.
TICKET: Mapping[Phase, tuple[Phase, ...]] = {
    _P.RECEIVED: _WORK,
    _P.ACCEPTED: _work_but(_P.ACCEPTED),
    _P.IN_PROGRESS: _work_but(_P.IN_PROGRESS),
    _P.WAITING_CUSTOMER: (_P.RECEIVED, *_work_but(_P.WAITING_CUSTOMER)),
    _P.SCHEDULED: _WORK,  # again: for another date
    _P.AWAITING_APPROVAL: (_P.RECEIVED, _P.ACCEPTED, _P.IN_PROGRESS, _P.WAITING_CUSTOMER, _P.SCHEDULED, _P.RESOLVED,
                           _P.REJECTED, _P.MERGED),
    _P.RESOLVED: (_P.IN_PROGRESS, _P.CLOSED, _P.MERGED, _P.AWAITING_APPROVAL),
    _P.CLOSED: (_P.IN_PROGRESS, _P.MERGED, _P.AWAITING_APPROVAL),
    _P.REJECTED: (_P.IN_PROGRESS, _P.AWAITING_APPROVAL, _P.MERGED),
    _P.MERGED: (),
}  # fmt: skip

#: phases of a ticket that is out of the queue, and those of one that is in it
ENDED = frozenset({_P.CLOSED, _P.REJECTED, _P.MERGED})
OPEN = frozenset(_P) - ENDED
#: phases in which no service clock runs (contract: paused while waiting)
PAUSED = ENDED | {_P.WAITING_CUSTOMER, _P.AWAITING_APPROVAL, _P.RESOLVED}
#: phases of a ticket whose work is done, one way or another, and that a mail may open again
DONE = frozenset({_P.RESOLVED, _P.CLOSED, _P.REJECTED})

INBOUND: Mapping[InboundState, tuple[InboundState, ...]] = {
    InboundState.RECEIVED: (InboundState.DONE, InboundState.DUPLICATE, InboundState.QUARANTINED),
    # the second: a mail left in its mailbox came after all
    InboundState.QUARANTINED: (InboundState.RECEIVED, InboundState.DUPLICATE),
    InboundState.DONE: (),
    InboundState.DUPLICATE: (),
}

#: `sending` returns to `queued` after a temporary failure or a crash; erasure ends what waits as `failed`. What a later
#: act of the same agent says as well is `superseded`, and waits again when that act is taken back; the mails of an act
#: that is taken back are `cancelled`.
OUTBOUND: Mapping[OutboundState, tuple[OutboundState, ...]] = {
    OutboundState.QUEUED: (OutboundState.SENDING, OutboundState.FAILED, OutboundState.SUPERSEDED,
                           OutboundState.CANCELLED),
    OutboundState.SENDING: (OutboundState.SENT, OutboundState.FAILED, OutboundState.QUEUED),
    OutboundState.FAILED: (OutboundState.QUEUED,),
    OutboundState.SENT: (),
    OutboundState.SUPERSEDED: (OutboundState.QUEUED, OutboundState.CANCELLED),
    OutboundState.CANCELLED: (),
}  # fmt: skip

#: `sending` returns to `queued` after a failure or a crash; who says "again" queues what was given up; what an agent
#: takes back before it was told is never told
HOOK: Mapping[HookState, tuple[HookState, ...]] = {
    HookState.QUEUED: (HookState.SENDING, HookState.CANCELLED),
    HookState.SENDING: (HookState.DELIVERED, HookState.QUEUED, HookState.FAILED),
    HookState.FAILED: (HookState.QUEUED,),
    HookState.DELIVERED: (),
    HookState.CANCELLED: (),
}

_REPORTED = (RecipientState.DELAYED, RecipientState.BOUNCED, RecipientState.COMPLAINED)

#: a report may come although we never saw the relay's answer; one that is worse than the last counts
RECIPIENT: Mapping[RecipientState, tuple[RecipientState, ...]] = {
    RecipientState.WAITING: (RecipientState.SENT, RecipientState.FAILED, *_REPORTED),
    RecipientState.SENT: _REPORTED,
    RecipientState.FAILED: (RecipientState.WAITING,),
    RecipientState.DELAYED: (RecipientState.SENT, RecipientState.FAILED, RecipientState.BOUNCED,
                             RecipientState.COMPLAINED),
    RecipientState.BOUNCED: (RecipientState.COMPLAINED,),
    RecipientState.COMPLAINED: (RecipientState.BOUNCED,),
}  # fmt: skip

#: decided once; one that expired still holds until it is withdrawn or asked anew, and an answer that was received
#: in time still decides it
CONSENT: Mapping[ConsentState, tuple[ConsentState, ...]] = {
    ConsentState.WAITING: (ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.EXPIRED, ConsentState.WITHDRAWN,
                           ConsentState.VOID),
    ConsentState.EXPIRED: (ConsentState.GRANTED, ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.VOID),
    ConsentState.GRANTED: (),
    ConsentState.REFUSED: (),
    ConsentState.WITHDRAWN: (),
    ConsentState.VOID: (),
}  # fmt: skip
#: a consent that holds its ticket
HOLDING = frozenset({ConsentState.WAITING, ConsentState.EXPIRED})

#: notice sent when a ticket enters a phase; a phase that is not here sends none by itself
PHASE_NOTICE: Mapping[Phase, str] = {phase: phase.value for phase in Phase}


def check_move(table: Mapping[State, tuple[State, ...]], old: State, new: State) -> None:
    """Raise `Refused`, naming the moves that are possible, unless `table` has the arrow `old` -> `new`."""
    allowed = table[old]
    if new in allowed:
        return
    remedy = f"possible from here: {', '.join(allowed)}" if allowed else "nothing follows it"
    raise Refused(f"cannot go from {old} to {new}; {remedy}")


def arrow(table: Mapping[State, tuple[State, ...]], old: State, new: State) -> tuple[State, State]:
    """The move `old` -> `new` of a statement that moves rows by itself, checked when the module is loaded."""
    if new not in table[old]:
        raise AssertionError(f"no arrow {old} -> {new}")
    return old, new


def leading_to(table: Mapping[State, tuple[State, ...]], new: State) -> tuple[State, ...]:
    """The states from which an arrow leads to `new`."""
    return tuple(old for old, allowed in table.items() if new in allowed)
