"""The queue read from a SQLite file on the driver alone: importing SQLAlchemy costs `list` more than all its work.

The texts are those that Core makes of the statements in `lists`, `seen` and `inbound`, written out; a test holds them
equal, for every combination of conditions (tests/store/test_sqlite_queue.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, Unpack

from maild.settings import Settings
from maild.store import columns, listed
from maild.store.driver import explain_sqlite, sqlite_driver
from maild.store.listed import TicketFilter, UnfiledMail
from maild.store.plain import in_parts
from maild.store.revision import REVISION
from maild.ticket import phases
from maild.ticket.phases import InboundState, Phase
from maild.ticket.queue import QueueRow
from maild.ticket.vocabulary import TicketKind

_TICKET = columns.TICKET.only(*listed.COLUMNS)
_MAIL = columns.INBOUND.only(*UnfiledMail._fields)
#: what `SqliteQueue.listed` makes rows of
TICKETS = _TICKET.select
_ORDER = (
    " ORDER BY CASE WHEN (ticket.phase = ? AND ticket.reply_by IS NULL) THEN 1 ELSE 0 END,"
    " CASE WHEN (ticket.kind = ?) THEN 0 ELSE 1 END, CASE WHEN (ticket.due IS NULL) THEN 1 ELSE 0 END, ticket.due,"
    " CASE WHEN (ticket.waiting_since IS NULL) THEN 1 ELSE 0 END, ticket.waiting_since, ticket.number"
)
ORDERED_BY = (Phase.WAITING_CUSTOMER, TicketKind.COMPLAINT)

Query = tuple[str, tuple[Any, ...]]


def in_list(count: int) -> str:
    """`IN (?, ?, ?)`."""
    return f"IN ({', '.join('?' * count)})"


def tickets(
    *, all: bool = False, limit: int | None = None, phase: str | None = None, **named: str | None
) -> Query:
    """`TicketLists.stream`: the text and its parameters."""
    where: list[str] = []
    values: list[Any] = []
    if not all and phase is None:
        values += sorted(phases.OPEN)
        where.append(f"ticket.phase {in_list(len(values))}")
    for name, value in {"phase": phase, **named}.items():
        if value is not None:
            where.append(f"ticket.{name} = ?")
            values.append(value)
    text = TICKETS + (" WHERE " + " AND ".join(where) if where else "") + _ORDER
    values += ORDERED_BY
    return (text, (*values,)) if limit is None else (text + " LIMIT ? OFFSET ?", (*values, limit, 0))


def owners() -> Query:
    """`TicketLists.owners`."""
    ended = sorted(phases.ENDED)
    text = "SELECT DISTINCT ticket.owner FROM ticket WHERE ticket.owner != ? AND (ticket.phase NOT "
    return text + in_list(len(ended)) + ")", ("", *ended)


def company_keys() -> Query:
    """`Companies.keys`."""
    return 'SELECT company."key" FROM company ORDER BY company."key"', ()


def looked_at(agent: str, numbers: Sequence[int]) -> Query:
    """What of these tickets the agent has seen."""
    text = "SELECT seen.ticket, seen.entry FROM seen WHERE seen.agent = ? AND seen.ticket "
    return text + in_list(len(numbers)), (agent, *numbers)


def newest_of_others(agent: str, numbers: Sequence[int]) -> Query:
    """The newest entry that somebody else wrote on each."""
    text = "SELECT entry.ticket, max(entry.id) AS entry FROM entry WHERE entry.ticket "
    text += f"{in_list(len(numbers))} AND entry.author != ? AND entry.channel != ? GROUP BY entry.ticket"
    return text, (*numbers, agent, "system")


def unfiled(limit: int) -> Query:
    """`Inbound.unfiled`."""
    text = f"{_MAIL.select} WHERE state = '{InboundState.DONE}' AND ticket IS NULL AND dismissed_at IS NULL"
    return text + " ORDER BY inbound.id LIMIT ? OFFSET ?", (limit, 0)


def quarantined(limit: int) -> Query:
    """`Inbound.list(state=QUARANTINED)`."""
    text = f"{_MAIL.select} WHERE inbound.state = ? ORDER BY inbound.id DESC LIMIT ? OFFSET ?"
    return text, (InboundState.QUARANTINED, limit, 0)


class SqliteQueue:
    """A `QueueSource`: one consistent view of a file, for reading only; `sqlite_tickets` reads whole tickets."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def _run(self, query: Query) -> Iterator[Any]:
        rows: Iterator[Any] = self._connection.execute(*query)
        return rows

    def company_keys(self) -> Sequence[str]:
        return [key for (key,) in self._run(company_keys())]

    def owners(self) -> Sequence[str]:
        return [owner for (owner,) in self._run(owners())]

    def tickets(self, **wanted: Unpack[TicketFilter]) -> Iterator[QueueRow]:
        return self.listed(tickets(**wanted))

    def listed(self, query: Query) -> Iterator[QueueRow]:
        """Rows of a list, as the database gives them; asked for with the first. `query`: of `TICKETS`."""
        yield from map(listed.as_listed, _TICKET.rows(self._run(query)))

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        fresh: set[int] = set()
        for some in in_parts(numbers):
            seen = dict(self._run(looked_at(agent, some)))
            newest = self._run(newest_of_others(agent, some))
            fresh |= {ticket for ticket, entry in newest if entry > seen.get(ticket, 0)}
        return frozenset(fresh)

    def mails_on_no_ticket(self, limit: int) -> Sequence[UnfiledMail]:
        rows = chain(self._run(unfiled(limit)), self._run(quarantined(limit)))
        return [*map(UnfiledMail._make, _MAIL.rows(rows))]


def file_of(settings: Settings) -> Path | None:
    """The SQLite file, where the URL names one plainly."""
    file, url = settings.sqlite_file, settings.database.url
    return file if file and "?" not in url and "%" not in url and file.is_file() else None


@contextmanager
def looking(settings: Settings) -> Iterator[SqliteQueue | None]:
    """The queue of the configured database; None where it is another one, or not as this version left it: `Store.open`
    says why."""
    with connected(settings, "PRAGMA query_only=1", "BEGIN DEFERRED") as connection:
        yield None if connection is None else SqliteQueue(connection)


@contextmanager
def connected(settings: Settings, *first: str) -> Iterator[Any]:
    """A connection after these statements; what is not committed is rolled back. None: see `looking`."""
    path = file_of(settings)
    if path is None:
        yield None
        return
    driver = sqlite_driver()
    wait = settings.database.busy_timeout_seconds
    try:
        connection = driver.connect(str(path), isolation_level=None, timeout=wait)
        try:
            for text in (f"PRAGMA busy_timeout={int(wait * 1000)}", *first):
                connection.execute(text)
            yield connection if _fits(connection, driver) else None
        finally:
            with suppress(driver.Error):
                connection.execute("ROLLBACK")
            connection.close()
    except driver.Error as error:
        explained = explain_sqlite(str(error).lower(), str(path))
        if explained is None:
            raise
        raise explained from error


def _fits(connection: Any, driver: Any) -> bool:
    """Whether the schema is this version's."""
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except driver.OperationalError as error:
        if "no such table" in str(error):
            return False
        raise
    return row is not None and row[0] == REVISION
