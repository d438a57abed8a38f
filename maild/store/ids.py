"""Keys that mean a ticket: Message-IDs, and what the threading rules keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, select, update

from maild.model import KnownKey, LookupKeys
from maild.store import hot
from maild.store.core import Transaction
from maild.store.statements import Params
from maild.store.tables import KNOWN_KEY

#: a key that means no ticket: a mail that was filed nowhere
NOWHERE = 0


def stored(key: str) -> str:
    """As it is kept. Gateways change the case of a Message-ID's letters, and no two mails differ in that alone."""
    return key.lower()


def in_common(keys: LookupKeys, nearest: int | None = None) -> list[str]:
    """What two mails that are decided at the same time must not share: the sender, whose mails are counted and follow
    each other, the content, which may come twice, and the ids of the thread, which may be on their way too (`nearest`:
    no more than so many, the nearest)."""
    own = (keys.own_message_id,) if keys.own_message_id else ()
    thread = map(stored, (*own, *keys.message_ids[:nearest], *keys.keys[:nearest]))
    return [one for one in (keys.fingerprint, keys.sender, *thread) if one]


def _forms(keys: Sequence[str]) -> tuple[str, ...]:
    """As they are kept, and as they are written: older versions kept them so."""
    return tuple(dict.fromkeys((*keys, *map(stored, keys))))


def known(
    key: str, ticket: int | None, origin: str, outbound_id: int | None = None, notice: str = "", *,
    sender: str = "", inbound_id: int | None = None, sent_at: datetime | None = None,
) -> Params:  # fmt: skip
    """A row for `remember`."""
    return {"key": stored(key), "ticket": ticket or NOWHERE, "sender": sender, "origin": origin,
            "outbound_id": outbound_id, "notice": notice, "inbound_id": inbound_id,
            "sent_at": sent_at}  # fmt: skip


class KnownKeys:
    """What a Message-ID, or another key of a threading rule, means. Several tickets may know the same one."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def remember(self, rows: Sequence[Params]) -> None:
        """Rows made by `known`."""
        self._tx.tell(hot.REMEMBER, *rows)

    def ahead(self, keys: Sequence[str]) -> None:
        """`find` is going to be asked for these."""
        self._tx.ahead_in(hot.KNOWN_KEYS, _forms(keys))

    def find(self, keys: Sequence[str]) -> dict[str, tuple[KnownKey, ...]]:
        """Those that are known, as they were asked for."""
        asked: dict[str, list[str]] = {}
        for key in keys:
            asked.setdefault(stored(key), []).append(key)
        by_key: dict[str, tuple[KnownKey, ...]] = {}
        for row in self._tx.rows_in(hot.KNOWN_KEYS, _forms(keys)):
            for key in asked.get(stored(row.key), ()):
                one = KnownKey(
                    key, row.ticket or None, row.origin, row.sender, row.outbound_id, row.notice, row.inbound_id,
                    row.sent_at,
                )  # fmt: skip
                by_key[key] = (*by_key.get(key, ()), one)
        return by_key

    def outbound(self, message_id: str) -> int | None:
        """Which mail of ours has this Message-ID."""
        query = select(KNOWN_KEY.c.outbound_id)
        mail_id: int | None = self._tx.execute(
            query.where(KNOWN_KEY.c.key == stored(message_id), KNOWN_KEY.c.outbound_id.is_not(None))
        ).scalar()
        return mail_id

    def move(self, from_ticket: int, to_ticket: int) -> None:
        """All that meant one ticket means the other from now on, its root Message-ID too."""
        self._move(KNOWN_KEY.c.ticket == from_ticket, to_ticket)

    def move_mails(self, message_ids: Sequence[str], from_ticket: int, to_ticket: int) -> None:
        """The ids of these mails mean the other ticket from now on."""
        self._move(
            and_(KNOWN_KEY.c.key.in_(_forms(message_ids)), KNOWN_KEY.c.ticket == from_ticket), to_ticket
        )

    def forget(self, addresses: Sequence[str], mark: str, kept: Sequence[int]) -> None:
        """A person is erased: nothing waits for their mails, and who wrote those that came is not told any more."""
        theirs = and_(KNOWN_KEY.c.sender.in_(addresses), KNOWN_KEY.c.ticket.not_in(kept))
        self._tx.execute(delete(KNOWN_KEY).where(theirs, KNOWN_KEY.c.origin == "awaited"))
        for position, address in enumerate(addresses):
            self._tx.execute(
                update(KNOWN_KEY)
                .where(theirs, KNOWN_KEY.c.sender == address)
                .values(sender=f"{mark}.{position}")
            )

    def _move(self, these: ColumnElement[bool], to_ticket: int) -> None:
        there = KNOWN_KEY.alias()
        twice = exists().where(
            there.c.key == KNOWN_KEY.c.key, there.c.ticket == to_ticket, there.c.sender == KNOWN_KEY.c.sender
        )
        self._tx.execute(update(KNOWN_KEY).where(these, ~twice).values(ticket=to_ticket))
        self._tx.execute(delete(KNOWN_KEY).where(these))
