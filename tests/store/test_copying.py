"""A desk onto another database, into a backup and back: nothing is missing, nothing else is touched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from maild.errors import Refused
from maild.fulltext import Query, Term
from maild.settings import Database, Settings
from maild.store import Store
from maild.store.backup import DeskFile, files_in, restore
from maild.store.copying import copy_all
from maild.store.presence import fresh_id
from maild.store.tables import OUTBOUND_BYTES
from tests.store.conftest import settings_for
from tests.store.test_packing import WORDS, done, held, packed, sent
from tests.store.values import LEASE, NOW, RAW, accept, ask, new_ticket, notice

pytestmark = pytest.mark.slow

LARGE = b"z" * 9000


def silent(what: str, count: int) -> None:
    """No progress bar."""


@pytest.fixture
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty database of the other kind than `settings`."""
    if "sqlite" not in request.node.name:
        yield settings_for(f"sqlite:///{tmp_path}/target.db", tmp_path / "target")
        return
    url: str = request.getfixturevalue("postgres_url")
    name = f"copy_{fresh_id()}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    yield settings_for(f"{url}/{name}", tmp_path)
    with psycopg.connect(f"{url}/postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def filled(store: Store) -> tuple[list[int], list[int]]:
    """Tickets; mails of which one is large, one is claimed, one stands between two states."""
    numbers = [new_ticket(store, notice()), new_ticket(store, notice())]
    mails = [accept(store), accept(store, LARGE), accept(store, RAW + b"\xff\x00")]
    store.process = fresh_id()
    with store.write() as tx:
        tx.processes.enter(store.process, "elsewhere:1", NOW)
        tx.inbound.claim(1, NOW, LEASE, store.process, slow=0)
        tx.outbound.claim(1, NOW, store.process, LEASE)
        tx.search.index(10)
    return numbers, mails


def test_copy_holds_everything_and_goes_on_with_its_own_numbers(store: Store, target: Settings) -> None:
    numbers, mails = filled(store)
    with Store.open(target, create=True) as new:
        sums = {one.table: one.rows for one in copy_all(store, new, silent)}
        assert (sums["ticket"], sums["inbound"], sums["inbound_raw"]) == (2, 3, 3)
        with store.read() as old, new.read() as tx:
            assert [tx.ticket(number) for number in numbers] == [old.ticket(number) for number in numbers]
            assert [tx.inbound.raw(key) for key in mails] == [RAW, LARGE, RAW + b"\xff\x00"]
            assert tx.secret() == old.secret()
            assert tx.processes.all() == ()
        # the claims of daemons that do not work here are free, and what may have been sent says so
        with new.write() as tx:
            assert len(tx.inbound.claim(10, NOW, LEASE, "new")) == 3
            assert {work.maybe_sent for work in tx.outbound.claim(10, NOW, "new", LEASE)} == {True, False}
        assert new_ticket(new) == max(numbers) + 1
        assert accept(new) > max(mails)
        with new.write() as tx:
            assert tx.search.index(100) == 3 + 3  # entries, and heads of tickets
        found = ask(new, lambda tx: tx.search(Query((Term("burns"),))))
        assert {one.number for one in found} >= set(numbers)


def test_packed_mails_are_read_there_as_here(store: Store, target: Settings) -> None:
    """PostgreSQL packs none itself and unpacks those of a SQLite file."""
    key, gone = done(store, WORDS), sent(store, WORDS)
    packed(store)
    assert held(store) == [store.is_sqlite]
    with Store.open(target, create=True) as new:
        copy_all(store, new, silent)
        assert held(new) == held(new, OUTBOUND_BYTES) == [store.is_sqlite]
        assert ask(new, lambda tx: tx.inbound.raw(key)) == WORDS
        assert ask(new, lambda tx: tx.outbound.raw(gone)) == WORDS
        if new.is_sqlite:  # what came from the other one is packed here when there is time
            packed(new)
            assert held(new) == held(new, OUTBOUND_BYTES) == [True]
            assert ask(new, lambda tx: tx.inbound.raw(key)) == WORDS


def test_database_in_use_is_refused_and_left_alone(store: Store, target: Settings) -> None:
    filled(store)
    with Store.open(target, create=True) as new:
        number = new_ticket(new)
        with pytest.raises(Refused, match="is in use: it holds rows of"):
            copy_all(store, new, silent)
        assert ask(new, lambda tx: tx.ticket(number)).number == number


def test_copy_that_reads_back_otherwise_is_not_kept(
    store: Store, target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    with Store.open(target, create=True) as new:
        if new.is_sqlite:
            spoil = "CREATE TRIGGER spoil AFTER INSERT ON event BEGIN UPDATE event SET note = 'x' WHERE id = new.id; END"
        else:
            spoil = (
                "CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$ LANGUAGE plpgsql;"
                "CREATE TRIGGER spoil BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION spoil()"
            )
        with new.write() as tx:
            tx.connection.exec_driver_sql(spoil)
        with pytest.raises(Refused, match="the copy of event reads back otherwise"):
            copy_all(store, new, silent)
        assert ask(new, lambda tx: tx.tickets.list(all=True)) == ()


def test_backup_under_load_comes_back_whole_with_the_desks_files(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    numbers, mails = filled(store)
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            accept(store)

    busy = threading.Thread(target=write)
    busy.start()
    files = {"config.toml": DeskFile(0o640, b"[desk]\n"), "templates/en/x.j2": DeskFile(0o644, b"hello")}
    path = tmp_path / "desk.backup"
    try:
        store.backup(path, files, silent)
    finally:
        ended.set()
        busy.join()
    assert files_in(path) == files
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("desk.backup*")] == ["desk.backup"]
    place = replace(
        settings,
        base=tmp_path,
        database=Database(url=f"sqlite:///{tmp_path}/again.db", folder=tmp_path / "m"),
    )
    restore(path, place, silent)
    with Store.open(place) as again:
        with again.read() as tx:
            assert [tx.ticket(number).number for number in numbers] == numbers
            assert tx.inbound.raw(mails[1]) == LARGE
            assert all(tx.inbound.raw(row.id) for row in tx.inbound.list(limit=None))
            assert not tx.connection.exec_driver_sql(
                "SELECT 1 FROM sqlite_master WHERE name = 'backup_file'"
            ).all()
        assert new_ticket(again) == max(numbers) + 1
    with pytest.raises(Refused, match="exists already"):
        restore(path, place, silent)


def test_backup_goes_into_an_empty_postgresql(store: Store, postgres_url: str, tmp_path: Path) -> None:
    numbers, mails = filled(store)
    path, name = tmp_path / "desk.backup", f"back_{fresh_id()}"
    store.backup(path, {}, silent)
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    place = settings_for(f"{postgres_url}/{name}", tmp_path)
    restore(path, place, silent)
    with Store.open(place) as again, again.read() as tx:
        assert [tx.ticket(number).number for number in numbers] == numbers
        assert tx.inbound.raw(mails[1]) == LARGE
    assert [one.name for one in tmp_path.glob("desk.backup*")] == ["desk.backup"]
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda raw: raw[:50_000], "damaged|cannot be read"),
        (lambda raw: raw[:20_000] + b"\xff" * 4096 + raw[24_096:], "damaged|cannot be read"),
        (lambda raw: b"hello" * 1000, "cannot be read as a backup"),
        (lambda raw: b"", "is not a backup of maild"),
    ],
)
def test_damaged_backup_is_refused_and_nothing_is_placed(
    sqlite_settings: Settings, tmp_path: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    path = tmp_path / "desk.backup"
    with Store.open(sqlite_settings) as store:
        filled(store)
        store.backup(path, {}, silent)
    path.write_bytes(spoil(path.read_bytes()))
    place = replace(sqlite_settings, database=Database(url=f"sqlite:///{tmp_path}/again.db"))
    with pytest.raises(Refused, match=said):
        restore(path, place, silent)
    assert not (tmp_path / "again.db").exists()


def test_living_names_the_daemons_that_work_now(store: Store) -> None:
    assert store.living() == ()
    presence, key = store.presence(), fresh_id()
    presence.enter(key)
    with store.write() as tx:
        tx.processes.enter(key, "here:1", NOW)
        tx.processes.enter(fresh_id(), "dead:2", NOW)
    assert [one.place for one in store.living()] == ["here:1"]
    presence.leave()
    assert store.living() == ()
