"""ISO-2022-JP as mail programs write it (RFC 1468, with what Windows adds: CP50220, CP50221).

Python's codecs read the standard's rows only; a mail with ① or ㈱ (NEC's row 13), IBM's extensions or half-width
katakana would show its escapes. The rows are the same as in Shift_JIS of Windows, so that is what reads them.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(rb"\x1b(?:\$\(?[@ABDOPQ]|\([BJIH])|[\x0e\x0f]")
_TWO_BYTES = (b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B")
_SUPPLEMENT = (b"\x1b$(D", b"\x1b$D")  # JIS X 0212
_JIS_2004 = {b"\x1b$(O": "iso2022_jp_3", b"\x1b$(Q": "iso2022_jp_2004", b"\x1b$(P": "iso2022_jp_2004"}
_KATAKANA = b"\x1b(I"


def is_iso_2022_jp(data: bytes) -> bool:
    """Whether 7-bit bytes switch to a Japanese set."""
    return data.isascii() and (b"\x1b$" in data or _KATAKANA in data)


def decode(data: bytes) -> str:
    """Text; what no set knows is U+FFFD. A line end ends a set that nobody switched off (RFC 1468)."""
    out: list[str] = []
    mode = b""
    pos = 0
    for escape in _ESCAPE.finditer(data):
        out.append(_piece(data[pos : escape.start()], mode))
        pos = escape.end()
        mark = escape.group()
        mode = _KATAKANA if mark == b"\x0e" else b"" if mark == b"\x0f" else mark
    out.append(_piece(data[pos:], mode))
    return "".join(out)


def _piece(piece: bytes, mode: bytes) -> str:
    if not piece:
        return ""
    if mode in _TWO_BYTES or mode in _SUPPLEMENT or mode in _JIS_2004 or mode == _KATAKANA:
        line, end, rest = piece.partition(b"\n")
        return _set(line, mode) + (end + rest).decode("ascii", "replace")
    return piece.decode("ascii", "replace")


def _set(piece: bytes, mode: bytes) -> str:
    piece = piece.rstrip(b"\r")
    if mode == _KATAKANA:
        return bytes(b | 0x80 for b in piece).decode("cp932", "replace")
    if mode in _SUPPLEMENT:
        pairs = (piece[i : i + 2] for i in range(0, len(piece) - 1, 2))
        return b"".join(b"\x8f" + bytes(b | 0x80 for b in pair) for pair in pairs).decode("euc_jp", "replace")
    if mode in _JIS_2004:
        return (mode + piece + b"\x1b(B").decode(_JIS_2004[mode], "replace")
    return _shifted(piece).decode("cp932", "replace")


def _shifted(piece: bytes) -> bytes:
    """Pairs of JIS X 0208 as Shift_JIS."""
    out = bytearray()
    for i in range(0, len(piece) - 1, 2):
        row, cell = piece[i], piece[i + 1]
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out += b"\x81\xac" if row != 0x20 else b" "  # GETA MARK: what a printer sets for a missing letter
            continue
        lead = (row - 0x21) // 2 + 0x81
        lead += 0x40 if lead > 0x9F else 0
        if row % 2:
            trail = cell + 0x1F
            trail += 1 if trail >= 0x7F else 0
        else:
            trail = cell + 0x7E
        out += bytes((lead, trail))
    return bytes(out)
