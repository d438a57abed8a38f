"""The store: one database, opened once per process; transactions, the schema's version, copies.

What a transaction has read is still true when it writes. On SQLite writers follow one another (BEGIN IMMEDIATE). On
PostgreSQL so do all but the daemons' mails, which are written beside each other and lock what they touch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import Engine, NullPool, text

from maild.errors import ConfigError, MaildError, StoreBusy
from maild.settings import Settings
from maild.store.core import Caches
from maild.store.driver import is_safe, sqlite_driver
from maild.store.engine import (
    BEGIN,
    TAKE_WRITER_LOCK_IF_FREE,
    database_url,
    explain,
    postgres_engine,
    sqlite_engine,
)
from maild.store.inbound import InboundWork
from maild.store.large import LargeMails
from maild.store.presence import FilePresence, Presence, SessionPresence, fresh_id
from maild.store.revision import REVISION
from maild.store.rows import Process
from maild.store.schema import revision_of, upgrade
from maild.store.tx import Tx
from maild.store.writelock import WriteLock

if TYPE_CHECKING:
    from maild.store.backup import DeskFiles
    from maild.store.copying import Told


class Store:
    """Open with `Store.open`. Safe to use from several threads; each transaction belongs to one."""

    def __init__(self, settings: Settings, engine: Engine, where: str) -> None:
        self.settings = settings
        self.where = where  # for messages: the file or the server, never a password
        self.engine = engine
        #: the same engine and pool, told apart by what the "begin" event does
        self._engines = {
            mode: engine.execution_options(maild_mode=mode if self.is_sqlite else "session") for mode in BEGIN
        }
        #: id of the daemon that uses this store; "" for a command
        self.process = ""
        self._caches = Caches()
        self._turns = self._write_lock()
        self._large = LargeMails(settings.path(str(settings.database.folder)))

    @classmethod
    def open(cls, settings: Settings, *, create: bool = False, check: bool = True) -> Store:
        """Open the configured database.

        `create` makes a missing SQLite file and brings the schema up to date; `check` compares the schema
        with what this version needs. Errors: ConfigError, StoreBusy, each saying what to do.
        """
        url = database_url(settings)
        wait = settings.database.busy_timeout_seconds
        if url.get_backend_name() == "sqlite":
            path = Path(str(url.database))
            if not path.exists() and not create:
                raise ConfigError(f"there is no database at {path}: run maild init")
            if create:
                _make_folder(path.parent)
                _make_file(path)
            store = cls(settings, sqlite_engine(path, wait), str(path))
        else:
            where = f"PostgreSQL {url.host or 'on this machine'}/{url.database}"
            store = cls(settings, postgres_engine(url, wait), where)
        try:
            if create:
                store.migrate()
            elif check:
                store.check_schema()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Give back all connections; the last one of a SQLite file folds its WAL in."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -------------------------------------------------------------------------------- transactions

    @contextmanager
    def write(self, *, concurrent: bool = False, if_free: bool = False, lane: int = 0) -> Iterator[Tx]:
        """A writing transaction: committed and synced at the end, rolled back on any exception.

        On PostgreSQL nobody writes meanwhile, unless `concurrent`: then what it does must hold the locks of
        what it touches (`tx.locks`). `if_free`: StoreBusy at once where others write, who then do not wait either.
        `lane`: of this process, which counts for itself so that its lanes do not wait for each other.
        """
        with self._transaction("concurrent" if concurrent else "write", if_free=if_free, lane=lane) as tx:
            yield tx
        for act in tx.after_commit:
            act()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One consistent view of the database; an attempt to write raises StoreBusy."""
        with self._transaction("read") as tx:
            yield tx

    @contextmanager
    def _transaction(self, mode: str, *, if_free: bool = False, lane: int = 0) -> Iterator[Tx]:
        turn = self._turns.held() if mode != "read" and self._turns else nullcontext()
        asks = if_free and not self.is_sqlite
        mode = "if_free" if asks else mode
        with self.faults_explained(), turn, self._engines[mode].connect() as connection, connection.begin():
            if asks and not connection.exec_driver_sql(TAKE_WRITER_LOCK_IF_FREE).scalar():
                raise StoreBusy("others write now; this waits until they do not")
            writes = f"{self.process}.{lane}" if lane else self.process
            tx = Tx(
                connection, self.settings, self._caches, self._large, process=writes,
                concurrent=mode == "concurrent", begin=BEGIN[mode],
            )  # fmt: skip
            try:
                if mode == "write":
                    tx.send()  # nobody else writes from here on
                yield tx
                tx.finish()
            finally:
                tx.close()

    @contextmanager
    def faults_explained(self) -> Iterator[None]:
        """Turn the database's errors into ours where they are not a fault in maild."""
        try:
            yield
        except Exception as error:
            explained = explain(error, self.where)
            if explained is None:
                raise
            raise explained from error

    def explained(self, error: BaseException) -> MaildError | None:
        """The database's error as one of ours; None for all others."""
        return explain(error, self.where)

    # -------------------------------------------------------------------------------------- the rest

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def _write_lock(self) -> WriteLock | None:
        if not self.is_sqlite:
            return None
        path = Path(str(self.engine.url.database))
        return WriteLock(path.with_name(path.name + ".turn"), self.settings.database.busy_timeout_seconds)

    def sqlite_is_safe(self) -> bool:
        """False when the SQLite library has the WAL-reset bug (rare corruption)."""
        return not self.is_sqlite or is_safe(tuple(sqlite_driver().sqlite_version_info))

    @property
    def engine_name(self) -> str:
        """For `check`: "SQLite 3.53.4 (pysqlite3)" or "PostgreSQL 15.3"."""
        if self.is_sqlite:
            driver = sqlite_driver()
            return f"SQLite {driver.sqlite_version} ({driver.__name__})"
        with self.faults_explained(), self.engine.connect() as connection:
            return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar()}"

    def migrate(self) -> str:
        """Bring the schema to this version's; may be repeated. Returns the revision."""
        with self.faults_explained():
            upgrade(self)
        return REVISION

    def check_schema(self) -> None:
        """ConfigError when the schema is older or newer than this version's, or missing."""
        with self.faults_explained():
            revision = revision_of(self)
        if revision == REVISION:
            return
        if revision is None:
            raise ConfigError(f"{self.where} has no maild tables: run maild init")
        if revision > REVISION:
            raise ConfigError(
                f"{self.where} was written by a newer maild (schema {revision}, this one knows {REVISION}): "
                "run that version, or restore a backup made before"
            )
        raise ConfigError(f"{self.where} has schema {revision}, this maild needs {REVISION}: run maild init")

    def presence(self) -> Presence:
        """What tells others that this process lives; see `maild.store.presence`."""
        if self.is_sqlite:
            path = Path(str(self.engine.url.database))
            return FilePresence(path.with_name(path.name + ".processes"))
        wait = self.settings.database.busy_timeout_seconds
        return SessionPresence(
            postgres_engine(
                self.engine.url, wait, poolclass=NullPool, isolation_level="AUTOCOMMIT",
                execution_options={"maild_mode": "session"},
            ),
            self.faults_explained,
        )  # fmt: skip

    def keep_large(self, raw: bytes, sha256: str) -> str | None:
        """Write a large mail beside the database, synced, before the transaction that speaks of it.

        Returns the name for `tx.inbound.accept(file=...)`, None when the bytes belong into the database.
        On PostgreSQL, which several machines may share, they always do. StoreBusy when the disk is full.
        """
        if not self.is_sqlite or len(raw) <= self.settings.database.large_mail_bytes:
            return None
        with self.faults_explained():
            return self._large.keep(raw, sha256)

    def path_of(self, work: InboundWork) -> Path | None:
        """The file that holds a large mail's bytes; None when they stand in the database."""
        return self._large.path(work.file) if work.file is not None else None

    def backup(self, path: Path, files: DeskFiles, told: Told) -> None:
        """A consistent copy in one SQLite file, large mails and `files` included, while others write. Refused."""
        from maild.store.backup import back_up

        with self.faults_explained():
            back_up(self, self._large, path, files, told)

    def living(self) -> tuple[Process, ...]:
        """The daemons that work on this database now."""
        with self.read() as tx:
            known = {process.id: process for process in tx.processes.all()}
        presence = self.presence()
        with self.faults_explained():
            presence.enter(fresh_id())
            try:
                return tuple(known[key] for key in presence.living(tuple(known)))
            finally:
                presence.leave()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the folder {folder}: {error.strerror}") from error


def _make_file(path: Path) -> None:
    """For this user's eyes only; SQLite gives what it writes beside the file the same rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(f"cannot make the database {path}: {error.strerror}") from error
