"""The evidence of a consent as a folder: what an auditor needs and nothing of maild."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maild.model import ConsentFacts
    from maild.store import Tx

README = """\
Evidence of a written consent.

consent.json   what was asked, of whom, and how it ended
request.txt    the exact request; its SHA-256 is "request_sha256"
log.jsonl      the whole append-only log, a row a line: {seq, consent_id, event, at, data, prev_hash, hash}
answers/       each answer that came, byte for byte as received; its SHA-256 stands in the log

hash = SHA-256 of prev_hash, a line feed, and the row's "hashed" text. check.py proves it.
"""

CHECK = """\
import hashlib, json, pathlib
here, previous = pathlib.Path(__file__).parent, None
for line in (here / "log.jsonl").read_text(encoding="utf-8").splitlines():
    row = json.loads(line)
    assert previous is None or row["prev_hash"] == previous, f"row {row['seq']}: chain broken"
    assert hashlib.sha256(row["hashed"].encode()).hexdigest() == row["hash"], f"row {row['seq']}: changed"
    previous = row["hash"]
for mail in (here / "answers").glob("*.eml"):
    assert hashlib.sha256(mail.read_bytes()).hexdigest() == mail.stem, f"{mail.name}: changed"
print("holds; head", previous)
"""


def write(tx: Tx, consent: ConsentFacts, facts: dict[str, Any], folder: Path) -> list[str]:
    """Write the folder; returns the names of what was written."""
    from maild.commands import output

    answers = folder / "answers"
    answers.mkdir()
    (folder / "README.txt").write_text(README, encoding="utf-8")
    (folder / "check.py").write_text(CHECK, encoding="utf-8")
    (folder / "consent.json").write_text(output.to_json(facts) + "\n", encoding="utf-8")
    (folder / "request.txt").write_text(consent.request_text, encoding="utf-8")
    with (folder / "log.jsonl").open("w", encoding="utf-8") as file:
        for row in tx.consents.log():
            file.write(json.dumps(row, ensure_ascii=False, default=str, sort_keys=True) + "\n")
    wanted = {r["data"].get("sha256") for r in tx.consents.log(consent.id)} - {None}
    for mail_id in tx.tickets.mails(consent.ticket):
        digest = tx.inbound.get(mail_id)["sha256"]
        if digest in wanted:
            (answers / f"{digest}.eml").write_bytes(tx.inbound.raw(mail_id))
    return sorted(p.name for p in folder.iterdir())
