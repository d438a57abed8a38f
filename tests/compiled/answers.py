"""What is read from many mails, a line each: both forms must print the same (`python -m tests.compiled.answers`).

The mails of the scenarios, requests of the corpora, every piece that makes reading work hard in every place, and deep
nesting of each kind.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from pathlib import Path

from maild.mail.parse import parse_mail
from tests.bounds.mails import HEAD, PLACES
from tests.corpus.everyday import requests
from tests.corpus.everyday.pieces import DESK

SHORT, DEEP = 300, 30_000
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def mails() -> Iterator[tuple[str, bytes]]:
    """(name, mail)."""
    for file in sorted(SCENARIOS.rglob("*.eml")):
        yield str(file.relative_to(SCENARIOS)), file.read_bytes()
    for name, wanted in requests.requests(1):
        yield name, wanted.raw
    for place, (make, pieces) in PLACES.items():
        for piece in pieces:
            yield f"{place} {piece!r}", make(piece, SHORT)
    for sign in ("(", "<", '"', "\\", "=?utf-8?q?a"):
        yield f"deep From {sign}", b"From: " + (sign * DEEP).encode() + b" <a@b.example>\r\n" + HEAD
    for tag in ("<div>", "<blockquote>", "<table><tr><td>", "<ul><li>"):
        yield f"deep {tag}", HEAD + b"Content-Type: text/html\r\n\r\n" + (tag * DEEP).encode() + b"x"
    inside = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(3_000)
    )
    yield "deep parts", HEAD + inside
    yield "deep mails", HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3_000
    yield "deep quotes", HEAD + b"\r\n" + b">" * DEEP + b" x\r\n"


def answer(raw: bytes) -> str:
    """What is read, or what is raised; it must go to a worker and back."""
    try:
        mail = parse_mail(raw, desk_addresses=(DESK,))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    assert pickle.loads(pickle.dumps(mail)) == mail  # noqa: S301
    return hashlib.sha256(repr(mail).encode("utf-8", "surrogatepass")).hexdigest()


if __name__ == "__main__":
    for name, raw in mails():
        print(f"{name}\t{answer(raw)}")
