"""PostgreSQL's prepared statements on libpq itself, in its pipeline mode.

What nobody reads waits, and goes in one round trip together with the next statement whose answer is read: BEGIN and the
writers' lock with the first one, COMMIT with the last. A mail has some forty statements and reads the answers of
ten; each round trip takes both sides some 20 us of the processor besides the statement, and psycopg's cursors
another 20 in Python (docs/performance.md). Each statement is parsed once a connection.

An error of one that waited is raised where they go: at the next answer, at the end of a part that can fail alone, at the
COMMIT. Whatever comes after it in the same round trip the server skips.
"""

from __future__ import annotations

import select
from collections.abc import MutableMapping, Sequence
from itertools import count
from typing import Any

from psycopg import Connection, InterfaceError, OperationalError
from psycopg.abc import Transformer as Adapts
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from maild.store.runner import SAVEPOINT
from maild.store.statements import Bound

#: statements that a connection keeps prepared; those above it are parsed each time
KEPT = 400
_FORMATS = {bytes: PyFormat.BINARY}
_SYNC = ExecStatus.PIPELINE_SYNC
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_BINARY = 1
_SESSION = "maild_prepared"


class PreparedSession:
    """Of one connection, as long as it lives: what its server has prepared."""

    def __init__(self, driver: Connection[Any]) -> None:
        self.wire = driver.pgconn
        self.adapter: Adapts = Transformer(driver)
        self.names: dict[str, bytes] = {}  # by text
        self._numbers = count(1)
        self._reads, self._writes = select.poll(), select.poll()
        self._reads.register(self.wire.socket, select.POLLIN)
        self._writes.register(self.wire.socket, select.POLLIN | select.POLLOUT)

    def next_name(self) -> bytes:
        """Of a statement to be prepared. None is used twice: the server may know one that we do not."""
        return b"maild%d" % next(self._numbers)

    def receive(self, results: list[PGresult]) -> None:
        """All up to the answer to the sync. OperationalError where the connection is broken."""
        wire = self.wire
        unsent = wire.flush()
        while True:
            if unsent or wire.is_busy():
                (self._writes if unsent else self._reads).poll()
                wire.consume_input()
                unsent = wire.flush()
                continue
            result = wire.get_result()
            if result is None:
                if wire.status != ConnStatus.OK:
                    raise OperationalError(wire.get_error_message())
            elif result.status == _SYNC:
                return
            else:
                results.append(result)


class Answer:
    """What one statement gave: as much of a cursor as prepared statements need."""

    __slots__ = ("_adapter", "_result")

    def __init__(self, adapter: Adapts, result: PGresult) -> None:
        self._adapter, self._result = adapter, result

    @property
    def rowcount(self) -> int:
        """Rows given, or touched."""
        return self._result.command_tuples or 0

    def fetchall(self) -> list[tuple[Any, ...]]:
        self._adapter.set_pgresult(self._result)
        return self._adapter.load_rows(0, self._result.ntuples, tuple)

    def fetchone(self) -> tuple[Any, ...] | None:
        rows = self.fetchall()
        return rows[0] if rows else None


#: text, values and their formats
_Waiting = tuple[str, Sequence[Any], Sequence[Any]]
#: text, and the values as they are written
_Question = tuple[str, str]


