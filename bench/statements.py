"""What each statement of `maild.store.hot` saves: CPU microseconds a mail through SQLAlchemy and on the driver.

    python -m bench.statements [--mails N]

Requests of 2 KB come, are acknowledged, and each is answered once; all statements run on the driver and, in a
second desk with the same mails, through SQLAlchemy. Both desks take turns, batch by batch.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.load import mail as mail_bytes
from bench.stages import BATCH, Desk, Stages
from bench.store_hot_path import yardstick
from maild.store import hot
from maild.store.core import Transaction
from maild.store.statements import Params, Prepared, PreparedIn

#: methods of a transaction that run statements on the driver
_WAYS = ("run", "row", "rows", "insert", "changed", "rows_in", "tell", "tell_in")
_NAMES = {id(value): name for name, value in vars(hot).items() if isinstance(value, Prepared | PreparedIn)}


class Times:
    """Seconds and calls by statement."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._inside = False

    def timed(self, way: Callable[..., Any]) -> Callable[..., Any]:
        """The same, counted; ways that call each other count once."""

        def run(tx: Transaction, statement: Any, *rest: Any) -> Any:
            if self._inside:
                return way(tx, statement, *rest)
            self._inside = True
            begun = time.thread_time()
            try:
                return way(tx, statement, *rest)
            finally:
                self._inside = False
                name = _NAMES.get(id(statement), "update_ticket")
                self.spent[name] = self.spent.get(name, 0.0) + time.thread_time() - begun
                self.calls[name] = self.calls.get(name, 0) + 1

        return run


def _all(tx: Transaction, statement: Prepared, params: Params) -> Any:
    return tx.execute(statement.statement, params)  # type: ignore[arg-type]


def _in(tx: Transaction, statement: PreparedIn, values: Sequence[Any], params: Params | None = None) -> Any:
    size = 1 << (len(values) - 1).bit_length()
    named = {f"in{i}": values[min(i, len(values) - 1)] for i in range(size)}
    return tx.execute(_built(statement, size), named | (params or {}))


def _built(statement: PreparedIn, size: int, known: dict[tuple[int, int], Any] = {}) -> Any:  # noqa: B006
    if (id(statement), size) not in known:
        known[id(statement), size] = statement.statement(size)
    return known[id(statement), size]


def _insert(tx: Transaction, statement: Prepared, params: Params) -> int | None:
    done = _all(tx, statement, params)
    return int(done.lastrowid) if done.rowcount > 0 else None


#: the same ways through SQLAlchemy
_SLOW: dict[str, Callable[..., Any]] = {
    "run": _all,
    "row": lambda tx, statement, params: _all(tx, statement, params).first(),
    "rows": lambda tx, statement, params: _all(tx, statement, params).all(),
    "insert": _insert,
    "changed": lambda tx, statement, params: _all(tx, statement, params).rowcount > 0,
    "rows_in": lambda tx, statement, values, params=None: _in(tx, statement, values, params).all() if values else [],
    "tell": lambda tx, statement, *rows: tx.execute(statement.statement, list(rows)) if rows else None,
    "tell_in": lambda tx, statement, values, params: _in(tx, statement, values, params) if values else None,
}  # fmt: skip
_FAST = {way: getattr(Transaction, way) for way in _WAYS}


@contextmanager
def measured(ways: dict[str, Callable[..., Any]], times: Times) -> Iterator[None]:
    """Transactions use these ways meanwhile."""
    for name, way in ways.items():
        setattr(Transaction, name, times.timed(way))
    try:
        yield
    finally:
        for name, way in _FAST.items():
            setattr(Transaction, name, way)


def turn(desk: Desk, number: int) -> int:
    """A batch of requests and the answers to their acknowledgements; how many mails."""
    stage = Stages()
    requests = [mail_bytes("r", number * BATCH + i, 2048) for i in range(BATCH)]
    stage.batches.append({})
    desk.take_in(requests, stage)
    desk.decide(stage)
    desk.send(stage)
    with desk.store.read() as tx:
        newest = {one.recipients[0].address: one.message_id for one in tx.outbound.list(limit=BATCH)}
    answers = [
        (sender, f"In-Reply-To: {newest[sender]}\r\n".encode() + raw.replace(b"Message-ID: <", b"Message-ID: <re"))
        for sender, raw in requests
    ]  # fmt: skip
    desk.take_in(answers, stage)
    desk.decide(stage)
    desk.send(stage)
    return BATCH * 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=960)
    options = parser.parse_args()
    fast, slow = Times(), Times()
    count = 0
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first, second = Desk(Path(one)), Desk(Path(other))
        for number in range(1 + options.mails // BATCH // 2):
            with measured(_FAST, fast):
                mails = turn(first, number)
            with measured(_SLOW, slow):
                turn(second, number)
            if number == 0:  # statements are compiled
                fast.__init__()  # type: ignore[misc]
                slow.__init__()  # type: ignore[misc]
            else:
                count += mails
    print(f"{'us a mail':18}{'calls':>8}{'SQLAlchemy':>12}{'driver':>9}{'saved':>8}")
    for name in (*_NAMES.values(), "update_ticket"):
        a, b = slow.spent.get(name, 0.0) / count * 1e6, fast.spent.get(name, 0.0) / count * 1e6
        print(f"{name:18}{fast.calls.get(name, 0) / count:8.2f}{a:12.1f}{b:9.1f}{a - b:8.1f}")
    a, b = sum(slow.spent.values()) / count * 1e6, sum(fast.spent.values()) / count * 1e6
    print(f"{'together':18}{'':8}{a:12.1f}{b:9.1f}{a - b:8.1f}")
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"yardstick (see bench.stages): {min(yardstick(folder, BATCH, f'y{i}') for i in range(40)):.1f}"
        )


if __name__ == "__main__":
    main()
