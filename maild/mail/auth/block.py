"""The header block as bytes, read once and strictly: what signatures and consents are judged on.

Own splitting, since every library that repairs a header can be made to read another From than the signer
(a bare CR in a field passes dkimpy and gives a parser a second From).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from maild.mail.parse.headers import SINGLE
from maild.model import Reason
from maild.values import dataclass

_NAME = re.compile(rb"[!-9;-~]+")


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """Fields in order, topmost first: (lower-case name, raw unfolded value)."""

    fields: tuple[tuple[str, bytes], ...]
    malformed: Reason | None

    def values(self, name: str) -> list[bytes]:
        return [v for k, v in self.fields if k == name]

    def count(self, name: str) -> int:
        return sum(1 for k, _ in self.fields if k == name)


@lru_cache(maxsize=32)  # each mail of a batch is asked about twice: for its questions, and for the verdict
def block_of(raw_headers: bytes) -> HeaderFields:
    """Split a header block (RFC 5322, 2.2). `malformed` names the first thing a strict reader refuses."""
    malformed = _controls(raw_headers)
    fields: list[tuple[str, bytes]] = []
    for line in _unfolded(raw_headers):
        name, colon, value = line.partition(b":")
        # RFC 5322, 2.2: printable ASCII without colon; a blank before the colon is the obsolete syntax
        if not colon or not _NAME.fullmatch(name):
            malformed = malformed or Reason("header-malformed", repr(line[:80])[2:-1])
            name = name.strip()
        fields.append((name.decode("latin-1").lower(), value.strip(b" \t\r\n")))
    return HeaderFields(tuple(fields), malformed)


def whole(raw: bytes, raw_headers: bytes) -> bool:
    """Whether what was read as the header block is exactly what a verifier takes for it: everything up to the
    first empty line. A reader that stops elsewhere judges other fields than those that were signed."""
    if not raw.startswith(raw_headers):
        return False
    rest = raw[len(raw_headers) :]
    return rest[:2] == b"\r\n" or rest[:1] == b"\n" or not rest


def _controls(raw: bytes) -> Reason | None:
    if b"\0" in raw:
        return Reason("header-nul", "a NUL in the header block")
    bare = raw.replace(b"\r\n", b"")
    if b"\r" in bare:
        return Reason("header-bare-cr", "a bare CR in the header block")
    # a file with LF alone throughout is a mail stored that way; mixed endings are a trick
    if b"\n" in bare and b"\r\n" in raw:
        return Reason("header-bare-lf", "a bare LF in the header block")
    return None


def _unfolded(raw: bytes) -> Iterator[bytes]:
    gathered: list[bytes] = []  # joined once: a field may be folded into a line for each of its bytes
    for line in raw.split(b"\n"):
        line = line.removesuffix(b"\r")
        if not line:
            continue
        if gathered and line[:1] not in (b" ", b"\t"):
            yield b"".join(gathered)
            gathered = []
        gathered.append(line)
    if gathered:
        yield b"".join(gathered)


def duplicates(block: HeaderFields) -> tuple[str, ...]:
    """Names of fields that may stand once and stand more often."""
    return tuple(name for name in SINGLE if block.count(name) > 1)


def uncovered(block: HeaderFields, signed: tuple[str, ...]) -> tuple[str, ...]:
    """Fields that a signature must cover for a consent and does not (contract, Written consent).

    From, Subject and Date always; MIME-Version, Content-Type and Content-Transfer-Encoding where present,
    since prepending one of them to a signed mail changes what a person reads.
    """
    needed = ["from", "subject", "date"]
    needed += [n for n in ("mime-version", "content-type", "content-transfer-encoding") if block.count(n)]
    return tuple(name for name in needed if name not in signed)
