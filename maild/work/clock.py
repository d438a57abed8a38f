"""The only clock of the daemon's loops: the real one, or a simulated one in tests of a whole week."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting for a later one."""

    def now(self) -> datetime:
        """Aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


async def wait_for_any(clock: Clock, seconds: float, *events: asyncio.Event) -> bool:
    """Wait until one of `events` is set (True) or `seconds` have passed on `clock` (False)."""
    if any(event.is_set() for event in events):
        return True
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((*tasks, timer), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, timer):
            task.cancel()
    return any(event.is_set() for event in events)
