"""The two databases: how an engine is made and how their errors read to a person; `driver` for SQLite alone."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InvalidatePoolError

from maild.errors import ConfigError, MaildError, Overtaken, StoreBusy
from maild.settings import Settings
from maild.store.driver import explain_sqlite, sqlite_driver
from maild.store.searching import register

#: pg_advisory_xact_lock of every writing transaction: shared by those that lock what they touch themselves (`locks`),
#: alone by all others, which see nobody write beside them, as on SQLite
WRITER_LOCK = 0x6D61696C64
TAKE_WRITER_LOCK_IF_FREE = f"SELECT pg_try_advisory_xact_lock({WRITER_LOCK})"
#: the server ends a transaction that was left open, and a session whose machine is gone, after so many seconds: a daemon
#: that hangs in the middle of a write may hold what another one needs to take its duties over. One that only reads is in
#: nobody's way, and may wait for who turns the pages of a long list
_LEFT_OPEN, _GONE, _READS_ON = 20, 15, 3600
_READ = "ISOLATION LEVEL REPEATABLE READ READ ONLY"
_MAY_READ_ON = f"SET LOCAL idle_in_transaction_session_timeout = {_READS_ON * 1000}"
#: what a `Tx` on PostgreSQL begins with, by its mode
BEGIN = {
    "read": (f"BEGIN {_READ}", _MAY_READ_ON),
    "write": ("BEGIN", f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"),
    "concurrent": ("BEGIN", f"SELECT pg_advisory_xact_lock_shared({WRITER_LOCK})"),
    "if_free": (),
}
#: the same for what goes through SQLAlchemy alone, after its own BEGIN; "session": nothing, or a `Tx` begins
_FIRST = {"write": BEGIN["write"][1], "session": ""}
#: a connection that was used so many seconds ago is taken to be alive
_LATELY = 1.0
#: of a connection to a SQLite file: it was opened while the file could not be written (its permission, a read-only disk),
#: and never writes; once the file can be, the pool must not go on with it
_READS_ONLY = "reads only"


def database_url(settings: Settings) -> URL:
    """The configured URL, with the driver named and a relative file made absolute. ConfigError when unfit."""
    try:
        url = make_url(settings.database.url)
    except ArgumentError as error:
        raise ConfigError("[database] url: cannot be read; write sqlite:///var/maild.db or "
                          "postgresql://user@host/database") from error  # fmt: skip
    if url.drivername == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ConfigError("[database] url: SQLite needs a file, such as sqlite:///var/maild.db")
        return url.set(database=str(settings.path(url.database)))
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigError(f"[database] url: {url.drivername} is not supported; use sqlite or postgresql")


def sqlite_engine(path: Path, busy_timeout_seconds: float) -> Engine:
    """WAL, `synchronous=FULL` (before a 250 the bytes must be on the disk), explicit transactions only."""
    driver = sqlite_driver()
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=driver,
        paramstyle="named",
        connect_args={
            "isolation_level": None,
            "timeout": busy_timeout_seconds,
            "check_same_thread": False,
            "cached_statements": 256,
        },
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        record.info[_READS_ONLY] = not _writes(connection, path)
        connection.execute(f"PRAGMA busy_timeout={int(busy_timeout_seconds * 1000)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-8000")
        register(connection)

    @event.listens_for(engine, "checkout")
    def taken(_connection: Any, record: Any, _proxy: object) -> None:
        if record.info[_READS_ONLY] and os.access(path, os.W_OK):
            raise DisconnectionError  # the pool opens another in its place

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # without IMMEDIATE two processes that read and then write lose updates silently
        writes = connection.get_execution_options().get("maild_mode") in ("write", "concurrent")
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA query_only={0 if writes else 1}")
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    return engine


def _writes(connection: Any, path: Path) -> bool:
    """Whether it is for more than reading. SQLite opens a file once more for reading where it may not be written, and says
    nothing. StoreBusy where it may: its disk reports an error."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        # begins a write, and does nothing in a file that is not vacuumed step by step
        connection.execute("PRAGMA incremental_vacuum(1)").fetchall()
    except Exception as error:
        if "readonly" not in str(error):
            return True
        if os.access(path, os.W_OK):
            connection.close()
            raise StoreBusy(f"{path} could be opened for reading only: its disk reports errors") from error
        return False
    return True


