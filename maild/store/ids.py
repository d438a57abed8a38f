"""Message-IDs and Thread-Index roots that mean a ticket."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update

from maild.model import IdFact
from maild.store.core import Transaction
from maild.store.statements import Params, Prepared, PreparedIn, insert_all
from maild.store.tables import KNOWN_ID, THREAD_ROOT
from maild.store.types import clean

#: what is known keeps its meaning; only an id that was awaited gets one when its mail comes
_REMEMBER = Prepared(
    insert_all(KNOWN_ID),
    " ON CONFLICT (message_id) DO UPDATE SET ticket = excluded.ticket, origin = excluded.origin,"
    " outbound_id = excluded.outbound_id, notice = excluded.notice"
    " WHERE known_id.origin = 'awaited' AND excluded.origin <> 'awaited'",
)
_REMEMBER_ROOT = Prepared(insert_all(THREAD_ROOT), " ON CONFLICT (root) DO NOTHING")
_FIND = PreparedIn(
    lambda ids: select(*KNOWN_ID.c).where(KNOWN_ID.c.message_id.in_(ids)), KNOWN_ID.c.message_id
)
_FIND_ROOT = Prepared(select(THREAD_ROOT.c.ticket).where(THREAD_ROOT.c.root == bindparam("root")))


def known(
    message_id: str, ticket: int | None, origin: str, outbound_id: int | None = None, notice: str = ""
) -> Params:
    """A row for `remember`."""
    return {"message_id": clean(message_id), "ticket": ticket, "origin": origin, "outbound_id": outbound_id,
            "notice": notice}  # fmt: skip


class KnownIds:
    """What a Message-ID means."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def remember(self, rows: Sequence[Params]) -> None:
        """Rows made by `known`."""
        self._tx.many(_REMEMBER, rows)

    def remember_root(self, root: str, ticket: int) -> None:
        """The root of a Thread-Index (hex); the first ticket keeps it."""
        self._tx.run(_REMEMBER_ROOT, {"root": root, "ticket": ticket})

    def find(self, message_ids: Sequence[str]) -> dict[str, IdFact]:
        """Those that are known."""
        found = self._tx.rows_in(_FIND, message_ids)
        return {
            key: IdFact(key, ticket, origin, outbound, notice)
            for key, ticket, origin, outbound, notice in found
        }

    def find_root(self, root: str) -> int | None:
        found = self._tx.scalar(_FIND_ROOT, {"root": root})
        return None if found is None else int(found)

    def move(self, from_ticket: int, to_ticket: int) -> None:
        """All that meant one ticket means the other from now on, its root Message-ID too."""
        for table in (KNOWN_ID, THREAD_ROOT):
            self._tx.connection.execute(
                update(table).where(table.c.ticket == from_ticket).values(ticket=to_ticket)
            )
