"""The desk of the named scenarios, and how what came of one is written down."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from maild.commands.output import safe_line
from maild.demo.simulated import Posted, SimulatedDesk
from tests.harness.configuration import KATA, toml
from tests.harness.people import ANNA, company, contact
from tests.shapes import shapes

#: a Tuesday morning in Budapest
START = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)

CONFIG = toml({
    "desk": {"name": "Example Help Desk", "address": "help@desk.example", "first_number": 1001},
    "smtp": {"listen": "127.0.0.1:0"},
    "authentication": {"verify_dkim": False},
    "approval": {"require": "token"},
    "agent": [{**KATA, "notices": [], "digest": False}],
})  # fmt: skip

COMPANIES = (
    company("acme", "Acme Kft.", "hu", ANNA, contact("peter@acme.example", "Szabó Péter"))
    + company("zorg", "Zorg BV", "nl")
    + company("isle", "Isle Ltd", "en")
    + company("berg", "Berg GmbH", "de")
    + company("pont", "Pont SA", "fr")
    + company("free", "Free and Co", "en", service_level="")
    + company("owes", "Owes Ltd", "en", standing="suspended")
)

_STEP = re.compile(r"\+([0-9]+)([mhd])")
_UNIT = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_ID = re.compile(rb"\{\{(id|root|mark) ([0-9]+) ?([a-z_]*)\}\}")


@contextmanager
def scenario_desk(
    folder: Path,
    *,
    config: str = "",
    prepared: Path | None = None,
    start: datetime = START,
    hold_seconds: float = 0.0,
) -> Iterator[SimulatedDesk]:
    """A desk with the companies above; `config` is added to the configuration, `prepared` a desk to begin with."""
    if prepared is not None:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
    with SimulatedDesk(folder, CONFIG + config, COMPANIES, start, hold_seconds=hold_seconds) as desk:
        yield desk


def perform(desk: SimulatedDesk, folder: Path, step: str) -> None:
    """One line of `steps`: `1.eml`, `1.eml FROM ADDRESS`, `+3d`, or a verb `kata close 1001 -m done`."""
    moved = _STEP.fullmatch(step)
    if moved:
        desk.advance(desk.now() + int(moved[1]) * _UNIT[moved[2]])
        return
    words = step.split()
    if words[0].endswith(".eml"):
        raw = _ID.sub(lambda m: _named(desk, m), (folder / words[0]).read_bytes())
        given = words[2] if len(words) == 3 else None
        desk.send(raw, mail_from="" if given == "<>" else given)
        return
    desk.act(*shlex.split(step))


def _named(desk: SimulatedDesk, found: re.Match[bytes]) -> bytes:
    """`{{id 1001 received}}`: Message-ID of the desk's last such mail; `{{root 1001}}`: the ticket's root id.
    `{{mark 1001 received}}`: what that mail alone has in its header."""
    number, notice = int(found[2]), found[3].decode()
    mails = [p for p in desk.posted if p.ticket == number and notice in ("", p.notice)]
    assert mails, f"no mail {notice} on #{number}"
    if found[1] == b"mark":
        return str(mails[-1].mail["X-Maild-Delivery"]).encode()
    if found[1] == b"root":
        return str(mails[-1].mail["References"]).split()[0].encode()
    return str(mails[-1].mail["Message-ID"]).encode()


def told(desk: SimulatedDesk) -> str:
    """What came of it: every mail that came in, every ticket with its log, every mail that left."""
    lines = [
        f"in {m['id']} {m['kind']} {m['state']} {_number(m['ticket'])}"
        for m in desk.rows("mail", "list")[::-1]
    ]
    for row in sorted(desk.rows("list", "--all"), key=lambda r: r["number"]):
        lines += _ticket(desk.show(row["number"]))
    review = [r for r in desk.rows("list", "--team", "review") if r["number"] is None]
    lines += [f"review mail {r['mail']}" for r in review]
    with desk.store.read() as tx:
        lines += [f"contact {r['address']} bounced" for r in shapes(tx.contacts.bounced())]
    for mail in desk.rows("outbox", "list")[::-1]:
        lines += [
            f"outbox {mail['notice']} {r['address']} {r['state']}"
            for r in mail["recipients"]
            if r["state"] != "sent"
        ]
    lines += [_out(p) for p in desk.posted]
    return "".join(f"{safe_line(line).rstrip()}\n" for line in lines)


def _number(ticket: int | None) -> str:
    return f"#{ticket}" if ticket else "-"


def _ticket(t: dict[str, Any]) -> list[str]:
    links = "".join(f" {x['type']}:{x['ticket']}" for x in t["links"] if x["direction"] == "out")
    head = f"#{t['number']} {t['company'] or '?'} {t['phase']} {t['kind']} {t['team']}{links} {t['subject']}"
    return [head, *(f"  {e['type']} {e['author'] or '?'}: {_first(e)}".rstrip() for e in t["entries"])]


def _first(entry: dict[str, Any]) -> str:
    if entry["type"] == "phase":
        return f"{entry['data']['from']} -> {entry['data']['to']}"
    return next((line for line in entry["text"].splitlines() if line.strip()), "")[:70]


def _out(posted: Posted) -> str:
    return f"out {posted.notice} {posted.language} #{posted.ticket} {' '.join(posted.to)}: {posted.mail['Subject']}"
