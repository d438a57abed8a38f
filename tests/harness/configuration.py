"""The configuration of every desk that tests start: everything under one folder, free ports, no cap in the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Tables = Mapping[str, Mapping[str, Any]]

BASE: Tables = {
    "desk": {"address": "help@desk.example"},
    "database": {"url": "sqlite:///maild.db"},
    "smtp": {"listen": "127.0.0.1:0", "hostname": "mail.desk.example"},
    "delivery": {"maildir": "out"},
    "limits": {
        "automatic_mails_per_address_per_hour": 1_000_000,
        "automatic_mails_per_ticket_per_hour": 1_000_000,
        "automatic_mails_to_unknown_per_hour": 1_000_000,
        "automatic_mails_per_hour": 1_000_000,
    },
}


def written(folder: Path, *tables: Tables, imap: Sequence[Mapping[str, Any]] = (), more: str = "") -> Path:
    """config.toml of `BASE` with `tables` laid over it, the later over the earlier; `more`: text that follows."""
    merged: dict[str, dict[str, Any]] = {}
    for some in (BASE, *tables):
        for name, rows in some.items():
            merged.setdefault(name, {}).update(rows)
    text = "".join(_table(f"[{name}]", rows) for name, rows in merged.items())
    path = folder / "config.toml"
    path.write_text(text + "".join(_table("[[imap]]", box) for box in imap) + more)
    return path


def note_of(folder: Path, url: str) -> Path:
    """What a daemon tells about itself, beside its database."""
    name = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else "var/maild.db"
    return folder / f"{name}.run.json"


def _table(head: str, rows: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_toml(value)}\n" for key, value in rows.items()]
    return f"{head}\n{''.join(lines)}"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_toml(inner)}' for key, inner in value.items()) + "}"
    return json.dumps(value)
