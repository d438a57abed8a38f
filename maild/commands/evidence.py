"""The evidence of a consent as a folder: what an auditor needs and nothing of maild."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from maild.ticket.phases import ConsentState

if TYPE_CHECKING:
    from maild.model import ConsentFacts, JsonObject
    from maild.store import Tx
    from maild.store.rows import LogRow

README = """\
Evidence of a written consent.

consent.json   what was asked, of whom, and how it ended
request.txt    the exact request; its SHA-256 is "request_sha256"
log.jsonl      the append-only log of all consents, a row a line: {seq, prev_hash, hash, hashed}
answers/       each answer that came, byte for byte as received; its SHA-256 stands in the log

"hashed" is the row's exact text and "hash" its SHA-256; the text holds the hash of the row before it. Rows of
other consents are kept back ("hashed" is null): their hashes still hold the chain together. The head of the chain
stands also in the daemon's log and at the foot of the mails on tickets with consents. `python3 check.py` proves
it all; it needs nothing but Python.
"""

CHECK = """\
import hashlib, json, pathlib
here, prev, sha = pathlib.Path(__file__).parent, "0" * 64, lambda data: hashlib.sha256(data).hexdigest()
answers = {mail.name[:-4]: sha(mail.read_bytes()) for mail in (here / "answers").glob("*.eml")}
for line in (here / "log.jsonl").read_text(encoding="utf-8").splitlines():
    row = json.loads(line)
    text = json.loads(row["hashed"]) if row["hashed"] else row
    assert row["prev_hash"] == text["prev_hash"] == prev, f"row {row['seq']}: the chain is broken"
    assert not row["hashed"] or sha(row["hashed"].encode()) == row["hash"], f"row {row['seq']}: changed"
    prev = row["hash"]
assert all(name == found for name, found in answers.items()), "an answer was changed"
print("holds; head", prev)
"""


def write(
    tx: Tx, consent: ConsentFacts, facts: JsonObject, folder: Path, *, everything: bool = False
) -> list[str]:
    """Write the folder; returns the names of what was written. `everything`: other consents' rows too."""
    from maild.commands import output

    answers = folder / "answers"
    answers.mkdir()
    (folder / "README.txt").write_text(README, encoding="utf-8")
    (folder / "check.py").write_text(CHECK, encoding="utf-8")
    (folder / "consent.json").write_text(output.to_json(facts) + "\n", encoding="utf-8")
    (folder / "request.txt").write_text(consent.request_text, encoding="utf-8")
    with (folder / "log.jsonl").open("w", encoding="utf-8") as file:
        for row in tx.consents.log():
            file.write(json.dumps(_row(row, consent.id, everything), ensure_ascii=False) + "\n")
    if consent.state == ConsentState.WAITING:
        # an answer quotes the token that somebody may still use
        return sorted(p.name for p in folder.iterdir())
    wanted = {str(r.data["sha256"]) for r in tx.consents.log(consent.id) if r.data.get("sha256")}
    for mail_id in _mails(tx, wanted):
        (answers / f"{tx.inbound.get(mail_id).sha256}.eml").write_bytes(tx.inbound.raw(mail_id))
    return sorted(p.name for p in folder.iterdir())


def _row(row: LogRow, consent_id: int, everything: bool) -> JsonObject:
    from maild.store.consents import canonical

    text = canonical(row.seq, row.consent_id, row.at.isoformat(), row.event, row.data, row.prev_hash).decode(
        "ascii"
    )
    shown = text if everything or row.consent_id == consent_id else None
    return {"seq": row.seq, "prev_hash": row.prev_hash, "hash": row.hash, "hashed": shown}


def _mails(tx: Tx, wanted: set[str]) -> list[int]:
    """Ids of the mails with these hashes, one each; an answer of a stranger stands on a ticket of its own."""
    by_digest: dict[str, int] = {}
    for digest in sorted(wanted):
        for mail_id in tx.inbound.by_sha256(digest):
            by_digest.setdefault(digest, mail_id)
    return list(by_digest.values())
