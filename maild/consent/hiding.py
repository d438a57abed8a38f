"""Approval tokens out of a text that is shown (contract, Written consent); `masking` does it to whole values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container

from maild.mail.text.tokens import APPROVAL_TOKEN_ALONE

#: a token in one of its three shapes: Message-ID (with its signature and domain), reference line, reply address
_SECRET = re.compile(
    r"((?<![a-z0-9])maild(?:-|\.[1-9][0-9]{0,17}\.)|\+)([a-z2-7]{26})(?![a-z0-9])"
    r"(?:\.[a-z2-7]{16}(?![a-z0-9])(?:@[a-z0-9.-]{1,255})?)?",
    re.IGNORECASE,
)
#: of the reply address alone, quickly told where all letters are ASCII: a moment has a `+`, too
_BEHIND_PLUS = re.compile(r"\+[a-zA-Z2-7]{26}")


def hide(text: str, hashes: Container[str] = ()) -> str:
    """The text with each token replaced, and of a Message-ID that holds one all that follows it.

    `hashes`: SHA-256 of tokens that are known; these are replaced in any form, without a word of ours around them, too.
    """
    # most text has neither beginning of a token, and a list has thousands of lines
    if not text.isascii() or "maild" in text.lower() or _BEHIND_PLUS.search(text):
        text = _SECRET.sub(r"\1[token]", text)
    if not hashes:
        return text
    return APPROVAL_TOKEN_ALONE.sub(
        lambda match: "[token]" if token_hash(match[0]) in hashes else match[0], text
    )


def token_hash(token: str) -> str:
    """How tokens are stored: SHA-256, hex, of the lower-case token."""
    return hashlib.sha256(token.lower().encode()).hexdigest()
