"""Full text: every term of the query is found somewhere on the ticket, without regard to case and accents.

Two indexes of three-letter parts (SQLite: FTS5; PostgreSQL: pg_trgm, where the server has it) name candidates, newest
first: one by the words of entries, one by the heads of tickets (subject and requester). Whether they answer is decided
on their texts, the same on both databases. Feeding them costs some hundred microseconds a mail, so they lag behind:
`index` takes in what came when there is time, and what is not in yet is looked through as it is.

Over 300 lines: both indexes are asked, fed and corrected in the same ways.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, Select, and_, exists, func, literal, or_, select, text

from maild.fulltext import Excerpt, Query, Term, fold, hit
from maild.store.core import Transaction
from maild.store.folding import folded
from maild.store.statements import Params
from maild.store.tables import ENTRY, PARTICIPANT, TICKET

#: up to which entry, and up to which ticket, this database's own indexes have taken in
INDEXED = _INDEXED, _INDEXED_HEADS = ("indexed_entry", "indexed_ticket")
#: an index of three-letter parts cannot be asked for less
_LEAST = 3
#: tickets that are looked at together
_AT_ONCE = 128
#: entries that are read together where no index helps
_STRIDE = 500
#: columns of a ticket's head
HEAD = frozenset(("subject", "requester", "requester_name"))
_HEAD = TICKET.c.subject + " " + TICKET.c.requester + " " + TICKET.c.requester_name
_DOCUMENT = (ENTRY.c.id, ENTRY.c.ticket, ENTRY.c.text, ENTRY.c.data)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A ticket that answers; `hit` is None where no words were asked for."""

    number: int
    hit: Excerpt | None


def attachment_names(data: Any) -> list[str]:
    """Names of an entry's attachments."""
    return [str(one.get("name", "")) for one in (data or {}).get("attachments", ())]


def document(words: str, data: Any) -> str:
    """What of an entry is searched, folded: its words and the names of its attachments."""
    return fold("\n".join([words, *attachment_names(data)]))


