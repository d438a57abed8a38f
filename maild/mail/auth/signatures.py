"""DKIM signatures (RFC 6376): our refusals in front, dkimpy for the cryptography."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from maild.mail.auth.block import Block
from maild.model import Reason

#: signatures looked at in one mail; more is an attempt to make us work
MOST = 5
MIN_KEY_BITS = 1024
_DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_SELECTOR = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?", re.ASCII)
_quiet = logging.getLogger("maild.dkimpy")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False
_quiet.setLevel(logging.CRITICAL)

#: DNS answers by name without the last dot: TXT strings, or None where DNS did not answer (temporary)
Answers = Mapping[str, tuple[bytes, ...] | None]


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature field as we read it. `refused` says why it proves nothing to us."""

    index: int
    domain: str
    selector: str
    signed: tuple[str, ...]
    refused: Reason | None = None
    value: str = ""  # of b=, without blanks: by which Authentication-Results name it (RFC 6008)

    @property
    def key_name(self) -> str:
        """Where the public key stands (RFC 6376, 3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}"


def tags(value: bytes) -> dict[str, str] | None:
    """A tag list (RFC 6376, 3.2), or None when it is malformed or a tag stands twice."""
    found: dict[str, str] = {}
    for part in value.decode("latin-1").split(";"):
        if not part.strip():
            continue
        name, equals, text = part.partition("=")
        name = name.strip()
        if not equals or name in found or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            return None
        found[name] = text.strip()
    return found


def signatures(block: Block) -> tuple[Signature, ...]:
    """The signatures of a mail in their order, each with our verdict on its form; none when there are too many:
    what is not looked at could be the one that somebody else looked at."""
    values = block.values("dkim-signature")
    if len(values) > MOST:
        return ()
    return tuple(_read(i, value) for i, value in enumerate(values))


def _read(index: int, value: bytes) -> Signature:
    found = tags(value)
    if found is None:
        return Signature(index, "", "", (), Reason("dkim-malformed", "the tag list cannot be read"))
    domain = "".join(found.get("d", "").split()).lower().rstrip(".")
    selector = "".join(found.get("s", "").split()).lower()
    names = tuple(n.strip().lower() for n in found.get("h", "").split(":") if n.strip())
    made = Signature(index, domain, selector, names, value="".join(found.get("b", "").split()))
    for refuse in REFUSALS.values():
        reason = refuse(made, found)
        if reason is not None:
            return replace(made, refused=reason)
    return made


def _names(made: Signature, found: dict[str, str]) -> Reason | None:
    if not _DOMAIN.fullmatch(made.domain) or not _SELECTOR.fullmatch(made.selector):
        return Reason("dkim-malformed", "d= or s= is no domain name")
    return None


def _sha1(made: Signature, found: dict[str, str]) -> Reason | None:
    # RFC 8301, 3.1: must not be accepted
    if found.get("a", "").lower() == "rsa-sha1":
        return Reason("dkim-sha1", f"d={made.domain}: rsa-sha1 proves nothing any more")
    return None


def _partial_body(made: Signature, found: dict[str, str]) -> Reason | None:
    if "l" in found:
        return Reason("dkim-l", f"d={made.domain}: l= leaves the end of the body unsigned")
    return None


def _no_from(made: Signature, found: dict[str, str]) -> Reason | None:
    # RFC 6376, 5.4
    if "from" not in made.signed:
        return Reason("dkim-from-unsigned", f"d={made.domain}: From is not signed")
    return None


#: what a signature must not be, whatever its cryptography says
REFUSALS: dict[str, Callable[[Signature, dict[str, str]], Reason | None]] = {
    "names": _names,
    "sha1": _sha1,
    "partial_body": _partial_body,
    "from_unsigned": _no_from,
}


def verify(raw: bytes, signature: Signature, answers: Answers) -> Reason | None:
    """None when the signature holds; otherwise why not. Raises nothing.

    A key that DNS could not give now is `dkim-temperror`: it may hold on another try.
    """
    import dkim  # slow to import, and most mails carry no signature that matters

    if signature.refused is not None:
        return signature.refused
    records = answers.get(signature.key_name)
    if records is None:
        return Reason("dkim-temperror", f"no answer from DNS for {signature.key_name}")
    if not records:
        return Reason("dkim-no-key", f"no key at {signature.key_name}")
    unfit = _unfit(records[0], signature)
    if unfit is not None:
        return unfit
    lookup: Callable[..., bytes] = lambda name, timeout=5: records[0]  # noqa: E731
    key = None
    try:
        key = dkim.DKIM(raw, logger=_quiet, minkey=MIN_KEY_BITS)
        holds = key.verify(idx=signature.index, dnsfunc=lookup)
    # dkimpy raises its own and, on crafted input, builtin errors: all mean "does not hold"
    except Exception as error:
        bits = getattr(key, "keysize", 0) or MIN_KEY_BITS
        if bits < MIN_KEY_BITS:
            return Reason("dkim-weak-key", f"d={signature.domain}: a key of {bits} bits")
        return Reason("dkim-fail", f"d={signature.domain}: {type(error).__name__}")
    return None if holds else Reason("dkim-fail", f"d={signature.domain}: the signature does not hold")


def _unfit(record: bytes, signature: Signature) -> Reason | None:
    """What the key record says against its own use (RFC 6376, 3.6.1)."""
    found = tags(record)
    if found is None:
        return Reason("dkim-no-key", f"the record at {signature.key_name} cannot be read")
    if "y" in _flags(found, "t"):
        return Reason("dkim-testing", f"d={signature.domain}: the key is marked as a test (t=y)")
    if not found.get("p"):
        return Reason("dkim-revoked", f"the key at {signature.key_name} was revoked")
    if "s" in found and not {"*", "email"} & set(_flags(found, "s")):
        return Reason("dkim-key-not-for-mail", f"the key at {signature.key_name} is for {found['s'][:40]}")
    if "h" in found and "sha256" not in _flags(found, "h"):
        return Reason("dkim-sha1", f"the key at {signature.key_name} allows {found['h'][:40]} only")
    return None


def _flags(found: dict[str, str], name: str) -> list[str]:
    return [flag.strip() for flag in found.get(name, "").split(":")]
