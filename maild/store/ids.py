"""Keys that mean a ticket: Message-IDs, and what the threading rules keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, select, update

from maild.model import KnownKey
from maild.store.core import Transaction
from maild.store.statements import Params, Prepared, PreparedIn, insert_all
from maild.store.tables import KNOWN_KEY
from maild.store.types import clean, maybe_micros, maybe_moment

#: what is known keeps its meaning; only an id that was awaited gets one when its mail comes
_REMEMBER = Prepared(
    insert_all(KNOWN_KEY),
    " ON CONFLICT (key, ticket, sender) DO UPDATE SET origin = excluded.origin, outbound_id = excluded.outbound_id,"
    " notice = excluded.notice, inbound_id = excluded.inbound_id, sent_at = excluded.sent_at"
    " WHERE known_key.origin = 'awaited' AND excluded.origin <> 'awaited'",
)
_FIND = PreparedIn(lambda keys: select(*KNOWN_KEY.c).where(KNOWN_KEY.c.key.in_(keys)), KNOWN_KEY.c.key)
_OUTBOUND = Prepared(
    select(KNOWN_KEY.c.outbound_id).where(
        KNOWN_KEY.c.key == bindparam("key"), KNOWN_KEY.c.outbound_id.is_not(None)
    )
)
#: a key that means no ticket: a mail that was filed nowhere
NOWHERE = 0


def known(
    key: str, ticket: int | None, origin: str, outbound_id: int | None = None, notice: str = "", *,
    sender: str = "", inbound_id: int | None = None, sent_at: datetime | None = None,
) -> Params:  # fmt: skip
    """A row for `remember`."""
    return {"key": clean(key), "ticket": ticket or NOWHERE, "sender": sender, "origin": origin,
            "outbound_id": outbound_id, "notice": notice, "inbound_id": inbound_id,
            "sent_at": maybe_micros(sent_at)}  # fmt: skip


class KnownKeys:
    """What a Message-ID, or another key of a threading rule, means. Several tickets may know the same one."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def remember(self, rows: Sequence[Params]) -> None:
        """Rows made by `known`."""
        self._tx.many(_REMEMBER, rows)

    def find(self, keys: Sequence[str]) -> dict[str, tuple[KnownKey, ...]]:
        """Those that are known."""
        found: dict[str, tuple[KnownKey, ...]] = {}
        for key, ticket, sender, origin, outbound, notice, inbound, sent_at in self._tx.rows_in(_FIND, keys):
            one = KnownKey(
                key, ticket or None, origin, sender, outbound, notice, inbound, maybe_moment(sent_at)
            )
            found[key] = (*found.get(key, ()), one)
        return found

    def outbound(self, message_id: str) -> int | None:
        """Which mail of ours has this Message-ID."""
        found = self._tx.scalar(_OUTBOUND, {"key": message_id})
        return None if found is None else int(found)

    def move(self, from_ticket: int, to_ticket: int) -> None:
        """All that meant one ticket means the other from now on, its root Message-ID too."""
        self._move(KNOWN_KEY.c.ticket == from_ticket, to_ticket)

    def move_mails(self, message_ids: Sequence[str], from_ticket: int, to_ticket: int) -> None:
        """The ids of these mails mean the other ticket from now on."""
        self._move(and_(KNOWN_KEY.c.key.in_(message_ids), KNOWN_KEY.c.ticket == from_ticket), to_ticket)

    def forget(self, addresses: Sequence[str], mark: str, kept: Sequence[int]) -> None:
        """A person is erased: nothing waits for their mails, and who wrote those that came is not told any more."""
        connection = self._tx.connection
        theirs = and_(KNOWN_KEY.c.sender.in_(addresses), KNOWN_KEY.c.ticket.not_in(kept))
        connection.execute(delete(KNOWN_KEY).where(theirs, KNOWN_KEY.c.origin == "awaited"))
        for position, address in enumerate(addresses):
            connection.execute(
                update(KNOWN_KEY)
                .where(theirs, KNOWN_KEY.c.sender == address)
                .values(sender=f"{mark}.{position}")
            )

    def _move(self, these: ColumnElement[bool], to_ticket: int) -> None:
        there = KNOWN_KEY.alias()
        twice = exists().where(
            there.c.key == KNOWN_KEY.c.key, there.c.ticket == to_ticket, there.c.sender == KNOWN_KEY.c.sender
        )
        connection = self._tx.connection
        connection.execute(update(KNOWN_KEY).where(these, ~twice).values(ticket=to_ticket))
        connection.execute(delete(KNOWN_KEY).where(these))
