"""Full text asked for through SQLAlchemy, on both databases, and its indexes fed (`searching`: how a search goes).

Feeding them costs some hundred microseconds a mail, so they lag behind: `index` takes in what came when there is time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, and_, exists, func, literal, or_, select, text

from maild.fulltext import Query, fold
from maild.store.core import Transaction
from maild.store.folding import folded
from maild.store.searching import (
    CARRIES,
    INDEXED_ENTRIES,
    INDEXED_HEADS,
    Document,
    Head,
    Searching,
    document,
    escaped,
    quoted,
)
from maild.store.statements import Params
from maild.store.tables import ENTRY, PARTICIPANT, TICKET

#: entries that are read together where no index helps
_STRIDE = 500
#: columns of a ticket's head
HEAD = frozenset(("subject", "requester", "requester_name"))
_HEAD = TICKET.c.subject + " " + TICKET.c.requester + " " + TICKET.c.requester_name
_DOCUMENT = (ENTRY.c.id, ENTRY.c.ticket, ENTRY.c.text, ENTRY.c.data)


class Search(Searching):
    """`tx.search`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.least_in_texts = Searching.least_in_texts if tx.is_sqlite else 0

    def meta_number(self, key: str) -> int:
        return int(self._tx.meta(key) or 0)

    def narrowed_to(self, query: Query, limit: int | None, numbers: Sequence[int] = ()) -> Iterator[int]:
        found = select(TICKET.c.number).where(*self._narrowed(query)).order_by(TICKET.c.number.desc())
        if numbers:
            found = found.where(TICKET.c.number.in_(numbers))
        yield from self._tx.execute(found.limit(limit)).scalars()

    def heads_with(self, needle: str, after: int) -> Iterator[int]:
        number = TICKET.c.number
        query = select(number).where(number > after, _contains(self._folded(_HEAD), needle))
        return (row.number for row in self._stream(query.order_by(number.desc())))

    def heads_indexed_with(self, needle: str) -> Iterator[int]:
        rows = self._matching(_MATCH_HEADS, _LIKE_HEADS, needle)
        return (row.number for row in rows)

    def documents(self, after: int, upto: int | None) -> Iterator[Document]:
        query = select(*_DOCUMENT).where(ENTRY.c.id > after).order_by(ENTRY.c.id.desc())
        if upto is not None:
            query = query.where(ENTRY.c.id <= upto)
        return (Document(row.ticket, row.text, row.data) for row in self._stream(query))

    def texts_indexed_with(self, needle: str) -> Iterator[int]:
        return (row.ticket for row in self._matching(_MATCH, _LIKE, needle))

    def heads_of(self, numbers: Sequence[int]) -> Iterator[Head]:
        query = select(TICKET.c.number, TICKET.c.subject, _HEAD.label("head"))
        rows = self._tx.execute(query.where(TICKET.c.number.in_(numbers)))
        return (Head(row.number, row.subject, row.head) for row in rows)

    def logs_of(self, numbers: Sequence[int]) -> Iterator[Document]:
        query = select(*_DOCUMENT).where(ENTRY.c.ticket.in_(numbers)).order_by(ENTRY.c.id)
        return (Document(row.ticket, row.text, row.data) for row in self._tx.execute(query))

    def _matching(self, match: Executable, like: Executable, needle: str) -> Iterator[Row[Any]]:
        if self._tx.is_sqlite:
            return self._stream(match, {"words": quoted(needle)})
        return self._stream(like, {"words": "%" + escaped(needle) + "%"})

    def _stream(self, query: Executable, values: Params | None = None) -> Iterator[Row[Any]]:
        """Rows as they are asked for; the database's cursor is closed when nobody asks on."""
        with self._tx.execute(query.execution_options(yield_per=_STRIDE), values) as rows:
            yield from rows

    def _folded(self, column: ColumnElement[str]) -> ColumnElement[str]:
        return folded(column, sqlite=self._tx.is_sqlite)

    def _narrowed(self, query: Query) -> list[ColumnElement[bool]]:
        made: list[ColumnElement[bool]] = []
        for column, values in (
            (TICKET.c.company, query.companies), (TICKET.c.phase, query.phases), (TICKET.c.owner, query.owners),
        ):  # fmt: skip
            if values:
                made.append(column.in_(values))
        for person in query.people:
            head = TICKET.c.requester + " " + TICKET.c.requester_name
            member = PARTICIPANT.c.address + " " + PARTICIPANT.c.name
            takes_part = exists().where(
                and_(PARTICIPANT.c.ticket == TICKET.c.number, _contains(self._folded(member), person))
            )
            made.append(or_(_contains(self._folded(head), person), takes_part))
        if query.before is not None:
            made.append(TICKET.c.created_at < query.before)
        if query.after is not None:
            made.append(TICKET.c.created_at >= query.after)
        if query.has_attachment:
            carries = text(f"CAST(entry.data AS TEXT) LIKE '{CARRIES}'")
            made.append(exists().where(and_(ENTRY.c.ticket == TICKET.c.number, carries)))
        return made

    # --------------------------------------------------------------------------------------- index

    def index(self, limit: int) -> int:
        """Take up to `limit` entries, and as many tickets' heads, into the indexes; how many of both were taken."""
        return self._index_heads(limit) + self._index_entries(limit)

    def _index_heads(self, limit: int) -> int:
        last = heads_indexed(self._tx)
        query = select(TICKET.c.number, _HEAD.label("head")).where(TICKET.c.number > last)
        rows = self._tx.execute(query.order_by(TICKET.c.number).limit(limit)).all()
        if rows:
            _take_heads(self._tx, rows)
            self._tx.set_meta(INDEXED_HEADS, str(rows[-1].number))
        return len(rows)

    def _index_entries(self, limit: int) -> int:
        query = (
            select(*_DOCUMENT)
            .where(ENTRY.c.id > self.meta_number(INDEXED_ENTRIES))
            .order_by(ENTRY.c.id)
            .limit(limit)
        )
        rows = self._tx.execute(query).all()
        if not rows:
            return 0
        self._tx.execute(
            self._insert(), [{"id": row.id, "words": document(row.text, row.data)} for row in rows]
        )
        self._tx.set_meta(INDEXED_ENTRIES, str(rows[-1].id))
        return len(rows)

    def _insert(self) -> Any:
        return _TAKE if self._tx.is_sqlite else _TAKE_POSTGRES

    def forget(self, entry_id: int) -> None:
        """Take an entry out of the index before its text is changed."""
        row = self._row(entry_id)
        if row is not None:
            statement = _FORGET if self._tx.is_sqlite else _FORGET_POSTGRES
            words = {"words": document(row.text, row.data)} if self._tx.is_sqlite else {}
            self._tx.execute(statement, {"id": entry_id, **words})

    def again(self, entry_id: int) -> None:
        """Take it in again after its text was changed."""
        row = self._row(entry_id)
        if row is not None:
            self._tx.execute(self._insert(), {"id": entry_id, "words": document(row.text, row.data)})

    def _row(self, entry_id: int) -> Any:
        """The entry, where it is in the index."""
        if entry_id > self.meta_number(INDEXED_ENTRIES):
            return None
        return self._tx.execute(select(*_DOCUMENT).where(ENTRY.c.id == entry_id)).first()


