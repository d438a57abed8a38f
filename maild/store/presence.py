"""That a process lives, told to all others of its database by a lock that ends with it.

On PostgreSQL it is an advisory lock of a session that is kept open for nothing else; the server lets go of it when
the connection breaks. On SQLite, whose processes share a machine, it is the kernel's lock on a file.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import socket
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text

from maild.errors import StoreBusy
from maild.store.locks import signed

#: `pg_advisory_lock(CLASS, number of the process)`
_CLASS = 0x6D61_6C50


def fresh_id() -> str:
    """A process's name; its first eight digits are the number of its lock."""
    return secrets.token_hex(8)


def place_here() -> str:
    """Machine, process number and when it began: no other process ever has the same."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def surely_gone(place: str) -> bool:
    """Whether a process of this machine does not exist any more; False for those of others."""
    host, _, rest = place.partition(":")
    number, _, began = rest.partition(":")
    return host == socket.gethostname() and number.isdecimal() and _began(int(number)) != began


def _began(number: int) -> str:
    """Clock ticks since the machine's start at which a process began; "" when there is none, or none can be told."""
    with contextlib.suppress(OSError, IndexError):
        text = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        return text.rpartition(")")[2].split()[19]
    return ""


class Presence(Protocol):
    """A process's sign of life. All methods may block: call them beside the event loop. StoreBusy when the database
    cannot be reached, and then others may take this process for dead."""

    def enter(self, key: str) -> None:
        """Begin to live under this id."""

    def living(self, among: Collection[str]) -> frozenset[str]:
        """Which of these processes live, this one included."""

    def leave(self) -> None:
        """Live no longer."""


class FilePresence:
    """Locked files in a folder beside the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: tuple[str, int] | None = None

    def enter(self, key: str) -> None:
        self.leave()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(self._folder / key, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._own = key, descriptor

    def living(self, among: Collection[str]) -> frozenset[str]:
        return frozenset(key for key in among if self._lives(key))

    def _lives(self, key: str) -> bool:
        if self._own is not None and key == self._own[0]:
            return True
        try:
            descriptor = os.open(self._folder / key, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            (self._folder / key).unlink(missing_ok=True)
            return False
        finally:
            os.close(descriptor)

    def leave(self) -> None:
        if self._own is not None:
            key, descriptor = self._own
            (self._folder / key).unlink(missing_ok=True)
            os.close(descriptor)
            self._own = None


class SessionPresence:
    """An advisory lock of a session on PostgreSQL; the engine commits by itself and keeps no connections. `explained`
    turns the database's errors into ours."""

    def __init__(self, engine: Engine, explained: Callable[[], AbstractContextManager[None]]) -> None:
        self._engine, self._explained = engine, explained
        self._connection: Connection | None = None

    def enter(self, key: str) -> None:
        self._drop()
        with self._explained():
            connection = self._engine.connect()
            try:
                taken = connection.execute(
                    text("SELECT pg_try_advisory_lock(:class, :number)"),
                    {"class": _CLASS, "number": _number(key)},
                ).scalar()
            except BaseException:
                connection.close()
                raise
        if not taken:
            connection.close()
            raise StoreBusy("another process has the same number; tried again")
        self._connection = connection

    def living(self, among: Collection[str]) -> frozenset[str]:
        if self._connection is None:
            raise StoreBusy("the sign of life was lost")
        try:
            with self._explained():
                # objid is unsigned
                numbers = set(map(signed, self._connection.execute(_HELD, {"class": _CLASS}).scalars()))
        except Exception:
            self._drop()
            raise
        return frozenset(key for key in among if _number(key) in numbers)

    def leave(self) -> None:
        if self._connection is not None:
            # a server that is busy ends a closed session some time later
            with contextlib.suppress(Exception):
                self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.close()


_HELD = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    " AND classid = CAST(:class AS bigint)::oid"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _number(key: str) -> int:
    return signed(int(key[:8], 16))
