"""`maild backup FILE`: a copy that is consistent, complete in one file, and made while the daemon runs."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maild.errors import Refused
from maild.store.engine import sqlite_driver
from maild.store.large import LargeMails

if TYPE_CHECKING:
    from maild.store.store import Store


def copy(store: Store, large: LargeMails, path: Path) -> None:
    """Copy the database to `path`, which must not exist, with the large mails taken in.

    VACUUM INTO reads one snapshot, so writers go on meanwhile. The copy stands under another name until it
    is whole and synced.
    """
    if not store.is_sqlite:
        raise Refused(
            "a PostgreSQL database is copied by its own tool: "
            f"pg_dump --format=custom --file={path} '{store.engine.url.set(drivername='postgresql')!s}'"
        )
    if path.exists():
        raise Refused(f"{path} exists already; name a new file")
    if not path.parent.is_dir():
        raise Refused(f"there is no folder {path.parent}")
    fresh = path.with_name(path.name + ".part")
    fresh.unlink(missing_ok=True)
    try:
        with closing(store.engine.raw_connection()) as connection:
            driver: Any = connection.driver_connection
            driver.execute("PRAGMA query_only=0")
            driver.execute("VACUUM INTO ?", (str(fresh),))
        os.chmod(fresh, 0o600)
        _take_in(fresh, large)
        _sync(fresh)
        os.link(fresh, path)  # unlike a rename this never replaces a file made meanwhile
        _sync(path.parent)
    except FileExistsError:
        raise Refused(f"{path} exists already; name a new file") from None
    finally:
        for leftover in (fresh, Path(f"{fresh}-journal")):
            leftover.unlink(missing_ok=True)


def _take_in(fresh: Path, large: LargeMails) -> None:
    """Move the mails that stand as files into the copy, where a single file must hold everything."""
    with closing(sqlite_driver().connect(str(fresh), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute("SELECT id, file FROM inbound WHERE file IS NOT NULL").fetchall()
        for key, name in found:
            try:
                content = large.read(name)
            except FileNotFoundError:
                continue  # erased since the snapshot
            connection.execute("INSERT INTO inbound_raw (inbound_id, content) VALUES (?, ?)", (key, content))
            connection.execute("UPDATE inbound SET file = NULL WHERE id = ?", (key,))
        connection.execute("COMMIT")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
