"""What stands behind a 250: every connection that writes waits for the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from maild.errors import StoreBusy
from maild.settings import Settings
from maild.store import Store, sqlite_tickets
from maild.store.driver import sqlite_driver
from tests import kept
from tests.store.values import NOW, ask, new_ticket

#: what each database has to say: 2 is FULL (sqlite.org/pragma.html#pragma_synchronous); NORMAL may lose the last
#: commits of a write-ahead log
WANTED: dict[str, dict[str, object]] = {
    "sqlite": {"PRAGMA synchronous": 2, "PRAGMA journal_mode": "wal"},
    "postgresql": {"SHOW synchronous_commit": "on"},
}


def test_every_connection_that_writes_syncs_before_its_commit_returns(
    reopened: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "syncing", True)
    for _ in range(3):
        with reopened() as store, store.write() as tx:
            for question, answer in WANTED[tx.connection.dialect.name].items():
                assert tx.connection.execute(text(question)).scalar() == answer, question


def test_so_does_the_connection_of_the_quick_commands(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However SQLite was built: some systems' libraries have NORMAL for a write-ahead log."""
    driver, found = sqlite_driver(), []

    class Watched(driver.Connection):  # type: ignore[misc, name-defined]
        def execute(self, text: str, *values: Any) -> Any:
            if text == "COMMIT":
                found.extend(super().execute("PRAGMA synchronous").fetchone())
            return super().execute(text, *values)

    def connected(path: str, **how: Any) -> Any:
        connection = connect(path, factory=Watched, **how)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    with Store.open(sqlite_settings) as store:
        number = new_ticket(store)
    connect = driver.connect
    monkeypatch.setattr(driver, "connect", connected)
    assert sqlite_tickets.mark_seen(sqlite_settings, "kata", number, 1, NOW)
    assert found == [WANTED["sqlite"]["PRAGMA synchronous"]]


def test_connection_that_came_to_be_for_reading_only_is_not_kept(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite opens a file so where the disk reports an error; the pool would give it to writers for ever."""
    driver = sqlite_driver()
    connect = driver.connect
    readonly = 1

    def connected(path: str, *rest: Any, **more: Any) -> Any:
        nonlocal readonly
        if readonly:
            readonly -= 1
            return connect(f"file:{path}?mode=ro", *rest, uri=True, **more)
        return connect(path, *rest, **more)

    with Store.open(sqlite_settings) as store:
        store.engine.dispose()
        monkeypatch.setattr(driver, "connect", connected)
        with pytest.raises(StoreBusy, match="its disk reports errors"), store.write():
            pass
        with store.write() as tx:
            tx.set_meta("written", "yes")
        assert ask(store, lambda tx: tx.meta("written")) == "yes"


def test_file_that_may_not_be_written_can_still_be_read(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = sqlite_driver()
    connect = driver.connect
    monkeypatch.setattr("maild.store.engine.os.access", lambda path, how: False)
    monkeypatch.setattr(
        driver, "connect", lambda path, *a, **k: connect(f"file:{path}?mode=ro", *a, uri=True, **k)
    )
    with Store.open(sqlite_settings) as store:
        assert ask(store, lambda tx: tx.meta("secret"))
        with pytest.raises(StoreBusy, match="permissions"), store.write() as tx:
            tx.set_meta("written", "yes")
