"""Large mails as files beside the database, named by the SHA-256 of their bytes.

A file is written, synced and named (and its folder synced) before the row that speaks of it is committed. A
file without a row, left by a crash in between, is harmless: the next delivery of that mail uses it.
"""

from __future__ import annotations

import os
from pathlib import Path


class LargeMails:
    """`folder`/ab/abcdef....eml"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / name

    def keep(self, raw: bytes, sha256: str) -> str:
        """Write and sync; returns the name to store. OSError when the disk will not take it."""
        name = f"{sha256[:2]}/{sha256}.eml"
        path = self.folder / name
        if path.exists() and path.stat().st_size == len(raw):
            # written by somebody who may not have synced the folder yet
            sync(path.parent)
            return name
        made = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{id(raw):x}.tmp")
        try:
            with open(fresh, "xb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        sync(path.parent)
        if made:
            sync(self.folder)
        return name

    def read(self, name: str) -> bytes:
        return self.path(name).read_bytes()

    def remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """What a file or a folder holds is on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
