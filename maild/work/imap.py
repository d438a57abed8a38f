"""The mailboxes that the daemon watches: threads of receive/ on one side, the event loop on the other."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial

from maild.errors import Refused
from maild.model import Envelope
from maild.receive.imap import BadMail, ImapWatcher, WatchState
from maild.secret import TokenSource
from maild.settings import Imap, Settings
from maild.store import Tx, Writer
from maild.work.clock import Clock
from maild.work.duties import Duty
from maild.work.logs import Log
from maild.work.supervise import DaemonPart, DaemonParts

log = Log("maild.work.imap")

#: what the duty of a mailbox is called: this and its name
DUTY = "mailbox:"


class Mailboxes:
    """One watcher per `[[imap]]` that this daemon has the duty of. `accept` is the intake's; it runs in the event loop."""

    def __init__(
        self,
        settings: Settings,
        accept: Callable[[Envelope, bytes, str | None], Awaitable[int]],
        writer: Writer,
        clock: Clock,
        parts: DaemonParts,
        tokens: Callable[[Imap], TokenSource | None] = lambda _box: None,
    ) -> None:
        self._settings, self._accept, self._writer = settings, accept, writer
        self._clock, self._tokens = clock, tokens
        self._parts: dict[str, DaemonPart] = {
            box.name: parts.add(f"imap:{box.name}", essential=False) for box in settings.imap
        }
        self._watchers: dict[str, ImapWatcher] = {}
        self._take: Callable[[Envelope, bytes, str], Future[int]] | None = None
        self._left: set[str] = set()  # source keys of mails that stay in their mailboxes

    async def start(self) -> None:
        """Be ready to `follow`; a mailbox that cannot be reached stops nothing."""
        loop = asyncio.get_running_loop()

        def take(envelope: Envelope, raw: bytes, source_key: str) -> Future[int]:
            async def run() -> int:
                key = await self._accept(envelope, raw, source_key)
                if (left := f"left:{source_key}") in self._left:
                    now = self._clock.now()
                    await self._writer.run(lambda tx: tx.inbound.came_after_all(left, key, now))
                    self._left.discard(left)
                return key

            return asyncio.run_coroutine_threadsafe(run(), loop)

        self._take = take
        for box in self._settings.imap:
            self._parts[box.name].set("ok", "another daemon has this mailbox")

    async def follow(self, duty: Duty) -> None:
        """Watch a mailbox from now on, or leave it to another daemon."""
        name = duty.name.removeprefix(DUTY)
        known = self._watchers.pop(name, None)
        if known is not None:
            await asyncio.to_thread(known.stop)
            self._parts[name].set("ok", "another daemon has this mailbox")
        if not duty.held or self._take is None:
            return
        self._left = await self._writer.run(lambda tx: tx.inbound.left_in_mailboxes())
        for box in self._settings.imap:
            if box.name == name:
                watcher = self._watchers[name] = ImapWatcher(
                    box,
                    self._take,
                    _State(self._writer, duty),
                    on_state=self._on_state,
                    on_bad=partial(self._keep_bad, box),
                    tokens=self._tokens(box),
                    max_bytes=self._settings.smtp.max_bytes,
                )
                watcher.start()

    async def stop(self) -> None:
        """End the threads after the commit under way."""
        watchers, self._watchers = tuple(self._watchers.values()), {}
        await asyncio.gather(*(asyncio.to_thread(watcher.stop) for watcher in watchers))

    def connected(self, name: str) -> bool:
        """Whether mail comes in from this mailbox."""
        return self._parts[name].state == "ok"

    def read_here(self) -> dict[str, bool]:
        """Whether each mailbox that this daemon reads is connected."""
        return {name: self.connected(name) for name in tuple(self._watchers)}

    def _on_state(self, name: str, state: WatchState, text: str) -> None:
        part = self._parts[name]
        if state == "stopped":
            part.set("stopped")
        elif state == "connecting":
            part.set("starting", text)
        else:
            part.set("ok" if state == "watching" else "degraded", text)

    def _keep_bad(self, box: Imap, bad: BadMail) -> None:
        """What stays in the mailbox because it cannot be taken stands in the quarantine with its header."""
        envelope = Envelope(f"imap:{box.name}", bad.received_at)
        sha256, now = hashlib.sha256(bad.header).hexdigest(), self._clock.now()

        def job(tx: Tx) -> None:
            key = tx.inbound.accept(envelope, bad.header, bad.source_key, sha256)
            tx.inbound.quarantine(key, f"left in the mailbox {box.name}: {bad.reason}", "", now)

        try:
            self._writer.run_sync(job)
            self._left.add(bad.source_key)
        except Refused:
            return  # it stands there already
        log.warning("a mail stays in its mailbox", mailbox=box.name, because=bad.reason, size=bad.size)


class _State:
    """`receive.imap.ImapState` on the writer: the record of each folder."""

    def __init__(self, writer: Writer, duty: Duty) -> None:
        self._writer, self._duty = writer, duty

    def get(self, account: str, folder: str) -> tuple[int, int] | None:
        return self._writer.run_sync(lambda tx: tx.imap.get(account, folder))

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
        return self._writer.run_sync(lambda tx: tx.imap.known_uids(account, folder, uidvalidity))

    def set(self, account: str, folder: str, uidvalidity: int, watermark: int) -> None:
        def job(tx: Tx) -> None:
            self._duty.check(tx)
            tx.imap.set(account, folder, uidvalidity, watermark)

        self._writer.run_sync(job)

    def put_back(self, account: str, folder: str, uidvalidity: int, watermark: int, first: int) -> None:
        def job(tx: Tx) -> None:
            self._duty.check(tx)
            tx.imap.put_back(account, folder, uidvalidity, watermark, first)

        self._writer.run_sync(job)

    def raised(self, account: str, folder: str, uidvalidity: int, before: int, watermark: int) -> bool:
        def job(tx: Tx) -> bool:
            self._duty.check(tx)
            return tx.imap.raised(account, folder, uidvalidity, before, watermark)

        return self._writer.run_sync(job)
