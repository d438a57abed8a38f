"""How a job of the writer stands to other jobs and to other daemons."""

from __future__ import annotations

from enum import Enum


class WriteMode(Enum):
    """How a job stands to others that write, where several daemons do (on SQLite writers follow one another)."""

    #: in one transaction with other jobs of its daemon
    BATCHED = "batched"
    #: in a short one of its own: what it locks without writing it is let go of at once
    OWN_TRANSACTION = "own transaction"
    #: nobody else writes meanwhile, for work that does not lock what it touches (`tx.locks`)
    EXCLUSIVE = "exclusive"
    #: the same, where nobody writes now; else StoreBusy, and nobody waited for it
    EXCLUSIVE_IF_FREE = "exclusive if free"


class Lane(Enum):
    """Which thread does a job, where there are several. What one lane does another may overtake."""

    MAIN = 0  #: decisions, and all else
    BESIDE = 1  #: taking in, claiming, recording: quick, and waited for by people and relays
    SECOND = 2  #: decisions that share nothing with those in the main one (`work.side_by_side`)
