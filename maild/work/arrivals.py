"""Mails that are claimed in the transaction that takes them in: they go on without being looked for in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence

from maild.store import Claim, InboundWork


class Arrivals:
    """For one event loop; ids are noted in the writer's thread. `read` is given the mails of a batch together once they
    are committed; `lost` is called where nobody knows whether one was."""

    def __init__(
        self, claim: Callable[[], Claim | None], read: Callable[[Sequence[InboundWork]], None], lost: Callable[[], None]
    ) -> None:  # fmt: skip
        self._claim, self._read, self._lost = claim, read, lost
        self._ids: set[int] = set()
        self._ready: list[InboundWork] = []
        self._under_way = 0
        self._over = asyncio.Event()

    @property
    def under_way(self) -> int:
        """Mails that are claimed and not yet given to `read`."""
        return self._under_way

    @property
    def ids(self) -> Collection[int]:
        """Ids of the mails under way, as far as they are known; from any thread."""
        return frozenset(self._ids)

    def begin(self) -> Arrival:
        """A mail is about to be taken in."""
        claim = self._claim()
        self._under_way += claim is not None
        return Arrival(self, claim)

    async def all_over(self) -> None:
        """Wait until none is under way."""
        while self._under_way:
            self._over.clear()
            await self._over.wait()

    def note(self, work: InboundWork | None, before: InboundWork | None) -> None:
        """In the writer's thread: `before` was rolled back."""
        if before is not None:
            self._ids.discard(before.id)
        if work is not None:
            self._ids.add(work.id)

    def committed(self, work: InboundWork) -> None:
        """Go on with it, together with what is told of in the same turn of the event loop."""
        self._ready.append(work)
        if len(self._ready) == 1:
            asyncio.get_running_loop().call_soon(self._read_ready)

    def _read_ready(self) -> None:
        ready, self._ready = self._ready, []
        self._read(ready)  # which notes them elsewhere before they are forgotten here
        self._ids.difference_update([work.id for work in ready])
        self._end(len(ready))

    def let_go(self, work: InboundWork | None, *, lost: bool) -> None:
        """Wait for it no longer: it was here before, or (`lost`) nobody knows whether it is."""
        self.note(None, work)
        self._end(1)
        if lost:
            self._lost()

    def _end(self, count: int) -> None:
        self._under_way -= count
        self._over.set()


class Arrival:
    """One mail. `claim` and `note` are the transaction's, `committed` or `failed` the event loop's at last."""

    __slots__ = ("_all", "_claim", "_failed", "_work")

    def __init__(self, all_: Arrivals, claim: Claim | None) -> None:
        self._all, self._claim = all_, claim
        self._work: InboundWork | None = None
        self._failed = False

    @property
    def claim(self) -> Claim | None:
        """Whose it is from the beginning; None where it waits in the database, as after `failed` where the transaction
        goes on."""
        return None if self._failed else self._claim

    def note(self, work: InboundWork | None) -> None:
        """Note its work; a transaction that is done again notes another."""
        self._all.note(work, self._work)
        self._work = work
        if self._failed:
            self._all.note(None, work)

    def committed(self) -> bool:
        """Whether it goes on by itself; else somebody has to claim it."""
        if self._claim is None:
            return False
        if self._work is None:  # it was there before
            self._all.let_go(None, lost=False)
            return False
        self._all.committed(self._work)
        return True

    def failed(self) -> None:
        """It may or may not be committed."""
        self._failed = True
        if self._claim is not None:
            self._all.let_go(self._work, lost=True)
