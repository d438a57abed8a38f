"""Compressed RTF ([MS-OXRTFCP]), unpacked up to a limit: nothing is unpacked of what is damaged, and a bomb ends there.

The library does the same without a limit, and takes seconds of Python for a megabyte only to learn that it is damaged.
"""

from __future__ import annotations

import struct
import zlib

from compressed_rtf.compressed_rtf import INIT_DICT  # [MS-OXRTFCP], 2.1.2.1

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER, _WINDOW = 16, 4_096


def unpacked(packed: bytes, most: int) -> bytes:
    """At most about `most` bytes of the RTF; b"" for damage. A length that is one off, as some programs write it, is
    forgiven."""
    if len(packed) < _HEADER:
        return b""
    size, _, kind, checksum = struct.unpack_from("<II4sI", packed)
    if kind == _PLAIN:
        return packed[_HEADER : min(size + 4, _HEADER + most)]
    if kind != _COMPRESSED:
        return b""
    for body in (packed[_HEADER : size + 4], packed[_HEADER:], packed[_HEADER:] + b"\0"):
        if zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF == checksum:
            return _decoded(body, most)
    return b""


def _decoded(body: bytes, most: int) -> bytes:
    window = bytearray(INIT_DICT.ljust(_WINDOW))
    write, out, at = len(INIT_DICT), bytearray(), 0
    while at < len(body) and len(out) < most:
        control = body[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                piece = body[at : at + 1]
                at += 1
                window[write : write + 1] = piece
                write = (write + len(piece)) % _WINDOW
                out += piece
                continue
            token = int.from_bytes(body[at : at + 2], "big")
            at += 2
            offset = token >> 4
            if at > len(body) or offset == write:  # the end of what is there, or of the text
                return bytes(out)
            for step in range((token & 15) + 2):
                byte = window[(offset + step) % _WINDOW]
                window[write] = byte
                write = (write + 1) % _WINDOW
                out.append(byte)
    return bytes(out)
