"""Sameness (contract, "Same mail again"): one hash for one mail, however it comes and whatever gateways added.

Hashed: the strict From, Date, Subject, Message-ID (where there is one), and every decoded leaf. Text is hashed
without white space and without mbox's `>From`, so that transfer encodings, line ends and trailing blanks do not
matter; its charset does not either, for it is hashed decoded.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_ESCAPED = re.compile(rb"(?m)^>From ")
_WHITE = b" \t\r\n\x0b\x0c"


def part_digest(kind: str, data: bytes, text: str | None) -> bytes:
    """Digest of one leaf: `text` for text parts (None for the others), `data` the decoded bytes."""
    if text is not None:
        data = text.encode("utf-8", "replace")
    elif not kind.startswith("message/"):
        return hashlib.sha256(data).digest()
    if b">From " in data:
        data = _ESCAPED.sub(b"From ", data)
    return hashlib.sha256(data.translate(None, _WHITE)).digest()


def fingerprint(sender: str, date: str, subject: str, message_id: str, parts: Iterable[bytes]) -> str:
    """Hex SHA-256 over the header values as given ("" where absent) and the digests of the parts in order."""
    digest = hashlib.sha256()
    for value in (sender, date, " ".join(subject.split()), message_id):
        encoded = value.encode("utf-8", "replace")
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
