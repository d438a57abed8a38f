"""Whatever a verb writes is for its user's eyes; what others could read is told, and closed by `init`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from maild import config
from maild.commands import private_files
from maild.store import Store

ROOT = Path(__file__).resolve().parents[3]
CONFIG = '[desk]\naddress = "help@desk.example"\n[database]\nurl = "sqlite:///kept/maild.db"\n[delivery]\nmaildir = "out"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path


def test_init_closes_what_an_older_maild_left_open_and_leaves_a_group_that_was_chosen(folder: Path) -> None:
    settings = config.load(folder / "config.toml", {})
    Store.open(settings, create=True).close()
    database, letter = folder / "kept" / "maild.db", folder / "out" / "new" / "1"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"x")
    database.chmod(0o644)
    letter.chmod(0o644)
    (folder / "out").chmod(0o755)
    (folder / "config.toml").chmod(0o640)
    closed = private_files.mend(settings, folder / "config.toml")
    assert set(closed) == {database, folder / "out"}
    assert {oct(p.stat().st_mode & 0o777) for p in (database, letter)} == {"0o600"}
    assert (folder / "out").stat().st_mode & 0o777 == 0o700
    assert (folder / "config.toml").stat().st_mode & 0o777 == 0o640
    assert private_files.mend(settings, folder / "config.toml") == []


def test_a_configuration_that_others_can_read_is_closed(folder: Path) -> None:
    file = folder / "config.toml"
    file.chmod(0o644)
    assert private_files.mend(config.load(file, {}), file) == [file]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_verbs_write_for_their_user_alone_under_any_umask(tmp_path: Path) -> None:
    """By the real command under umask 022."""

    def maild(*words: str) -> None:
        command = [
            sys.executable,
            str(ROOT / "cli.py"),
            "--config",
            str(tmp_path / "desk" / "config.toml"),
            *words,
        ]
        subprocess.run(
            command, check=True, capture_output=True, preexec_fn=lambda: os.umask(0o022), cwd=tmp_path
        )

    maild("init")
    maild(
        "new",
        "--from",
        "anna@acme.example",
        "--subject",
        "Printer",
        "-m",
        "burns",
        "--channel",
        "phone",
        "--as",
        "root",
    )
    maild("backup", str(tmp_path / "desk.backup"))
    found = {p: p.stat().st_mode & 0o077 for p in tmp_path.rglob("*")}
    assert len(found) > 4
    assert {p: oct(mode) for p, mode in found.items() if mode} == {}
