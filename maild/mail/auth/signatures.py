"""DKIM signature fields (RFC 6376) as we read them, and what a signature must not be, whatever its cryptography says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from maild.mail.auth.block import HeaderFields
from maild.mail.text.addresses import normal_domain
from maild.model import Reason
from maild.values import dataclass, replace

#: signatures looked at in one mail; more is an attempt to make us work
MOST = 5
#: RFC 8301 and RFC 8463
ALGORITHMS = ("rsa-sha256", "ed25519-sha256")
FORMS = ("simple", "relaxed")
_MOST_DOMAIN = 253
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_SELECTOR = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*", re.ASCII
)
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
    algorithm: str = ""
    header_form: str = "simple"
    body_form: str = "simple"
    body_hash: str = ""  # of bh=, without blanks
    identity: str = ""  # the domain of i=
    signed_at: int | None = None  # of t=, seconds since 1970
    ends_at: int | None = None  # of x=

    @property
    def key_name(self) -> str:
        """Where the public key stands (RFC 6376, 3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}"


def tags(value: bytes) -> dict[str, str] | None:
    """A tag list (RFC 6376, 3.2), or None when it is malformed or a tag stands twice."""
    values: dict[str, str] = {}
    for part in value.decode("latin-1").split(";"):
        if not part.strip():
            continue
        name, equals, text = part.partition("=")
        name = name.strip()
        if not equals or name in values or not _TAG.fullmatch(name):
            return None
        values[name] = text.strip()
    return values


def signatures(block: HeaderFields) -> tuple[Signature, ...]:
    """The signatures of a mail in their order, each with our verdict on its form; none when there are too many:
    what is not looked at could be the one that somebody else looked at."""
    values = block.values("dkim-signature")
    if len(values) > MOST:
        return ()
    return tuple(_read(i, value) for i, value in enumerate(values))


def _read(index: int, value: bytes) -> Signature:
    values = tags(value)
    if values is None:
        return Signature(index, "", "", (), Reason("dkim-malformed", "the tag list cannot be read"))
    domain = normal_domain(_joined(values, "d")) or ""
    forms = (_joined(values, "c").lower() or "simple").split("/")
    made = Signature(
        index, domain, _joined(values, "s").lower(),
        tuple(n.strip().lower() for n in values.get("h", "").split(":") if n.strip()), None, _joined(values, "b"),
        _joined(values, "a").lower(), forms[0], forms[1] if len(forms) > 1 else "simple", _joined(values, "bh"),
        normal_domain(_joined(values, "i").rpartition("@")[2] or domain) or "", _seconds(values, "t"), _seconds(values, "x"),
    )  # fmt: skip
    for refuse in REFUSALS.values():
        reason = refuse(made, values)
        if reason is not None:
            return replace(made, refused=reason)
    return made


def _joined(values: dict[str, str], name: str) -> str:
    return "".join(values.get(name, "").split())


def _seconds(values: dict[str, str], name: str) -> int | None:
    said = values.get(name, "")
    return int(said) if _SECONDS.fullmatch(said) else None


def _names(made: Signature, _found: dict[str, str]) -> Reason | None:
    if max(len(made.domain), len(made.selector)) > _MOST_DOMAIN:
        return Reason("dkim-malformed", "d= or s= is too long for a domain name")
    if not _DOMAIN.fullmatch(made.domain) or not _SELECTOR.fullmatch(made.selector):
        return Reason("dkim-malformed", "d= or s= is no domain name")
    return None


def _partial_body(made: Signature, values: dict[str, str]) -> Reason | None:
    if "l" in values:
        return Reason("dkim-l", f"d={made.domain}: l= leaves the end of the body unsigned")
    return None


def _no_from(made: Signature, _found: dict[str, str]) -> Reason | None:
    # RFC 6376, 5.4
    if "from" not in made.signed:
        return Reason("dkim-from-unsigned", f"d={made.domain}: From is not signed")
    return None


def _form(made: Signature, values: dict[str, str]) -> Reason | None:
    # RFC 8301, 3.1: must not be accepted; the check knows no SHA-1 either
    if made.algorithm == "rsa-sha1":
        return Reason("dkim-sha1", f"d={made.domain}: rsa-sha1 proves nothing any more")
    # RFC 6376, 3.5: what stands there must be what we know
    if values.get("v") != "1" or made.algorithm not in ALGORITHMS or not made.value or not made.body_hash:
        return Reason("dkim-malformed", f"d={made.domain}: v=, a=, b= or bh= is missing or unknown")
    if made.header_form not in FORMS or made.body_form not in FORMS:
        return Reason("dkim-malformed", f"d={made.domain}: c= is unknown")
    if "q" in values and "dns/txt" not in values["q"].lower().replace(" ", "").split(":"):
        return Reason("dkim-malformed", f"d={made.domain}: q= is unknown")
    if made.identity != made.domain and not made.identity.endswith("." + made.domain):
        return Reason("dkim-malformed", f"d={made.domain}: i= is of another domain")
    if any(tag in values and _seconds(values, tag) is None for tag in ("t", "x")):
        return Reason("dkim-malformed", f"d={made.domain}: t= or x= is no time")
    return None


#: what a signature must not be, whatever its cryptography says
REFUSALS: dict[str, Callable[[Signature, dict[str, str]], Reason | None]] = {
    "names": _names,
    "partial_body": _partial_body,
    "from_unsigned": _no_from,
    "form": _form,
}
