"""What an opaque S/MIME part is (RFC 8551, 3.2), and what an opaque signature wraps (RFC 5652, section 5).

Only the way to the content is walked: ContentInfo, SignedData, encapContentInfo. Nothing is verified here: a
signature that nobody checked changes nothing in who a mail is from. BER with indefinite lengths and with the
content in segments, as streaming clients write it, is read; each byte is looked at a bounded number of times.
"""

from __future__ import annotations

import binascii

from maild.values import dataclass

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _OID, _OCTETS, _CONTEXT_0 = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_MAX_ELEMENTS = 200_000
_MAX_DEPTH = 32
_MAX_ARMOR = 40_000_000  # bytes


@dataclass(slots=True)
class _Element:
    """Tag, and the offsets of the content; `end` is None for an indefinite length."""

    tag: int
    start: int
    end: int | None


class _Broken(Exception):
    pass


def binary(data: bytes) -> bytes:
    """The CMS object in bytes: PEM (RFC 7468) or bare base64 undone where a program left them."""
    if data[:1] == b"\x30" or len(data) > _MAX_ARMOR:
        return data
    body = data.strip()
    if body.startswith(b"-----BEGIN"):
        body = body.partition(b"\n")[2].rpartition(b"-----END")[0].rpartition(b"\n")[0]
    if not body.startswith(b"M"):  # what 0x30, a SEQUENCE, begins with in base64
        return data
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        return data


def is_signature(data: bytes) -> bool:
    """Whether this is SignedData (an opaque signature, or certificates alone): nothing in it is encrypted."""
    try:
        kind = _expect(data, _expect(data, 0, _SEQUENCE).start, _OID)
    except (_Broken, IndexError):
        return False
    return data[kind.start : kind.end] == _SIGNED_DATA


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity inside an opaque signature; None for what is encrypted, detached, or no CMS at all."""
    try:
        info = _expect(data, 0, _SEQUENCE)
        kind = _expect(data, info.start, _OID)
        if data[kind.start : kind.end] != _SIGNED_DATA or kind.end is None:
            return None
        signed = _expect(data, _expect(data, kind.end, _CONTEXT_0).start, _SEQUENCE)
        pos = _after(data, signed.start)  # version
        pos = _after(data, pos)  # digestAlgorithms
        content = _expect(data, pos, _SEQUENCE)
        kind = _expect(data, content.start, _OID)
        if kind.end is None or data[kind.start : kind.end] != _DATA:
            return None
        return _octets(data, _expect(data, kind.end, _CONTEXT_0).start)
    except (_Broken, IndexError):
        return None


def _element(data: bytes, pos: int) -> _Element:
    tag, length = data[pos], data[pos + 1]
    start = pos + 2
    if tag & 0x1F == 0x1F:
        raise _Broken  # tags of several bytes do not occur here
    if length == 0x80:
        return _Element(tag, start, None)
    if length & 0x80:
        count = length & 0x7F
        if count > 6 or start + count > len(data):
            raise _Broken
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > len(data):
        raise _Broken
    return _Element(tag, start, start + length)


def _expect(data: bytes, pos: int, tag: int) -> _Element:
    element = _element(data, pos)
    if element.tag != tag:
        raise _Broken
    return element


def _after(data: bytes, pos: int) -> int:
    """The offset behind the element at `pos`."""
    open_ends = 0
    for _ in range(_MAX_ELEMENTS):
        if open_ends and data[pos : pos + 2] == b"\0\0":
            pos += 2
            open_ends -= 1
        else:
            element = _element(data, pos)
            if element.end is None:
                open_ends += 1
                if open_ends > _MAX_DEPTH:
                    raise _Broken
                pos = element.start
            else:
                pos = element.end
        if not open_ends:
            return pos
    raise _Broken


def _octets(data: bytes, pos: int) -> bytes:
    """An OCTET STRING, whole or in segments (X.690, 8.7)."""
    element = _element(data, pos)
    if element.tag == _OCTETS and element.end is not None:
        return data[element.start : element.end]
    if element.tag != _OCTETS | _CONSTRUCTED:
        raise _Broken
    pieces: list[bytes] = []
    pos = element.start
    for _ in range(_MAX_ELEMENTS):
        if element.end is None and data[pos : pos + 2] == b"\0\0":
            break
        if element.end is not None and pos >= element.end:
            break
        piece = _element(data, pos)
        if piece.tag == _OCTETS | _CONSTRUCTED:
            pieces.append(_octets_flat(data, piece))
            pos = _after(data, pos)
            continue
        if piece.tag != _OCTETS or piece.end is None:
            raise _Broken
        pieces.append(data[piece.start : piece.end])
        pos = piece.end
    return b"".join(pieces)


def _octets_flat(data: bytes, outer: _Element) -> bytes:
    """Segments one level down; deeper ones do not occur."""
    pieces: list[bytes] = []
    pos = outer.start
    for _ in range(_MAX_ELEMENTS):
        if (outer.end is None and data[pos : pos + 2] == b"\0\0") or (
            outer.end is not None and pos >= outer.end
        ):
            return b"".join(pieces)
        piece = _element(data, pos)
        if piece.tag != _OCTETS or piece.end is None:
            raise _Broken
        pieces.append(data[piece.start : piece.end])
        pos = piece.end
    raise _Broken
