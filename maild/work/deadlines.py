"""Moments at which the desk does something by itself: promises about to break, requests that expire, tickets
that close. The store keeps them; a table of handlers says what each type means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from maild.errors import Temporary
from maild.mail.own_ids import Signer
from maild.model import Plan
from maild.store import DueDeadline, Tx, WriteMode, Writer
from maild.store.locks import Kind
from maild.work.clock import Clock, wait_for_any
from maild.work.duties import Duty, always
from maild.work.logs import Log

log = Log("maild.work.deadlines")

#: What a due row causes: reads what it needs, returns the plan, which is applied in the same transaction. A
#: handler that wants to be called again sets a new deadline with the same key in its plan.
Handler = Callable[[Tx, DueDeadline, datetime], Plan]

BATCH = 32
#: a row whose handler failed is tried again after this time
LEASE = timedelta(minutes=10)
POLL_SECONDS = 5.0


class DeadlineLoop:
    """The loop. `changed` is called after each plan, which may have made outgoing mail."""

    def __init__(
        self,
        writer: Writer,
        signer: Signer,
        handlers: Mapping[str, Handler],
        *,
        clock: Clock,
        nonce: Callable[[], str],
        changed: Callable[[], None],
        duty: Duty | None = None,
    ) -> None:
        self._duty = duty or always()
        self._writer, self._signer, self._handlers = writer, signer, handlers
        self._clock, self._nonce, self._changed = clock, nonce, changed
        self._kick = asyncio.Event()
        self._stop = asyncio.Event()

    def kick(self) -> None:
        """Something may be due."""
        self._kick.set()

    async def run(self) -> None:
        """Until `stop`: work off what is due."""
        while not self._stop.is_set():
            self._kick.clear()
            try:
                if self._duty.held:
                    await self.drain()
            except Temporary as error:
                log.warning("deadlines wait", because=str(error))
            await wait_for_any(self._clock, POLL_SECONDS, self._kick, self._stop)

    async def stop(self) -> None:
        """End the loop after the row at hand."""
        self._stop.set()

    async def drain(self) -> int:
        """Work off everything that is due on the clock now; returns how many rows."""
        count = 0
        while not self._stop.is_set():
            rows = await self._writer.run(self._due, WriteMode.OWN_TRANSACTION)
            of_tickets: dict[int, list[DueDeadline]] = {}
            for row in rows:
                of_tickets.setdefault(row.ticket, []).append(row)
            for together in of_tickets.values():
                await self._together(together, self._clock.now())
            count += len(rows)
            if not rows:
                break
        return count

    def _due(self, tx: Tx) -> Sequence[DueDeadline]:
        self._duty.check(tx)
        return tx.deadlines.due(self._clock.now(), BATCH, LEASE)

    async def _together(self, rows: Sequence[DueDeadline], now: datetime) -> None:
        """What is due on one ticket, in one transaction: who is told of several alarms has them in one mail. Where one
        of them fails, each goes by itself."""
        known = [row for row in rows if self._known(row)]

        def job(tx: Tx) -> str:
            tx.locks.take(Kind.TICKET, {row.ticket for row in known})  # what is decided on what is read here
            self._duty.check(tx)
            head = ""
            for row in known:
                plan = self._handlers[row.type](tx, row, now)
                applied = tx.apply(plan, now=now, signer=self._signer, nonces=self._nonce)
                tx.deadlines.done(row.key, row.at)
                head = applied.consent_head or head
            return head

        try:
            head = await self._writer.run(job, WriteMode.OWN_TRANSACTION) if known else ""
        except Temporary:
            raise
        except Exception as error:
            if len(known) > 1:
                for row in known:
                    await self._together([row], now)
                return
            log.error(
                "a deadline failed; tried again later", error=error, type=known[0].type, key=known[0].key
            )
        else:
            self._changed()
            if head:
                log.info("consent log", head=head, deadline=known[0].key)

    def _known(self, row: DueDeadline) -> bool:
        if row.type in self._handlers:
            return True
        log.error("no handler for a deadline; it stays", type=row.type, key=row.key, ticket=row.ticket)
        return False
