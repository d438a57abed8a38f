"""The docs' tables are what the code says; the configuration documents every setting."""

from __future__ import annotations

import dataclasses
import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

from maild import config, settings
from maild.party import company_toml
from tests.cases import cases

ROOT = Path(__file__).parents[3]


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cases("page", sorted(p.name for p in (ROOT / "docs").glob("*.md")))
def test_generated_tables_of_the_docs_are_current(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert _generator().filled(text) == text


@cases("table", sorted(config.TABLES))
def test_every_setting_stands_in_the_shipped_configuration(table: str) -> None:
    shipped = config.shipped_path().read_text(encoding="utf-8")
    aliases = {"password": "password_env", "dkim_key": "dkim_key_file"}
    inside = shipped.partition(f"[{table}]")[2]
    for f in dataclasses.fields(config.TABLES[table]):
        name = aliases.get(f.name, f.name)
        known = f"{name} =" in inside or f"[{table}.{name}]" in shipped
        assert known, f"[{table}] {name} is not documented in config.toml"


def test_mailbox_settings_stand_in_the_shipped_configuration() -> None:
    shipped = config.shipped_path().read_text(encoding="utf-8").partition("[[imap]]")[2]
    for f in dataclasses.fields(settings.Imap):
        name = "password_env" if f.name == "password" else f.name
        assert f"{name} =" in shipped or f"[imap.{name}]" in shipped


def test_the_example_of_companies_is_right_and_shows_every_key() -> None:
    text = (ROOT / "companies.toml").read_text(encoding="utf-8")
    rows = _generator().keys_of(ROOT / "companies.toml")
    shown = {key.strip("`") for key, _, _ in rows}
    wanted = {
        "company": company_toml._COMPANY, "company.contact": company_toml._CONTACT, "company.site": company_toml._SITE,
        "company.contract": ("service_level", "calendar", "valid_from", "valid_until"),
    }  # fmt: skip
    # written as tables of their own
    elsewhere = {"sites", "site", "contact", "contract", "oncall_phone", "oncall_code", "oncall_calendar"}
    for table, keys in wanted.items():
        for key in keys:
            assert f"[{table}] {key}" in shown or key in elsewhere, (
                f"[{table}] {key} is not in companies.toml"
            )
    assert all(meaning for key, _, meaning in rows if key.startswith("`[company] "))
    every = "\n".join(line.removeprefix("# ") for line in text.splitlines()[3:])
    for one in (text, every):
        faults = company_toml.Faults()
        read = company_toml.from_toml(one, "companies.toml", {}, date(2026, 6, 1), faults)
        assert faults == []
        assert [spec.company.key for spec in read] == ["acme", "zorg"]
