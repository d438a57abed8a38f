"""How prepared statements reach the driver: at once where the database is on this machine; over a network those whose
answer nobody reads wait, and go together with the next one that is read, in one round trip (libpq's pipeline mode).

A mail has some forty statements and reads the answers of fifteen. An error of one that waited is raised where they go:
at the next answer, at the end of a part that can fail alone, before the COMMIT. On one machine the pipeline would cost
more of the processor than the round trips that it saves (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from maild.store.statements import Bound

Statement = tuple[str, Bound | None]


class Runner(Protocol):
    """Of one transaction, for one thread."""

    def ask(self, text: str, bound: Bound | None = None) -> Any:
        """Run it and return the cursor, which the next statement uses again."""

    def tell(self, text: str, rows: Sequence[Bound | None] = (None,)) -> None:
        """Run it for each of these; nobody needs the answers."""

    def send(self) -> None:
        """What waits is done when this returns."""

    def forget(self) -> bool:
        """Drop what waits; whether it began with the savepoint, so that the database knows nothing of the part."""

    def close(self) -> None:
        """Before the transaction ends. A cursor that an exception keeps alive would give its statement back, which
        SQLite's driver shares between cursors, while a later transaction binds values to it."""


class AtOnce:
    """SQLite, and PostgreSQL on this machine."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def ask(self, text: str, bound: Bound | None = None) -> Any:
        self._cursor.execute(text, bound or ())
        return self._cursor

    def tell(self, text: str, rows: Sequence[Bound | None] = (None,)) -> None:
        if len(rows) == 1:
            self.ask(text, rows[0])
        elif rows:
            self._cursor.executemany(text, rows)

    def send(self) -> None:
        """Nothing waits."""

    def forget(self) -> bool:
        return False

    def close(self) -> None:
        self._cursor.close()


class Pipelined:
    """PostgreSQL over a network. `driver`: psycopg's connection."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._cursor: Any = driver.cursor()
        #: theirs are answers that nobody reads
        self._unread: Any = driver.cursor()
        self._waiting: list[Statement] = []

    def ask(self, text: str, bound: Bound | None = None) -> Any:
        if not self._waiting:
            return self._cursor.execute(text, bound)
        waiting, self._waiting = self._waiting, []
        with self._driver.pipeline():
            for one, its in waiting:
                self._unread.execute(one, its)
            self._cursor.execute(text, bound)
        return self._cursor

    def tell(self, text: str, rows: Sequence[Bound | None] = (None,)) -> None:
        self._waiting += [(text, row) for row in rows]

    def send(self) -> None:
        if self._waiting:
            text, bound = self._waiting.pop()
            self.ask(text, bound)

    def forget(self) -> bool:
        begins = bool(self._waiting) and self._waiting[0][0] == SAVEPOINT
        self._waiting.clear()
        return begins

    def close(self) -> None:
        self._cursor.close()
        self._unread.close()


SAVEPOINT = "SAVEPOINT job"