class Search:
    """`tx.search`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def __call__(self, query: Query, *, limit: int = 50) -> list[SearchResult]:
        """At most `limit` tickets, those with the newest words first."""
        if not query.terms:
            every = select(TICKET.c.number).where(*self._narrowed(query)).order_by(TICKET.c.number.desc())
            return [SearchResult(n, None) for n in self._tx.execute(every.limit(limit)).scalars()]
        results: dict[int, SearchResult] = {}
        with contextlib.closing(self._candidates(query)) as candidates:
            for numbers in _in_groups(candidates):
                results |= {one.number: one for one in self._answering(query, self._allowed(query, numbers))}
                if len(results) >= limit:
                    break
        return sorted(results.values(), key=lambda one: -one.number)[:limit]

    # ----------------------------------------------------------------------------------- candidates

    def _candidates(self, query: Query) -> Generator[int]:
        """Tickets that may answer; a superset, newest words first, with repetitions."""
        best = max(query.terms, key=lambda term: len(term.needle))
        if best.needle.lstrip("#").isdecimal() and best.needle.isascii() and len(best.needle) < 19:
            yield int(best.needle.lstrip("#"))
        yield from self._not_indexed(best)
        # heads and texts in turn, so that a cap on the number cuts off neither
        with (
            contextlib.closing(self._heads(best)) as heads,
            contextlib.closing(self._indexed_texts(best)) as texts,
        ):
            for pair in zip_longest(heads, texts):
                yield from (number for number in pair if number is not None)

    def _heads(self, term: Term) -> Generator[int]:
        """By subject and requester."""
        number = TICKET.c.number
        query = select(number).where(_contains(self._folded(_HEAD), term.needle)).order_by(number.desc())
        if len(term.needle) < _LEAST:
            yield from (row.number for row in self._stream(query))
            return
        last = heads_indexed(self._tx)
        yield from (row.number for row in self._stream(query.where(number > last)))
        if self._tx.is_sqlite:
            statement, value = _MATCH_HEADS, _quoted(term.needle)
        else:
            statement, value = _LIKE_HEADS, "%" + _escaped(term.needle) + "%"
        yield from (row.number for row in self._stream(statement, {"words": value}))

    def _not_indexed(self, term: Term) -> Iterator[int]:
        query = select(*_DOCUMENT).where(ENTRY.c.id > self._indexed()).order_by(ENTRY.c.id.desc())
        yield from self._looked_through(query, term)

    def _indexed_texts(self, term: Term) -> Generator[int]:
        if self._tx.is_sqlite and len(term.needle) < _LEAST:
            query = select(*_DOCUMENT).where(ENTRY.c.id <= self._indexed()).order_by(ENTRY.c.id.desc())
            yield from self._looked_through(query, term)
            return
        if self._tx.is_sqlite:
            statement, value = _MATCH, _quoted(term.needle)
        else:
            statement, value = _LIKE, "%" + _escaped(term.needle) + "%"
        for row in self._stream(statement, {"words": value}):
            yield row.ticket

    def _looked_through(self, query: Select[Any], term: Term) -> Iterator[int]:
        for row in self._stream(query):
            if term.needle in document(row.text, row.data):
                yield row.ticket

    def _stream(self, query: Executable, values: Params | None = None) -> Iterator[Row[Any]]:
        """Rows as they are asked for; the database's cursor is closed when nobody asks on."""
        with self._tx.execute(query.execution_options(yield_per=_STRIDE), values) as rows:
            yield from rows

    # ------------------------------------------------------------------------------------ narrowing

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
            # the column is text to the database, in the form that `dump` gives it
            carries = text("CAST(entry.data AS TEXT) LIKE '%\"attachments\":[{%'")
            made.append(exists().where(and_(ENTRY.c.ticket == TICKET.c.number, carries)))
        return made

    def _allowed(self, query: Query, numbers: Sequence[int]) -> list[int]:
        if not numbers:
            return []
        allowed = select(TICKET.c.number).where(TICKET.c.number.in_(numbers), *self._narrowed(query))
        kept = set(self._tx.execute(allowed).scalars())
        return [number for number in numbers if number in kept]

    # ------------------------------------------------------------------------------------ answering

    def _answering(self, query: Query, numbers: Sequence[int]) -> Iterator[SearchResult]:
        """Those of the tickets whose texts hold every term, each with the place."""
        if not numbers:
            return
        heads = self._tx.execute(
            select(TICKET.c.number, TICKET.c.subject, _HEAD.label("head")).where(TICKET.c.number.in_(numbers))
        )
        texts: dict[int, list[tuple[str, str]]] = {}
        subjects: dict[int, str] = {}
        for head in heads:
            subjects[head.number] = head.subject
            texts[head.number] = [("", fold(f"{head.number} #{head.number} {head.head}"))]
        entries = select(*_DOCUMENT).where(ENTRY.c.ticket.in_(numbers)).order_by(ENTRY.c.id)
        for row in self._tx.execute(entries):
            names = attachment_names(row.data)
            texts[row.ticket].append((row.text, fold(row.text)))
            texts[row.ticket] += [(f"attachment {name}", fold(name)) for name in names]
        for number in numbers:
            if all(any(term.stands_in(plain) for _, plain in texts[number]) for term in query.terms):
                yield SearchResult(number, _place(query.terms, subjects[number], texts[number]))

    # --------------------------------------------------------------------------------------- index

    def _indexed(self) -> int:
        return int(self._tx.meta(_INDEXED) or 0)

    def index(self, limit: int) -> int:
        """Take up to `limit` entries, and as many tickets' heads, into the indexes; how many of both were taken."""
        return self._index_heads(limit) + self._index_entries(limit)

    def _index_heads(self, limit: int) -> int:
        last = heads_indexed(self._tx)
        query = select(TICKET.c.number, _HEAD.label("head")).where(TICKET.c.number > last)
        rows = self._tx.execute(query.order_by(TICKET.c.number).limit(limit)).all()
        if rows:
            _take_heads(self._tx, rows)
            self._tx.set_meta(_INDEXED_HEADS, str(rows[-1].number))
        return len(rows)

    def _index_entries(self, limit: int) -> int:
        query = select(*_DOCUMENT).where(ENTRY.c.id > self._indexed()).order_by(ENTRY.c.id).limit(limit)
        rows = self._tx.execute(query).all()
        if not rows:
            return 0
        self._tx.execute(
            self._insert(), [{"id": row.id, "words": document(row.text, row.data)} for row in rows]
        )
        self._tx.set_meta(_INDEXED, str(rows[-1].id))
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
        if entry_id > self._indexed():
            return None
        return self._tx.execute(select(*_DOCUMENT).where(ENTRY.c.id == entry_id)).first()


def heads_indexed(tx: Transaction) -> int:
    """Up to which ticket the heads are in their index."""
    return int(tx.meta(_INDEXED_HEADS) or 0)


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
_MATCH_HEADS = text(
    "SELECT rowid AS number FROM ticket_search WHERE ticket_search MATCH :words ORDER BY rowid DESC"
)
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
_MATCH = text(
    "SELECT e.ticket AS ticket FROM entry_search JOIN entry e ON e.id = entry_search.rowid "
    "WHERE entry_search MATCH :words ORDER BY entry_search.rowid DESC"
)
_LIKE = text(
    "SELECT e.ticket AS ticket FROM entry_search s JOIN entry e ON e.id = s.id "
    "WHERE s.text LIKE :words ESCAPE '\\' ORDER BY s.id DESC"
)


def _quoted(words: str) -> str:
    """As FTS5 asks for exactly these characters."""
    return '"' + words.replace('"', '""') + '"'


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _contains(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    return func.coalesce(column, literal("")).like("%" + _escaped(words) + "%", escape="\\")


def _in_groups(numbers: Iterator[int]) -> Iterator[list[int]]:
    """Distinct numbers in groups that are looked at together; the first groups are small, since one may do."""
    seen: set[int] = set()
    group: list[int] = []
    size = 16
    for number in numbers:
        if number in seen:
            continue
        seen.add(number)
        group.append(number)
        if len(group) == size:
            yield group
            group, size = [], min(2 * size, _AT_ONCE)
    if group:
        yield group


def _place(terms: tuple[Term, ...], subject: str, texts: list[tuple[str, str]]) -> Excerpt | None:
    """Where to look: the text that holds most of the terms, the first of several; else the subject."""
    shown = [(subject, fold(subject)), *texts[1:]]
    best = max(shown, key=lambda pair: sum(term.stands_in(pair[1]) for term in terms if pair[0]))
    return hit(best[0], terms) or hit(subject, terms) or Excerpt(((subject, False),))
