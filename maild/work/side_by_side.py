"""Which mails are decided at the same time, where the writer has lanes for that (PostgreSQL).

Mails that share something are decided in the order in which they came: whatever could bring them to one ticket. A mail that
names another one, a number, a token, or is an agent's, may mean any ticket: such mails follow each other in the main lane.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from maild.model import LookupKeys
from maild.store import Lane
from maild.store.ids import in_common

#: what all mails share that may mean any ticket; no address, id or digest looks like it
_ANY_TICKET = "any ticket"


class _UnderWay:
    """A mail that is decided, or waits for those before it. `lane`: None while it waits."""

    __slots__ = ("lane", "over")

    def __init__(self) -> None:
        self.lane: Lane | None = None
        self.over = asyncio.Event()


class SideBySide:
    """For one event loop."""

    def __init__(self) -> None:
        #: who has this in common, by its name, in their order
        self._under_way: dict[str, dict[_UnderWay, None]] = {}
        self._busy = {Lane.MAIN: 0, Lane.SECOND: 0}

    @asynccontextmanager
    async def turn(self, keys: LookupKeys) -> AsyncIterator[Lane]:
        """The lane in which the mail with these keys is to be decided. Who enters first is before all that enter later and
        share something: their jobs are given to the writer at once, or when that is over."""
        mine = _UnderWay()
        names = _names(keys)
        before: set[_UnderWay] = set()
        for name in names:
            sharing = self._under_way.setdefault(name, {})
            before.update(sharing)
            sharing[mine] = None
        try:
            lane = self._beside(before, keys)
            if lane is None:
                for one in before:
                    await one.over.wait()
                lane = self._free(keys)
            mine.lane = lane
            self._busy[lane] += 1
            try:
                yield lane
            finally:
                self._busy[lane] -= 1
        finally:
            for name in names:
                sharing = self._under_way[name]
                del sharing[mine]
                if not sharing:
                    del self._under_way[name]
            mine.over.set()

    def _beside(self, before: set[_UnderWay], keys: LookupKeys) -> Lane | None:
        """Where it can follow at once."""
        if not before:
            return self._free(keys)
        lanes = {one.lane for one in before}
        lane = lanes.pop() if len(lanes) == 1 else None
        return None if lane is Lane.SECOND and means_others(keys) else lane

    def _free(self, keys: LookupKeys) -> Lane:
        if means_others(keys) or self._busy[Lane.MAIN] <= self._busy[Lane.SECOND]:
            return Lane.MAIN
        return Lane.SECOND


def means_others(keys: LookupKeys) -> bool:
    """Whether the mail speaks of something that is there: it may be of any ticket."""
    named = any(one != keys.own_message_id for one in keys.message_ids)
    return named or bool(keys.keys or keys.numbers or keys.token_hashes or keys.reports or keys.acts)


def _names(keys: LookupKeys) -> set[str]:
    """What another mail may have in common with it."""
    names = set(in_common(keys))
    if means_others(keys):
        names.add(_ANY_TICKET)
    return names
