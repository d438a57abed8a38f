"""What is done with mails in the mailbox once they are safe with us: flagged, moved or deleted."""

from __future__ import annotations

import imaplib
import logging
from collections.abc import Sequence
from typing import Any

from imapclient import DELETED, SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

log = logging.getLogger("maild.receive.imap")

KEYWORD = b"$MaildDone"


class DoneMarker:
    """`done` = "flag", "move:FOLDER" or "delete", with what this server can do.

    Never a plain EXPUNGE: that would also remove what others have marked as deleted (RFC 4315).
    """

    def __init__(self, client: IMAPClient, done: str, select_info: dict[bytes, Any]) -> None:
        self._client = client
        self._target = done.removeprefix("move:") if done.startswith("move:") else ""
        self._delete = done == "delete"
        allowed = [flag.lower() for flag in select_info.get(b"PERMANENTFLAGS", ())]
        self._flags = [SEEN, KEYWORD] if b"\\*" in allowed or KEYWORD.lower() in allowed else [SEEN]
        self._folder_is_there = False

    def finish(self, uids: Sequence[int]) -> None:
        """Raises IMAPClientError when the server refuses; may be called again for the same mails."""
        if not uids:
            return
        if self._target:
            self._move(uids)
        elif self._delete:
            self._remove(uids)
        else:
            self._client.add_flags(uids, self._flags, silent=True)

    def _move(self, uids: Sequence[int]) -> None:
        self._make_folder()
        # in the target folder it is to be seen that this was handled
        self._client.add_flags(uids, self._flags, silent=True)
        if self._client.has_capability("MOVE"):  # RFC 6851
            self._client.move(uids, self._target)
            return
        self._client.copy(uids, self._target)
        self._remove(uids)

    def _remove(self, uids: Sequence[int]) -> None:
        self._client.add_flags(uids, [DELETED], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)

    def _make_folder(self) -> None:
        if self._folder_is_there:
            return
        if not self._client.folder_exists(self._target):
            try:
                self._client.create_folder(self._target)
                self._client.subscribe_folder(self._target)
            except imaplib.IMAP4.abort:
                raise
            except IMAPClientError as problem:  # another daemon was quicker, or the MOVE will say why
                log.info("imap: creating folder %r: %s", self._target, problem)
        self._folder_is_there = True
