"""One daemon on one SQLite file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from maild.errors import Refused
from maild.work.runfile import RunFile


def test_second_daemon_on_the_same_database_is_refused_by_name(tmp_path: Path) -> None:
    first, second = RunFile(tmp_path / "maild.db"), RunFile(tmp_path / "maild.db")
    first.lock()
    first.write({"smtp": 2525})
    with pytest.raises(Refused, match=f"process {os.getpid()}"):
        second.lock()
    first.release()
    second.lock()
    second.release()


def test_note_tells_pid_and_ports_and_goes_with_the_daemon(tmp_path: Path) -> None:
    run = RunFile(tmp_path / "var" / "maild.db")
    run.lock()
    run.write({"smtp": 2525, "http": 8080})
    assert run.read() == {"pid": os.getpid(), "smtp": 2525, "http": 8080}
    run.release()
    assert run.read() == {}


def test_a_daemon_that_was_refused_does_not_take_the_others_note_away(tmp_path: Path) -> None:
    first, second = RunFile(tmp_path / "maild.db"), RunFile(tmp_path / "maild.db")
    first.lock()
    first.write({"smtp": 1})
    with pytest.raises(Refused):
        second.lock()
    second.release()
    assert first.read()["smtp"] == 1
    first.release()
