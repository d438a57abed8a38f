"""`maild backup FILE`: one SQLite file that is consistent, complete and made while the daemons run; and back again.

It holds the database with the large mails taken in, and in a table of its own the files that belong to the desk (the
configuration, the operator's templates). It can be used as a database as it is. A desk on PostgreSQL is copied
into such a file, too (`copying`), and from it into an empty database.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.errors import Refused
from maild.settings import Settings
from maild.store.copying import Told, copy_all, give_back_claims
from maild.store.driver import sqlite_driver
from maild.store.large import LargeMails, sync
from maild.values import dataclass, replace

if TYPE_CHECKING:
    from maild.store.store import Store

_TABLE = "backup_file"
_FILES = "CREATE TABLE IF NOT EXISTS backup_file (name TEXT PRIMARY KEY, mode INTEGER NOT NULL, content BLOB NOT NULL)"


@dataclass(frozen=True, slots=True)
class DeskFile:
    """A file of the desk: `name` is its path in the backup, `templates/en/layout.txt.j2`."""

    mode: int
    content: bytes


DeskFiles = Mapping[str, DeskFile]


def back_up(store: Store, large: LargeMails, path: Path, files: DeskFiles, told: Told) -> None:
    """Copy the database to `path`, which must not exist.

    The copy stands under another name until it is whole, read through and synced. On SQLite VACUUM INTO reads one snapshot,
    so writers go on meanwhile; so does a transaction of PostgreSQL.
    """
    if path.exists():
        raise Refused(f"{path} exists already; name a new file")
    if not path.parent.is_dir():
        raise Refused(f"there is no folder {path.parent}")
    fresh = path.with_name(path.name + ".part")
    _remove(fresh)
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        if store.is_sqlite:
            with closing(store.engine.raw_connection()) as connection:
                driver: Any = connection.driver_connection
                driver.execute("PRAGMA query_only=0")
                driver.execute("VACUUM INTO ?", (str(fresh),))
            _take_in(fresh, large)
        else:
            with type(store).open(_at(store.settings, fresh), create=True) as copy:
                copy_all(store, copy, told)
        _keep_files(fresh, files)
        told("reading it back", 0)
        read_through(fresh)
        sync(fresh)
        os.link(fresh, path)  # unlike a rename this never replaces a file made meanwhile
        sync(path.parent)
    except FileExistsError:
        raise Refused(f"{path} exists already; name a new file") from None
    finally:
        _remove(fresh)


def read_through(path: Path) -> None:
    """Refused when the file is no backup, or damaged."""
    driver = sqlite_driver()
    try:
        with _reading(path) as connection:
            state = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            known = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
    except driver.DatabaseError as error:
        raise Refused(f"{path} cannot be read as a backup: {error}") from None
    if state != "ok":
        raise Refused(f"{path} is damaged ({state}); use an older one")
    if not known[0]:
        raise Refused(f"{path} is not a backup of maild: it has none of its tables")


def _reading(path: Path) -> closing[Any]:
    """A connection to a file that nobody writes."""
    return closing(sqlite_driver().connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True))


def files_in(path: Path) -> DeskFiles:
    """What belonged to the desk beside its database; nothing in a backup of an older version."""
    with _reading(path) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_TABLE,)).fetchone():
            return {}
        rows = connection.execute("SELECT name, mode, content FROM backup_file ORDER BY name").fetchall()
    return {name: DeskFile(mode, bytes(content)) for name, mode, content in rows}


def restore(path: Path, settings: Settings, told: Told) -> None:
    """Put a backup into the place of the configured database, which must be free: no file, or empty on PostgreSQL.

    A backup of an older version is brought up to date on the way. Refused; ConfigError as `Store.open`.
    """
    from maild.store.store import Store

    read_through(path)
    if (target := settings.sqlite_file) is not None:
        _place(path, target)
        try:
            with Store.open(settings, create=True) as store, store.write() as tx:
                tx.connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_TABLE}")
                give_back_claims(tx)
        except BaseException:
            _remove(target)
            raise
        return
    copy = path.with_name(f"{path.name}.restoring")
    try:
        _place(path, copy)
        with Store.open(_at(settings, copy), create=True) as old, Store.open(settings, create=True) as new:
            copy_all(old, new, told)
    finally:
        _remove(copy)


def _place(path: Path, target: Path) -> None:
    if target.exists():
        raise Refused(f"{target} exists already; `maild restore --replace` moves it aside")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".part")
    _remove(fresh)
    try:
        with open(path, "rb") as source, open(fresh, "xb", opener=_private) as copy:
            while some := source.read(1 << 20):
                copy.write(some)
            copy.flush()
            os.fsync(copy.fileno())
        os.link(fresh, target)
        sync(target.parent)
    finally:
        _remove(fresh)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _at(settings: Settings, path: Path) -> Settings:
    """The same desk with a SQLite file for a database, which holds all mails itself."""
    database = replace(
        settings.database, url=f"sqlite:///{path.resolve()}", folder=path.with_name(path.name + ".mails")
    )
    return replace(settings, database=database)


def _take_in(fresh: Path, large: LargeMails) -> None:
    """Move the mails that stand as files into the copy, where a single file must hold everything."""
    with closing(sqlite_driver().connect(str(fresh), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute("SELECT id, file FROM inbound WHERE file IS NOT NULL").fetchall()
        for key, name in rows:
            try:
                content = large.read(name)
            except FileNotFoundError:
                continue  # erased since the snapshot
            connection.execute(
                "INSERT INTO inbound_raw (inbound_id, content, packed) VALUES (?, ?, false)", (key, content)
            )
            connection.execute("UPDATE inbound SET file = NULL WHERE id = ?", (key,))
        connection.execute("COMMIT")


def _keep_files(fresh: Path, files: DeskFiles) -> None:
    with closing(sqlite_driver().connect(str(fresh), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # all in the one file
        connection.execute(_FILES)
        connection.executemany(
            "INSERT INTO backup_file (name, mode, content) VALUES (?, ?, ?)",
            [(name, one.mode, one.content) for name, one in files.items()],
        )


def _remove(path: Path) -> None:
    for name in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm", ".turn"))):
        name.unlink(missing_ok=True)
