"""Companies and their people, as `maild company import` reads them."""

from __future__ import annotations

from typing import Any

from tests.harness.configuration import Rows, toml

#: what who approves all may say yes to
ALL = {"roles": ["reference", "approver"], "approves": ["permission", "device", "quote", "cost"]}


def contact(address: str, name: str, **more: Any) -> Rows:
    return {"address": address, "name": name, **more}


def company(key: str, name: str, language: str, *contacts: Rows, **more: Any) -> str:
    """A customer whose domain is `key`.example, of the standard level unless `service_level` says otherwise."""
    rows = {
        "key": key,
        "name": name,
        "domains": [f"{key}.example"],
        "language": language,
        "service_level": "standard",
        **more,
    }
    return toml({"company": [{k: v for k, v in rows.items() if v}]}, {"company.contact": contacts})


ANNA = contact("anna@acme.example", "Kovács Anna")
BOSS = contact("boss@acme.example", "Nagy Béla", **ALL)
CARL = contact("carl@globex.example", "Carl")

#: one with somebody who approves, one plain, one where the reference person alone may file
COMPANIES = (
    company("acme", "Acme Kft.", "en", {**ANNA, "phone": "+36 1 555 0100"}, BOSS)
    + company("globex", "Globex B.V.", "en", CARL)
    + company(
        "strict", "Strict S.A.", "en", contact("rita@strict.example", "Rita", roles=["reference", "approver"]),
        contact("sam@strict.example", "Sam"), who_may_file="reference",
    )
)  # fmt: skip