def postgres_engine(url: URL, busy_timeout_seconds: float, **how: Any) -> Engine:
    """psycopg 3, synchronous commits. `how`: for `create_engine`."""
    settings = {
        "synchronous_commit": "on",
        "lock_timeout": int(busy_timeout_seconds * 1000),
        "idle_in_transaction_session_timeout": _LEFT_OPEN * 1000,
        "tcp_keepalives_idle": _GONE // 3,
        "tcp_keepalives_interval": _GONE // 3,
        "tcp_keepalives_count": 2,
        "timezone": "UTC",
    }
    engine = create_engine(
        url,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "connect_timeout": 10,
            "prepare_threshold": None,  # those that come often are prepared in `pipeline`, where psycopg forgets none
            "client_encoding": "utf8",
            "keepalives_idle": _GONE // 3,
            "keepalives_interval": _GONE // 3,
            "keepalives_count": 2,
            "tcp_user_timeout": _GONE * 1000,
        },
        **how,
    )

    _ask_idle_connections(engine)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("maild_mode", "")
        first = _FIRST.get(mode, f"SET TRANSACTION {_READ}; {_MAY_READ_ON}")
        if first:
            driver: Any = connection.connection.dbapi_connection
            driver.execute(first)

    return engine


def _ask_idle_connections(engine: Engine) -> None:
    """A connection of the pool that nobody has used lately is asked whether it lives, and replaced. SQLAlchemy's
    `pool_pre_ping` asks before each transaction, of which a mail has six."""

    @event.listens_for(engine, "checkin")
    def given_back(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used", -_LATELY) < _LATELY:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise InvalidatePoolError from error


def explain(error: BaseException, where: str) -> MaildError | None:
    """A database's or disk's error as one of ours, saying what to do; None when it is a fault in maild."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
        return StoreBusy(f"cannot write beside {where}: {error.strerror}; free space or fix the permissions")
    origin = error.orig if isinstance(error, DBAPIError) else error
    if origin is None:
        return None
    module = type(origin).__module__
    if module.startswith("psycopg"):
        return _explain_postgres(origin, where)
    if module.partition(".")[0] in ("sqlite3", "pysqlite3"):
        return explain_sqlite(str(origin).lower(), where)
    return None


def _explain_postgres(origin: BaseException, where: str) -> MaildError | None:
    state = getattr(origin, "sqlstate", None) or ""
    if state in ("40001", "40P01"):
        return Overtaken(f"{where}: another process was in the way; try again")
    if state in ("55P03", "57014"):
        return StoreBusy(f"{where} is busy for longer than [database] busy_timeout_seconds; try again")
    if state in ("53100", "53200", "53300", "53400"):
        return StoreBusy(f"{where} is out of disk, memory or connections; nothing is lost, free some")
    if state == "25006":
        return StoreBusy(f"{where} takes no writes now (read-only transaction or standby)")
    if state in ("28P01", "28000", "3D000"):
        return ConfigError(f"[database] url: {where} refuses: {str(origin).strip().splitlines()[-1]}")
    if state == "42P01":
        return ConfigError(f"{where} has no maild tables: run maild init")
    if state.startswith(("08", "57P")) or (not state and type(origin).__name__ == "OperationalError"):
        if "password authentication failed" in str(origin):
            return ConfigError(f"[database] url: {where} refuses the password")
        return StoreBusy(f"{where} cannot be reached: is the server running, is [database] url right?")
    return None
