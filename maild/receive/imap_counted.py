"""What an IMAP server may send: no more bytes than the command before it allows, whatever it announced.

imaplib reads a literal of any length into memory, a line of any length up to a constant, and keeps every line that
nobody asked for. A server that lies, or whose place somebody else took, would fill the memory with any of them.
"""

from __future__ import annotations

import imaplib
from typing import Any

#: for the answer to a command that grants nothing itself: capabilities, folders, flags, news while waiting
ORDINARY = 1_048_576
#: untagged answers that are read after the command; of those that are news only the newest counts
_KEPT = frozenset((
    "SEARCH", "FETCH", "CAPABILITY", "FLAGS", "LIST", "NAMESPACE", "STATUS", "OK", "NO", "BAD", "BYE", "PREAUTH",
    "PERMANENTFLAGS", "UIDVALIDITY", "UIDNEXT", "READ-ONLY", "READ-WRITE", "TRYCREATE", "COPYUID", "HIGHESTMODSEQ",
    "NOMODSEQ", "ALERT", "UNSEEN",
))  # fmt: skip
_NEWS = frozenset(("EXISTS", "RECENT", "EXPUNGE", "VANISHED"))


class CountingImap(imaplib.IMAP4):
    """Mixed into imaplib's classes: counts what comes in. `abort` when it is more than was granted."""

    _left = ORDINARY
    _granted = 0

    def grant(self, count: int) -> None:
        """The next command's answer may have so many bytes, and what any answer may have."""
        self._granted = count

    def _command(self, name: str, *arguments: Any) -> bytes:
        self._left, self._granted = ORDINARY + self._granted, 0
        tag: bytes = super()._command(name, *arguments)  # type: ignore[misc]
        return tag

    def read(self, size: int) -> bytes:
        """A literal: refused before a byte of it is read when it is longer than what is left."""
        if size > self._left:
            raise self.abort(f"the server wants to send {size} bytes, {self._left} may come")
        self._left -= size
        return super().read(size)

    def readline(self) -> bytes:
        """A line: the module itself takes none of more than a megabyte."""
        try:
            line = super().readline()
        except self.abort:
            raise
        except self.error as problem:
            raise self.abort(str(problem)) from None
        if len(line) > self._left:
            raise self.abort(f"the server sends more than the {self._left} bytes that may come")
        self._left -= len(line)
        return line

    def _append_untagged(self, kind: str, data: Any) -> None:
        if kind in _NEWS:
            self.untagged_responses.pop(kind, None)
        elif kind not in _KEPT:
            return
        super()._append_untagged(kind, data)  # type: ignore[misc]
