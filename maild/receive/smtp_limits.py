"""Who may hold how much of the port: connections and bytes in flight, by address, so that nobody holds all of it.

An address has a share of both. When all connections are taken, a newcomer whose address has fewer than another gets the
place of that one's oldest idle session, or of its oldest slow mail; when all bytes are taken, the slowest mail of the
greediest address gives way.
A trusted relay brings everybody's mail: it always gets in, and its bytes are counted apart.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from maild.errors import ConfigError

#: a session without a mail under way is idle after this; honest clients are done in less
IDLE_SECONDS = 5.0
#: a mail that comes in more slowly than this, bytes a second since it began, gives way when all bytes are taken
FAIR_SPEED = 51_200.0
#: ... once it had this long to show its speed
FAIR_SECONDS = 5.0
#: what is slower than this holds a place for nothing: bytes a second since DATA, after a while to begin with
LOWEST_SPEED, LOWEST_AFTER = 512.0, 60.0
#: of the bytes in flight an address may have this share in any case, and half of what others leave
SHARE = 3


class PeerSession(Protocol):
    """What the limits need of a session."""

    peer: str
    busy: bool  # a mail is under way
    since: float  # when it connected, or its last mail was done

    def crawls(self, now: float) -> bool: ...  # the mail that is under way comes in slowly
    def send_away(self, line: str) -> None: ...
    def cut_off(self, line: str) -> None: ...  # with the mail under way


class Account:
    """The bytes of one mail under way. `drop` ends it for others' sake."""

    def __init__(self, budget: Budget, key: str, drop: Callable[[], None]) -> None:
        self.key, self.drop = key, drop
        self.bytes = 0
        self.complete = False  # it is all here and waits for the commit: nothing is gained by ending it
        self.began = budget.clock()
        self._budget = budget

    def take(self, count: int) -> bool:
        """Reserve `count` more; False (nothing reserved) when there is no room for them."""
        return self._budget.take(self, count)

    def release(self) -> None:
        """Give all back; may be called again."""
        self._budget.release(self)

    def speed(self, now: float) -> float:
        """Bytes a second since it began."""
        return self.bytes / max(now - self.began, 0.001)

    def crawls(self, now: float) -> bool:
        """Whether it had its time and is slow: it gives way to others."""
        return not self.complete and now - self.began > FAIR_SECONDS and self.speed(now) < FAIR_SPEED


class Budget:
    """Bytes that all sessions together may hold at one time. `most`: of one mail; an address may have one at least."""

    def __init__(self, limit: int, most: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.used = 0
        self.clock = clock
        self._share = max(limit // SHARE, min(most, limit))
        self._by_key: dict[str, int] = {}
        self._accounts: set[Account] = set()

    def account(self, key: str, drop: Callable[[], None] = lambda: None) -> Account:
        """For a mail that begins."""
        made = Account(self, key, drop)
        self._accounts.add(made)
        return made

    def room(self, key: str, count: int) -> bool:
        """Whether a mail of that size from that address may begin now."""
        return self._own(key) + count <= self._most(key) and self.used + count <= self.limit

    def take(self, account: Account, count: int) -> bool:
        own = self._own(account.key)
        if own + count > self._most(account.key):
            return False
        while self.used + count > self.limit:
            slow = self._slowest(than=own + count)
            if slow is None:
                return False
            slow.release()
            slow.drop()
        self.used += count
        account.bytes += count
        self._by_key[account.key] = self._own(account.key) + count
        return True

    def release(self, account: Account) -> None:
        self._accounts.discard(account)
        self.used -= account.bytes
        left = self._own(account.key) - account.bytes
        account.bytes = 0
        if left:
            self._by_key[account.key] = left
        else:
            self._by_key.pop(account.key, None)

    def _own(self, key: str) -> int:
        return self._by_key.get(key, 0)

    def _most(self, key: str) -> int:
        others = self.used - self._own(key)
        return max(self._share, (self.limit - others) // 2)

    def _slowest(self, than: int) -> Account | None:
        """The slowest mail of the address that holds most, where that is more than `than` and the mail is slow."""
        now = self.clock()
        slow = [a for a in self._accounts if self._own(a.key) > than and a.crawls(now)]
        return min(slow, key=lambda a: (-self._own(a.key), a.speed(now)), default=None)


S = TypeVar("S", bound=PeerSession)


class ConnectionLimits:
    """Which sessions are in. `most` connections of strangers, `each` of one address."""

    def __init__(
        self, most: int, each: int, relays: Iterable[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._each, self._clock = most, each, clock
        self._relays = _networks(relays)
        self._strangers: dict[str, set[PeerSession]] = {}
        self._of_relays: set[PeerSession] = set()

    def __len__(self) -> int:
        return self._count() + len(self._of_relays)

    def sessions(self) -> list[PeerSession]:
        """All that are in."""
        return [*self._of_relays, *(one for those in self._strangers.values() for one in those)]

    def admit(self, session: PeerSession) -> str:
        """Let it in and say "", or say why not. Somebody idle may have to go for it, else somebody slow."""
        if self.is_relay(session.peer):
            self._of_relays.add(session)
            return ""
        key = address_key(session.peer)
        own = len(self._strangers.get(key, ()))
        if own >= self._each:
            return "421 4.7.0 Too many connections from your address"
        if self._count() >= self._most:
            now = self._clock()
            idle = self._oldest_of_the_greediest(
                own, lambda one: not one.busy and now - one.since >= IDLE_SECONDS
            )
            slow = None if idle else self._oldest_of_the_greediest(own, lambda one: one.crawls(now))
            if idle is not None:
                self.leave(idle)
                idle.send_away("421 4.3.2 Others wait and you are idle, come again")
            elif slow is not None:
                self.leave(slow)
                slow.cut_off("421 4.3.2 Others wait and this mail comes slowly, try again later")
            else:
                return "421 4.3.2 Too many connections, try again later"
        self._strangers.setdefault(key, set()).add(session)
        return ""

    def leave(self, session: PeerSession) -> None:
        """It is gone; may be called again."""
        self._of_relays.discard(session)
        key = address_key(session.peer)
        there = self._strangers.get(key)
        if there is not None:
            there.discard(session)
            if not there:
                del self._strangers[key]

    def is_relay(self, peer: str) -> bool:
        """Whether the configuration trusts that address."""
        if not self._relays:
            return False
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        return any(address in network for network in self._relays)

    def _count(self) -> int:
        return sum(map(len, self._strangers.values()))

    def _oldest_of_the_greediest(
        self, own: int, gives_way: Callable[[PeerSession], bool]
    ) -> PeerSession | None:
        """Of the addresses with more sessions than the newcomer's has."""
        for those in sorted(self._strangers.values(), key=len, reverse=True):
            if len(those) <= own:
                return None
            if found := [one for one in those if gives_way(one)]:
                return min(found, key=lambda one: one.since)
        return None


def address_key(peer: str) -> str:
    """What one client is counted by: an IPv4 address, the /64 of an IPv6 address."""
    if ":" not in peer:
        return peer
    try:
        return str(ipaddress.ip_network((peer.partition("%")[0], 64), strict=False))
    except ValueError:
        return peer


def _networks(relays: Iterable[str]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    networks = []
    for relay in relays:
        try:
            networks.append(ipaddress.ip_network(relay, strict=False))
        except ValueError:
            raise ConfigError(
                f"[smtp] trusted_relays: {relay!r} is neither an IP address nor a network like 10.0.0.0/8"
            ) from None
    return tuple(networks)
