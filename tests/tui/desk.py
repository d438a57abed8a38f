"""A desk on disk: two companies, two agents, five tickets, made by the verbs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from maild.commands.app import app, load
from maild.errors import MaildError

load()

CONFIG = """\
[desk]
name = "Example Help Desk"
address = "help@desk.example"
[views]
mine = "--mine"
broken = "--sort colour"
[[agent]]
name = "kata"
full_name = "Nagy Kata"
address = "kata@desk.example"
teams = ["L1"]
[[agent]]
name = "pali"
address = "pali@desk.example"
teams = ["L1", "L2"]
"""
COMPANIES = """\
[[company]]
key = "acme"
name = "Acme Kft."
domains = ["acme.example"]
language = "hu"
service_level = "standard"
[[company.contact]]
address = "anna@acme.example"
name = "Kovács Anna"
phone = "+36 1 555 0100"
[[company]]
key = "zorg"
name = "Zorg Software BV"
domains = ["zorg.example"]
language = "nl"
service_level = "standard"
[[company.contact]]
address = "jan@zorg.example"
name = "Jan de Vries"
"""
TICKETS = (
    ("anna@acme.example", "incident", "Nem megy a nyomtató", "Reggel óta nem tudok számlát nyomtatni."),
    (
        "jan@zorg.example",
        "question",
        "Mag ik de nieuwe versie gebruiken?",
        "Er is een versie 5.\nMag die al?",
    ),
    ("anna@acme.example", "incident", "A levelezés lassú", "Percekig tart egy levél."),
    ("jan@zorg.example", "change", "Openingstijden op de website", "Vrijdag tot 18:00, graag."),
    ("anna@acme.example", "question", "Árvíztűrő tükörfúrógép", "Hol találom a kézikönyvet?"),
)


class FullScreenDesk:
    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "config.toml"
        self.config.write_text(CONFIG)
        (folder / "companies.toml").write_text(COMPANIES)
        self.maild("init")
        self.maild("company", "import", str(folder / "companies.toml"))
        for address, kind, subject, text in TICKETS:
            self.maild(
                "--as", "pali", "new", "--from", address, "--kind", kind, "--subject", subject, "-m", text
            )

    def maild(self, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["--config", str(self.config), *words])
        if isinstance(done.exception, MaildError):
            assert code == 1, done.exception
            return str(done.exception)
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    def show(self, number: int) -> Any:
        return json.loads(self.maild("show", str(number), "--json"))
