"""A mail's way and what falls due, taken by hand: each step a call, in a transaction of the caller's.

What the loops of work/ do around the steps (claims, workers, tries) is left out, and nothing goes on beside a test.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from maild.mail.own_ids import Signer
from maild.mail.parse import ParseLimits
from maild.model import AuthResult, Envelope, Facts, Plan
from maild.settings import Settings
from maild.store import Store, Tx
from maild.work import mail_steps
from maild.work.deadline_handlers import HANDLERS
from maild.work.nonces import nonce

UNSIGNED = AuthResult()


class MailByHand:
    """One mail, received at `now` (aware): accepted as it is made, then `read`, `facts`, `decide` and `apply`."""

    def __init__(
        self, tx: Tx, settings: Settings, signer: Signer, raw: bytes, now: datetime, sender: str = "x@mail.example",
        *, received: datetime | None = None, peer: str = "127.0.0.1",
    ) -> None:  # fmt: skip
        self.settings, self.signer, self.raw, self.now = settings, signer, raw, now
        self.envelope = Envelope("smtp", received or now, sender, (settings.desk.address,), peer)
        self.id = tx.inbound.accept(self.envelope, raw, None, sha256(raw).hexdigest())

    def read(self, limits: ParseLimits = ParseLimits()) -> None:
        self.found = mail_steps.read(self.settings, self.raw, self.envelope, limits)

    def facts(self, tx: Tx) -> Facts:
        return tx.facts(self.found.keys, self.now, inbound_id=self.id)

    def decide(self, facts: Facts, auth: AuthResult = UNSIGNED, *, instance: str = "") -> Plan:
        return mail_steps.decide_alone(
            self.settings, self.found.mail, self.envelope, facts, auth, self.signer, self.now, instance
        )

    def apply(self, tx: Tx, plan: Plan) -> int | None:
        """Its ticket."""
        done = tx.apply(
            plan, now=self.now, signer=self.signer, nonces=nonce, inbound_id=self.id, mail=self.found.mail
        )
        return done.ticket if plan.inbound_ticket == 0 else plan.inbound_ticket

    def all(self, tx: Tx, auth: AuthResult = UNSIGNED) -> tuple[Plan, int | None]:
        """What was decided, and its ticket."""
        self.read()
        plan = self.decide(self.facts(tx), auth)
        return plan, self.apply(tx, plan)


def go_off(store: Store, signer: Signer, now: datetime) -> None:
    """All deadlines that are due."""
    rows = None
    while rows is None or rows:
        with store.write() as tx:
            rows = tx.deadlines.due(now, 32, timedelta(minutes=10))
            for one in rows:
                tx.apply(HANDLERS[one.type](tx, one, now), now=now, signer=signer, nonces=nonce)
                tx.deadlines.done(one.key, one.at)
