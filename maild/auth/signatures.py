"""DKIM signatures (RFC 6376): our refusals in front, dkimpy for the cryptography."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from maild.auth.block import Block
from maild.model import Reason

#: signatures looked at in one mail; more is an attempt to make us work
MOST = 5
MIN_KEY_BITS = 1024
_DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_quiet = logging.getLogger("maild.dkimpy")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False

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
    """The signatures of a mail in their order, each with our verdict on its form."""
    return tuple(_read(i, value) for i, value in enumerate(block.values("dkim-signature")[:MOST]))


def _read(index: int, value: bytes) -> Signature:
    found = tags(value)
    if found is None:
        return Signature(index, "", "", (), Reason("dkim-malformed", "the tag list cannot be read"))
    domain = "".join(found.get("d", "").split()).lower().rstrip(".")
    selector = "".join(found.get("s", "").split()).lower()
    names = tuple(n.strip().lower() for n in found.get("h", "").split(":") if n.strip())
    made = Signature(index, domain, selector, names)
    refused = _refused(found, domain, selector, names)
    return Signature(index, domain, selector, names, refused) if refused else made


def _refused(found: dict[str, str], domain: str, selector: str, names: tuple[str, ...]) -> Reason | None:
    if not _DOMAIN.fullmatch(domain) or not re.fullmatch(
        r"[a-z0-9_](?:[a-z0-9_.-]{0,61}[a-z0-9_])?", selector
    ):
        return Reason("dkim-malformed", "d= or s= is no domain name")
    if found.get("a", "").lower() == "rsa-sha1":
        # RFC 8301, 3.1: must not be accepted
        return Reason("dkim-sha1", f"d={domain}: rsa-sha1 proves nothing any more")
    if "l" in found:
        return Reason("dkim-l", f"d={domain}: l= leaves the end of the body unsigned")
    if "from" not in names:
        return Reason("dkim-from-unsigned", f"d={domain}: From is not signed")
    return None


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
    lookup: Callable[..., bytes] = lambda name, timeout=5: records[0]  # noqa: E731
    try:
        key = dkim.DKIM(raw, logger=_quiet, minkey=MIN_KEY_BITS)
        holds = key.verify(idx=signature.index, dnsfunc=lookup)
    except (
        Exception
    ) as error:  # dkimpy raises its own and, on crafted input, builtin errors: all mean "does not hold"
        return Reason("dkim-fail", f"d={signature.domain}: {type(error).__name__}")
    if _testing(records[0]):
        return Reason("dkim-testing", f"d={signature.domain}: the key is marked as a test (t=y)")
    if not holds:
        weak = getattr(key, "keysize", MIN_KEY_BITS) or MIN_KEY_BITS
        if weak < MIN_KEY_BITS:
            return Reason("dkim-weak-key", f"d={signature.domain}: a key of {weak} bits")
        return Reason("dkim-fail", f"d={signature.domain}: the signature does not hold")
    return None


def _testing(record: bytes) -> bool:
    """RFC 6376, 3.6.1, t=y: treat as unsigned."""
    found = tags(record)
    return found is not None and "y" in [f.strip() for f in found.get("t", "").split(":")]
