"""Encoded-words (RFC 2047) as they are really written: split, adjacent, nested, unterminated, with blanks inside.

mail-parser's (and the standard library's) decoder drops bytes of unknown charsets and leaves damaged words as
they are, so the subject goes through this linear scan instead.
"""

from __future__ import annotations

import binascii
import re

from maild.mail.parse import charsets, transfer
from maild.mail.text import clean

_START = re.compile(r"=\?\s?([^\s?=\"<>]{1,60})\?\s?([bBqQ])\s?\?")
_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]*")


def unfold(value: bytes) -> bytes:
    """RFC 5322, section 2.2.3, to one blank for each fold."""
    if b"\n" not in value and b"\r" not in value:
        return value.strip(b" \t")
    return b" ".join([piece.strip(b" \t\r") for piece in value.strip(b" \t\r\n").split(b"\n")])


def header_text(value: bytes, hint: str = "") -> str:
    """A field's value as one clean line of text. `hint`: charset for raw 8-bit bytes that are not UTF-8."""
    plain = value.isascii() and b"=?" not in value
    if plain:
        text = value.decode("ascii").strip(" \t")
        if text.isprintable():  # one line, in which nothing is to be changed
            return text
    value = unfold(value)
    if plain:
        return clean.line(charsets.decode_text(value)[0] if b"\x1b" in value else value.decode("ascii"))
    return clean.line(decode_words(raw_text(value, hint)))


def raw_text(value: bytes, hint: str = "") -> str:
    """Text of raw 8-bit header bytes: UTF-8 where it is, else the body's charset, else a guess."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return charsets.decode_text(value, hint)[0]


def decode_words(value: str) -> str:
    """Text with every encoded-word decoded, once more where the result is itself encoded (a gateway's doing)."""
    text = _decode_once(value)
    if "=?" in text and text != value:
        text = _decode_once(text)
    return text


def _decode_once(value: str) -> str:
    out: list[str] = []
    pending: list[bytes] = []  # bytes of adjacent words in one charset: a character may be split between them
    charset = ""
    pos = 0
    end_seen = 0  # "?=" is not searched for twice in the same stretch
    while True:
        start = value.find("=?", pos)
        if start < 0:
            break
        match = _START.match(value, start)
        if not match:
            gap = value[pos : start + 2]
            if pending:
                out.append(_flush(pending, charset))
            out.append(gap)
            pos = start + 2
            continue
        if end_seen >= 0 and end_seen < match.end():
            end_seen = value.find("?=", match.end())
            # "?==" may be the "?" of the end and an "=" of base64 padding put behind it: not worth telling apart
        payload, after = _payload(value, match.end(), end_seen, match.group(2) in "bB")
        if payload is None:
            if pending:
                out.append(_flush(pending, charset))
            out.append(value[pos : start + 2])
            pos = start + 2
            continue
        gap = value[pos:start]
        label = match.group(1).partition("*")[0].lower()
        if pending and (gap.strip(" \t") or label != charset):
            out.append(_flush(pending, charset))
            if not gap.strip(" \t"):
                gap = ""  # RFC 2047, section 6.2: blanks between encoded-words are not shown
        elif pending:
            gap = ""
        if gap:
            out.append(gap)
        charset = label
        pending.append(_bytes(payload, match.group(2)))
        pos = after
    if pending:
        out.append(_flush(pending, charset))
    out.append(value[pos:])
    return "".join(out)


def _payload(value: str, start: int, end: int, is_b: bool) -> tuple[str | None, int]:
    """Encoded text from `start`, and where scanning goes on; None for what is no encoded-word."""
    limit = end if end >= 0 else len(value)
    following = value.find("=?", start, limit)
    while following >= 0 and not _START.match(value, following):
        following = value.find("=?", following + 2, limit)
    if following >= 0:  # the terminator is missing: the next word begins before the end
        return value[start:following].rstrip(" \t?="), following
    if end >= 0:
        payload = value[start:end]
        if is_b and " " in payload.strip():
            first = payload.split(" ", 1)[0]
            if _BASE64.fullmatch(payload.replace(" ", "")):
                return payload, end + 2
            return first, start + len(first)
        return payload, end + 2
    rest = value[start:]
    if is_b:
        token = _BASE64.match(rest)
        piece = token.group() if token else ""
        return (piece, start + len(piece)) if piece and piece == rest.rstrip(" ?") else (None, start)
    return (rest.rstrip("?"), len(value)) if rest and " " not in rest else (None, start)


def _bytes(payload: str, encoding: str) -> bytes:
    raw = payload.encode("ascii" if payload.isascii() else "utf-8", "replace")
    if encoding in "bB":
        return transfer.base64(raw.replace(b" ", b"").replace(b"-", b"+").replace(b"_", b"/"))[0]
    return binascii.a2b_qp(raw, header=True)


def _flush(pending: list[bytes], charset: str) -> str:
    text = charsets.decode_text(b"".join(pending), charset)[0]
    pending.clear()
    return text
