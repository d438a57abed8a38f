"""Another daemon that writes on the same database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from maild.store import Store, Tx
from maild.store.locks import Kind
from tests.timing import PATIENCE


@contextmanager
def writing(store: Store, work: Callable[[Tx], object]) -> Iterator[threading.Event]:
    """Another daemon's transaction that did `work` and is not committed before the event is set."""
    did, end = threading.Event(), threading.Event()

    def run() -> None:
        with store.write(concurrent=True) as tx:
            work(tx)
            did.set()
            end.wait(PATIENCE)

    thread = threading.Thread(target=run)
    thread.start()
    assert did.wait(PATIENCE)
    yield end
    end.set()
    thread.join(PATIENCE)


def lock(*numbers: int) -> Callable[[Tx], None]:
    return lambda tx: tx.locks.take(Kind.TICKET, numbers)
