"""Compressed RTF: as the library reads it, and no further than the limit."""

from __future__ import annotations

import struct
import zlib

from compressed_rtf import compress, decompress

from maild.mail.parse.packed_rtf import unpacked
from tests.cases import cases
from tests.timing import takes_less

TEXTS = [
    b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
    b"{\\rtf1 " + b"The printer is dead. " * 400 + b"}",
    bytes(range(32, 127)) * 90, b"x",
]  # fmt: skip


@cases("text", TEXTS)
@cases("compressed", [True, False])
def test_what_was_packed_is_read_as_the_library_reads_it(text: bytes, compressed: bool) -> None:
    packed = compress(text, compressed)
    assert unpacked(packed, 1_000_000) == decompress(packed) == text


def _bomb(size: int) -> bytes:
    """References again and again, `size` bytes of output: seventeen of two."""
    body, write = bytearray(), 207
    for _ in range(size // 136):
        body += b"\xff"
        for _ in range(8):
            body += struct.pack(">H", (5 if write == 0 else 0) << 4 | 15)  # where it writes would be the end
            write = (write + 17) % 4_096
    crc = zlib.crc32(body, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<II4sI", len(body) + 12, size, b"LZFu", crc) + body


def test_a_bomb_ends_at_the_limit() -> None:
    assert 100_000 <= len(unpacked(_bomb(300_000), 100_000)) < 100_200


def test_nothing_is_unpacked_of_what_is_damaged() -> None:
    bomb = bytearray(_bomb(7_000_000))
    bomb[-1] ^= 1
    damaged = bytes(bomb)
    assert unpacked(damaged, 4_000_000) == b""
    takes_less(0.2, lambda: unpacked(damaged, 4_000_000))
    for cut in (0, 15, 16, 20):
        assert unpacked(bytes(_bomb(1_000))[:cut], 4_000) == b""
