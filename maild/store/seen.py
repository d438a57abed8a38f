"""What of which ticket an agent has looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from maild.store.core import Transaction
from maild.store.plain import in_parts
from maild.store.statements import OnConflict, insert_all
from maild.store.tables import ENTRY, SEEN

_SET = insert_all(SEEN).ext(
    OnConflict("(agent, ticket) DO UPDATE SET entry = excluded.entry, at = excluded.at")
)


def looked_at_query(agent: str, numbers: Sequence[int]) -> Select[Any]:
    """What of these tickets the agent has seen."""
    return select(SEEN.c.ticket, SEEN.c.entry).where(SEEN.c.agent == agent, SEEN.c.ticket.in_(numbers))


def newest_query(agent: str, numbers: Sequence[int]) -> Select[Any]:
    """The newest entry that somebody else wrote on each; maild's own notes are nobody's words."""
    return (
        select(ENTRY.c.ticket, func.max(ENTRY.c.id).label("entry"))
        .where(ENTRY.c.ticket.in_(numbers), ENTRY.c.author != agent, ENTRY.c.channel != "system")
        .group_by(ENTRY.c.ticket)
    )


class SeenTickets:
    """`tx.seen`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def mark(self, agent: str, number: int, entry: int, now: datetime) -> None:
        """The agent has looked at the ticket up to this entry."""
        self._tx.execute(_SET, {"agent": agent, "ticket": number, "entry": entry, "at": now})

    def newest(self, agent: str, number: int) -> int | None:
        """The newest entry that the agent has looked at; None when they never did."""
        query = select(SEEN.c.entry).where(SEEN.c.agent == agent, SEEN.c.ticket == number)
        entry: int | None = self._tx.execute(query).scalar()
        return entry

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        """Those of `numbers` on which somebody wrote since the agent looked."""
        tickets: set[int] = set()
        for some in in_parts(numbers):
            seen = {row.ticket: row.entry for row in self._tx.execute(looked_at_query(agent, some))}
            newest = self._tx.execute(newest_query(agent, some))
            tickets |= {row.ticket for row in newest if row.entry > seen.get(row.ticket, 0)}
        return frozenset(tickets)
