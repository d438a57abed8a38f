"""Full text asked for on SQLite's driver alone (`sqlite_queue`, `searching`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from maild.fulltext import Query
from maild.store.plain import load, to_micros
from maild.store.searching import CARRIES, Document, Head, Searching, escaped, quoted, register
from maild.store.sqlite_queue import in_list

_HEAD = "ticket.subject || ' ' || ticket.requester || ' ' || ticket.requester_name"
_DOCUMENT = "SELECT entry.ticket, entry.text, entry.data FROM entry"


class SqliteSearch(Searching):
    """`Search` for a connection that reads."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        register(connection)

    def _run(self, text: str, *params: Any) -> Iterator[Any]:
        rows: Iterator[Any] = self._connection.execute(text, params)
        return rows

    def meta_number(self, key: str) -> int:
        return int(next((value for (value,) in self._run("SELECT value FROM meta WHERE key = ?", key)), 0))

    def narrowed_to(self, query: Query, limit: int | None, numbers: Sequence[int] = ()) -> Iterator[int]:
        where, values = _conditions(query, numbers)
        text = f"SELECT ticket.number FROM ticket{where} ORDER BY ticket.number DESC LIMIT ?"  # noqa: S608 (our own names)
        return (number for (number,) in self._run(text, *values, -1 if limit is None else limit))

    def heads_with(self, needle: str, after: int) -> Iterator[int]:
        text = f"SELECT ticket.number FROM ticket WHERE ticket.number > ? AND {_holds(_HEAD)} ORDER BY ticket.number DESC"  # noqa: S608 (our own names)
        return (number for (number,) in self._run(text, after, _like(needle)))

    def heads_indexed_with(self, needle: str) -> Iterator[int]:
        return self._matching(self.match_heads, needle)

    def documents(self, after: int, upto: int | None) -> Iterator[Document]:
        text, values = f"{_DOCUMENT} WHERE entry.id > ?", [after]
        if upto is not None:
            text += " AND entry.id <= ?"
            values.append(upto)
        return _documents(self._run(f"{text} ORDER BY entry.id DESC", *values))

    def texts_indexed_with(self, needle: str) -> Iterator[int]:
        return self._matching(self.match_texts, needle)

    def _matching(self, match: str, needle: str) -> Iterator[int]:
        return (number for (number,) in self._connection.execute(match, {"words": quoted(needle)}))

    def heads_of(self, numbers: Sequence[int]) -> Iterator[Head]:
        text = f"SELECT ticket.number, ticket.subject, {_HEAD} FROM ticket WHERE ticket.number {in_list(len(numbers))}"  # noqa: S608 (our own names)
        return (Head(*row) for row in self._run(text, *numbers))

    def logs_of(self, numbers: Sequence[int]) -> Iterator[Document]:
        text = f"{_DOCUMENT} WHERE entry.ticket {in_list(len(numbers))} ORDER BY entry.id"
        return _documents(self._run(text, *numbers))


def _documents(rows: Iterator[Any]) -> Iterator[Document]:
    return (Document(ticket, words, load(data)) for ticket, words, data in rows)


def _like(words: str) -> str:
    return "%" + escaped(words) + "%"


def _holds(words: str) -> str:
    """That a text, folded, is LIKE the next parameter."""
    return f"coalesce(fold({words}), '') LIKE ? ESCAPE '\\'"


def _conditions(query: Query, numbers: Sequence[int]) -> tuple[str, list[Any]]:
    """What narrows a search down, and the values for it."""
    made: list[str] = []
    values: list[Any] = []
    for name, wanted in (
        ("number", numbers), ("company", query.companies), ("phase", query.phases), ("owner", query.owners),
    ):  # fmt: skip
        if wanted:
            made.append(f"ticket.{name} {in_list(len(wanted))}")
            values += wanted
    for person in query.people:
        asks = _holds("ticket.requester || ' ' || ticket.requester_name")
        takes_part = _holds("participant.address || ' ' || participant.name")
        made.append(
            f"({asks} OR EXISTS (SELECT 1 FROM participant WHERE participant.ticket = ticket.number AND {takes_part}))"  # noqa: S608 (our own names)
        )
        values += [_like(person)] * 2
    for how, moment in (("<", query.before), (">=", query.after)):
        if moment is not None:
            made.append(f"ticket.created_at {how} ?")
            values.append(to_micros(moment))
    if query.has_attachment:
        made.append("EXISTS (SELECT 1 FROM entry WHERE entry.ticket = ticket.number AND entry.data LIKE ?)")
        values.append(CARRIES)
    return (" WHERE " + " AND ".join(made) if made else ""), values
