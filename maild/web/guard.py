"""What keeps the page shut: form tokens, rates, the client's address behind a proxy, headers of every answer."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Sequence
from urllib.parse import quote

#: no script, no frame, nothing from elsewhere; our own style sheet only (CSP Level 3)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
REQUESTS_PER_MINUTE = 60
LINKS_PER_HOUR = 10


def form_token(key: bytes, cookie: str) -> str:
    """The token of every form of one session: only who holds the cookie's page knows it."""
    return hmac.new(key, b"maild form " + cookie.encode(), hashlib.sha256).hexdigest()


def fits(key: bytes, cookie: str, token: str) -> bool:
    """Whether a form came from a page of this session."""
    return bool(cookie) and hmac.compare_digest(form_token(key, cookie).encode(), token.encode())


class Rate:
    """At most `limit` in any `seconds` for each key. Keeps the `keys` that were used last, so that a flood of
    addresses costs a bounded memory."""

    def __init__(self, limit: int, seconds: float, now: Callable[[], float], keys: int = 20_000) -> None:
        self._limit, self._seconds, self._now, self._keys = limit, seconds, now, keys
        self._windows: OrderedDict[str, tuple[float, int, int]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count one more; False when it is one too many. A window that slides: what the last one held counts in
        proportion to what of it is still within reach."""
        at = self._now()
        start, count, before = self._windows.pop(key, (at, 0, 0))
        passed = int((at - start) / self._seconds)
        if passed:
            start, before, count = start + passed * self._seconds, count if passed == 1 else 0, 0
        reach = before * (1 - (at - start) / self._seconds) + count
        allowed = reach < self._limit
        self._windows[key] = (start, count + allowed, before)
        while len(self._windows) > self._keys:
            self._windows.popitem(last=False)
        return allowed


def client_address(peer: str, forwarded: Sequence[str], trusted: Sequence[str]) -> str:
    """Whom a request comes from: the nearest address in X-Forwarded-For that is no proxy of ours.

    `forwarded`: the values of the field, in order. Nothing of it is believed where the peer is not trusted, and
    nothing left of the first address that is not.
    """
    if not _is_trusted(peer, trusted):
        return peer
    hops = [hop.strip() for value in forwarded for hop in value.split(",")][-20:]
    for hop in reversed(hops):
        try:
            ipaddress.ip_address(hop)
        except ValueError:
            return peer
        if not _is_trusted(hop, trusted):
            return hop
    return peer


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    try:
        peer = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(peer in ipaddress.ip_network(one, strict=False) for one in trusted)


def disposition(name: str) -> str:
    """Content-Disposition for a customer's file name, which is data (RFC 6266, 4.3; RFC 8187, 3.2)."""
    plain = (
        "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name).lstrip(".-")
        or "file"
    )
    return f"attachment; filename=\"{plain[:100]}\"; filename*=UTF-8''{quote(name[:150], safe='')}"
