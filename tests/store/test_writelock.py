"""The turn of writers of one SQLite file: in order, woken at once, and never a reason not to write."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from maild.errors import StoreBusy
from maild.settings import Settings
from maild.store import Store
from maild.store.writelock import WriteLock
from tests.timing import PATIENCE

HOLDER = """
import sys, time
from pathlib import Path
from maild.store.writelock import WriteLock
with WriteLock(Path(sys.argv[1]), 5.0).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_waiting_process_goes_on_as_soon_as_the_other_ends(tmp_path: Path) -> None:
    path = tmp_path / "maild.db.turn"
    (tmp_path / "maild.db").touch()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    entered: list[float] = []

    def enter() -> None:
        with WriteLock(path, 600.0).held():
            entered.append(time.monotonic())

    waiting = threading.Thread(target=enter)
    waiting.start()
    time.sleep(0.1)
    assert not entered
    holder.communicate("go on\n")
    waiting.join(PATIENCE)
    assert entered


def test_after_its_time_a_writer_goes_on_without_a_turn_and_leaves_nothing_locked(tmp_path: Path) -> None:
    (tmp_path / "maild.db").touch()
    lock = WriteLock(tmp_path / "maild.db.turn", 0.05)
    with lock.held(), lock.held():
        pass
    deadline = time.monotonic() + 60
    while threading.active_count() > 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    began = time.monotonic()
    with WriteLock(tmp_path / "maild.db.turn", 60.0).held():
        assert time.monotonic() - began < 30


def test_the_lock_file_has_the_rights_of_the_database(tmp_path: Path) -> None:
    database = tmp_path / "maild.db"
    database.touch(0o600)
    with WriteLock(tmp_path / "maild.db.turn", 1.0).held():
        pass
    assert (tmp_path / "maild.db.turn").stat().st_mode & 0o777 == 0o600


def test_without_a_folder_to_write_in_there_are_no_turns(tmp_path: Path) -> None:
    with WriteLock(tmp_path / "none" / "maild.db.turn", 1.0).held():
        pass


def test_a_write_behind_a_stuck_writer_is_refused_in_time(sqlite_settings: Settings) -> None:
    """As without turns: SQLite says that it is locked, after [database] busy_timeout_seconds."""
    with Store.open(sqlite_settings) as one, Store.open(sqlite_settings) as two:
        two._turns = WriteLock(Path(str(two.engine.url.database) + ".turn"), 0.1)
        with two.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=100")
            connection.commit()
        with one.write() as tx:
            tx.new_meta("held", "1")
            with pytest.raises(StoreBusy, match="locked"), two.write() as late:
                late.new_meta("late", "1")
    assert os.path.exists(sqlite_settings.base / "maild.db.turn")
