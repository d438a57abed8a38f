"""Which mail was being worked on when the daemon died: a few bytes that outlive the process.

A parser that crashes or an endless loop takes the whole daemon down, and the next one would begin with the same
mail. So the id of the mail at hand stands in a small shared mapping; the kernel keeps it when the process
ends. At the next start that mail, and no other of its batch, is blamed.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from pathlib import Path

from maild.store import Tx

_CELL = struct.Struct("<q")
_META = "ingest.blamed"
#: so many blamed mails are remembered, the newest
_KEPT = 50

#: the places where a mail can take the daemon down
PARSE, DECIDE = 0, 1


class Breadcrumb:
    """Two cells in the file `path`: the mail being parsed and the mail being decided, 0 for none."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, 2 * _CELL.size)
            self._map = mmap.mmap(descriptor, 2 * _CELL.size)
        finally:
            os.close(descriptor)
        self._left = {cell for cell in map(self._read, (PARSE, DECIDE)) if cell}
        self.blamed: dict[int, int] = {}

    def put(self, cell: int, mail: int) -> None:
        """From now on `mail` is worked on."""
        _CELL.pack_into(self._map, cell * _CELL.size, mail)

    def clear(self, cell: int) -> None:
        """Nothing is worked on."""
        _CELL.pack_into(self._map, cell * _CELL.size, 0)

    def blame(self, tx: Tx) -> None:
        """At the start: count one more for what was left behind. `blamed` is id -> times from now on."""
        blamed = {int(key): int(times) for key, times in json.loads(tx.meta(_META) or "{}").items()}
        for mail in self._left:
            blamed[mail] = blamed.pop(mail, 0) + 1
        self.blamed = dict(list(blamed.items())[-_KEPT:])
        if self._left:
            tx.set_meta(_META, json.dumps(self.blamed))
        self._left = set()
        self.clear(PARSE)
        self.clear(DECIDE)

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()

    def _read(self, cell: int) -> int:
        found: int = _CELL.unpack_from(self._map, cell * _CELL.size)[0]
        return found
