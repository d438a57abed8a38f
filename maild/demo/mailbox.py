"""What went out: the mails in a Maildir."""

from __future__ import annotations

from pathlib import Path


def raw_in(folder: Path) -> list[bytes]:
    """The bytes of all mails that were delivered into it, oldest first."""
    found = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_bytes() for path in found]
