"""SQLite's driver and what its errors mean to a person; free of SQLAlchemy, which costs a short command more than its
own work.

The PyPI `pysqlite3` wheel where there is one (its library is free of the WAL-reset bug, sqlite.org/wal.html); the
standard module is then never imported, because two SQLite libraries on one file in one process drop each other's
POSIX locks.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from maild.errors import ConfigError, MaildError, StoreBusy

#: first and last SQLite with the WAL-reset bug
_BROKEN = ((3, 7, 0), (3, 51, 2))


def sqlite_driver() -> Any:
    """The DB-API module for SQLite: `pysqlite3` where installed, else the standard one."""
    return import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")


def is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug."""
    return not _BROKEN[0] <= version <= _BROKEN[1]


_SQLITE = (
    ("locked", StoreBusy, "{} is locked by another process for longer than [database] busy_timeout_seconds; "
                          "try again, or end the process that holds it"),
    ("disk is full", StoreBusy, "the disk of {} is full: free some space, nothing is lost"),
    ("readonly", StoreBusy, "{} cannot be written: check its owner and permissions, and those of its folder"),
    ("query_only", StoreBusy, "{} was opened for reading only"),
    ("unable to open", StoreBusy, "{} cannot be opened: does its folder exist, and may this user write there?"),
    ("disk i/o", StoreBusy, "the disk of {} reports errors: look at the system log before anything else"),
    ("malformed", StoreBusy, "{} is damaged: stop maild and restore the last `maild backup`"),
    ("not a database", ConfigError, "{} is not a SQLite database: [database] url names the wrong file"),
    ("no such table", ConfigError, "{} has no maild tables: run maild init"),
)  # fmt: skip


def explain_sqlite(text: str, where: str) -> MaildError | None:
    for part, kind, remedy in _SQLITE:
        if part in text:
            return kind(remedy.format(where))
    return None
