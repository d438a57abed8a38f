"""What a look into all queues at once finds."""

from __future__ import annotations

from maild.model import NEW, Envelope, SetDeadline
from maild.store import Store
from maild.ticket.vocabulary import DeadlineType
from tests.store.values import HOUR, LEASE, NOW, ask, new_ticket, notice


def test_each_queue_is_due_by_its_own_clock(store: Store) -> None:
    assert ask(store, lambda tx: tx.due(NOW)) == (False, False, False)
    with store.write() as tx:
        tx.inbound.accept(Envelope("smtp", NOW), b"x", None, "x")
    assert ask(store, lambda tx: tx.due(NOW)) == (True, False, False)
    with store.write() as tx:
        tx.inbound.claim(1, NOW, LEASE, "w")
    assert ask(store, lambda tx: tx.due(NOW)) == (False, False, False)
    assert ask(store, lambda tx: tx.due(NOW + LEASE)) == (True, False, False)
    new_ticket(store, notice(), SetDeadline(DeadlineType.RESPOND_BREACH, NEW, NOW + HOUR, since=NOW))
    assert ask(store, lambda tx: tx.due(NOW)) == (False, True, False)
    with store.write() as tx:
        (work,) = tx.outbound.claim(1, NOW, "w", LEASE)
        tx.outbound.release_worker("w", NOW)
    assert work
    assert ask(store, lambda tx: tx.due(NOW - HOUR)) == (False, False, False)
    assert ask(store, lambda tx: tx.due(NOW + HOUR)) == (True, True, True)
