"""Authentication-Results (RFC 8601) of a source that configuration believes, and of no other.

Anybody can write such a header. It counts when the mail came from the source that is configured to be
believed, and stands where only that source writes: above the line at which the mail entered it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from maild.auth.block import Block
from maild.model import Envelope
from maild.settings import Settings

#: providers whose own Received lines stand above the header: name in config -> ends of their `by` hosts.
#: They always write the header, so the topmost one is theirs.
PROVIDERS = {
    "mx.google.com": ("google.com", "googlemail.com"),
    "outlook.com": ("outlook.com", "office365.com", "protection.outlook.com"),
}
#: fields that a receiving system writes above the author's own
_TRACE = ("delivered-to", "received", "x-received", "return-path", "received-spf", "authentication-results", "x-original-to",
          "x-gm-", "x-google-", "x-ms-", "x-forefront-", "x-microsoft-", "x-eop", "arc-", "x-forwarded-", "envelope-to",
          "x-dovecot-", "x-sieve")  # fmt: skip
_BY = re.compile(rb"\bby\s+([A-Za-z0-9._:-]+)")
_COMMENT = re.compile(rb"\([^()]{0,500}\)")


@dataclass(frozen=True, slots=True)
class Believed:
    """What a believed source says."""

    source: str
    dmarc: str  # pass, fail, none, temperror ...
    dkim_domains: tuple[str, ...]  # of dkim=pass
    header_from: str


def believed_source(envelope: Envelope, settings: Settings) -> str:
    """The authserv-id that mail by this way is believed for; "" = nobody's."""
    if envelope.source == "smtp":
        return _relay(envelope.peer, settings)
    name = envelope.source.removeprefix("imap:")
    if name != envelope.source:
        return next((b.trust_results_of for b in settings.imap if b.name == name), "")
    return ""


def _relay(peer: str, settings: Settings) -> str:
    try:
        address = ip_address(peer.split("%")[0])
    except ValueError:
        return ""
    for network, name in settings.smtp.trusted_relays.items():
        try:
            if address in ip_network(network, strict=False):
                return name
        except ValueError:
            continue
    return ""


def believed(block: Block, source: str) -> Believed | None:
    """The topmost results of `source` above the line at which the mail entered it, or None."""
    if not source:
        return None
    hosts = PROVIDERS.get(source, ())
    for name, value in block.fields:
        if name == "authentication-results":
            found = _read(value, source)
            if found is not None:
                return found
        if name == "received" and not _by(value, hosts):
            return None
        if not name.startswith(_TRACE):
            return None
    return None


def _by(received: bytes, hosts: tuple[str, ...]) -> bool:
    """Whether a Received line was written by one of the provider's own hosts."""
    if not hosts:
        return False
    found = _BY.search(received)
    if found is None:
        return False
    host = found[1].decode("ascii", "replace").lower().rstrip(".")
    # Google's inner hops are written by bare IPv6 addresses of its 2002: (6to4) space
    if "google.com" in hosts and host.startswith("2002:"):
        return True
    return any(host == h or host.endswith("." + h) for h in hosts)


def _read(value: bytes, source: str) -> Believed | None:
    """One header of that source; Microsoft 365 writes no authserv-id (its first part is a result)."""
    parts = [p.strip() for p in _COMMENT.sub(b" ", value).split(b";")]
    head = parts[0].split()
    identity = head[0].decode("latin-1").lower() if head else ""
    if "=" in identity:
        if source != "outlook.com":
            return None
        results = parts
    else:
        if identity != source.lower():
            return None
        results = parts[1:]
    dmarc, header_from = "", ""
    domains: list[str] = []
    for result in results:
        words = result.decode("latin-1").lower().split()
        if not words:
            continue
        method, _, verdict = words[0].partition("=")
        values = dict(w.partition("=")[::2] for w in words[1:])
        if method == "dmarc" and not dmarc:
            dmarc, header_from = verdict, values.get("header.from", "").rstrip(".")
        elif method == "dkim" and verdict == "pass":
            domain = values.get("header.d") or values.get("header.i", "").rpartition("@")[2]
            domains.append(domain.rstrip("."))
    return Believed(source, dmarc, tuple(d for d in domains if d), header_from)
