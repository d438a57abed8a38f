"""Outgoing mail through an SMTP relay: a few reused connections, a result for each recipient."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import aiosmtplib

from maild.errors import PeerUnreachable
from maild.secret import TokenSource
from maild.send.letter import Done, Letter, SendResult, all_of
from maild.send.relay import Relay
from maild.send.transaction import Interrupted, LoginWanted, NullSenderRefused, transact
from maild.settings import DeliverySettings

#: an idle connection is given back after this time; Postfix's own limit is 300 s
IDLE_SECONDS = 30.0
#: mails on one connection before a new one is made; some relays count
MAILS_PER_CONNECTION = 500
#: how long a relay may take to say goodbye
QUIT_SECONDS = 2.0


class SmtpSender:
    """Sends letters through the relay of `[delivery]`, over at most `delivery.connections` connections."""

    def __init__(
        self, delivery: DeliverySettings, *, hostname: str = "", tokens: TokenSource | None = None
    ) -> None:
        self.delivery = delivery
        self._relay = Relay(delivery, hostname=hostname, tokens=tokens)
        self._idle: list[_Used] = []
        self._reaper: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._null_sender = delivery.null_sender != "never"
        self._slots = asyncio.Semaphore(max(1, delivery.connections))

    async def send_many(self, letters: Sequence[Letter], done: Done) -> None:
        """Send `letters`; when the relay turns out to be down, the rest is reported so without trying."""
        waiting = deque(letters)
        down = ""

        async def run() -> None:
            nonlocal down
            while waiting:
                letter = waiting.popleft()
                async with self._slots:  # shared with other calls of send_many
                    result = SendResult(unreachable=down) if down else await self._send(letter)
                down = down or result.unreachable
                done(letter, result)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(max(1, self.delivery.connections), len(letters))):
                group.create_task(run())

    async def probe(self) -> str:
        """Try to reach the relay; the connection is kept for the mails that wait."""
        try:
            self._give_back(await self._take())
        except PeerUnreachable as error:
            return str(error)
        return ""

    async def close(self) -> None:
        """Say QUIT on every idle connection."""
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_quit(used.client) for used in idle), *self._closing)

    async def _send(self, letter: Letter) -> SendResult:
        """One letter; a reused connection that turns out to be dead costs nothing but a second connect."""
        interrupted = ""
        null_sender = self._null_sender
        while True:
            try:
                used = await self._take()
            except PeerUnreachable as error:
                return SendResult(unreachable=str(error))
            fresh = used.mails == 0
            used.mails += 1
            try:
                result = await transact(used.client, letter, null_sender=null_sender)
            except NullSenderRefused as refusal:
                if self.delivery.null_sender == "always":
                    self._give_back(used)
                    return all_of(letter, "permanent", str(refusal))
                null_sender = False
                self._give_back(used)
                continue
            except LoginWanted as wanted:
                self._give_back(used)
                hint = "check [delivery] username and its password"
                return SendResult(
                    unreachable=f"the relay {self._relay.name} wants a login ({wanted}): {hint}"
                )
            except Interrupted as interruption:
                used.client.close()
                if interrupted or fresh:
                    return all_of(letter, "temporary", str(interruption))
                interrupted = str(interruption)
                self._drop_idle()
                continue
            except BaseException:
                used.client.close()  # cancelled in the middle: the dialogue is of no use any more
                raise
            if any(row.outcome != "permanent" for row in result.recipients):
                self._null_sender = null_sender  # learnt: this relay takes mail, but not from <>
            self._give_back(used)
            return result

    async def _take(self) -> _Used:
        now = asyncio.get_running_loop().time()
        while self._idle:
            used = self._idle.pop()
            if used.client.is_connected and now - used.since < IDLE_SECONDS:
                return used
            self._discard(used)
        return _Used(await self._relay.connect())

    def _give_back(self, used: _Used) -> None:
        if not used.client.is_connected:
            return
        if used.mails >= MAILS_PER_CONNECTION:
            self._discard(used)
            return
        loop = asyncio.get_running_loop()
        used.since = loop.time()
        self._idle.append(used)
        if self._reaper is None:
            self._reaper = loop.call_later(IDLE_SECONDS, self._reap)

    def _reap(self) -> None:
        """Give back connections that nobody used for a while."""
        loop = asyncio.get_running_loop()
        old = [used for used in self._idle if loop.time() - used.since >= IDLE_SECONDS - 1]
        self._idle = [used for used in self._idle if used not in old]
        for used in old:
            self._discard(used)
        self._reaper = loop.call_later(IDLE_SECONDS, self._reap) if self._idle else None

    def _drop_idle(self) -> None:
        """Where one reused connection is dead the others of the same age are too."""
        idle, self._idle = self._idle, []
        for used in idle:
            used.client.close()

    def _discard(self, used: _Used) -> None:
        task = asyncio.get_running_loop().create_task(_quit(used.client))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class _Used:
    """A connection and how much it was used."""

    __slots__ = ("client", "mails", "since")

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self.client = client
        self.mails = 0
        self.since = 0.0


async def _quit(client: aiosmtplib.SMTP) -> None:
    try:
        if client.is_connected:
            await client.quit(timeout=QUIT_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()
