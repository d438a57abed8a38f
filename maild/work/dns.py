"""TXT look-ups: asynchronous, cached, limited in time. None means "DNS did not answer", () "there is none".

Two kinds of silence are kept apart. A zone whose servers fail (a stranger's, mostly) rests alone: its names are not
asked for a while. A resolver that answers nothing at all is found out by asking it for the root, which each of them
knows, and rests for all names until it answers that.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
from tenacity import AsyncRetrying, retry_if_result

from maild.errors import ConfigError
from maild.pauses import SILENT
from maild.values import dataclass
from maild.work.logs import Log

log = Log("maild.work.dns")

#: seconds an answer is kept at least and at most, whatever its TTL says
SHORTEST, LONGEST = 30.0, 3600.0
#: seconds that "there is none" is kept
NEGATIVE = 120.0
ENTRIES = 20_000
#: after so many failures in a row a zone is not asked for a while, or the resolver is looked at
PATIENCE, REST = 3, 20.0
ZONES = 5_000
#: look-ups under way for zones that never answered; those that did are asked in any case
STRANGERS = 256


@dataclass(slots=True)
class _Zone:
    """What is known of a zone's servers."""

    failures: int = 0
    rests_until: float = 0.0
    answered: bool = False


def zone_of(name: str) -> str:
    """The domain that a name of DKIM or DMARC is about.

    >>> zone_of("s1._domainkey.mail.acme.example"), zone_of("_dmarc.acme.example")
    ('mail.acme.example', 'acme.example')
    """
    return name.rpartition("._domainkey.")[2].removeprefix("_dmarc.")


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
            f"[authentication] resolver: {address!r} is not an address ({error}); write 127.0.0.1:5353"
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
        self._zones: OrderedDict[str, _Zone] = OrderedDict()
        self._running: dict[str, asyncio.Task[tuple[bytes, ...] | None]] = {}
        self._strangers = 0
        self._resolver: dns.asyncresolver.Resolver | None = None
        self._unheard = 0  # look-ups in a row to which not even a refusal came back
        self._looking: asyncio.Task[None] | None = None
        self.silent = False  # the resolver: nothing is asked

    async def many(self, names: Iterable[str]) -> dict[str, tuple[bytes, ...] | None]:
        """All names at once, within the time limit; what has no answer by then is None."""
        answers, unknown = self._known(names)
        waiting = {name: self._start(name) for name in unknown}
        if waiting:
            # the look-ups go on after the limit: the next mail finds their answers in the cache
            await asyncio.wait(waiting.values(), timeout=self._timeout)
            for name, task in waiting.items():
                answers[name] = task.result() if task.done() and not task.cancelled() else None
        return answers

    def at_once(self, names: Iterable[str]) -> dict[str, tuple[bytes, ...] | None] | None:
        """What `many` gives, where no server needs to be asked; else None, and none is asked."""
        answers, unknown = self._known(names)
        return None if unknown else answers

    def _known(self, names: Iterable[str]) -> tuple[dict[str, tuple[bytes, ...] | None], list[str]]:
        """What is in the cache, or need not be asked for now; and the other names."""
        answers: dict[str, tuple[bytes, ...] | None] = {}
        unknown: list[str] = []
        for name in dict.fromkeys(names):
            cached = self._cached(name)
            if cached is not None:
                answers[name] = cached
            elif self.silent or self._zone(name).rests_until > self._monotonic():
                answers[name] = None
            else:
                unknown.append(name)
        return answers, unknown

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

    def _zone(self, name: str) -> _Zone:
        key = zone_of(name)
        zone = self._zones.get(key)
        if zone is None:
            zone = self._zones[key] = _Zone()
            while len(self._zones) > ZONES:
                self._zones.popitem(last=False)
        self._zones.move_to_end(key)
        return zone

    async def _ask(self, name: str) -> tuple[bytes, ...] | None:
        zone = self._zone(name)
        if not zone.answered and self._strangers >= STRANGERS:
            return None
        stranger = not zone.answered
        self._strangers += stranger
        try:
            return await self._answer(name, zone)
        finally:
            self._strangers -= stranger

    async def _answer(self, name: str, zone: _Zone) -> tuple[bytes, ...] | None:
        try:
            answer = await self._resolve(name.rstrip(".") + ".", dns.rdatatype.TXT)
            texts = tuple(b"".join(r.strings) for r in answer.rrset or ())
            ttl = min(max(float(answer.rrset.ttl if answer.rrset else NEGATIVE), SHORTEST), LONGEST)
        except dns.resolver.NXDOMAIN:
            texts, ttl = (), NEGATIVE
        except (UnicodeError, ValueError, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return ()  # no name that could be asked: nothing will ever stand there
        except (dns.exception.DNSException, OSError) as error:
            zone.failures += 1
            if zone.failures >= PATIENCE:
                zone.rests_until = self._monotonic() + REST
            self._heard(heard=answered(error))
            return None
        zone.failures, zone.answered = 0, True
        self._heard(heard=True)
        self._keep(name, texts, ttl)
        return texts

    async def _resolve(self, name: str, kind: dns.rdatatype.RdataType) -> dns.resolver.Answer:
        if self._resolver is None:
            self._resolver = resolver_of(self._address)
        return await self._resolver.resolve(
            name, kind, lifetime=max(self._timeout * 2, 1.0), raise_on_no_answer=False
        )

    def _keep(self, name: str, texts: tuple[bytes, ...], ttl: float) -> None:
        self._cache[name] = (self._monotonic() + ttl, texts)
        while len(self._cache) > ENTRIES:
            self._cache.popitem(last=False)

    # ------------------------------------------------------------------------------ the resolver itself

    def _heard(self, *, heard: bool) -> None:
        self._unheard = 0 if heard else self._unheard + 1
        if self._unheard >= PATIENCE and self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="dns resolver")

    async def _look(self) -> None:
        """Is it the resolver, or only zones that are dead? Until it answers."""
        try:
            if await self._alive():
                return
            self.silent = True
            log.error(
                "the DNS server does not answer: signatures cannot be checked",
                resolver=self._address or "system",
            )
            await AsyncRetrying(wait=SILENT, retry=retry_if_result(lambda alive: not alive))(self._alive)
            log.info("the DNS server answers again", resolver=self._address or "system")
            for zone in self._zones.values():  # it was not their fault
                zone.failures, zone.rests_until = 0, 0.0
        finally:
            self.silent, self._unheard, self._looking = False, 0, None

    async def _alive(self) -> bool:
        try:
            await self._resolve(".", dns.rdatatype.NS)
        except dns.resolver.NXDOMAIN:
            return True
        except (dns.exception.DNSException, OSError) as error:
            return answered(error)
        return True

    async def close(self) -> None:
        """End look-ups that are still under way."""
        tasks: list[asyncio.Task[tuple[bytes, ...] | None] | asyncio.Task[None]] = list(
            self._running.values()
        )
        if self._looking is not None:
            tasks.append(self._looking)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answered(error: Exception) -> bool:
    """Whether some server said something, if only that it failed: SERVFAIL, REFUSED, an answer that is none."""
    tried = getattr(error, "kwargs", {}).get("errors") or ()
    return any(not isinstance(one[3], (dns.exception.Timeout, OSError)) for one in tried)
