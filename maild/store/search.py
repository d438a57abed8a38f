"""Full text: every word of the question occurs somewhere on the ticket, in part or whole, whatever its case.

On SQLite an FTS5 trigram index finds words of three letters and more. Feeding it costs 270 us a mail, so it
lags behind: `index` takes entries in when there is time, and what is not in yet is looked through as it is.
PostgreSQL looks through everything with ILIKE.
"""

from __future__ import annotations

from sqlalchemy import func, or_, select, text

from maild.errors import Refused
from maild.model import Json
from maild.store.core import Rows, Transaction
from maild.store.lists import TicketLists
from maild.store.tables import ENTRY, TICKET

_INDEXED = "indexed_entry"
_SNIPPET = 120
_TAKE = text(
    "INSERT INTO entry_search (rowid, text) SELECT id, text FROM entry WHERE id > :first AND id <= :last"
)
_AGAIN = text("INSERT INTO entry_search (rowid, text) SELECT id, text FROM entry WHERE id = :id")
_FORGET = text(
    "INSERT INTO entry_search (entry_search, rowid, text) SELECT 'delete', id, text FROM entry WHERE id = :id"
)


class Search:
    """`tx.search`"""

    def __init__(self, tx: Transaction, tickets: TicketLists) -> None:
        self._tx = tx
        self._tickets = tickets

    def __call__(self, words: str, *, limit: int = 50) -> Rows:
        """Rows of `list --json` with a `snippet`, newest ticket first. Refused without a word."""
        wanted = words.split()
        if not wanted:
            raise Refused("search for at least one word")
        found: set[int] | None = None
        for word in wanted:
            hits = self._tickets_with(word)
            found = hits if found is None else found & hits
        numbers = sorted(found or (), reverse=True)[:limit]
        return [row | {"snippet": self._snippet(row, wanted[0])} for row in self._tickets.rows(numbers)]

    def _tickets_with(self, word: str) -> set[int]:
        heads = select(TICKET.c.number).where(
            or_(
                *(
                    column.icontains(word, autoescape=True)
                    for column in (TICKET.c.subject, TICKET.c.requester, TICKET.c.requester_name)
                )
            )
        )
        found = {row.number for row in self._tx.execute(heads)}
        if word.lstrip("#").isdecimal() and word.isascii() and len(word) < 19:
            found |= {
                row.number
                for row in self._tx.execute(
                    select(TICKET.c.number).where(TICKET.c.number == int(word.lstrip("#")))
                )
            }
        entries = select(ENTRY.c.ticket).distinct().where(ENTRY.c.text.icontains(word, autoescape=True))
        if self._tx.is_sqlite and len(word) >= 3:
            entries = entries.where(ENTRY.c.id > self._indexed())
            query = text(
                "SELECT DISTINCT e.ticket FROM entry_search JOIN entry e ON e.id = entry_search.rowid "
                "WHERE entry_search MATCH :words"
            )
            quoted = '"' + word.replace('"', '""') + '"'
            found |= {row.ticket for row in self._tx.execute(query, {"words": quoted})}
        return found | {row.ticket for row in self._tx.execute(entries)}

    def _snippet(self, row: Json, word: str) -> str:
        query = select(ENTRY.c.text).where(
            ENTRY.c.ticket == row["number"], ENTRY.c.text.icontains(word, autoescape=True)
        ).order_by(ENTRY.c.id).limit(1)  # fmt: skip
        found = self._tx.execute(query).scalar()
        if found is None:
            return str(row["subject"])
        at = max(0, str(found).lower().find(word.lower()) - _SNIPPET // 3)
        return " ".join(str(found)[at : at + _SNIPPET].split())

    # --------------------------------------------------------------------------------------- index

    def _indexed(self) -> int:
        return int(self._tx.meta(_INDEXED) or 0)

    def index(self, limit: int) -> int:
        """Take up to `limit` entries into the index; how many were taken. Nothing to do on PostgreSQL."""
        if not self._tx.is_sqlite:
            return 0
        first = self._indexed()
        last = self._tx.execute(
            select(func.max(ENTRY.c.id)).where(ENTRY.c.id.in_(
                select(ENTRY.c.id).where(ENTRY.c.id > first).order_by(ENTRY.c.id).limit(limit)
            ))
        ).scalar()  # fmt: skip
        if last is None:
            return 0
        taken = self._tx.execute(
            text(
                "INSERT INTO entry_search (rowid, text) SELECT id, text FROM entry WHERE id > :first AND id <= :last"
            ),
            {"first": first, "last": last},
        )
        self._tx.set_meta(_INDEXED, str(last))
        return max(taken.rowcount, 1)

    def forget(self, entry_id: int) -> None:
        """Take an entry out of the index before its text is changed."""
        if self._tx.is_sqlite and entry_id <= self._indexed():
            self._tx.execute(
                _FORGET,
                {"id": entry_id},
            )

    def again(self, entry_id: int) -> None:
        """Take it in again after its text was changed."""
        if self._tx.is_sqlite and entry_id <= self._indexed():
            self._tx.execute(
                text("INSERT INTO entry_search (rowid, text) SELECT id, text FROM entry WHERE id = :id"),
                {"id": entry_id},
            )
