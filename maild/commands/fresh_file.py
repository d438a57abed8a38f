"""A file that a verb makes: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def fresh_file(path: Path) -> Iterator[BinaryIO]:
    """Open where there is none yet; gone again where it cannot be written whole, since the next try would take half a file
    for what somebody wrote. FileExistsError; OSError."""
    file = path.open("xb")
    try:
        with file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
