"""Content-Transfer-Encoding undone (RFC 2045, section 6), with the damage that mail picks up on its way."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = bytes(i for i in range(256) if not re.match(rb"[A-Za-z0-9+/=]", bytes((i,))))
_BLANK = b" \t\r\n"
#: a line that no base64 encoder writes: what a list server appended below the encoded body
_FOREIGN_LINE = re.compile(rb"\n[^\n]*[ _:.@<>,][^\n]*")
_TAIL = 8_192
_SOFT_BREAK = re.compile(rb"=[ \t]+\r?\n")
_MAX_PIECES = 10_000
_SHORT_TEXT = 60  # bytes
#: a blank or a stop between or behind letters, as no encoder writes it into so short a line
_SENTENCE = re.compile(rb"[A-Za-z](?:[,;]? +[A-Za-z]|[.!?,;:-]+(?:\Z|[\s]))")
_PAD_END = re.compile(rb"=+")
_NAMES = {
    "": "", "7bit": "", "8bit": "", "binary": "", "7-bit": "", "8-bit": "", "none": "",
    "base64": "base64", "base-64": "base64", "x-base64": "base64",
    "quoted-printable": "quoted-printable", "quoted_printable": "quoted-printable", "quotedprintable": "quoted-printable",
    "quoted printable": "quoted-printable", "q": "quoted-printable", "qp": "quoted-printable",
    "x-uuencode": "uuencode", "uuencode": "uuencode", "x-uue": "uuencode", "uue": "uuencode", "x-uu": "uuencode",
}  # fmt: skip


def encoding_of(value: str) -> str:
    """ "base64", "quoted-printable", "uuencode" or "" from the field as written, dirt and all."""
    if not value:
        return ""
    name = value.partition(";")[0].strip(" \t\"'<>.,").lower()
    known = _NAMES.get(name)
    if known is not None:
        return known
    return next((v for k, v in _NAMES.items() if v and k in name and len(k) > 3), "")


def decode(data: bytes, encoding: str) -> tuple[bytes, str]:
    """Decoded bytes and the code of the damage seen ("" for none): base64-damaged, qp-damaged, uu-damaged."""
    if encoding == "base64":
        return base64(data)
    if encoding == "quoted-printable":
        return quoted_printable(data)
    if encoding == "uuencode":
        return uuencode_body(data)
    return data, ""


def base64(data: bytes) -> tuple[bytes, str]:
    """RFC 2045, section 6.8, tolerant: foreign characters ignored, padding mended, padded pieces in a row joined.

    What is plainly no base64 at all (a text under a wrong label) is given back as it is.
    """
    first = data[:400].strip(_BLANK).partition(b"\n")[0].strip(_BLANK)
    if b" " in first and (
        first.count(b" ") > 2 or len(first.translate(None, _NOT_BASE64)) + first.count(b" ") < len(first)
    ):
        return data, "base64-damaged"
    if len(data) < _SHORT_TEXT and _SENTENCE.search(data.strip(_BLANK)) and not _reads(_base64_mended(data)):
        return data, "base64-damaged"  # some words and a stop
    tail = data[-_TAIL:]
    damage = ""
    if match := _FOREIGN_LINE.search(tail):
        cut = len(data) - len(tail) + match.start()
        if len(data[:cut].strip(_BLANK)) > 0:
            data, damage = data[:cut], "base64-damaged"
    try:
        decoded = binascii.a2b_base64(data)
    except binascii.Error:
        return _base64_mended(data), "base64-damaged"
    end = data.find(b"=")
    if end >= 0 and data[end : end + 2_000].strip(b"= \t\r\n"):
        return _base64_mended(data), "base64-damaged"  # goes on behind the padding
    return decoded, damage


def _reads(decoded: bytes) -> bool:
    try:
        text = decoded.decode()
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char.isspace() for char in text)


def _base64_mended(data: bytes) -> bytes:
    if (lines := data.split()) and _is_ragged(lines):
        return b"".join(map(_base64_pieces, lines))
    return _base64_pieces(data)


def _is_ragged(lines: list[bytes]) -> bool:
    """Whether lines that were written alike are not any more: what was lost or came in hurts that line alone."""
    if len(lines) == 2:
        return len(lines[0]) % 4 != 0
    width = sorted(map(len, lines[:50]))[len(lines[:50]) // 2]
    return len(lines) <= _MAX_PIECES and width % 4 == 0 and any(len(line) != width for line in lines[:-1])


def _base64_pieces(data: bytes) -> bytes:
    pieces = []
    for piece in _PAD_END.split(data.translate(None, _NOT_BASE64), _MAX_PIECES):
        piece = piece.partition(b"=")[0]
        if len(piece) % 4 == 1:
            piece = piece[:-1]  # six bits make no byte
        if piece:
            pieces.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(pieces)


def quoted_printable(data: bytes) -> tuple[bytes, str]:
    """RFC 2045, section 6.7; an `=` that starts no code stays as it is."""
    if b"= " in data or b"=\t" in data:
        data = _SOFT_BREAK.sub(b"=\n", data)
    return binascii.a2b_qp(data), ""


def uuencode_body(data: bytes) -> tuple[bytes, str]:
    """The first uuencoded file in the body of a part that is labelled so."""
    start = data.find(b"begin ")
    if start < 0:
        return data, "uu-damaged"
    end = data.find(b"\nend", start)
    lines = data[start : end if end >= 0 else len(data)].split(b"\n")[1:]
    return uu_lines(lines), "" if end >= 0 else "uu-damaged"


def uu_lines(lines: list[bytes]) -> bytes:
    """Decoded bytes of uuencoded lines; a broken line gives what it can."""
    out = []
    for line in lines:
        line = line.rstrip(b"\r\n")
        if not line or line in (b"`", b" "):
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = ((line[0] - 32) & 63) * 4 + 5
            try:
                out.append(binascii.a2b_uu(line[: size // 3]))
            except binascii.Error:
                continue
    return b"".join(out)
