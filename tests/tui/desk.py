"""A desk on disk: two companies, two agents, five tickets, made by the verbs."""

from __future__ import annotations

from pathlib import Path

from tests.harness.configuration import KATA, Tables, written
from tests.harness.people import ANNA, company, contact
from tests.harness.verbs import CheckedVerbs

TABLES: Tables = {
    "desk": {"name": "Example Help Desk"},
    "views": {"mine": "--mine", "broken": "--sort colour"},
    "agent": [
        {**KATA, "full_name": "Nagy Kata"},
        {"name": "pali", "address": "pali@desk.example", "teams": ["L1", "L2"]},
    ],
}
COMPANIES = company("acme", "Acme Kft.", "hu", {**ANNA, "phone": "+36 1 555 0100"}) + company(
    "zorg", "Zorg Software BV", "nl", contact("jan@zorg.example", "Jan de Vries")
)
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


class FullScreenDesk(CheckedVerbs):
    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, folder / "config.toml"
        self.begin(written(folder, TABLES).read_text(), COMPANIES)
        for address, kind, subject, text in TICKETS:
            self.maild(
                "--as", "pali", "new", "--from", address, "--kind", kind, "--subject", subject, "-m", text
            )
