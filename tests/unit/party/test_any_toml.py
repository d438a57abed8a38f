"""A file of companies may hold any value at any key: it is taken, or the line is named; nothing else happens."""

from __future__ import annotations

import contextlib

from maild.errors import Refused
from maild.party import company_toml
from maild.party.company_toml import Faults
from tests.cases import cases

KEYS = sorted(
    {
        "calendars",
        "sites",
        "site",
        "contact",
        "contract",
        "oncall",
        *company_toml._PLAIN,
        *company_toml._LISTS,
    }
    | {*company_toml._FLAGS, *company_toml._HOURS}
)
VALUES = (
    "true", "5", "-1", "1.5", "nan", "inf", '""', '"x"', "[1]", '["a"]', "[[1]]", "[{}]", "{}", "{a = 1}", "2026-01-01",
    "07:30:00", "[{address = 5}]", "[{key = 5}]", "[{valid_from = 5}, {valid_from = 'x'}]", "[{roles = 5}]",
)  # fmt: skip


@cases("key", KEYS)
def test_any_value_is_taken_or_its_line_is_named(key: str) -> None:
    for value in VALUES:
        faults = Faults()
        with contextlib.suppress(Refused):
            company_toml.from_toml(
                f'[[company]]\nkey = "acme"\n{key} = {value}\n', "f.toml", {}, None, faults
            )
        assert all(fault.line for fault in faults)


@cases("key", ["contact", "contract", "site"])
@cases("value", ["true", '"x"', "{a = 1}", "[1]"])
def test_what_must_be_tables_is_told_how_to_write_them(key: str, value: str) -> None:
    faults = Faults()
    company_toml.from_toml(f'[[company]]\nkey = "acme"\n{key} = {value}\n', "f.toml", {}, None, faults)
    assert [(f.line, f"[[company.{key}]]" in f.text) for f in faults] == [(3, True)]
