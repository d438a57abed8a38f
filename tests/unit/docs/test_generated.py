"""The docs' tables are what the code says; the configuration documents every setting."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from maild import config, settings

ROOT = Path(__file__).parents[3]


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted(p.name for p in (ROOT / "docs").glob("*.md")))
def test_generated_tables_of_the_docs_are_current(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert _generator().filled(text) == text


@pytest.mark.parametrize("table", sorted(config.TABLES))
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
