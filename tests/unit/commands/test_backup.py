"""backup, restore, copy as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from maild.store import Store
from maild.work.runfile import runfile_of
from tests.unit.commands.conftest import START, TestDesk


def test_backups_in_a_folder_are_counted_and_only_they(desk: TestDesk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("notes.txt", "maild-old.backup"):
        (folder / name).write_text("mine")
    made = [desk.run("backup", str(folder), "--keep", "2").out.split(":")[0] for _ in range(3)]
    left = sorted(path.name for path in folder.iterdir())
    assert left == sorted([*(Path(name).name for name in made[1:]), "maild-old.backup", "notes.txt"])
    assert "there is no folder" in desk.refused("backup", str(tmp_path / "none"), "--keep", "2")


def test_backup_makes_the_same_desk_on_an_empty_machine(desk: TestDesk, tmp_path: Path) -> None:
    own = desk.folder / "own"
    (own / "en").mkdir(parents=True)
    (own / "en" / "received.subject.j2").write_text("We have it: {{ subject }}")
    desk.config.write_text(desk.config.read_text() + '[templates]\nfolder = "own"\n')
    desk.settings = type(desk)(desk.folder, desk._patch).settings
    number = desk.mail("anna@acme.example", "Printer", "It burns.")
    desk.run("backup", str(tmp_path / "desk.backup"))
    assert "exists already" in desk.refused("backup", str(tmp_path / "desk.backup"))
    other = tmp_path / "new-machine"
    other.mkdir()
    desk.config = other / "config.toml"
    desk.run("restore", str(tmp_path / "desk.backup"))
    assert desk.config.read_text() == (desk.folder / "config.toml").read_text()
    assert (other / "own" / "en" / "received.subject.j2").read_text() == "We have it: {{ subject }}"
    assert desk.show(number)["subject"] == "Printer"


def test_present_database_is_moved_aside_only_when_asked_and_never_under_a_daemon(
    desk: TestDesk, tmp_path: Path
) -> None:
    first = desk.mail("anna@acme.example", "Printer", "It burns.")
    desk.run("backup", str(tmp_path / "desk.backup"))
    second = desk.mail("anna@acme.example", "Screen", "It is dark.")
    assert "--replace moves it aside" in desk.refused("restore", str(tmp_path / "desk.backup"))
    daemon = runfile_of(desk.settings)
    daemon.lock()
    assert "stop it first" in desk.refused("restore", "--replace", str(tmp_path / "desk.backup"))
    daemon.release()
    assert desk.show(second)["subject"] == "Screen"
    said = desk.run("restore", "--replace", str(tmp_path / "desk.backup")).out
    assert desk.show(first)["subject"] == "Printer"
    assert "there is no ticket" in desk.refused("show", str(second))
    aside = Path(said.split(" stands under ")[1].split(" now")[0])
    assert aside.is_file()


def test_configuration_of_a_backup_can_be_looked_at_alone(desk: TestDesk, tmp_path: Path) -> None:
    desk.run("backup", str(tmp_path / "desk.backup"))
    desk.run("restore", str(tmp_path / "desk.backup"), "--files", str(tmp_path / "look"))
    assert (tmp_path / "look" / "config.toml").read_text() == desk.config.read_text()
    assert "there is no backup" in desk.refused("restore", str(tmp_path / "none.backup"))
    (tmp_path / "x").write_text("no backup")
    assert "cannot be read as a backup" in desk.refused("restore", str(tmp_path / "x"))


@pytest.mark.parametrize("target", ["new.db", "maild.db"])
def test_copy_wants_another_database_and_no_daemon(desk: TestDesk, target: str) -> None:
    number = desk.mail("anna@acme.example", "Printer", "It burns.")
    url = f"sqlite:///{target}"
    with Store.open(desk.settings) as store:
        presence = store.presence()
        presence.enter("0123456789abcdef")
        with store.write() as tx:
            tx.processes.enter("0123456789abcdef", "here:1:2", START)
        assert "stop it first" in desk.refused("copy", "--to", url)
        presence.leave()
    if target == "maild.db":
        assert "the same database" in desk.refused("copy", "--to", url)
        return
    assert "copied and read back the same" in desk.run("copy", "--to", url).out
    desk.config.write_text(desk.config.read_text().replace("maild.db", "new.db"))
    assert desk.show(number)["subject"] == "Printer"
    assert desk.run("search", "burns", "--json").json["number"] == number
    assert "is in use" in desk.refused("copy", "--from", "sqlite:///maild.db", "--to", url)


def test_backup_is_found_whatever_its_name_means_in_a_url(desk: TestDesk, tmp_path: Path) -> None:
    number = desk.mail("anna@acme.example", "Printer", "It burns.")
    path = tmp_path / "100%25 of #1, or not?mode=rw.backup"
    desk.run("backup", str(path))
    desk.run("restore", "--replace", str(path))
    assert desk.show(number)["subject"] == "Printer"
    assert list(tmp_path.glob("*.backup")) == [path]
