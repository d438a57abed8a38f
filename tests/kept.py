"""What tests would make hundreds of times is made once a process: compiled statements, an empty database's
schema, the command; and nobody waits for the disk."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import typer.testing
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from maild.demo.verbs import command
from maild.store import Store, schema
from maild.store import store as stores
from maild.store.driver import sqlite_driver
from maild.store.engine import sqlite_engine


class CompiledOnce(LRUCache[Any, Any]):
    """SQLAlchemy keeps what it compiled with each engine. Tests open hundreds of databases and say the same to them.

    A key is (dialect, statement, ...): here the dialect counts by what it is, not by whose engine it is.
    """

    @staticmethod
    def _of(key: tuple[Any, ...]) -> tuple[Hashable, ...]:
        dialect, *rest = key
        return (dialect.name, dialect.driver, dialect.paramstyle, *rest)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._of(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self._of(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(self._of(key), value)


_COMPILED: CompiledOnce = CompiledOnce(2_000)
_made, _migrated, _opened = Engine.__init__, schema._migrate, sqlite_engine
#: a database in memory with the schema and nothing else, once the first was migrated; a test may switch it off
_schema: list[Any] = []
copying = True
#: whether commits of this process wait for the disk: a test that asks for it switches it on. The daemons and commands
#: that tests start are processes of their own and always do
syncing = False


def _with_what_is_compiled(
    engine: Engine, pool: Any, dialect: Any, url: Any, logging_name: Any = None, echo: Any = None,
    query_cache_size: int = 500, execution_options: Any = None, hide_parameters: bool = False,
) -> None:  # fmt: skip
    # the names stand here, since `create_engine` takes those that it finds in the signature and refuses others
    _made(
        engine, pool, dialect, url, logging_name, echo, query_cache_size, execution_options, hide_parameters
    )
    engine._compiled_cache = _COMPILED


def _with_the_schema(store: Store) -> None:
    """A new SQLite file gets a copy of what the migrations made of the first one; others go their whole way."""
    if not copying or not store.is_sqlite or schema.revision_of(store) is not None:
        _migrated(store)
        return
    if not _schema:
        _migrated(store)
    with store.engine.connect() as connection:
        file: Any = connection.connection.dbapi_connection
        if _schema:
            _schema[0].backup(file)
        else:
            made = sqlite_driver().connect(":memory:", check_same_thread=False)
            file.backup(made)
            _schema.append(made)


def _without_waiting(path: Path, busy_timeout_seconds: float) -> Engine:
    """No test here cuts the power: what a process wrote outlives the process also where the disk was not waited for."""
    engine = _opened(path, busy_timeout_seconds)
    if not syncing:

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    return engine


def keep() -> None:
    """From now on, in this process."""
    Engine.__init__ = _with_what_is_compiled  # type: ignore[method-assign, assignment]
    schema._migrate = _with_the_schema
    setattr(stores, "sqlite_engine", _without_waiting)  # noqa: B010  it imports it
    setattr(typer.testing, "_get_command", lambda _: command())  # noqa: B010  it is not exported
