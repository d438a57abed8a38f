"""Authentication-Results (RFC 8601) of a source that configuration believes, and of no other.

Anybody can write such a header. It counts when the mail came from the source that is configured to be
believed, and stands where only that source writes: above the line at which the mail entered it.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from maild.mail.auth.block import HeaderFields
from maild.mail.text.addresses import normal_domain
from maild.model import Envelope
from maild.settings import Settings
from maild.values import dataclass

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
_BY = re.compile(rb"(?:^|\s)by\s+([A-Za-z0-9._:-]+)")
_FROM = re.compile(rb"^\s*from\s+([A-Za-z0-9._:\[\]-]+)")
_PARENTHESES = re.compile(rb"(\\.|[()])", re.DOTALL)
_RESULT = re.compile(r"([a-z0-9-]+)(?:/[0-9]+)?=([a-z]+)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class DkimPass:
    """A `dkim=pass`: header.d or header.i, header.s, and the beginning of b= (RFC 6008), where they are said."""

    domain: str
    selector: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Believed:
    """What a believed source says."""

    source: str
    dmarc: str  # pass, fail, none, temperror ...; "" where nothing, or nothing certain, is said
    header_from: str
    dkim: tuple[DkimPass, ...] = ()


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


def believed(block: HeaderFields, source: str, *, relay: bool = False) -> Believed | None:
    """The topmost results of `source` above the line at which the mail entered it, or None.

    A trusted relay (`relay`), and any host but those of `PROVIDERS`, writes them above its own Received line.
    Microsoft writes them above the line at which the mail came in from outside, Google directly below it.
    """
    if not source:
        return None
    hosts = () if relay else PROVIDERS.get(source, ())
    entered = False
    for name, value in block.fields:
        if name == "authentication-results":
            result = _read(value, source, unnamed="outlook.com" in hosts)
            if result is not None:
                return result
        if name == "received":
            if entered or not _by(value, hosts):
                return None
            entered = _from_outside(value, hosts)
            if entered and source != "mx.google.com":
                return None
        elif entered and name not in ("received-spf", "authentication-results"):
            return None
        if not name.startswith(_TRACE):
            return None
    return None


def _plain(received: bytes) -> bytes:
    """Without comments, nested ones too (RFC 5322, 3.2.2): the host names in them are the client's words.

    One that is never closed hides all that follows.
    """
    if b"(" not in received:
        return received
    kept: list[bytes] = []
    depth = 0
    for piece in _PARENTHESES.split(received):
        if piece == b"(":
            depth += 1
            kept.append(b" ")
        elif piece == b")" and depth:
            depth -= 1
        elif not depth:
            kept.append(piece)
    return b"".join(kept)


def _by(received: bytes, hosts: tuple[str, ...]) -> bool:
    """Whether a Received line was written by one of the provider's own hosts."""
    match = _BY.search(_plain(received)) if hosts else None
    return match is not None and _own(match[1], hosts)


def _from_outside(received: bytes, hosts: tuple[str, ...]) -> bool:
    """Whether the provider took the mail from a host that is none of its own."""
    match = _FROM.match(_plain(received))
    return match is not None and not _own(match[1], hosts)


def _own(name: bytes, hosts: tuple[str, ...]) -> bool:
    host = name.decode("ascii", "replace").lower().rstrip(".")
    # Google's inner hops are written by bare IPv6 addresses of its 2002: (6to4) space
    if "google.com" in hosts and host.startswith("2002:"):
        return True
    return any(host == h or host.endswith("." + h) for h in hosts)


def _read(value: bytes, source: str, *, unnamed: bool) -> Believed | None:
    """One header of that source; Microsoft 365 writes no authserv-id (`unnamed`): its first part is a result.

    Where it is not certain what belongs to what, it says nothing: an envelope sender such as
    `"x; dmarc=pass"@evil.example` stands in it too.
    """
    parts = _parts(value.decode("latin-1"))
    head = (parts[0] if parts else value.decode("latin-1")).split()
    identity = head[0].lower() if head else ""
    if "=" in identity:
        if not unnamed:
            return None
        results = parts or []
    elif identity.partition(";")[0] == source.lower():
        results = parts[1:] if parts else []
    else:
        return None
    dmarc: list[tuple[str, str]] = []
    passed: list[DkimPass] = []
    for result in results:
        match = _RESULT.match(result)
        if match is None:
            continue
        method, verdict = match[1].lower(), match[2].lower()
        values = {k.lower(): v.strip('"') for k, _, v in (w.partition("=") for w in result.split()[1:])}
        if method == "dmarc":
            dmarc.append((verdict, normal_domain(values.get("header.from", "")) or ""))
        elif method == "dkim" and verdict == "pass":
            domain = normal_domain(values.get("header.d") or values.get("header.i", "").rpartition("@")[2])
            if domain:
                passed.append(
                    DkimPass(
                        domain,
                        values.get("header.s", "").lower(),
                        values.get("header.b", ""),
                    )
                )
    verdict, header_from = dmarc[0] if len(dmarc) == 1 else ("", "")
    return Believed(source, verdict, header_from, tuple(passed))


def _parts(text: str) -> list[str] | None:
    """The parts between semicolons, without comments (RFC 8601, 2.2); None where quoting is not certain.

    A backslash, or a quote inside a comment, has no honest use here and is how a sender would get out of one.
    """
    parts, current = [], []
    depth, quoted = 0, False
    for c in text:
        if c == "\\" or (c == '"' and depth):
            return None
        if c == '"':
            quoted = not quoted
        if quoted or (depth == 0 and c not in "();"):
            # what stands between quotes is one word
            current.append("_" if quoted and c in " ;()\t" else c)
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            current.append(" ")
        elif depth == 0:
            parts.append("".join(current).strip())
            current = []
        if depth < 0:
            return None
    if depth or quoted:
        return None
    return [*parts, "".join(current).strip()]
