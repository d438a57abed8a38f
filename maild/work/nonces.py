"""Unguessable text: the one place where work/ draws from the system's source of chance."""

from __future__ import annotations

import base64
import secrets


def nonce() -> str:
    """For the Message-ID of an outgoing mail: 100 bits, a-z and 2-7."""
    return _base32(13)[:20]


def token() -> str:
    """An approval token: 130 bits in the shape of `maild.decide.ids.APPROVAL_TOKEN`."""
    return _base32(17)[:26]


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode("ascii").lower()
