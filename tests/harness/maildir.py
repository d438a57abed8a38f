"""What went out: the mails in a Maildir, oldest first."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from pathlib import Path


def raw_in(folder: Path) -> list[bytes]:
    """The bytes of all mails that were delivered into it."""
    found = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_bytes() for path in found]


def mails_in(folder: Path) -> list[Message]:
    return [message_from_bytes(raw) for raw in raw_in(folder)]
