"""A turn for each writer of a SQLite file: the kernel's lock on a file beside it, around each write transaction.

SQLite's own busy handler sleeps, up to a tenth of a second, before it looks again; who waits here is woken at once, in
turn. What keeps writers apart is still SQLite: without this file all goes on, only slower.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path


class WriteLock:
    """Of one process, whose threads take turns as well."""

    def __init__(self, path: Path, seconds: float) -> None:
        self._path, self._seconds = path, seconds

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """For one transaction. After the time is over it goes on without: SQLite says who is in the way."""
        descriptor = self._open()
        if descriptor is None:
            yield
            return
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                descriptor = self._wait(descriptor)
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _open(self) -> int | None:
        """Owner and rights are the database's, which a command of root must not change."""
        try:
            return os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            pass
        try:
            like = os.stat(self._path.with_name(self._path.name.removesuffix(".turn")))
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, like.st_mode & 0o666)
            if os.geteuid() == 0:
                os.fchown(descriptor, like.st_uid, like.st_gid)
        except OSError:
            return None
        return descriptor

    def _wait(self, descriptor: int) -> int | None:
        """flock(2) knows no time limit: another thread waits, and closes what it gets too late."""
        over = threading.Lock()
        got: list[bool] = []
        given_up: list[bool] = []
        woken = threading.Event()

        def wait() -> None:
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            with over:
                got.append(True)
                if given_up:
                    os.close(descriptor)
            woken.set()

        threading.Thread(target=wait, name="maild-turn", daemon=True).start()
        woken.wait(self._seconds)
        with over:
            if got:
                return descriptor
            given_up.append(True)
        return None
