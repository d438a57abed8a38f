"""Pauses of seconds before something is tried again: tenacity's strategies, one for each kind of fault.

Retries of minutes to days are rows with `next_attempt_at`, not these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from tenacity import AsyncRetrying, RetryCallState, wait_exponential
from tenacity.wait import wait_base

#: our own fault that passes (database locked, disk full): 0.2, 0.4 ... 30 s
OUR_FAULT = wait_exponential(multiplier=0.2, max=30.0)
#: a part or a process that ended unexpectedly: 0.5, 1 ... 60 s
ENDED = wait_exponential(multiplier=0.5, max=60.0)
#: a daemon that began anew and cannot start: nobody listens meanwhile
NO_START = wait_exponential(multiplier=0.2, max=5.0)
#: a relay, or a mail server that a mailbox lies on, that cannot be reached: 1, 2, 4 ... 60 s
UNREACHABLE = wait_exponential(multiplier=1.0, max=60.0)
#: a resolver that answers nothing: 1, 2, 4 ... 20 s
SILENT = wait_exponential(multiplier=1.0, max=20.0)
#: what ran longer than this before it ended counts as well: its next pause is the first again
QUIET_SECONDS = 120.0


class Pauses(Iterator[float]):
    """The pauses of one thing that is tried again and again, each longer than the one before; `reset` when it went
    well. For what is retried in a loop of its own; a single call is retried by tenacity itself."""

    def __init__(self, wait: wait_base) -> None:
        self._wait = wait
        self.reset()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> float:
        """Seconds."""
        seconds = self._wait(self._tries)
        self._tries.prepare_for_next_attempt()
        return seconds

    def reset(self) -> None:
        """It went well: the next fault is a new one."""
        self._tries = RetryCallState(AsyncRetrying(wait=self._wait), None, (), {})
