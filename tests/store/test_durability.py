"""What stands behind a 250: every connection that writes waits for the disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from maild.store import Store
from tests import kept

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
