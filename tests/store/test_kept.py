"""What tests keep for one another is what each would have made for itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from maild.store import Store
from tests import kept
from tests.store.conftest import settings_for

_BETWEEN = re.compile(r"[\s,()]+")


def made(path: Path) -> tuple[list[list[str]], str, str]:
    """(the schema, the journal's mode, the secret) of a new database.

    Each table is its words, sorted: alembic copies a table's constraints in an order of chance.
    """
    with Store.open(settings_for(f"sqlite:///{path}", path.parent), create=True) as store:
        with store.engine.connect() as connection:
            schema = [
                sorted(_BETWEEN.split(row[0] or ""))
                for row in connection.execute(text("SELECT sql FROM sqlite_master ORDER BY name"))
            ]
            mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        with store.read() as tx:
            return schema, mode, tx.secret().hex()


def test_a_copied_schema_is_what_the_migrations_make_and_secrets_are_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, copied = made(tmp_path / "first.db"), made(tmp_path / "copied.db")
    monkeypatch.setattr(kept, "copying", False)
    migrated = made(tmp_path / "migrated.db")
    assert len(migrated[0]) > 50
    assert first[:2] == copied[:2] == migrated[:2]
    assert len({first[2], copied[2], migrated[2]}) == 3
