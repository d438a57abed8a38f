"""The configuration of every desk that tests start, written as TOML: everything under one folder, on free ports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Rows = Mapping[str, Any]
#: by name (`desk`, `teams.L1`); several rows are a list of tables (`agent`, `imap`)
Tables = Mapping[str, Rows | Sequence[Rows]]

BASE: Tables = {
    "desk": {"address": "help@desk.example"},
    "database": {"url": "sqlite:///maild.db"},
    "smtp": {"listen": "127.0.0.1:0", "hostname": "mail.desk.example"},
    "delivery": {"maildir": "out"},
}
#: where a test writes more mails than people do
UNCAPPED: Tables = {
    "limits": {
        "automatic_mails_per_address_per_hour": 1_000_000,
        "automatic_mails_per_ticket_per_hour": 1_000_000,
        "automatic_mails_to_unknown_per_hour": 1_000_000,
        "automatic_mails_per_hour": 1_000_000,
    },
}
KATA: Rows = {"name": "kata", "address": "kata@desk.example", "teams": ["L1"]}


def mailbox(folder: Path, port: int, password: str, user: str, **more: Any) -> Rows:
    """[[imap]] of a desk in `folder`, where its password is written."""
    (folder / "password").write_text(f"{password}\n")
    usual = {"name": "support", "port": port, "security": "none", "username": user, "password_file": "password",
             "timeout_seconds": 5, "poll_seconds": 1}  # fmt: skip
    return usual | more


def written(folder: Path, *tables: Tables, more: str = "") -> Path:
    """config.toml of `BASE` with `tables` laid over it; `more`: text that follows."""
    path = folder / "config.toml"
    path.write_text(toml(BASE, *tables) + more)
    return path


def toml(*tables: Tables) -> str:
    """These tables, rows of the later over those of the earlier."""
    merged: dict[str, Any] = {}
    for some in tables:
        for name, rows in some.items():
            merged[name] = {**merged.get(name, {}), **rows} if isinstance(rows, Mapping) else rows
    return "".join(
        _table(f"[{name}]", rows)
        if isinstance(rows, Mapping)
        else "".join(_table(f"[[{name}]]", one) for one in rows)
        for name, rows in merged.items()
    )


def note_of(folder: Path, url: str) -> Path:
    """What a daemon tells about itself, beside its database."""
    name = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else "var/maild.db"
    return folder / f"{name}.run.json"


def _table(head: str, rows: Rows) -> str:
    return f"{head}\n" + "".join(f"{key} = {_value(value)}\n" for key, value in rows.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_value(inner)}' for key, inner in value.items()) + "}"
    return json.dumps(value)
