"""The queue read from a SQLite file on the driver alone: importing SQLAlchemy costs `list` more than all its work.

The texts are those that Core makes of the statements in `lists`, `seen` and `inbound`, written out; a test holds them
equal, for every combination of conditions (tests/store/test_sqlite_queue.py).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from maild.settings import Settings
from maild.store import listed
from maild.store.driver import explain_sqlite, sqlite_driver
from maild.store.listed import UnfiledMail
from maild.store.plain import from_micros, load
from maild.store.revision import REVISION
from maild.ticket import phases
from maild.ticket.phases import InboundState, Phase
from maild.ticket.queue import QueueRow
from maild.ticket.vocabulary import TicketKind

_PREFIX = "sqlite:///"
_MOMENTS = frozenset(("created_at", "updated_at", "respond_by", "resolve_by", "waiting_since", "due"))
#: where columns stand whose values are made of plain ones, and what makes them
_BACK = tuple(
    (place, from_micros if name in _MOMENTS else load)
    for place, name in enumerate(listed.COLUMNS)
    if name in _MOMENTS or name == "data"
)
_Row = namedtuple("_Row", listed.COLUMNS)  # type: ignore[misc]

TICKETS = f"SELECT {', '.join('ticket.' + name for name in listed.COLUMNS)} FROM ticket"  # noqa: S608 (our own names)
_ORDER = (
    " ORDER BY CASE WHEN (ticket.phase = ? AND ticket.reply_by IS NULL) THEN 1 ELSE 0 END,"
    " CASE WHEN (ticket.kind = ?) THEN 0 ELSE 1 END, CASE WHEN (ticket.due IS NULL) THEN 1 ELSE 0 END, ticket.due,"
    " CASE WHEN (ticket.waiting_since IS NULL) THEN 1 ELSE 0 END, ticket.waiting_since, ticket.number"
)
ORDERED_BY = (Phase.WAITING_CUSTOMER, TicketKind.COMPLAINT)
_MAIL = "SELECT inbound.id, inbound.received_at, inbound.from_address, inbound.subject, inbound.kind FROM inbound WHERE"
#: an IN list no longer than this
_AT_ONCE = 256

Query = tuple[str, tuple[Any, ...]]


def in_list(count: int) -> str:
    """`IN (?, ?, ?)`."""
    return f"IN ({', '.join('?' * count)})"


def tickets(
    *, all: bool = False, limit: int | None = None, company: str | None = None, phase: str | None = None,
    team: str | None = None, owner: str | None = None,
) -> Query:  # fmt: skip
    """`TicketLists.stream`: the text and its parameters."""
    where: list[str] = []
    values: list[Any] = []
    if phase is not None:
        where, values = ["ticket.phase = ?"], [phase]
    elif not all:
        open_ = sorted(phases.OPEN)
        where, values = [f"ticket.phase {in_list(len(open_))}"], [*open_]
    for name, value in (("company", company), ("team", team), ("owner", owner)):
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
    text = f"{_MAIL} state = '{InboundState.DONE}' AND ticket IS NULL AND dismissed_at IS NULL"
    return text + " ORDER BY inbound.id LIMIT ? OFFSET ?", (limit, 0)


def quarantined(limit: int) -> Query:
    """`Inbound.list(state=QUARANTINED)`."""
    text = f"{_MAIL} inbound.state = ? ORDER BY inbound.id DESC LIMIT ? OFFSET ?"
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

    def tickets(
        self, *, all: bool = False, limit: int | None = None, company: str | None = None, phase: str | None = None,
        team: str | None = None, owner: str | None = None,
    ) -> Iterator[QueueRow]:  # fmt: skip
        return self.listed(
            tickets(all=all, limit=limit, company=company, phase=phase, team=team, owner=owner)
        )

    def listed(self, query: Query) -> Iterator[QueueRow]:
        """Rows of a list, as the database gives them. `query`: of `TICKETS`."""
        for row in self._run(query):
            values = [*row]
            for place, back in _BACK:
                if (value := values[place]) is not None:
                    values[place] = back(value)
            yield listed.as_listed(_Row._make(values))

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        fresh: set[int] = set()
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            seen = dict(self._run(looked_at(agent, some)))
            newest = self._run(newest_of_others(agent, some))
            fresh |= {ticket for ticket, entry in newest if entry > seen.get(ticket, 0)}
        return frozenset(fresh)

    def mails_on_no_ticket(self, limit: int) -> Sequence[UnfiledMail]:
        rows = [*self._run(unfiled(limit)), *self._run(quarantined(limit))]
        return [UnfiledMail(key, from_micros(at), *rest) for key, at, *rest in rows]


def file_of(settings: Settings) -> Path | None:
    """The SQLite file, where the URL names one plainly."""
    url = settings.database.url
    if not url.startswith(_PREFIX) or "?" in url or "%" in url:
        return None
    path = settings.path(url.removeprefix(_PREFIX))
    return path if path.is_file() else None


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