def heads_indexed(tx: Transaction) -> int:
    """Up to which ticket the heads are in their index."""
    return int(tx.meta(INDEXED_HEADS) or 0)


def heads_changed(tx: Transaction, numbers: Sequence[int]) -> None:
    """Take heads in again whose words were changed; what is not in yet comes by itself."""
    last = heads_indexed(tx)
    if numbers := [number for number in numbers if number <= last]:
        query = select(TICKET.c.number, _HEAD.label("head")).where(TICKET.c.number.in_(numbers))
        _take_heads(tx, tx.execute(query).all())


def _take_heads(tx: Transaction, rows: Sequence[Row[Any]]) -> None:
    statement = _TAKE_HEAD if tx.is_sqlite else _TAKE_HEAD_POSTGRES
    tx.execute(statement, [{"id": row.number, "words": fold(row.head)} for row in rows])


_TAKE_HEAD = text("INSERT OR REPLACE INTO ticket_search (rowid, text) VALUES (:id, :words)")
_TAKE_HEAD_POSTGRES = text(
    "INSERT INTO ticket_search (id, text) VALUES (:id, :words) ON CONFLICT (id) DO UPDATE SET text = excluded.text"
)
_MATCH_HEADS, _MATCH = text(Searching.match_heads), text(Searching.match_texts)
_LIKE_HEADS = text(
    "SELECT id AS number FROM ticket_search WHERE text LIKE :words ESCAPE '\\' ORDER BY id DESC"
)
_TAKE = text("INSERT INTO entry_search (rowid, text) VALUES (:id, :words)")
_TAKE_POSTGRES = text(
    "INSERT INTO entry_search (id, text) VALUES (:id, :words) ON CONFLICT (id) DO UPDATE SET text = excluded.text"
)
#: FTS5 without content of its own (sqlite.org/fts5.html, 6.3.3) must be told what was taken in
_FORGET = text("INSERT INTO entry_search (entry_search, rowid, text) VALUES ('delete', :id, :words)")
_FORGET_POSTGRES = text("DELETE FROM entry_search WHERE id = :id")
_LIKE = text(
    "SELECT e.ticket AS ticket FROM entry_search s JOIN entry e ON e.id = s.id "
    "WHERE s.text LIKE :words ESCAPE '\\' ORDER BY s.id DESC"
)


def _contains(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    return func.coalesce(column, literal("")).like("%" + escaped(words) + "%", escape="\\")
