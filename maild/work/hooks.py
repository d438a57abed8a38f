"""Tells other programs of events: each hook has its own line, so one that hangs keeps neither mails nor other hooks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Protocol

from maild.errors import ConfigError, Temporary
from maild.send.hook import HookAnswer, post
from maild.settings import Webhook
from maild.store import HookWork, Store, Tx, WriteMode, Writer
from maild.ticket.phases import HookState
from maild.work.clock import Clock, wait_for_any
from maild.work.logs import Log

log = Log("maild.work.hooks")

POLL_SECONDS = 1.0
#: how long what is under way may take to end when the daemon stops
STOPPING_SECONDS = 2.0
BATCH = 16
#: what a daemon had claimed that died
LEASE = timedelta(minutes=10)
#: after a failure; the last one repeats
RETRY_MINUTES = (1, 5, 15, 30, 60)
GIVE_UP = timedelta(days=1)


class PostsHook(Protocol):
    """`send.hook.post`"""

    def __call__(
        self, url: str, body: bytes, *, event: str, event_id: str, secret: str, seconds: float
    ) -> Awaitable[HookAnswer]: ...


def next_attempt(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None when it is given up: a day after the event."""
    at = now + timedelta(minutes=RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1])
    return at if at <= created_at + GIVE_UP else None


class Hooks:
    """The loop."""

    def __init__(
        self, store: Store, writer: Writer, *, clock: Clock, worker: str, send: PostsHook = post
    ) -> None:
        self._hooks = {hook.url: hook for hook in store.settings.webhooks}
        self._store, self._writer, self._clock, self._worker, self._send = store, writer, clock, worker, send
        self._stop = asyncio.Event()
        self._lines: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stop.is_set():
            try:
                await self.turn()
            except Temporary as error:
                log.warning("the hooks wait", because=str(error))
            await wait_for_any(self._clock, POLL_SECONDS, self._stop)

    async def stop(self) -> None:
        """Let what is under way end for a moment; what is not told yet is told later."""
        self._stop.set()
        lines = tuple(self._lines.values())
        if lines:
            _, late = await asyncio.wait(lines, timeout=STOPPING_SECONDS)
            for line in late:
                line.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            now = self._clock.now()
            await self._writer.run(lambda tx: tx.hooks.release(now, self._worker))

    async def turn(self) -> None:
        """Begin a line for each hook that has something due and none yet."""
        now = self._clock.now()
        for url in await asyncio.to_thread(self._due, now):
            if url not in self._lines:
                line = self._lines[url] = asyncio.create_task(self._tell(url))
                line.add_done_callback(lambda _, url=url: self._lines.pop(url, None))  # type: ignore[misc]

    async def drain(self) -> None:
        """Tell all that is due now (tests, simulated time)."""
        await self.turn()
        while self._lines:
            await asyncio.wait(tuple(self._lines.values()))
            await self.turn()

    def _due(self, now: datetime) -> frozenset[str]:
        with self._store.read() as tx:
            return tx.hooks.due(now)

    async def _tell(self, url: str) -> None:
        """Everything that is due for one hook, one after the other."""
        try:
            while not self._stop.is_set():
                now = self._clock.now()

                def claim(tx: Tx, now: datetime = now) -> tuple[HookWork, ...]:
                    tx.hooks.release(now)
                    return tx.hooks.claim(url, BATCH, now, self._worker, LEASE)

                works = await self._writer.run(claim, WriteMode.OWN_TRANSACTION)
                if not works:
                    return
                for work in works:
                    if self._stop.is_set():
                        return
                    await self._one(work, self._hooks.get(url))
        except Temporary as error:
            log.warning("a hook waits", url=url, because=str(error))

    async def _one(self, work: HookWork, hook: Webhook | None) -> None:
        if hook is None:
            answer = HookAnswer(False, "it is in the configuration no longer")
            await self._record(work, HookState.FAILED, answer, None)
            return
        try:
            answer = await self._send(
                work.url, work.body.encode(), event=work.event, event_id=work.event_id, secret=hook.secret.read(),
                seconds=hook.timeout_seconds,
            )  # fmt: skip
        except ConfigError as error:  # its secret cannot be read any more
            answer = HookAnswer(False, str(error))
        if answer.told:
            await self._record(work, HookState.DELIVERED, answer, None)
            return
        again = next_attempt(work.attempts + 1, work.created_at, self._clock.now())
        state = HookState.FAILED if again is None else HookState.QUEUED
        log.warning(
            "a hook was not told" if again else "a hook was never told: given up", url=work.url, delivery=work.id,
            answer=answer.text, again_at=again,
        )  # fmt: skip
        await self._record(work, state, answer, again)

    async def _record(
        self, work: HookWork, state: HookState, answer: HookAnswer, again: datetime | None
    ) -> None:
        now = self._clock.now()
        await self._writer.run(
            lambda tx: tx.hooks.record(work.id, state, answer.text, now, next_attempt_at=again)
        )
