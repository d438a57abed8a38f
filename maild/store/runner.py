"""How prepared statements reach the driver: SQLite's at once, PostgreSQL's in as few round trips as there are answers
that somebody reads (`pipeline`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from maild.store.statements import Bound


class Runner(Protocol):
    """Of one transaction, for one thread."""

    def ask(self, text: str, bound: Bound | None = None) -> Any:
        """Run it and return the cursor, which the next statement uses again."""

    def ahead(self, text: str, bound: Bound) -> None:
        """It is going to be asked: its answer may come with that of the next statement, unless something is told before."""

    def forget_ahead(self) -> None:
        """What is asked from here on is asked now."""

    def tell(self, text: str, rows: Sequence[Bound | None] = (None,)) -> None:
        """Run it for each of these; nobody needs the answers."""

    def send(self) -> None:
        """What waits is done when this returns."""

    def forget(self) -> bool:
        """Drop what waits; whether it began with the savepoint, so that the database knows nothing of the part."""

    def commit(self) -> None:
        """What waits is done and, on PostgreSQL, committed when this returns."""

    def close(self) -> None:
        """Before the transaction ends. A cursor that an exception keeps alive would give its statement back, which
        SQLite's driver shares between cursors, while a later transaction binds values to it."""


class AtOnce:
    """SQLite."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def ask(self, text: str, bound: Bound | None = None) -> Any:
        self._cursor.execute(text, bound or ())
        return self._cursor

    def ahead(self, text: str, bound: Bound) -> None:
        """Nothing is sent ahead: each statement is answered at once."""

    def forget_ahead(self) -> None:
        """Nothing is known ahead."""

    def tell(self, text: str, rows: Sequence[Bound | None] = (None,)) -> None:
        if len(rows) == 1:
            self.ask(text, rows[0])
        elif rows:
            self._cursor.executemany(text, rows)

    def send(self) -> None:
        """Nothing waits."""

    def forget(self) -> bool:
        return False

    def commit(self) -> None:
        """SQLAlchemy commits."""

    def close(self) -> None:
        self._cursor.close()


SAVEPOINT = "SAVEPOINT job"
