"""What a transaction may hold alone while others write beside it (PostgreSQL; on SQLite writers follow one another).

Two laws keep transactions of several daemons from waiting for each other in a circle. A job takes its locks in the
order of `Kind`. And a transaction whose first job holds something never waits for more: the job that finds its
lock taken is given back (`LockHeld`), and runs later in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Any
from zlib import crc32

from maild.store.statements import Bound

#: `pg_advisory_xact_lock(CLASS + kind, hash of the name)`
_CLASS = 0x6D61_6C00
_WAIT = "SELECT pg_advisory_xact_lock($1::int4, k) FROM unnest($2::int4[]) k"
_TRY = "SELECT bool_and(pg_try_advisory_xact_lock($1::int4, k)) FROM unnest($2::int4[]) k"


class Kind(IntEnum):
    """What is locked, in the order in which locks are taken."""

    MAIL = 1  # sender, Message-IDs, content: two mails of one conversation are decided one after the other
    TICKET = 2
    PACE = 3  # who is asked at a pace
    NUMBERS = 4  # the first ticket number
    LOG = 5  # the consent log


class LockHeld(Exception):
    """Somebody else holds what the job needs: it is done once more, alone."""


class Locks:
    """Those of one transaction. `ask`: runs a statement and returns the cursor; None where nothing needs to be locked."""

    def __init__(self, ask: Callable[[str, Bound], Any] | None) -> None:
        self._ask = ask
        self._held: set[tuple[int, int]] = set()
        self._mark: set[tuple[int, int]] = set()
        self._waits = True

    def take(self, kind: Kind, names: Iterable[str | int]) -> None:
        """Hold these until the end of the transaction. Raises `LockHeld`."""
        if self._ask is None:
            return
        keys = sorted({_key(name) for name in names})
        wanted = [key for key in keys if (kind, key) not in self._held]
        if not wanted:
            return
        waits = self._waits and all(kind > other for other, _ in self._held)
        rows = self._ask(_WAIT if waits else _TRY, [_CLASS + kind, wanted]).fetchall()
        if not waits and not rows[0][0]:
            raise LockHeld
        self._held.update((kind, key) for key in wanted)

    def job_begins(self) -> None:
        """What is held now belongs to earlier jobs."""
        self._mark = set(self._held)
        self._waits = not self._held

    def job_failed(self) -> None:
        """The database has let go of what the job held."""
        self._held = set(self._mark)


def _key(name: str | int) -> int:
    """Two names with the same key only wait for each other without need."""
    return signed(crc32(str(name).encode("utf-8", "replace")))


def signed(number: int) -> int:
    """The same 32 bits as PostgreSQL's integer."""
    return number - 2**32 if number >= 2**31 else number
