"""Where a mail goes that cannot be decided now: later, or into the quarantine. Nothing of it is lost."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from maild.app.handle_mail import unreadable
from maild.app.telling import quarantined
from maild.consent.hiding import hide
from maild.consent.masking import shown
from maild.errors import NotYet, Refused, Temporary, Unreadable, is_machines
from maild.mail.own_ids import Signer
from maild.model import Mail, Plan
from maild.pauses import OUR_FAULT, Pauses
from maild.store import InboundWork, Tx, Writer
from maild.values import replace
from maild.work.clock import Clock
from maild.work.logs import Log
from maild.work.metrics import Metrics

log = Log("maild.work.ingest")

#: pauses of a mail that waits for an answer from outside (DNS); half its age, within these
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)


#: after so long a mail that the machine fails on goes to the quarantine, where somebody sees it
PASSES_WITHIN = timedelta(hours=1)


class FailedMails:
    """What the ingest loop does with a mail that it fails on. `kick` is called when one may be claimed again, `claim_lost`
    when one could not be given back: it stays claimed by us, and nobody works on it."""

    def __init__(
        self, writer: Writer, signer: Signer, *, clock: Clock, metrics: Metrics, nonce: Callable[[], str],
        kick: Callable[[], None], claim_lost: Callable[[], None],
    ) -> None:  # fmt: skip
        self._writer, self._signer, self._clock = writer, signer, clock
        self._metrics, self._nonce = metrics, nonce
        self._kick, self._claim_lost = kick, claim_lost
        self._pauses = Pauses(OUR_FAULT)
        #: when the machine first failed on a mail
        self._since: dict[int, datetime] = {}

    def went_well(self) -> None:
        """A mail was decided: the next fault of ours is a new one."""
        self._pauses.reset()

    async def give_up(self, work: InboundWork, error: Exception, mail: Mail | None = None) -> None:
        """Our own passing fault leaves the mail for later; anything else is the quarantine's."""
        if isinstance(error, NotYet) and mail is not None:
            await self.postpone(work, mail, error)
        elif isinstance(error, Temporary):
            await self._release(work, error)
        elif is_machines(error) and self._is_new(work):
            why = Temporary(f"this machine: {error}")
            await (self._release(work, why) if mail is None else self.postpone(work, mail, why))
        elif isinstance(error, Unreadable):
            await self._unreadable(work, str(error))
        else:
            trace = "".join(traceback.format_exception(error))
            await self.quarantine(work, f"{type(error).__name__}: {error}", trace, mail)

    def _is_new(self, work: InboundWork) -> bool:
        """Whether the machine's fault may still pass: it has stood in this mail's way for less than an hour."""
        now = self._clock.now()
        self._since = {key: at for key, at in self._since.items() if now - at < 2 * PASSES_WITHIN}
        if now - self._since.setdefault(work.id, now) < PASSES_WITHIN:
            return True
        del self._since[work.id]  # who takes it up again gives it as much time again
        return False

    async def quarantine(
        self, work: InboundWork, error: str, trace: str = "", mail: Mail | None = None
    ) -> None:
        """With its reason, for people: `maild mail quarantine` shows it, `maild mail retry` takes it up again."""
        if await self._put_into_quarantine(work, lambda tx: self._quarantine(tx, work, error, trace, mail)):
            log.error(
                "mail put into the quarantine: see `maild mail quarantine`", mail=work.id, because=error
            )

    def _quarantine(self, tx: Tx, work: InboundWork, error: str, trace: str, mail: Mail | None) -> None:
        now = self._clock.now()
        tx.inbound.quarantine(work.id, error, trace, now, mail=shown(mail) if mail is not None else None)
        told = quarantined(hide(error), shown(mail).subject if mail is not None else "", tx.settings, now)
        if told:
            tx.apply(Plan(tuple(told)), now=now, signer=self._signer, nonces=self._nonce)

    async def postpone(self, work: InboundWork, mail: Mail, why: Temporary) -> None:
        """Not decided before something outside answers: this mail waits alone, longer as it grows older."""
        now = self._clock.now()
        pause = min(max((now - work.envelope.received_at) / 2, SHORTEST_WAIT), LONGEST_WAIT)
        log.warning("a mail waits", mail=work.id, because=str(why), again_in_seconds=pause.total_seconds())
        try:
            await self._writer.run(lambda tx: tx.inbound.postpone(work.id, mail, now + pause, str(why)))
        except Exception as fault:
            if isinstance(fault, Temporary | Refused) or is_machines(fault):
                self._given_back_later(work, fault)
            else:  # it would fail the next time, too
                trace = "".join(traceback.format_exception(fault))
                await self.quarantine(work, f"{type(fault).__name__}: {fault}", trace, mail)

    async def rest(self, error: Temporary, mail: int | None = None) -> None:
        """After a fault of ours: longer each time, until one goes well."""
        pause = next(self._pauses)
        log.warning("left for later", mail=mail, because=str(error), again_in_seconds=pause)
        await self._clock.sleep(pause)

    async def _unreadable(self, work: InboundWork, error: str) -> None:
        plan, now = unreadable(error), self._clock.now()

        def job(tx: Tx) -> None:
            told = replace(plan, changes=tuple(quarantined(error, "", tx.settings, now)))
            tx.apply(told, now=now, signer=self._signer, nonces=self._nonce, inbound_id=work.id)

        if await self._put_into_quarantine(work, job):
            log.warning("no mail can be made of it: see `maild mail quarantine`", mail=work.id, because=error)

    async def _put_into_quarantine(self, work: InboundWork, job: Callable[[Tx], None]) -> bool:
        """Whether it stands in the quarantine now; where that fails too, the mail is claimed again later."""
        try:
            await self._writer.run(job)
        except Exception as fault:
            log.error("the mail stays for later", error=fault, mail=work.id)
            self._claim_lost()
            return False
        self._metrics.quarantined.inc()
        return True

    async def _release(self, work: InboundWork, error: Temporary) -> None:
        await self.rest(error, mail=work.id)
        try:
            await self._writer.run(lambda tx: tx.inbound.release(work.id))
        except Exception as fault:
            self._given_back_later(work, fault)
        self._kick()

    def _given_back_later(self, work: InboundWork, fault: Exception) -> None:
        """By the next claim: nobody works on it, and it is in nobody's way until then."""
        unexpected = None if isinstance(fault, Temporary | Refused) else fault
        say = log.warning if unexpected is None else partial(log.error, error=unexpected)
        say("the mail is given back later", mail=work.id, because=str(fault))
        self._claim_lost()
