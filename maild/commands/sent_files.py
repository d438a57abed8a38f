"""Files that go with a mail: looked at before anything is written, and kept with the mail that carries them."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maild.errors import Refused

if TYPE_CHECKING:
    from maild.app.compound import Attached
    from maild.store import Tx


def size_together(files: Sequence[Path]) -> int:
    """Bytes of all. Refused for one that is gone, cannot be read, is a folder or empty."""
    total = 0
    for file in files:
        try:
            if file.is_dir():
                raise Refused(f"{file} is a folder; nothing was sent")
            count = file.stat().st_size
            with file.open("rb"):
                pass
        except OSError as error:
            raise _unread(file, error) from None
        if not count:
            raise Refused(f"{file} is empty; nothing was sent")
        total += count
    return total


def stored(tx: Tx, files: Sequence[Path], at: datetime) -> tuple[Attached, ...]:
    """Their bytes, kept in the database."""
    from maild.app.compound import Attached

    made: list[Attached] = []
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise _unread(file, error) from None
        name = "".join(c for c in file.name if c.isprintable()) or "file"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        made.append(Attached(name, kind, tx.blobs.put(content, name, kind, at), len(content)))
    return tuple(made)


def _unread(file: Path, error: OSError) -> Refused:
    return Refused(f"{file}: {(error.strerror or 'cannot be read').lower()}; nothing was sent")
