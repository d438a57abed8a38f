"""Known disturbances, their updates and the tickets that they touch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from maild.errors import NotFound, Refused
from maild.model import OutageFacts
from maild.store.core import Transaction
from maild.store.rows import OutageNews
from maild.store.statements import OnConflict, Params, insert_all
from maild.store.tables import OUTAGE, OUTAGE_TICKET, OUTAGE_UPDATE

_SET_LINK = insert_all(OUTAGE_TICKET).ext(
    OnConflict("(outage_id, ticket) DO UPDATE SET linked = excluded.linked, at = excluded.at")
)


class Outages:
    """`tx.outages`"""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def next_id(self) -> int:
        """Reserved for an outage of this transaction's plan."""
        if self._tx.is_sqlite:
            return int(self._tx.execute(select(func.coalesce(func.max(OUTAGE.c.id), 0) + 1)).scalar_one())
        return int(
            self._tx.execute(select(func.nextval(func.pg_get_serial_sequence("outage", "id")))).scalar_one()
        )

    def open(self, outage: OutageFacts, now: datetime, agent: str = "") -> None:
        """A new outage, by its reserved id; no company = all, no word = all their mail."""
        self._tx.execute(
            insert(OUTAGE).values(
                id=outage.id, title=outage.title, companies=outage.companies, words=outage.words, text=outage.text,
                eta=outage.eta, opened_at=outage.opened_at,
            )
        )  # fmt: skip
        self._note(outage.id, outage.title, outage.eta, now, agent)

    def update(self, key: int, text: str, eta: datetime | None, now: datetime, agent: str = "") -> None:
        """News of an outage; `eta` None keeps the one that is known. NotFound; Refused when it is resolved."""
        outage = self._running(key)
        values: Params = {"text": text, "eta": eta if eta is not None else outage.eta}
        self._tx.execute(update(OUTAGE).where(OUTAGE.c.id == key).values(values))
        self._note(key, text, eta, now, agent)

    def resolve(self, key: int, text: str, now: datetime, agent: str = "") -> None:
        """It is over. NotFound; Refused when it was over before."""
        self._running(key)
        self._tx.execute(update(OUTAGE).where(OUTAGE.c.id == key).values(text=text, resolved_at=now))
        self._note(key, text, None, now, agent)

    def _running(self, key: int) -> OutageFacts:
        outage = self.get(key)
        if outage.resolved_at is not None:
            raise Refused(f"outage {key} is resolved; open a new one")
        return outage

    def _note(self, key: int, text: str, eta: datetime | None, now: datetime, agent: str) -> None:
        self._tx.execute(insert(OUTAGE_UPDATE).values(outage_id=key, at=now, agent=agent, text=text, eta=eta))
        self._tx.master_changed()

    def get(self, key: int) -> OutageFacts:
        """NotFound when there is none."""
        row = self._tx.execute(select(OUTAGE).where(OUTAGE.c.id == key)).first()
        if row is None:
            raise NotFound(f"there is no outage {key}; see `maild outage list --all`")
        return _facts(row)

    def list(self, all: bool = False) -> tuple[OutageFacts, ...]:
        """Outages that last, oldest first; with `all` the resolved ones, too."""
        query = select(OUTAGE).order_by(OUTAGE.c.id)
        if not all:
            query = query.where(OUTAGE.c.resolved_at.is_(None))
        return tuple(_facts(row) for row in self._tx.execute(query))

    def lasting(self) -> tuple[OutageFacts, ...]:
        """`list()` from the cache, for the path of every mail."""
        master = self._tx.master
        if master.outages is None:
            master.outages = self.list()
        return master.outages

    def link(self, key: int, ticket: int, linked: bool, now: datetime) -> None:
        """Tie a ticket to an outage, or note that it is not this one."""
        self._tx.execute(_SET_LINK, {"outage_id": key, "ticket": ticket, "linked": linked, "at": now})

    def tickets(self, key: int) -> tuple[int, ...]:
        """Tickets that are linked now."""
        query = (
            select(OUTAGE_TICKET.c.ticket)
            .where(OUTAGE_TICKET.c.outage_id == key, OUTAGE_TICKET.c.linked)
            .order_by(OUTAGE_TICKET.c.ticket)
        )
        return tuple(row.ticket for row in self._tx.execute(query))

    def of_ticket(self, number: int) -> tuple[int, ...]:
        """Outages that the ticket is linked to now."""
        query = (
            select(OUTAGE_TICKET.c.outage_id)
            .where(OUTAGE_TICKET.c.ticket == number, OUTAGE_TICKET.c.linked)
            .order_by(OUTAGE_TICKET.c.outage_id)
        )
        return tuple(row.outage_id for row in self._tx.execute(query))

    def updates(self, key: int) -> tuple[OutageNews, ...]:
        """What was said about it, oldest first."""
        query = select(OUTAGE_UPDATE).where(OUTAGE_UPDATE.c.outage_id == key).order_by(OUTAGE_UPDATE.c.id)
        return tuple(OutageNews(row.at, row.agent, row.text, row.eta) for row in self._tx.execute(query))


def _facts(row: Any) -> OutageFacts:
    return OutageFacts(
        id=row.id, title=row.title, companies=tuple(row.companies), words=tuple(row.words), eta=row.eta,
        opened_at=row.opened_at, text=row.text, resolved_at=row.resolved_at,
    )  # fmt: skip
