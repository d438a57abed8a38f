"""Which mails were being worked on when the daemon died: a few bytes that outlive the process.

A parser that crashes or an endless loop takes the whole daemon down, and the next one would begin with the same
mail. So the id of every mail that is claimed and not yet decided stands in a small shared mapping, with the place where
it is at hand; the kernel keeps it when the process ends. At the next start what was at hand, and no other mail of its
batch, is blamed.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

from maild.store import Tx

_SLOT = struct.Struct("<qq")
#: mails on their way at one time; more than `ingest` ever claims
SLOTS = 512
_META = "ingest.blamed"
#: so many blamed mails are remembered, the newest
_KEPT = 50


class Stage(IntEnum):
    """Where a mail is. One at a time is at hand in the event loop, and one in each thread of the writer that decides."""

    WAITS = 0  # for DNS, a worker, its turn: nothing of it can stop the daemon
    LOOP = 1
    WRITER = 2


class MailsInProgress:
    """Slots in the file `path`: (id of a mail or 0, its `Stage`). One daemon's process uses it."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            size = SLOTS * _SLOT.size
            if os.fstat(descriptor).st_size != size:
                os.ftruncate(descriptor, 0)  # of an older version: nothing is known
                os.ftruncate(descriptor, size)
            self._map = mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)
        left = [_SLOT.unpack_from(self._map, slot * _SLOT.size) for slot in range(SLOTS)]
        self._at_hand = {mail for mail, place in left if mail and place != Stage.WAITS}
        self.under_way = frozenset(mail for mail, _ in left if mail)  # in the last life
        self._slots: dict[int, int] = {}
        self._free = list(range(SLOTS - 1, -1, -1))
        self.blamed: dict[int, int] = {}

    @property
    def now(self) -> frozenset[int]:
        """The mails that are under way."""
        return frozenset(self._slots)

    def begin(self, mail: int) -> None:
        """`mail` is claimed: it stands here until `end`."""
        if mail not in self._slots and self._free:
            self._slots[mail] = self._free.pop()
            self._put(mail, Stage.WAITS)

    def end(self, mail: int) -> None:
        """It is decided, or somebody else's."""
        slot = self._slots.pop(mail, None)
        if slot is not None:
            _SLOT.pack_into(self._map, slot * _SLOT.size, 0, 0)
            self._free.append(slot)

    @contextmanager
    def at_hand(self, mail: int, place: Stage) -> Iterator[None]:
        """Around each step that runs in this process on the mail's bytes."""
        self._put(mail, place)
        try:
            yield
        finally:
            self._put(mail, Stage.WAITS)

    def blame(self, tx: Tx) -> None:
        """At the start: count one more for what was at hand. `blamed` is id -> times from now on. The file tells of the last
        life until the blame is committed."""
        blamed = {int(key): int(times) for key, times in json.loads(tx.meta(_META) or "{}").items()}
        for mail in self._at_hand:
            blamed[mail] = blamed.pop(mail, 0) + 1
        self.blamed = dict(list(blamed.items())[-_KEPT:])
        if self._at_hand:
            tx.set_meta(_META, json.dumps(self.blamed))
        tx.after_commit.append(self._forget)

    def _forget(self) -> None:
        self._at_hand = set()
        self._map[:] = bytes(len(self._map))

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def _put(self, mail: int, place: Stage) -> None:
        slot = self._slots.get(mail)
        if slot is not None:
            _SLOT.pack_into(self._map, slot * _SLOT.size, mail, place)
