"""Looks after the desk itself and writes to its operator (`[alarms]`), and tells the hooks that want to know: those need
no relay. What was told when stands in the database.

Each daemon looks after its own disk and the mailboxes that it reads; who has the deadlines looks after the queues.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from socket import gethostname

from maild.app import alarms
from maild.app.alarms import DeskCondition, OperatorAlarm
from maild.errors import Temporary
from maild.mail.own_ids import Signer
from maild.model import Plan, SendNotice
from maild.settings import Settings
from maild.store import Store, Tx, WriteMode, Writer
from maild.ticket.vocabulary import HookEvent
from maild.work.clock import Clock, wait_for_any
from maild.work.duties import Duty
from maild.work.logs import Log

log = Log("maild.work.alarms")

POLL_SECONDS = 60.0
#: when what was told, in `meta`: JSON of key -> moment
MARK = "alarms_told"

Told = dict[str, datetime]


class AlarmLoop:
    """The loop. `connected`: whether each mailbox that this daemon reads is; `folder`: whose disk may fill."""

    def __init__(
        self, settings: Settings, store: Store, writer: Writer, signer: Signer, *, clock: Clock,
        nonce: Callable[[], str], changed: Callable[[], None], duty: Duty,
        connected: Callable[[], dict[str, bool]], folder: Path,
    ) -> None:  # fmt: skip
        self._settings, self._store, self._writer, self._signer = settings, store, writer, signer
        self._clock, self._nonce, self._changed, self._duty = clock, nonce, changed, duty
        self._connected, self._folder = connected, folder
        self._hooks = [hook.url for hook in settings.webhooks if HookEvent.ALARM in hook.events]
        self._since: dict[str, datetime] = {}
        #: of this machine and folder: another daemon of it tells the same of its disk
        self._place = f"{gethostname()}:{folder}"
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stop.is_set():
            await wait_for_any(self._clock, POLL_SECONDS, self._stop)
            if not self._stop.is_set():
                await self.turn()

    async def stop(self) -> None:
        """End the loop."""
        self._stop.set()

    async def turn(self) -> None:
        """Tell what is new."""
        if not self._settings.alarms.to and not self._hooks:
            return
        now = self._clock.now()
        try:
            standing = await asyncio.to_thread(self._look, now)
            told = (
                await self._writer.run(lambda tx: self._tell(tx, standing, now), WriteMode.EXCLUSIVE)
                if standing
                else ()
            )
        except Temporary as error:
            log.warning("alarms wait", because=str(error))
            return
        for one in told:
            log.warning("the operator is told", alarm=one.key)
        if told:
            self._changed()

    def _look(self, now: datetime) -> DeskCondition | None:
        """How everything stands; None where nothing of it is new."""
        reads = self._connected()
        gone = {name: self._since.get(name, now) for name, connected in reads.items() if not connected}
        self._since, leads = gone, self._duty.held
        with self._store.read() as tx:
            due = tx.outbound.next_due() if leads else None
            standing = DeskCondition(
                leads=leads, newest=tx.inbound.newest() if leads else None,
                oldest=tx.inbound.oldest_waiting() if leads else None, due=due if due is not None and due <= now else None,
                reads=reads.keys(), gone=gone, free=shutil.disk_usage(self._folder).free, place=self._place,
            )  # fmt: skip
            wanted, kept, told = self._news(tx, standing, now)
        return standing if wanted or kept != told else None

    def _news(
        self, tx: Tx, standing: DeskCondition, now: datetime
    ) -> tuple[list[OperatorAlarm], Told, Told]:  # fmt: skip
        """What is to be told, what of that which was told stays so, and all that was."""
        told = {key: datetime.fromisoformat(at) for key, at in json.loads(tx.meta(MARK) or "{}").items()}
        found = alarms.alarms(standing, self._settings, now)
        kept = alarms.still_told(found, told, standing, self._settings, now)
        return alarms.to_tell(found, kept, self._settings, now), kept, told

    def _tell(self, tx: Tx, standing: DeskCondition, now: datetime) -> list[OperatorAlarm]:
        """Another daemon may have told of the same disk meanwhile."""
        wanted, kept, _ = self._news(tx, standing, now)
        told = {**kept, **{one.key: now for one in wanted}}
        tx.set_meta(MARK, json.dumps({key: at.isoformat() for key, at in told.items()}))
        if wanted:
            mails = alarms.mails(wanted, self._settings, now)
            tx.apply(Plan(tuple(map(SendNotice, mails))), now=now, signer=self._signer, nonces=self._nonce)
            for one in wanted if self._hooks else ():
                event_id = f"evt-{self._nonce()}"
                body = json.dumps(alarms.hook_body(one, event_id, now), ensure_ascii=False)
                tx.hooks.add(self._hooks, HookEvent.ALARM, event_id, None, body, now)
        return wanted
