"""One daemon per SQLite file, and a note beside the database about the one that runs."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path

from maild.errors import ConfigError, Refused, StoreBusy
from maild.settings import Settings

_NO_PATH = (errno.EEXIST, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


class RunFile:
    """`<database>.lock` is held as long as the daemon lives, and `<database>.run.json` tells its ports.

    The lock is the kernel's (flock): a daemon that was killed leaves none behind. `shared`: the database is on a
    server, and the daemons of one configuration take `<database>`, `<database>-2` and so on as their names. Those under
    one parent are `of` its file.
    """

    def __init__(self, database: Path, *, shared: bool = False) -> None:
        self.database = database
        self._shared = shared
        self._lock: int | None = None

    @property
    def note(self) -> Path:
        """Where the daemon tells about itself."""
        return self.file(".run.json")

    @property
    def _lock_path(self) -> Path:
        return self.file(".lock")

    def file(self, ending: str) -> Path:
        """A file beside the database, of the same name with `ending`."""
        return self.database.with_name(self.database.name + ending)

    def lock(self) -> None:
        """Raise `Refused` when another daemon runs on this database file, `StoreBusy` when none could now, `ConfigError`
        when none ever could."""
        first, number = self.database, 1
        while not self._try():
            if not self._shared:
                pid = self.read().get("pid")
                who = f"process {pid}" if pid else "another process"
                remedy = "stop it first; several run together as serve --processes N, or on PostgreSQL"
                raise Refused(f"maild serves {self.database} already ({who}); {remedy}")
            number += 1
            self.database = first.with_name(f"{first.name}-{number}")

    def of(self, number: int) -> RunFile:
        """The file of the daemon `number` under a parent that holds this one."""
        return RunFile(self.file(f".{number}"))

    def _try(self) -> bool:
        try:
            self._lock_path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._lock_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            # rights and room may come back; a path through what is not a folder is a slip
            fault = ConfigError if error.errno in _NO_PATH else StoreBusy
            raise fault(
                f"[database] url: {self._lock_path} cannot be written ({error.strerror}): the folder must belong to "
                "the user that runs maild"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def write(self, ports: Mapping[str, int | None]) -> None:
        """Tell others where the daemon listens."""
        fresh = self.note.with_name(self.note.name + ".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), **ports}) + "\n", encoding="utf-8")
        os.replace(fresh, self.note)

    def read(self) -> dict[str, int | None]:
        """The last daemon's ports and `pid`, `{}` when there is nothing."""
        try:
            note = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def release(self) -> None:
        """Let go of the lock and take the note away."""
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        try:
            self.note.unlink(missing_ok=True)
        finally:
            os.close(lock)


def runfile_of(settings: Settings) -> RunFile:
    """Beside the SQLite file, or beside a name in its place for a database on a server."""
    if settings.sqlite_file is not None:
        return RunFile(settings.sqlite_file)
    return RunFile(settings.path("var/maild.db"), shared=True)