class Pipelined:
    """The `Runner` of one transaction. `driver`: psycopg's connection, `about`: SQLAlchemy's notes on it; `begin`: the
    statements that begin the transaction, none where it has begun."""

    def __init__(
        self, driver: Connection[Any], about: MutableMapping[Any, Any], begin: Sequence[str] = ()
    ) -> None:
        session = about.get(_SESSION)
        if session is None:
            session = about[_SESSION] = PreparedSession(driver)
        self._session: PreparedSession = session
        self._waiting: list[_Waiting] = [(one, (), ()) for one in begin]
        #: what is going to be asked, and what came of it, by text and values
        self._ahead: dict[_Question, _Waiting] = {}
        self._known: dict[_Question, PGresult] = {}
        self._unbegun = len(begin)
        self._committed = self._closed = False

    def ask(self, text: str, bound: Bound | None = None) -> Answer:
        asked = None
        if self._ahead or self._known:
            question = (text, repr(bound))
            known = self._known.pop(question, None)
            if known is not None:
                return Answer(self._session.adapter, known)
            asked = self._ahead.pop(question, None)
        self._waiting.append(asked or self._plain(text, bound))
        if not self._ahead:
            return Answer(self._session.adapter, self._go()[-1])
        ahead, self._ahead = self._ahead, {}
        self._waiting += ahead.values()
        own, *others = self._go()[-1 - len(ahead) :]
        self._known.update(zip(ahead, others, strict=True))
        return Answer(self._session.adapter, own)

    def ahead(self, text: str, bound: Bound) -> None:
        self._ahead[text, repr(bound)] = self._plain(text, bound)

    def forget_ahead(self) -> None:
        self._ahead.clear()
        self._known.clear()

    def tell(self, text: str, rows: Sequence[Bound | None] = (None,)) -> None:
        self.forget_ahead()
        self._waiting += [self._plain(text, row) for row in rows]

    def send(self) -> None:
        if self._waiting:
            self._go()

    def forget(self) -> bool:
        self.forget_ahead()
        mark = self._unbegun
        begins = len(self._waiting) > mark and self._waiting[mark][0] == SAVEPOINT
        del self._waiting[mark:]
        return begins

    def commit(self) -> None:
        if self._committed:
            if self._waiting:
                raise InterfaceError("the transaction was committed")
            return
        self._committed = True
        if self._unbegun and len(self._waiting) == self._unbegun:
            self._waiting.clear()  # nothing was asked or told
            return
        self.tell("COMMIT")
        status = self._go()[-1].command_status
        if status != b"COMMIT":
            raise OperationalError(f"the transaction was not committed: {status!r}")

    def close(self) -> None:
        self._closed = True
        self._waiting.clear()

    # ------------------------------------------------------------------------------------------ on the wire

    def _plain(self, text: str, bound: Bound | None) -> _Waiting:
        """With the values as bytes: what does not fit is told of here. The server takes their types from the statement."""
        if not bound:
            return text, (), ()
        adapter = self._session.adapter
        values = adapter.dump_sequence(bound, [_FORMATS.get(type(one), PyFormat.TEXT) for one in bound])
        return text, values, adapter.formats or ()

    def _go(self) -> list[PGresult]:
        """Send what waits; the results of its statements, in their order. Raises the error of the first that failed."""
        if self._closed:
            raise InterfaceError("the transaction is closed")
        waiting, self._waiting, self._unbegun = self._waiting, [], 0
        session = self._session
        wire = session.wire
        fresh: dict[str, bytes] = {}
        parsed: dict[int, str] = {}  # what is parsed here, by the place of the result that says so
        results: list[PGresult] = []
        wire.enter_pipeline_mode()
        expected = 0
        for text, values, formats in waiting:
            name = session.names.get(text) or fresh.get(text)
            if name is None and len(session.names) + len(fresh) < KEPT:
                name = fresh[text] = session.next_name()
                wire.send_prepare(name, text.encode())
                parsed[expected] = text
                expected += 1
            if name is None:
                wire.send_query_params(text.encode(), values, param_formats=formats, result_format=_BINARY)
            else:
                wire.send_query_prepared(name, values, formats, _BINARY)
            expected += 1
        wire.pipeline_sync()
        try:
            session.receive(results)
        except (KeyboardInterrupt, SystemExit):
            wire.get_cancel().cancel()
            session.receive(results)
            wire.exit_pipeline_mode()
            raise
        wire.exit_pipeline_mode()
        for at, result in enumerate(results):
            if result.status not in _DONE:
                raise error_from_result(result)
            if at in parsed:
                session.names[parsed[at]] = fresh[parsed[at]]
        return [result for at, result in enumerate(results) if at not in parsed] if parsed else results
