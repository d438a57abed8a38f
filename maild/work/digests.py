"""Sends the agents' digest, once a working day. That it went out is written in the transaction that queues it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from maild.app import digest
from maild.errors import Temporary
from maild.mail.own_ids import Signer
from maild.model import Plan, SendNotice
from maild.notice.agent_mails import DigestRow
from maild.settings import Settings
from maild.store import Tx, WriteMode, Writer
from maild.ticket.phases import InboundState, OutboundState
from maild.work.clock import Clock
from maild.work.duties import Duty, always, while_held
from maild.work.logs import Log

log = Log("maild.work.digests")

POLL_SECONDS = 60.0
#: the day of the last digest, in `meta`
MARK = "digest_day"
#: mails in trouble that are read
_MAILS = 50


class Digests:
    """The loop."""

    def __init__(
        self, settings: Settings, writer: Writer, signer: Signer, *, clock: Clock, nonce: Callable[[], str],
        changed: Callable[[], None], duty: Duty | None = None,
    ) -> None:  # fmt: skip
        self._settings, self._done = settings, ""  # the day of which nothing is left to do
        self._writer, self._signer, self._clock, self._nonce = writer, signer, clock, nonce
        self._changed, self._duty = changed, duty or always()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`."""
        await while_held(self._duty, self.turn, self._clock, POLL_SECONDS, self._stop)

    async def stop(self) -> None:
        """End the loop."""
        self._stop.set()

    async def turn(self) -> None:
        """Send it, if it is time."""
        now = self._clock.now()
        if not self._settings.agents or not digest.is_time(self._settings, now):
            return
        today = digest.day(self._settings, now)
        if today == self._done:
            return
        try:
            mails = await self._writer.run(lambda tx: self._send(tx, now), WriteMode.EXCLUSIVE)
        except Temporary as error:
            log.warning("the digest waits", because=str(error))
            return
        self._done = today
        if mails:
            log.info("digests go out", mails=mails)
            self._changed()

    def _send(self, tx: Tx, now: datetime) -> int:
        self._duty.check(tx)
        return send(tx, now, self._signer, self._nonce)


def send(tx: Tx, now: datetime, signer: Signer, nonce: Callable[[], str]) -> int:
    """Queue today's, unless that was done; how many mails."""
    settings = tx.settings
    if not settings.agents or not digest.is_time(settings, now):
        return 0
    today = digest.day(settings, now)
    if tx.meta(MARK) == today:
        return 0
    tx.set_meta(MARK, today)
    made = digest.mails(_morning(tx), settings, now)
    tx.apply(Plan(tuple(SendNotice(one) for one in made)), now=now, signer=signer, nonces=nonce)
    return len(made)


def _morning(tx: Tx) -> digest.DigestFacts:
    quarantined = [
        DigestRow(command=f"maild mail show {one.id}", what=one.subject or one.from_address or "-")
        for one in tx.inbound.list(state=InboundState.QUARANTINED, limit=_MAILS)
    ]
    failed = [
        DigestRow(command=f"maild outbox show {one.id}", what=f"{one.notice} #{one.ticket or '-'}: {one.answer}"[:160])
        for one in tx.outbound.list(state=OutboundState.FAILED, limit=_MAILS)
    ]  # fmt: skip
    return digest.DigestFacts(tx.tickets.list(), quarantined, failed)
