"""DKIM keys and signatures for tests: of the customer, of strangers, weak ones."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

#: a key of 768 bits, which nothing makes any more; it protects nothing
WEAK = b"""\
-----BEGIN RSA PRIVATE KEY-----
MIIBywIBAAJhAOIgRdeZEpTWDBCED4lEosJVKSvkLzr5SAvFlzmQLwBAe3iSrC6h
2vJOLjdbGPNKtO713MOCqhIvz1/+1oI7P4haIvsksMlwlTVZxoubKSg05fqJgRX0
gSZC6tnANoYYEwIDAQABAmBkfPsMqJW9VrHd1RIiakH6ImY9fxYOGyGNOa3Oguig
MAeuuV+TCZKHA38+UllwJM4VBlSjFCN9qSJcycsDWK1r0cmlGufMioqjBFsw0KKv
wvPXl7720jNJEwXLdelp3aECMQD+ZMTOyPv7AxwE9DXMJ4dL6n+uIkb8N5hXClxx
lQU163XFmryyZ9FNmUETZ/HCo98CMQDjjc8gkCIsTN8u6hJEnlBMedtJCBDsCZBr
1ozUVqBEywGkLrxijgokw40G+LIu8k0CMF2dTYNfGMM9WLFGAQoYvcQlDklRWdf0
yX22VWCC20EFXfiSwb/RToeEzxrKFIBw9wIxALXkSua6j7ZdlCEKFaQn8APRfAl6
mxwx4PFyRIwO2nli1GMKwKb+5vjQH1CtRrDkGQIxAK9FV1cybEmO3OmQRY+Lh2ly
8dt/krXcLQA6C5j9AgwUqxkree/clgf0lQyfbLE2yQ==
-----END RSA PRIVATE KEY-----
"""
WEAK_PUBLIC = (
    b"MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAOIgRdeZEpTWDBCED4lEosJVKSvkLzr5SAvFlzmQLwBAe3iSrC6h2vJOLj"
    b"dbGPNKtO713MOCqhIvz1/+1oI7P4haIvsksMlwlTVZxoubKSg05fqJgRX0gSZC6tnANoYYEwIDAQAB"
)

#: what a careful sender signs
GOOD = ("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
        "content-type", "content-transfer-encoding")  # fmt: skip


@dataclass(frozen=True)
class Key:
    """A private key (PEM) and its DNS record."""

    private: bytes
    record: bytes


@cache
def strong() -> Key:
    """2048 bits; made once a run."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    der = made.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(pem, b"v=DKIM1; k=rsa; p=" + b64encode(der))


@cache
def strangers() -> Key:
    """Another 2048 bits."""
    return strong.__wrapped__()


def weak() -> Key:
    return Key(WEAK, b"v=DKIM1; k=rsa; p=" + WEAK_PUBLIC)


def sign(
    raw: bytes,
    domain: str = "acme.example",
    *,
    selector: str = "s1",
    key: Key | None = None,
    fields: Sequence[str] = GOOD,
    length: bool = False,
    algorithm: bytes = b"rsa-sha256",
    canonical: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
) -> bytes:
    """The mail with a DKIM-Signature on top that covers those of `fields` which it has."""
    head = raw.partition(b"\r\n\r\n")[0].lower()
    there = [
        f.encode() for f in fields if head.startswith(f.encode() + b":") or b"\n" + f.encode() + b":" in head
    ]
    made = dkim.DKIM(raw)
    line = made.sign(
        selector.encode(), domain.encode(), (key or strong()).private, signature_algorithm=algorithm,
        include_headers=there, length=length, canonicalize=canonical,
    )  # fmt: skip
    return bytes(line) + raw
