"""What a DKIM signature is made over (RFC 6376, 3.4 and 3.7): header fields and body in their canonical form.

Own code, since dkimpy's is quadratic in runs of blanks. Each step here is a search, a replace or
a split of the bytes as a whole, so the work grows with their number whatever they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

_CRLF = b"\r\n"
_TABS = bytes.maketrans(b"\t", b" ")


class CanonicalMail:
    """One mail as its signatures see it: the fields with their folding, and the body. Hashes are made once.

    `raw_headers` is the header block up to the empty line, `raw` the whole mail that begins with it. Line feeds
    alone count as line ends: a mail that was stored that way was signed with CRLF.
    """

    def __init__(self, raw: bytes, raw_headers: bytes) -> None:
        self._raw, self._raw_headers = raw, raw_headers
        self._hashes: dict[str, bytes] = {}

    @cached_property
    def _parted(self) -> list[tuple[bytes, bytes]]:
        """The fields; of a mail without a signature nobody asks."""
        return _fields(self._raw_headers)

    @cached_property
    def _body(self) -> bytes:
        rest = self._raw[len(self._raw_headers) :]
        return rest.removeprefix(_CRLF) if rest.startswith(_CRLF) else rest.removeprefix(b"\n")

    def body_hash(self, form: str) -> bytes:
        """SHA-256 of the body in the form "simple" or "relaxed"."""
        if form not in self._hashes:
            made = relaxed_body(self._body) if form == "relaxed" else simple_body(self._body)
            self._hashes[form] = hashlib.sha256(made).digest()
        return self._hashes[form]

    def header_hash(self, form: str, names: Sequence[str], signature: int) -> bytes:
        """SHA-256 over the fields of `names` (lower case, as in h=), then the signature field itself without its
        b= (RFC 6376, 3.7). `signature` counts the DKIM-Signature fields from the top, from 0."""
        canonical = relaxed_field if form == "relaxed" else _simple_field
        below: dict[
            bytes, list[int]
        ] = {}  # each name's fields, the lowest last: they are taken from the bottom up
        own: list[int] = []
        for at, (name, _) in enumerate(self._parted):
            below.setdefault(name.strip().lower(), []).append(at)
        own = list(below.get(b"dkim-signature", ()))
        hashed = hashlib.sha256()
        for wanted in names:
            left = below.get(wanted.encode("latin-1"))
            if left:
                hashed.update(canonical(*self._parted[left.pop()]) + _CRLF)
        name, value = self._parted[own[signature]]
        hashed.update(canonical(name, without_b(value)).rstrip())
        return hashed.digest()


def _fields(raw: bytes) -> list[tuple[bytes, bytes]]:
    """(name, value with its folding, without the last line end), topmost first."""
    gathered: list[list[bytes]] = []
    for line in raw.replace(_CRLF, b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and gathered:
            gathered[-1].append(line)
        elif line:
            gathered.append([line])
    parted = (_CRLF.join(lines).partition(b":") for lines in gathered)
    return [(name, value) for name, _, value in parted]


def without_b(value: bytes) -> bytes:
    """A signature field's value with its b= tag emptied, blanks around the tag's value included.

    >>> without_b(b" v=1; b=AbC\\r\\n dE= ; d=a.example; bh=x")
    b' v=1; b=; d=a.example; bh=x'
    """
    parts = value.split(b";")
    for at, part in enumerate(parts):
        name, equals, _ = part.partition(b"=")
        if equals and name.strip() == b"b":
            parts[at] = name + b"="
            break
    return b";".join(parts)


def _simple_field(name: bytes, value: bytes) -> bytes:
    return name + b":" + value


def relaxed_field(name: bytes, value: bytes) -> bytes:
    """RFC 6376, 3.4.2, without the line end.

    >>> relaxed_field(b"SUBJect ", b" a\\r\\n\\t b  ")
    b'subject:a b'
    """
    return name.strip().lower() + b":" + _one_blank(value.replace(_CRLF, b"")).strip()


def simple_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.3: no empty lines at the end, and one line end in any case."""
    return _without_last_lines(_crlf(body)) + _CRLF


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4: besides, no blanks at the ends of lines and one blank for many within; nothing for an
    empty body."""
    made = _one_blank(_crlf(body)).replace(b" \r\n", _CRLF).removesuffix(b" ")
    made = _without_last_lines(made)
    return made + _CRLF if made else b""


def _crlf(body: bytes) -> bytes:
    return body.replace(_CRLF, b"\n").replace(b"\n", _CRLF)


def _one_blank(data: bytes) -> bytes:
    data = data.translate(_TABS) if b"\t" in data else data
    while b"  " in data:  # each round halves the runs, so there are no more rounds than a length has digits
        data = data.replace(b"  ", b" ")
    return data


def _without_last_lines(body: bytes) -> bytes:
    """Without the CRLFs at the end; a lone CR before them is no line end and stays."""
    text = body.rstrip(_CRLF)
    tail = body[len(text) :]
    if tail.endswith(b"\r"):
        return body
    lone = tail.rfind(b"\r\r")
    return text + tail[: lone + 1]
