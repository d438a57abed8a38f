"""MAPI property streams ([MS-OXTNEF], 2.1.3.4): ids and raw values, each byte read at most once.

tnefparse's reader believes the counts in the file (a multi-value property of four billion empty values keeps it
busy for hours) and gives values padded; this one is bounded by the bytes that are there.
"""

from __future__ import annotations

import struct

from maild.values import dataclass

_FIXED = {
    0x02: 4,
    0x03: 4,
    0x04: 4,
    0x05: 8,
    0x06: 8,
    0x07: 8,
    0x0A: 4,
    0x0B: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
    0x00: 4,
    0x01: 4,
}
_VARIABLE = frozenset((0x0D, 0x1E, 0x1F, 0x0102))
_MULTI, _NAMED = 0x1000, 0x8000
_MAX_PROPERTIES = 4_000


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its id, type and first value."""

    id: int
    type: int
    value: bytes

    @property
    def is_unicode(self) -> bool:
        return self.type == 0x1F


def properties(data: bytes) -> dict[int, Property]:
    """Properties by id, the first of doubled ones. Damage ends the reading; what came before stays."""
    by_id: dict[int, Property] = {}
    try:
        count = min(struct.unpack_from("<I", data)[0], _MAX_PROPERTIES)
        pos = 4
        for _ in range(count):
            if pos + 4 > len(data):
                break
            prop, pos = _property(data, pos)
            by_id.setdefault(prop.id, prop)
    except (struct.error, ValueError):
        pass
    return by_id


def _property(data: bytes, pos: int) -> tuple[Property, int]:
    kind, ident = struct.unpack_from("<HH", data, pos)
    pos += 4
    if ident >= _NAMED:
        pos = _skip_name(data, pos)
    base = kind & ~_MULTI
    count = 1
    if kind & _MULTI or base in _VARIABLE:
        (count,) = struct.unpack_from("<I", data, pos)
        pos += 4
    if base in _VARIABLE:
        value = b""
        for number in range(count):
            (length,) = struct.unpack_from("<I", data, pos)
            pos += 4
            if pos + length > len(data):
                length = len(data) - pos
            if number == 0:
                value = data[pos : pos + length]
            pos += length + (-length % 4)
        return Property(ident, base, value), pos
    size = _FIXED.get(base)
    if size is None:
        raise ValueError(f"unknown MAPI type {base:#x}")
    if pos + size > len(data):
        raise ValueError("cut")
    value = data[pos : pos + size]
    return Property(ident, base, value), pos + size * count


def _skip_name(data: bytes, pos: int) -> int:
    """Past the GUID and the id or name of a named property."""
    pos += 16
    (kind,) = struct.unpack_from("<I", data, pos)
    pos += 4
    if kind == 0:
        return pos + 4
    length: int = struct.unpack_from("<I", data, pos)[0]
    return pos + 4 + length + (-length % 4)
