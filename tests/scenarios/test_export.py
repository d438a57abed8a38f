"""What is held of one person, as files: all of theirs, nothing of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maild.demo.simulated import SimulatedDesk
from tests.scenarios.test_contracts import LIZ, write

pytestmark = pytest.mark.slow


def test_export_holds_what_is_theirs_and_nothing_of_others(desk: SimulatedDesk, tmp_path: Path) -> None:
    desk.maild(
        "contact", "add", "liz@isle.example", "--company", "isle", "--name", "Liz", "--phone", "+44 555"
    )
    number = write(desk, LIZ, "Printer", "The printer in room 12 does not work since yesterday.")
    other = write(desk, "anna@acme.example", "Titok", "Anna titkos levele a nyomtatóról, ami nem működik.")
    desk.act("kata", "note", str(number), "-m", "difficult person")
    desk.act("kata", "reply", str(number), "-m", "We look into it.")
    folder = tmp_path / "liz"
    (row,) = desk.rows("contact", "show", "liz@isle.example", "--export", str(folder))
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert set(row["exported"]) == set(files)
    assert json.loads(files["contact.json"])["phone"] == "+44 555"
    ticket = json.loads(files[f"tickets/{number}.json"])
    assert [e["type"] for e in ticket["entries"] if e["type"] in ("mail", "reply", "note")] == [
        "mail",
        "reply",
    ]
    assert [name for name in files if name.startswith("mails-in/")]
    assert len([name for name in files if name.startswith("mails-out/")]) == 2
    everything = b"".join(files.values()).decode("utf-8", "replace")
    for secret in ("Titok", "anna@acme", "difficult person", f"#{other}"):
        assert secret not in everything
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.rglob("*") if p.is_file())
    assert "not empty" in desk.refused("kata", "contact", "show", "liz@isle.example", "--export", str(folder))
    assert "nobody@isle.example" in desk.refused(
        "kata", "contact", "show", "nobody@isle.example", "--export", "x"
    )
