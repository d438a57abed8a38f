"""A clock that a test moves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class FakeClock:
    """`sleep` returns when `advance` has moved the clock far enough."""

    def __init__(self, now: datetime = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, asyncio.Event]] = []
        self.slept: list[float] = []
        self._called = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._called.set()
        event = asyncio.Event()
        self._sleepers.append((self._now + timedelta(seconds=seconds), event))
        await event.wait()

    async def somebody_sleeps(self) -> None:
        """Return when `sleep` has been called."""
        await self._called.wait()

    async def advance(self, seconds: float) -> None:
        """Move the clock and let everybody who wakes up run."""
        self._now += timedelta(seconds=seconds)
        for at, event in self._sleepers:
            if at <= self._now:
                event.set()
        self._sleepers = [(at, event) for at, event in self._sleepers if not event.is_set()]
        for _ in range(5):
            await asyncio.sleep(0)
