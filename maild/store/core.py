"""What every part of a transaction builds on: running statements, the clockless caches, events."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, func, select

from maild.model import CompanyFacts, OutageFacts, PersonFacts
from maild.settings import Settings
from maild.steps import Steps, in_step
from maild.store import hot
from maild.store.locks import Locks
from maild.store.rows import StateChange
from maild.store.runner import SAVEPOINT, AtOnce, Runner
from maild.store.statements import OnConflict, Params, Prepared, PreparedIn, insert_all
from maild.store.tables import ENTRY, EVENT, META

_RELEASE, _ROLL_BACK = "RELEASE SAVEPOINT job", "ROLLBACK TO SAVEPOINT job"
_SET_META = insert_all(META).ext(OnConflict("(key) DO UPDATE SET value = excluded.value"))
_GENERATION: Params = {"key": "generation"}
_NEW_META = insert_all(META).ext(OnConflict("(key) DO NOTHING"))


class MasterCache:
    """Master data as of one `generation`. A generation is a random word that changes in the same transaction
    as the data, so what was read under it stays true under it, even after a roll-back."""

    LIMIT = 20_000

    def __init__(self, generation: str) -> None:
        self.generation = generation
        self.people: dict[str, PersonFacts | None] = {}  # None: nobody here
        self.companies: dict[str, CompanyFacts | None] = {}
        self.domains: dict[str, str | None] = {}
        self.outages: tuple[OutageFacts, ...] | None = None  # None: not read yet

    def trim(self) -> None:
        """Forget all when senders by the thousand have filled it."""
        for name in ("people", "domains", "companies"):
            if len(getattr(self, name)) > self.LIMIT:
                setattr(self, name, {})  # another thread may be reading the old one


class Caches:
    """The newest `MasterCache` of a store, shared by its transactions."""

    def __init__(self) -> None:
        self._newest = MasterCache("")

    @property
    def newest(self) -> MasterCache:
        """As of the generation that was seen last."""
        return self._newest

    def at(self, generation: str) -> MasterCache:
        cache = self._newest
        if cache.generation != generation:
            cache = self._newest = MasterCache(generation)
        cache.trim()
        return cache


def _pipelined(connection: Connection, begin: Sequence[str]) -> Runner:
    from maild.store.pipeline import Pipelined

    driver: Any = connection.connection.dbapi_connection
    return Pipelined(driver, connection.info, begin)


class Transaction:
    """One open transaction. `run` is for prepared statements with plain values, `connection` for the rest. `begin`: what
    PostgreSQL is told first, together with the first statement."""

    def __init__(
        self, connection: Connection, settings: Settings, caches: Caches, *, process: str = "",
        concurrent: bool = False, begin: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._connection = connection
        self.settings = settings
        self._caches = caches
        self._dialect = connection.dialect
        self.is_sqlite = connection.dialect.name == "sqlite"
        #: for all prepared statements: whoever runs one reads all that it gives before the next
        self._runner: Runner = (
            AtOnce(connection.connection.cursor()) if self.is_sqlite else _pipelined(connection, begin)
        )
        self._master: MasterCache | None = None
        #: who writes: the id of a daemon, with the number of its lane where it has several; "" for a command
        self.process = process
        self.locks = Locks(self._runner.ask if concurrent and not self.is_sqlite else None)
        #: called after the COMMIT, such as the removal of erased files
        self.after_commit: list[Callable[[], None]] = []
        self._last: list[Callable[[], Steps[None]]] = []
        self._mark = 0
        #: events to write, of which those before the mark are of parts that are done; and such that were written inside
        #: the part that runs
        self._events: list[Params] = []
        self._events_mark = 0
        self._events_written: list[Params] = []
        #: sums that `counters` has read, by the minute from which they count and their key
        self.sums: dict[int, dict[str, int]] = {}

    def finish(self) -> None:
        """At the COMMIT: all that waits is done."""
        self.run_last()
        self.write_events()
        self._runner.commit()

    def send(self) -> None:
        """All that was told is done when this returns."""
        self._runner.send()

    def close(self) -> None:
        self._runner.close()

    def do_last(self, work: Callable[[], Steps[None]]) -> None:
        """Do it before the COMMIT, after the other jobs of a batch, in step with what else is left to be done last."""
        self._last.append(work)

    def run_last(self) -> None:
        """Do now what was left to be done last."""
        while self._last:
            last, self._last = self._last, []
            in_step(work() for work in last)

    # ------------------------------------------------------------------------------------- statements

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's, after all prepared statements."""
        self._runner.send()
        return self._connection

    def execute(
        self, statement: Executable, params: Params | Sequence[Params] | None = None
    ) -> CursorResult[Any]:
        """Any statement, through SQLAlchemy."""
        self.write_events()
        return self.connection.execute(statement, params)

    def run(self, statement: Prepared, params: Params) -> Any:
        """A prepared one, on the driver; returns the cursor, which the next statement uses again."""
        return self._runner.ask(*statement.bind(self._dialect, params))

    def row(self, statement: Prepared, params: Params) -> Any | None:
        """The first row by name, or None."""
        rows = self.rows(statement, params)
        return rows[0] if rows else None

    def rows(self, statement: Prepared, params: Params) -> list[Any]:
        """All rows by name."""
        return statement.rows(self.run(statement, params).fetchall())

    def scalar(self, statement: Prepared, params: Params) -> Any:
        """The first column of the first row, or None."""
        row = self.row(statement, params)
        return None if row is None else row[0]

    def insert(self, statement: Prepared, params: Params) -> int | None:
        """Insert one row and return its id; None when a conflict left it out."""
        cursor = self.run(statement, params)
        if self.is_sqlite:
            return int(cursor.lastrowid) if cursor.rowcount > 0 else None
        row = cursor.fetchone()
        return None if row is None else int(row[0])

    def changed(self, statement: Prepared, params: Params) -> bool:
        """Execute; whether it touched any row."""
        return bool(self.run(statement, params).rowcount > 0)

    def rows_in(
        self, statement: PreparedIn, values: Sequence[Any], params: Params | None = None
    ) -> list[Any]:
        """Rows by name for an IN list; no round trip for an empty one."""
        if not values:
            return []
        return statement.rows(self._runner.ask(*statement.bind(self._dialect, values, params)).fetchall())

    def ahead(self, statement: Prepared, params: Params) -> None:
        """It is going to be run, and nothing is written before: on PostgreSQL its answer comes with that of what is run
        next, such as a lock, which is waited for first."""
        if not self.is_sqlite:
            self._runner.ahead(*statement.bind(self._dialect, params))

    def ahead_in(self, statement: PreparedIn, values: Sequence[Any], params: Params | None = None) -> None:
        """The same for an IN list; nothing for an empty one."""
        if values and not self.is_sqlite:
            self._runner.ahead(*statement.bind(self._dialect, values, params))

    def forget_ahead(self) -> None:
        """What is asked from here on is asked now."""
        self._runner.forget_ahead()

    def tell(self, statement: Prepared, *rows: Params) -> None:
        """A statement whose answer nobody needs, for each of these rows."""
        if rows:
            bound = [statement.bind(self._dialect, row) for row in rows]
            self._runner.tell(bound[0][0], [params for _, params in bound])

    def tell_in(self, statement: PreparedIn, values: Sequence[Any], params: Params) -> None:
        """The same for an IN list; nothing for an empty one."""
        if values:
            text, bound = statement.bind(self._dialect, values, params)
            self._runner.tell(text, [bound])

    # ------------------------------------------------------------------------------------ meta, events

    def meta(self, key: str) -> str | None:
        """A value of the `meta` table."""
        value: str | None = self.scalar(hot.META_VALUE, {"key": key})
        return value

    def set_meta(self, key: str, value: str) -> None:
        self.execute(_SET_META, {"key": key, "value": value})

    def new_meta(self, key: str, value: str) -> None:
        """Set it unless it is there."""
        self.execute(_NEW_META, {"key": key, "value": value})

    def secret(self) -> bytes:
        """What signs our Message-IDs; made once, by `migrate`."""
        return bytes.fromhex(self.meta("secret") or "")

    def add_events(self, events: Iterable[tuple[str, int, str, str, str]], now: datetime) -> None:
        """(object, id, old state, new state, note) each; written with those of the whole transaction."""
        self._events += [
            {"at": now, "object": kind, "object_id": key, "old": old, "new": new, "note": note}
            for kind, key, old, new, note in events
        ]

    def write_events(self) -> None:
        """Before the COMMIT, and before any statement that might read them."""
        events, self._events = self._events, []
        self._events_written += events[: self._events_mark]
        self._events_mark = 0
        if events:
            self.tell(hot.ADD_EVENT, *events)

    def stamp(self) -> tuple[int, int]:
        """Another one after whatever happened on the desk: the newest change of a state, the newest entry."""
        event, entry = select(func.max(EVENT.c.id)), select(func.max(ENTRY.c.id))
        return self.execute(event).scalar() or 0, self.execute(entry).scalar() or 0

    def events(self, kind: str, key: int) -> tuple[StateChange, ...]:
        """Changes of state of one mail, consent or ticket, oldest first."""
        query = select(*EVENT.c["at", "old", "new", "note"]).order_by(EVENT.c.id)
        rows = self.execute(query.where(EVENT.c.object == kind, EVENT.c.object_id == key))
        return tuple(StateChange(row.at, row.old, row.new, row.note) for row in rows)

    # ------------------------------------------------------------------------------------- master data

    def master_ahead(self) -> MasterCache:
        """`master` is going to be asked for; what it was when it was asked for last."""
        if self._master is not None:
            return self._master
        self.ahead(hot.META_VALUE, _GENERATION)
        return self._caches.newest

    @property
    def master(self) -> MasterCache:
        """Cached companies, people, domains and outages, as this transaction sees them."""
        if self._master is None:
            self._master = self._caches.at(self.scalar(hot.META_VALUE, _GENERATION) or "")
        return self._master

    def master_changed(self) -> None:
        """To be called by everything that changes companies, contacts, bounce marks or outages."""
        self.set_meta("generation", secrets.token_hex(8))
        self._master = None

    # --------------------------------------------------------------------------------------- savepoints

    def savepoint(self) -> None:
        """Begin a part that can fail alone."""
        self._runner.tell(SAVEPOINT)
        self.locks.job_begins()
        self._mark = len(self.after_commit)
        self._events_mark, self._events_written = len(self._events), []

    def release(self) -> None:
        """The part is done."""
        self._runner.tell(_RELEASE)
        self._runner.send()

    def roll_back_to_savepoint(self) -> None:
        """Undo the part. Raises when the database has given up the whole transaction."""
        if not self._runner.forget():
            self._runner.tell(_ROLL_BACK)
            self._runner.tell(_RELEASE)
            self._runner.send()
        self.locks.job_failed()
        self._last.clear()
        self._master = None  # what was read inside it may not be true
        self.sums.clear()
        self._events = self._events_written + self._events[: self._events_mark]
        del self.after_commit[self._mark :]
