"""TXT look-ups: asynchronous, cached, limited in time. None means "DNS did not answer", () "there is none"."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import dns.asyncresolver
import dns.exception
import dns.rdatatype
import dns.resolver

from maild.errors import ConfigError

#: seconds an answer is kept at least and at most, whatever its TTL says
SHORTEST, LONGEST = 30.0, 3600.0
#: seconds that "there is none" is kept
NEGATIVE = 120.0
ENTRIES = 20_000
#: after so many look-ups in a row without an answer nothing is asked for a while
PATIENCE, REST = 3, 20.0


def resolver_of(address: str) -> dns.asyncresolver.Resolver:
    """A resolver for `host:port`, or the system's for "". Raises `ConfigError`."""
    if not address:
        try:
            return dns.asyncresolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            raise ConfigError(
                "no DNS server is configured on this machine; [authentication] resolver names one"
            ) from None
    host, _, port = (
        address.rpartition(":") if address.count(":") == 1 or "]" in address else (address, "", "")
    )
    made = dns.asyncresolver.Resolver(configure=False)
    try:
        made.nameservers = [host.strip("[]")]
        made.port = int(port) if port else 53
    except ValueError as error:
        raise ConfigError(
            f"[authentication] resolver: {address!r} is no address ({error}); write 127.0.0.1:5353"
        ) from None
    return made


class TxtLookup:
    """Cached TXT answers. One instance a daemon, used from its event loop only."""

    def __init__(
        self, address: str, timeout: float, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = address
        self._timeout = timeout
        self._monotonic = monotonic
        self._cache: OrderedDict[str, tuple[float, tuple[bytes, ...]]] = OrderedDict()
        self._running: dict[str, asyncio.Task[tuple[bytes, ...] | None]] = {}
        self._resolver: dns.asyncresolver.Resolver | None = None
        self._silent = 0
        self._rest_until = 0.0

    async def many(self, names: Iterable[str]) -> dict[str, tuple[bytes, ...] | None]:
        """All names at once, within the time limit; what has no answer by then is None."""
        found: dict[str, tuple[bytes, ...] | None] = {}
        waiting: dict[str, asyncio.Task[tuple[bytes, ...] | None]] = {}
        for name in dict.fromkeys(names):
            cached = self._cached(name)
            if cached is not None:
                found[name] = cached
            elif self._resting():
                found[name] = None
            else:
                waiting[name] = self._start(name)
        if waiting:
            # the look-ups go on after the limit: the next mail finds their answers in the cache
            await asyncio.wait(waiting.values(), timeout=self._timeout)
            for name, task in waiting.items():
                found[name] = task.result() if task.done() and not task.cancelled() else None
        return found

    def _start(self, name: str) -> asyncio.Task[tuple[bytes, ...] | None]:
        task = self._running.get(name)
        if task is None:
            task = self._running[name] = asyncio.create_task(self._ask(name), name=f"dns {name}")
            task.add_done_callback(lambda _: self._running.pop(name, None))
        return task

    def _cached(self, name: str) -> tuple[bytes, ...] | None:
        entry = self._cache.get(name)
        if entry is None or entry[0] < self._monotonic():
            return None
        self._cache.move_to_end(name)
        return entry[1]

    def _resting(self) -> bool:
        return self._silent >= PATIENCE and self._monotonic() < self._rest_until

    async def _ask(self, name: str) -> tuple[bytes, ...] | None:
        if self._resolver is None:
            self._resolver = resolver_of(self._address)
        try:
            answer = await self._resolver.resolve(
                name.rstrip(".") + ".",
                dns.rdatatype.TXT,
                lifetime=max(self._timeout * 2, 1.0),
                raise_on_no_answer=False,
            )
            texts = tuple(b"".join(r.strings) for r in answer.rrset or ())
            ttl = min(max(float(answer.rrset.ttl if answer.rrset else NEGATIVE), SHORTEST), LONGEST)
        except dns.resolver.NXDOMAIN:
            texts, ttl = (), NEGATIVE
        except (dns.exception.DNSException, OSError, UnicodeError, ValueError):
            self._silent += 1
            self._rest_until = self._monotonic() + REST
            return None
        self._silent = 0
        self._keep(name, texts, ttl)
        return texts

    def _keep(self, name: str, texts: tuple[bytes, ...], ttl: float) -> None:
        self._cache[name] = (self._monotonic() + ttl, texts)
        while len(self._cache) > ENTRIES:
            self._cache.popitem(last=False)

    async def close(self) -> None:
        """End look-ups that are still under way."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
