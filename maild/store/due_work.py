"""One look at what is due in all queues: what every daemon asks several times a second, whether or not mails come."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from maild.store import hot
from maild.store.core import Transaction


class Due(NamedTuple):
    """Whether a claim would find mails that came in, mails to send, deadlines."""

    inbound: bool
    outbound: bool
    deadline: bool


def due_work(tx: Transaction, now: datetime) -> Due:
    """What is due now."""
    (row,) = tx.rows(hot.DUE_WORK, {"now": now})
    return Due(
        row.inbound is not None, *(at is not None and at <= now for at in (row.outbound, row.deadline))
    )
