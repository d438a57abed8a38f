from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from maild.errors import ConfigError, Refused, StoreBusy
from maild.model import NEW, LookupKeys, RememberKeys
from maild.settings import Database, Settings
from maild.store import Store, generate
from maild.store.models import Base
from maild.store.revision import REVISION
from maild.store.schema import FOLDER, alembic_config
from tests import kept
from tests.shapes import shapes
from tests.store.conftest import settings_for
from tests.store.values import NOW, RAW, accept, ask, new_ticket

#: migrations, back and forth
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each database goes its whole way here; elsewhere new ones are copies."""
    monkeypatch.setattr(kept, "copying", False)


def test_revision_is_alembics_head() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert scripts.get_heads() == [REVISION]


def test_migrations_make_exactly_the_model(store: Store) -> None:
    def ours(name: str | None, kind: str, parents: Any) -> bool:
        return not (
            kind == "table" and name is not None and name.startswith(("entry_search", "ticket_search"))
        )

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_tables_are_what_the_models_say() -> None:
    assert generate.PATH.read_text(encoding="utf-8") == generate.text()


def test_partial_indexes_hold_the_rows_that_the_models_say(store: Store) -> None:
    wanted = {
        str(index.name): str(index.info["where"])
        for table in Base.metadata.tables.values() for index in table.indexes if "where" in index.info
    }  # fmt: skip
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND instr(sql, ' WHERE ') > 0"
        if store.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND strpos(indexdef, ' WHERE ') > 0"
    )

    def words(condition: str) -> list[str]:
        return re.findall(r"[a-z_]+", condition.replace("::text", "").lower())

    with store.read() as tx:
        found = {name: sql.partition(" WHERE ")[2] for name, sql in tx.connection.exec_driver_sql(query)}
    assert {name: words(where) for name, where in found.items()} == {
        name: words(where) for name, where in wanted.items()
    }
    assert len(wanted) > 5


def test_migrating_again_changes_nothing_and_keeps_the_secret(store: Store) -> None:
    number = new_ticket(store)
    secret = ask(store, lambda tx: tx.secret())
    assert store.migrate() == REVISION
    assert len(secret) == 32
    assert ask(store, lambda tx: tx.secret()) == secret
    assert new_ticket(store) == number + 1


@pytest.mark.parametrize(
    ("version", "match"), [("0000", "run maild init"), ("9999", "written by a newer maild")]
)
def test_schema_of_another_version_is_refused(settings: Settings, version: str, match: str) -> None:
    with Store.open(settings) as store, store.write() as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    with pytest.raises(ConfigError, match=match):
        Store.open(settings)
    if version == "9999":
        with pytest.raises(ConfigError, match=match):
            Store.open(settings, create=True)


def test_missing_database_asks_for_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run maild init"):
        Store.open(settings_for(f"sqlite:///{tmp_path}/none.db", tmp_path))
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:///:memory:"])
def test_unfit_url_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\[database\] url"):
        Store.open(settings_for(url, tmp_path), create=True)


def test_relative_database_is_beside_the_configuration(tmp_path: Path) -> None:
    settings = replace(settings_for("sqlite:///var/maild.db", tmp_path), base=tmp_path)
    Store.open(settings, create=True).close()
    assert (tmp_path / "var" / "maild.db").exists()


def test_ids_and_conversations_of_an_older_desk_keep_their_tickets(sqlite_settings: Settings) -> None:
    with Store.open(sqlite_settings) as store:
        first = new_ticket(
            store, RememberKeys(NEW, ("<in@x>",), ("<parent@x>",), ("thread-index:aa",), "b@x")
        )
        new_ticket(store, RememberKeys(NEW, (), ("<parent@x>",), ("thread-index:aa",), "c@x"))
        with store.engine.connect() as connection:
            connection.execution_options(maild_mode="write")
            with connection.begin():
                command.downgrade(alembic_config(connection), "0001")
                rows = connection.execute(text("SELECT message_id, ticket, origin FROM known_id")).all()
                assert ("<in@x>", first, "in") in rows
                assert ("<parent@x>", first, "awaited") in rows
        store.migrate()
        keys = LookupKeys(None, message_ids=("<in@x>", "<parent@x>"), keys=("thread-index:aa",))
        found = ask(store, lambda tx: tx.facts(keys, NOW)).known
    told = {key: [(one.ticket, one.origin, one.sender) for one in ones] for key, ones in found.items()}
    assert told == {
        "<in@x>": [(first, "in", "")],
        "<parent@x>": [
            (first, "awaited", "anna@acme.example")
        ],  # whose it was is not kept there: the requester's
        "thread-index:aa": [(first, "kept", "")],
    }


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database at all, but long enough " * 100)
    with pytest.raises(ConfigError, match="is not a SQLite database"):
        Store.open(settings_for(f"sqlite:///{tmp_path}/x.db", tmp_path))


def test_postgres_that_does_not_answer_is_busy(tmp_path: Path) -> None:
    with pytest.raises(StoreBusy, match="cannot be reached"):
        Store.open(settings_for("postgresql://nobody@127.0.0.1:9/none", tmp_path))


def test_locked_database_says_so(sqlite_settings: Settings) -> None:
    impatient = replace(sqlite_settings, database=replace(sqlite_settings.database, busy_timeout_seconds=0.1))
    with Store.open(impatient) as first, Store.open(impatient) as second, first.write():
        with second.read() as tx:  # reading goes on
            assert shapes(tx.inbound.list()) == []
        with pytest.raises(StoreBusy, match="is locked by another process"):
            accept(second)


def test_full_disk_says_so_and_loses_nothing(sqlite_settings: Settings) -> None:
    with Store.open(sqlite_settings) as store:
        accept(store)
        with store.write() as tx:
            pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar()
            tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreBusy, match="full"), store.write() as tx:
            tx.blobs.put(os.urandom(400_000), "x", "y", NOW)
        assert ask(store, lambda tx: tx.inbound.raw(1)) == RAW


def test_reading_transaction_cannot_write(store: Store) -> None:
    with pytest.raises(StoreBusy), store.read() as tx:
        tx.set_meta("x", "y")


def test_reading_transaction_sees_one_moment(store: Store) -> None:
    with store.read() as tx:
        assert shapes(tx.inbound.list()) == []
        accept(store)
        assert shapes(tx.inbound.list()) == []
    assert len(ask(store, lambda tx: shapes(tx.inbound.list()))) == 1


def test_engine_is_named_and_safe(store: Store) -> None:
    if store.is_sqlite:
        assert store.engine_name.startswith("SQLite 3.")
    else:
        assert store.engine_name.startswith("PostgreSQL ")
        assert store.sqlite_is_safe()


def test_known_broken_sqlite_versions_are_told() -> None:
    from maild.store.driver import is_safe

    assert [is_safe(version) for version in ((3, 40, 1), (3, 51, 2), (3, 51, 3), (3, 53, 4))] == [
        False, False, True, True,
    ]  # fmt: skip


def test_sqlite_settings_are_the_durable_ones(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "syncing", True)
    with Store.open(sqlite_settings) as store, store.write() as tx:
        found = {name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                 for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}  # fmt: skip
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_standard_sqlite3_is_never_loaded_beside_pysqlite3(tmp_path: Path) -> None:
    pytest.importorskip("pysqlite3")
    program = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from maild.settings import *; from maild.store import Store\n"
        f"s = replace(Settings(), database=Database(url='sqlite:///{tmp_path}/a.db'))\n"
        "store = Store.open(s, create=True)\n"
        "with store.read() as tx: tx.tickets.list()\n"
        f"store.backup(Path('{tmp_path}/b.db'), {{}}, lambda *_: None)\n"
        "assert '_sqlite3' not in sys.modules and 'sqlite3' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def back_up(store: Store, path: Path) -> None:
    store.backup(path, {}, lambda *_: None)


def test_backup_is_one_complete_file_made_in_the_middle_of_work(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    large = b"z" * 9000
    with Store.open(sqlite_settings) as store:
        number = new_ticket(store)
        keys = [accept(store), accept(store, large)]
        with store.write() as tx:
            tx.set_meta("half", "done")
            back_up(store, target)
        with pytest.raises(Refused, match="exists already"):
            back_up(store, target)
        with pytest.raises(Refused, match="no folder"):
            back_up(store, tmp_path / "none" / "x.db")
    assert target.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]
    elsewhere = replace(
        sqlite_settings, database=Database(url=f"sqlite:///{target}", folder=tmp_path / "no-mails")
    )
    with Store.open(elsewhere) as copy, copy.read() as tx:
        assert tx.ticket(number).number == number
        assert [tx.inbound.raw(key) for key in keys] == [RAW, large]
        assert tx.meta("half") is None
