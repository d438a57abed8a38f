"""Unguessable text: the one place where work/ draws from the system's source of chance."""

from __future__ import annotations

import hashlib
import secrets

from maild.mail.own_ids import base32


def nonce() -> str:
    """For the Message-ID of an outgoing mail: 100 bits, a-z and 2-7."""
    return base32(secrets.token_bytes(15))[:20]


def token() -> str:
    """An approval token: 130 bits in the shape of `maild.mail.own_ids.APPROVAL_TOKEN`."""
    return base32(secrets.token_bytes(20))[:26]


def instance_of(secret: bytes) -> str:
    """This desk's mark in X-Maild-Instance: the same for all its daemons, and tells nothing of the secret."""
    return hashlib.sha256(b"maild instance\0" + secret).hexdigest()[:24]
