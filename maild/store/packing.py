"""The bytes of mails that are over, kept compressed: half of what a ticket takes on the disk.

Not when a mail comes or goes: to compress it costs as much of the processor as all that is written of it, and then it is
in a hurry. What is a day old and final is packed when there is nothing else to do. Bytes are told by a column of their
own whether they are packed, never by how they begin: strangers write them. PostgreSQL compresses such values itself.
"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from itertools import accumulate, chain, takewhile
from typing import Any, NamedTuple

from sqlalchemy import Column, Table, bindparam, func, select, update

from maild.store.core import Transaction
from maild.store.tables import INBOUND, INBOUND_RAW, OUTBOUND, OUTBOUND_BYTES
from maild.ticket.phases import InboundState, OutboundState

#: younger mails are asked for more often
REST = timedelta(days=1)
#: bytes that are packed together, but for the last mail's: the writer is held for some tens of milliseconds
_AT_ONCE = 500_000


class _Kind(NamedTuple):
    """Mails in or out. `meta`: up to which of them was packed; `final`: states that they never leave."""

    meta: str
    mails: Table
    at: Column[Any]
    final: frozenset[str]
    held: Table
    key: Column[Any]


_KINDS = (
    _Kind("packed_inbound", INBOUND, INBOUND.c.received_at, frozenset((InboundState.DONE, InboundState.DUPLICATE)),
          INBOUND_RAW, INBOUND_RAW.c.inbound_id),
    _Kind("packed_outbound", OUTBOUND, OUTBOUND.c.created_at, frozenset((OutboundState.SENT,)),
          OUTBOUND_BYTES, OUTBOUND_BYTES.c.outbound_id),
)  # fmt: skip


def unpacked(content: bytes, packed: bool) -> bytes:
    """The mail as it was."""
    return zlib.decompress(content) if packed else bytes(content)


class Packing:
    """`tx.packing`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def pack(self, now: datetime, limit: int) -> int:
        """Pack up to `limit` mails of each kind that are old enough; how many were looked at."""
        return sum(self._pack(kind, now - REST, limit) for kind in _KINDS) if self._tx.is_sqlite else 0

    def _pack(self, kind: _Kind, before: datetime, limit: int) -> int:
        last, key = int(self._tx.meta(kind.meta) or 0), kind.mails.c.id
        size = func.coalesce(func.length(kind.held.c.content), 0)
        query = select(key, kind.mails.c.state, kind.at.label("at"), size.label("size"))
        query = query.select_from(kind.mails.outerjoin(kind.held, kind.key == key)).where(key > last)
        found = self._tx.execute(query.order_by(key).limit(limit)).all()
        sizes = accumulate(row.size for row in found)
        taken = [
            row for row, sum_before in zip(found, chain((0,), sizes), strict=False) if sum_before < _AT_ONCE
        ]
        taken = [*takewhile(lambda row: row.at < before, taken)]
        if not taken:
            return 0
        self._compress(kind, [row.id for row in taken if row.state in kind.final])
        self._tx.set_meta(kind.meta, str(taken[-1].id))
        return len(taken)

    def _compress(self, kind: _Kind, ids: list[int]) -> None:
        query = select(kind.key.label("mail"), kind.held.c.content).where(
            kind.key.in_(ids), ~kind.held.c.packed
        )
        smaller = []
        for row in self._tx.execute(query):
            made = zlib.compress(row.content)
            if len(made) < len(row.content):
                smaller.append({"mail": row.mail, "made": made})
        if smaller:
            change = update(kind.held).where(kind.key == bindparam("mail"))
            self._tx.execute(change.values(content=bindparam("made"), packed=True), smaller)
