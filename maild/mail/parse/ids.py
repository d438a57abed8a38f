"""Message-IDs as they are really written (RFC 5322, section 3.6.4): folded, in a row, between words and comments."""

from __future__ import annotations

import base64
import binascii
import re

from maild.mail.parse import words
from maild.mail.text import clean

_ID = re.compile(r"<([^<>]{1,998})>")
_BETWEEN = re.compile(r"[\s<>,;()\"]+")


def message_ids(value: bytes | None, *, limit: int = 2_000) -> tuple[str, ...]:
    """Every id of the field in order, with angle brackets, none twice. Empty for an empty or hopeless field."""
    if not value:
        return ()
    text = clean.line(words.raw_text(value.replace(b"\r", b"").replace(b"\n", b"")))
    every: dict[str, None] = {}
    for match in _ID.finditer(text):
        inner = "".join(match.group(1).split())  # a fold inside an id
        if "@" in inner or inner == match.group(1):  # some programs make ids without a host
            every[f"<{inner}>"] = None
        if len(every) >= limit:
            break
    if not every:
        for token in _BETWEEN.split(text):
            left, at, right = token.partition("@")
            if at and left and right and "@" not in right and len(token) < 800:
                every[f"<{token}>"] = None
            if len(every) >= limit:
                break
    return tuple(every)


def message_id(value: bytes | None) -> str | None:
    """The mail's own id, also without brackets or `@`; None for `<>` and nothing."""
    if not value:
        return None
    text = clean.line(words.raw_text(value.replace(b"\r", b"").replace(b"\n", b"")))
    if match := _ID.search(text):
        inner = "".join(match.group(1).split())
        return f"<{inner}>" if inner else None
    text = text.strip("<> ").split(" ")[0]
    return f"<{text[:998]}>" if text else None


def thread_index(value: bytes | None) -> str | None:
    """Hex of the decoded Thread-Index ([MS-OXOMSG], 2.2.1.3): 22 bytes and five for each reply; None for others."""
    if not value:
        return None
    packed = b"".join(value.split())[:8_000]
    try:
        decoded = base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded.hex() if len(decoded) >= 22 else None
