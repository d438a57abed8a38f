"""What customers chose, names and subjects, where it reaches a disk or a spreadsheet."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from maild.commands.files import safe_name
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("-rf", "rf"), (".bashrc", "bashrc"), ("..-.profile", "profile"), ("~root", "root"), ("--", "attachment"),
        ("a.pdf", "a.pdf"), ("x/../.ssh", "ssh"),
    ],
)  # fmt: skip
def test_an_attachments_file_is_neither_hidden_nor_an_option(name: str, written: str) -> None:
    assert safe_name(name) == written


def test_attachment_is_written_under_its_safe_name(
    desk: TestDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = EmailMessage()
    letter.set_content("See the file.")
    letter.add_attachment(b"rm", maintype="application", subtype="octet-stream", filename=".bashrc")
    number = desk.mail(ANNA, "File", "", letter=letter)
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    desk.run("show", str(number), "--attachment", "1")
    assert [p.name for p in folder.iterdir()] == ["bashrc"]
    assert "exists" in desk.refused("show", str(number), "--attachment", "1", "-o", str(folder))


def test_csv_shows_bidi_marks_and_controls_of_a_subject(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Invoice \u202efdp.exe", "See.")
    desk.run("log", str(number), "15", "-m", "looked")
    out = desk.run("report", "time", "--csv").out
    assert "Invoice \\u202efdp.exe" in out
    assert "\u202e" not in out
