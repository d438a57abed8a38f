"""Builds winmail.dat containers ([MS-OXTNEF]) for tests."""

from __future__ import annotations

import struct

from compressed_rtf import compress

RTF: bytes = compress(rb"{\rtf1\ansi\ansicpg1252 Hello from RTF\par}")


def _object(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _padded(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data + b"\0" * (-len(data) % 4)


def _text(ident: int, value: str) -> bytes:
    return struct.pack("<HHI", 0x1F, ident, 1) + _padded((value + "\0").encode("utf-16-le"))


def _binary(ident: int, value: bytes, kind: int = 0x0102) -> bytes:
    return struct.pack("<HHI", kind, ident, 1) + _padded(value)


def _properties(*properties: bytes) -> bytes:
    return struct.pack("<I", len(properties)) + b"".join(properties)


def message_objects(*, text: str = "", html: str = "", rtf: bytes = b"") -> bytes:
    """The message's own properties, among others that do not matter."""
    named = (
        struct.pack("<HH", 0x03, 0x8005) + b"\x01" * 16 + struct.pack("<II", 0, 0x8233) + struct.pack("<I", 7)
    )
    properties = [
        named,
        struct.pack("<HHH", 0x0B, 0x0E1F, 1) + b"\0\0",
        struct.pack("<HHI", 0x03, 0x3FDE, 65001),
    ]
    if text:
        properties.append(_text(0x1000, text))
    if html:
        properties.append(_binary(0x1013, html.encode()))
    if rtf:
        properties.append(_binary(0x1009, rtf))
    return _object(1, 0x9003, 6, _properties(*properties))


def file_objects(
    name: str, data: bytes, *, title: str = "FILE.DAT", embedded: bytes = b"", codepage: str = "cp1250"
) -> bytes:
    """One attachment as Outlook writes it; `embedded` is the container of an embedded message."""
    objects = _object(2, 0x9002, 6, b"\x01\0" + b"\0" * 12) + _object(
        2, 0x8010, 1, title.encode(codepage) + b"\0"
    )
    if data:
        objects += _object(2, 0x800F, 6, data)
    properties = [struct.pack("<HHI", 0x03, 0x0E20, len(data))]
    if name:
        properties.append(_text(0x3707, name))
    if embedded:
        signature = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
        properties.append(_binary(0x3701, signature + embedded, 0x0D))
    return objects + _object(2, 0x9005, 6, _properties(*properties))


def container(*objects: bytes, codepage: int = 1252) -> bytes:
    """A whole file."""
    head = b"\x78\x9f\x3e\x22" + struct.pack("<H", 1) + _object(1, 0x9006, 8, struct.pack("<I", 0x10000))
    return head + _object(1, 0x9007, 6, struct.pack("<II", codepage, 0)) + b"".join(objects)
