from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from maild.commands import checks
from maild.config import parse
from maild.errors import StoreBusy
from maild.secret import Secret
from maild.settings import DeliverySettings, Settings
from tests.cases import cases
from tests.unit.commands.conftest import TestDesk


def test_broken_view_is_found(desk: TestDesk) -> None:
    desk.config.write_text(desk.config.read_text() + '[views]\nfine = "--mine"\nbad = "--mni"\n')
    rows = desk.run("check", "--json", ok=False).rows
    found = [r["text"] for r in rows if r["what"] == "views"]
    assert len(found) == 1
    assert found[0].startswith("[views] bad = ")


def test_view_that_can_be_read_is_no_fault() -> None:
    assert list(checks._views(replace(Settings(), views={"fine": "--mine --late"}))) == []


def test_a_contract_ends_with_its_last_day_of_the_desks_clock(desk: TestDesk) -> None:
    desk.run("contract", "edit", "acme", "--until", "2026-11-02")
    desk.at = datetime(2026, 11, 2, 22, 59, tzinfo=UTC)  # a minute before the desk's midnight
    assert "the contract ended" not in desk.run("check").out
    desk.later(minutes=1)
    assert "acme: the contract ended on 2026-11-02" in desk.run("check").out


def test_a_database_that_is_busy_stops_no_other_check(
    desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> None:
        raise StoreBusy("the database is locked")

    monkeypatch.setattr("maild.store.consents.Consents.verify", busy)
    rows = desk.run("check", "--json", ok=False).rows
    assert [(r["state"], r["text"]) for r in rows if r["what"] == "database"][1:] == [
        ("error", "the database is locked")
    ]
    assert "templates" in {r["what"] for r in rows}


def said(what: str, settings: Settings) -> list[tuple[str, str]]:
    return [
        (state, text)
        for check in (checks._dkim, checks._exposed, checks._files)
        for state, about, text in check(settings)
        if about == what
    ]


@pytest.mark.parametrize("kind", ["maildir", "smtp"])
@pytest.mark.parametrize(
    ("half", "missing"),
    [({"dkim_selector": "s1"}, "dkim_key_file"), ({"dkim_key": Secret.known("x")}, "dkim_selector"),
     ({"dkim_domain": "desk.example"}, "dkim_key_file")],
)  # fmt: skip
def test_half_a_dkim_setting_is_an_error(kind: str, half: dict[str, Any], missing: str) -> None:
    ((state, text),) = said("dkim", replace(Settings(), delivery=DeliverySettings(kind=kind, **half)))
    assert state == "error"
    assert f"[delivery] {missing} is missing" in text


@cases(
    ("listen", "wide"),
    [("0.0.0.0:25", True), ("[::]:25", True), (":25", True), ("8.8.8.8:25", True), ("mail.desk.example:25", True),
     ("127.0.0.1:25", False), ("[::1]:25", False), ("10.0.0.5:25", False), ("localhost:25", False), ("", False)],
)  # fmt: skip
def test_ports_that_are_open_to_all_are_named(listen: str, wide: bool) -> None:
    plain = Settings()
    for what, settings in (
        ("smtp in", replace(plain, smtp=replace(plain.smtp, listen=listen))),
        ("probes", replace(plain, server=replace(plain.server, http=listen))),
        ("page", replace(plain, web=replace(plain.web, listen=listen))),
    ):
        rows = said(what, settings)
        assert [state for state, _ in rows] == ["warn"] * wide
        assert all(listen in text and "open to all" in text for _, text in rows)


def test_files_that_others_can_read_are_errors_with_the_remedy(tmp_path: Path) -> None:
    text = '[[imap]]\nname = "a"\nhost = "127.0.0.1"\nusername = "a"\npassword_file = "pw"\n[database]\nurl = "sqlite:///x.db"\n'
    settings = parse(text, base=tmp_path, env={})
    database, secret = tmp_path / "x.db", tmp_path / "pw"
    for file in (database, secret):
        file.write_text("x")
        file.chmod(0o600)
    tmp_path.chmod(0o755)  # where the configuration stands is nobody's secret
    assert [state for state, _ in said("files", settings)] == ["ok"]
    secret.chmod(0o640)  # a group that one chose
    assert [state for state, _ in said("files", settings)] == ["ok"]
    secret.chmod(0o604)
    database.chmod(0o644)
    rows = said("files", settings)
    assert [state for state, _ in rows] == ["error", "error"]
    assert f"chmod o-rwx {database}" in rows[0][1]
    assert f"chmod go-rwx {secret}" in rows[1][1]


def test_init_makes_files_that_others_cannot_read(tmp_path: Path) -> None:
    from maild.commands.session import Session
    from maild.store import Store

    (tmp_path / "config.toml").write_text('[database]\nurl = "sqlite:///var/x.db"\n')
    settings = Session(str(tmp_path / "config.toml")).settings
    before = os.umask(0o022)
    try:
        Store.open(settings, create=True).close()
    finally:
        os.umask(before)
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    assert all(not path.stat().st_mode & 0o077 for path in (tmp_path / "var").iterdir())
    assert [state for state, _ in said("files", settings)] == ["ok"]
