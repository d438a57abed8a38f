"""`maild explain` on files, folders and mboxes, without configuration and database; nothing ends its run."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from maild.commands.app import app, load
from maild.commands.readers import Readers
from maild.settings import LimitSettings, Settings

#: processes of their own
pytestmark = pytest.mark.slow

GOOD = b"From: Ann <ann@acme.example>\nTo: help@desk.example\nSubject: Mail %d\nMessage-ID: <%d@acme.example>\n\nWords.\n"
KEYS = {
    "file", "message_id", "kind", "reasons", "from", "from_name", "subject", "date", "language", "text", "new_text",
    "attachments", "sender", "thread", "ticket", "would",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MAILD_")]:
        monkeypatch.delenv(name)


load()


def _run(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    result = CliRunner().invoke(app, ["explain", "--json", *arguments])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_folder_with_subfolders_in_order_of_paths(tmp_path: Path) -> None:
    for number, name in enumerate(("in/b/1.eml", "in/a.eml", "in/b/0.eml", "in/c.txt")):
        _write(tmp_path / name, GOOD % (number, number))
    code, rows, _ = _run("in")
    assert code == 0
    assert [row["file"] for row in rows] == ["in/a.eml", "in/b/0.eml", "in/b/1.eml", "in/c.txt"]
    assert all(set(row) >= KEYS for row in rows)
    assert [act["act"] for act in rows[0]["would"]] == ["open", "mail"]


def test_mbox_gives_a_row_for_each_member(tmp_path: Path) -> None:
    line = b"From ann@acme.example Mon Nov  2 10:11:12 2026\n"
    _write(tmp_path / "two", line + GOOD % (1, 1) + b"\n>From here on\n\n" + line + GOOD % (2, 2))
    _write(tmp_path / "one.mbox", line + GOOD % (3, 3))
    _write(tmp_path / "single.eml", line + GOOD % (4, 4))
    code, rows, _ = _run("two", "one.mbox", "single.eml")
    assert code == 0
    assert [row["file"] for row in rows] == ["two#1", "two#2", "one.mbox#1", "single.eml"]
    assert [row["subject"] for row in rows] == ["Mail 1", "Mail 2", "Mail 3", "Mail 4"]
    assert "\nFrom here on" in rows[0]["text"]


def test_missing_file_is_told_after_the_others_and_has_no_row(tmp_path: Path) -> None:
    _write(tmp_path / "a.eml", GOOD % (1, 1))
    code, rows, errors = _run("nowhere.eml", "a.eml")
    assert (code, [row["file"] for row in rows]) == (1, ["a.eml"])
    assert "nowhere.eml" in errors
    assert "Traceback" not in errors


def test_empty_file_and_what_is_no_mail_are_hostile(tmp_path: Path) -> None:
    _write(tmp_path / "empty.eml", b"")
    _write(tmp_path / "noise.eml", b"\x00\xff\x00" * 50)
    code, rows, _ = _run("empty.eml", "noise.eml")
    assert code == 0
    assert [row["kind"] for row in rows] == ["hostile", "hostile"]
    assert all(row["reasons"] and set(row) >= KEYS for row in rows)
    assert [act["act"] for act in rows[0]["would"]] == ["quarantine"]


def test_many_mails_with_bad_ones_among_them_keep_their_order(tmp_path: Path) -> None:
    for number in range(60):
        _write(tmp_path / f"in/{number:02}.eml", GOOD % (number, number) if number % 7 else b"")
    code, rows, _ = _run("in")
    assert code == 0
    assert [row["subject"] for row in rows] == [f"Mail {n}" if n % 7 else None for n in range(60)]


def test_readable_form_shows_no_control_of_a_customer(tmp_path: Path) -> None:
    _write(
        tmp_path / "bad.eml",
        "From: \x1b[31mEve\u202e <eve@x.example>\nSubject: a\x07b\u202ec \x1b]0;t\x07\n\n\x1b[2J".encode(),
    )
    result = CliRunner().invoke(app, ["explain", "bad.eml"])
    assert result.exit_code == 0
    assert not [c for c in result.stdout if (c < " " and c != "\n") or c in "\u202e\u2066\x7f\x9b"]


def _loads(count: int) -> list[Any]:
    return [lambda number=number: GOOD % (number, number) for number in range(count)]


def test_killed_process_costs_one_mail_and_no_run() -> None:
    with Readers(Settings(), processes=1) as pool:
        outcomes = pool.map(_loads(40))
        next(outcomes)
        for process in tuple(pool._pool._all):
            os.kill(process._process.pid, signal.SIGKILL)
        rest = list(outcomes)
    assert len(rest) == 39
    read = [mail for mail, _ in rest if mail is not None]
    assert len(read) == 39
    assert sum(mail.capped for mail in read) <= 1
    assert [mail.subject for mail in read] == [f"Mail {n}" for n in range(1, 40)]


def test_mail_that_takes_too_long_is_read_from_its_headers() -> None:
    with Readers(Settings(limits=LimitSettings(parse_seconds=0.3)), processes=1) as pool:
        assert next(pool.map(_loads(1)))[0] is not None  # started
        for process in tuple(pool._pool._all):
            os.kill(process._process.pid, signal.SIGSTOP)
        mail, error = next(pool.map(_loads(1)))
    assert error == ""
    assert mail is not None
    assert mail.capped
    assert [d.code for d in mail.defects] == ["cap-time"]
    assert mail.subject == "Mail 0"


def test_unreadable_file_is_an_outcome() -> None:
    def gone() -> bytes:
        raise PermissionError(13, "Permission denied")

    with Readers(Settings(), processes=1) as pool:
        assert list(pool.map([gone])) == [(None, "cannot be read: Permission denied")]
