"""The answers to one mail, composed in the transaction that decides on it: they leave without a turn of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maild.steps import Steps
from maild.store import OutboundWork, Tx
from maild.work.outbox import Outbox


class AnswersAtOnce:
    """Made in the event loop before the decision; `send` or `let_go` ends it there."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        #: for `tx.apply`; None where answers have to wait in the queue
        self.claim = outbox.claim()
        self._claimed: Sequence[OutboundWork] = ()
        self._ready: Sequence[OutboundWork] = ()

    def begin(self) -> None:
        """At the beginning of the transaction, in the writer's thread. Where it is done once more, what was composed before
        was rolled back, and there may be nothing to answer now."""
        self._outbox.forget(self._claimed)
        self._claimed = self._ready = ()

    def compose(self, tx: Tx, claimed: Sequence[OutboundWork], now: datetime) -> Steps[None]:
        """At the end of the transaction, in the writer's thread."""
        self._claimed = claimed
        self._ready = yield from self._outbox.rendered(tx, claimed, now)

    def send(self) -> None:
        """The decision is committed."""
        if self._claimed:
            self._outbox.send(self._claimed, self._ready)

    def let_go(self) -> None:
        """The decision failed, or nobody knows whether it was committed."""
        if self._claimed:
            self._outbox.let_go(self._claimed)
