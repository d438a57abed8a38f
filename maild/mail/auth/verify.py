"""Whether a DKIM signature holds (RFC 6376, section 6): our own canonical forms, the cryptography of a library.

What it costs is bounded by the mail's size: a key's size and the number of keys tried are, too.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime, timedelta

from maild.mail.auth.canonical import CanonicalMail
from maild.mail.auth.signatures import Answers, Signature, tags
from maild.model import Reason

MIN_KEY_BITS = 1024
#: of a key record: 8,192 bits and what stands around them. RFC 8301, 3.2 asks for no more than 4,096
MOST_KEY_BYTES = 2_048
#: TXT rows at a key's name that are tried: a name may hold a wildcard's, an old and a new one
MOST_ROWS = 5
#: how far a signer's clock may be ahead, and a signature beyond its end
AHEAD, PAST_END = timedelta(hours=10), timedelta(minutes=5)

#: what checks a digest: a key of the library in a function
Check = Callable[[bytes, bytes], bool]


class UnusableKey(Exception):
    """A key record that cannot be used for this signature; `reason` says why. Never leaves this module."""

    def __init__(self, code: str, evidence: str) -> None:
        super().__init__(code, evidence)
        self.reason = Reason(code, evidence)


def verify(
    letter: CanonicalMail, signature: Signature, answers: Answers, received_at: datetime
) -> Reason | None:
    """None when the signature holds; otherwise why not. Raises nothing.

    A key that DNS could not give now is `dkim-temperror`: it may hold on another try. Its times are compared with the
    reception, so that a mail which waits for DNS does not grow too old.
    """
    if signature.refused is not None:
        return signature.refused
    late = _out_of_time(signature, received_at)
    if late is not None:
        return late
    records = answers.get(signature.key_name)
    if records is None:
        return Reason("dkim-temperror", f"no answer from DNS for {signature.key_name}")
    if not records:
        return Reason("dkim-no-key", f"no key at {signature.key_name}")
    failed = [_by_key(letter, signature, record) for record in records[:MOST_ROWS]]
    return None if None in failed else failed[0]


def _by_key(letter: CanonicalMail, signature: Signature, record: bytes) -> Reason | None:
    try:
        check = _key(record, signature)
    except UnusableKey as unfit:
        return unfit.reason
    fails = Reason("dkim-fail", f"d={signature.domain}: the signature does not hold")
    said, value = _base64(signature.body_hash), _base64(signature.value)
    if said is None or value is None:
        return Reason("dkim-malformed", f"d={signature.domain}: bh= or b= is no base64")
    if letter.body_hash(signature.body_form) != said:
        return Reason("dkim-fail", f"d={signature.domain}: the body is not what was signed")
    # one From more than the mail has: a field that was added above would break the signature
    names = (*signature.signed, "from")
    return None if check(value, letter.header_hash(signature.header_form, names, signature.index)) else fails


def _out_of_time(signature: Signature, received_at: datetime) -> Reason | None:
    """RFC 6376, 3.5, t= and x=."""
    now = received_at.timestamp()
    if signature.signed_at is not None and signature.signed_at > now + AHEAD.total_seconds():
        return Reason("dkim-in-future", f"d={signature.domain}: t={signature.signed_at}")
    if signature.ends_at is not None and signature.ends_at < now - PAST_END.total_seconds():
        return Reason("dkim-expired", f"d={signature.domain}: x={signature.ends_at}")
    return None


def _key(record: bytes, signature: Signature) -> Check:
    """The key of a record that may be used for this signature (RFC 6376, 3.6.1; RFC 8463). Raises `UnusableKey`."""
    name = signature.key_name
    values = tags(record) if len(record) <= 2 * MOST_KEY_BYTES else None
    if values is None or values.get("v", "DKIM1") != "DKIM1":
        raise UnusableKey("dkim-no-key", f"the record at {name} cannot be read")
    refused = forbids(values, signature)
    if refused is not None:
        raise UnusableKey(refused.code, refused.evidence)
    kind = values.get("k", "rsa").lower()
    data = _base64("".join(values["p"].split()))
    if kind != signature.algorithm.partition("-")[0] or data is None:
        raise UnusableKey("dkim-no-key", f"the record at {name} holds no {signature.algorithm} key")
    try:
        return _ed25519(data) if kind == "ed25519" else _rsa(data, signature.domain)
    except (ValueError, TypeError) as problem:
        raise UnusableKey(
            "dkim-no-key", f"the key at {name} cannot be read: {type(problem).__name__}"
        ) from None


def forbids(values: dict[str, str], signature: Signature) -> Reason | None:
    """What a key record says against its own use for this signature (RFC 6376, 3.6.1)."""
    domain, name = signature.domain, signature.key_name
    if not values.get("p"):
        return Reason("dkim-revoked", f"the key at {name} was revoked")
    if "y" in _flags(values, "t"):
        return Reason("dkim-testing", f"d={domain}: the key is marked as a test (t=y)")
    if "s" in _flags(values, "t") and signature.identity != domain:
        return Reason("dkim-key-not-for-mail", f"the key at {name} is for {domain} itself only (t=s)")
    if "s" in values and not {"*", "email"} & set(_flags(values, "s")):
        return Reason("dkim-key-not-for-mail", f"the key at {name} is for {values['s'][:40]}")
    if "h" in values and "sha256" not in _flags(values, "h"):
        return Reason("dkim-sha1", f"the key at {name} allows {values['h'][:40]} only")
    return None


def _rsa(data: bytes, domain: str) -> Check:
    # slow to import, and most mails carry no signature that matters
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(data)
    except UnsupportedAlgorithm as problem:
        raise ValueError(str(problem)) from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("no RSA key")
    if key.key_size < MIN_KEY_BITS:
        raise UnusableKey("dkim-weak-key", f"d={domain}: a key of {key.key_size} bits")
    made = key

    def check(value: bytes, digest: bytes) -> bool:
        try:
            made.verify(value, digest, padding.PKCS1v15(), utils.Prehashed(SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True

    return check


def _ed25519(data: bytes) -> Check:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = Ed25519PublicKey.from_public_bytes(data)

    def check(value: bytes, digest: bytes) -> bool:
        try:
            key.verify(value, digest)
        except InvalidSignature:
            return False
        return True

    return check


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _flags(values: dict[str, str], name: str) -> list[str]:
    return [flag.strip() for flag in values.get(name, "").split(":")]
