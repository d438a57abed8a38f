"""The queue and its tickets read through a transaction, of either database (`listed.TicketSource`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Unpack

from maild.fulltext import Query
from maild.model import CompanyFacts, PersonFacts
from maild.store.listed import MailFilter, NextQueues, TicketFilter, UnfiledMail
from maild.store.rows import MailIn
from maild.store.searching import SearchResult
from maild.ticket.phases import InboundState
from maild.ticket.queue import QueueRow
from maild.ticket.whole import WholeTicket

if TYPE_CHECKING:
    from maild.store.tx import Tx


class WholeQueue:
    """`tx.queue`; `sqlite_tickets.SqliteTickets` is its like for a SQLite file."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def company_keys(self) -> Sequence[str]:
        return self._tx.companies.keys()

    def owners(self) -> Sequence[str]:
        return self._tx.tickets.owners()

    def tickets(self, **wanted: Unpack[TicketFilter]) -> Iterator[QueueRow]:
        return self._tx.tickets.stream(**wanted)

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        return self._tx.seen.unread(agent, numbers)

    def mails_on_no_ticket(self, limit: int) -> Sequence[UnfiledMail]:
        held = self._tx.inbound.list(state=InboundState.QUARANTINED, limit=limit)
        return [
            UnfiledMail(m.id, m.received_at, m.from_address, m.subject, m.kind)
            for m in (*self._tx.inbound.unfiled(limit), *held)
        ]

    # ------------------------------------------------------------------------------------ one ticket

    def whole(self, number: int) -> WholeTicket:
        tx = self._tx
        ticket = tx.tickets.get(number)
        return WholeTicket(
            tx.tickets.row(number), ticket, tx.timelog.of_ticket(number), tx.consents.of_ticket(number),
            tx.tickets.links(number), tuple(reversed(tx.outbound.list(ticket=number, limit=None))),
        )  # fmt: skip

    def person(self, address: str) -> PersonFacts | None:
        return self._tx.contacts.find(address)

    def company(self, key: str) -> CompanyFacts | None:
        return self._tx.companies.find(key)

    def count_open(self, company: str) -> int:
        return self._tx.tickets.count_open(company)

    def sent_times(self, number: int) -> dict[int, datetime]:
        return self._tx.outbound.times(number)

    def may_be_next(self, owner: str, teams: Sequence[str] = ()) -> NextQueues:
        return self._tx.tickets.may_be_next(owner, teams)

    def search(self, query: Query, *, limit: int) -> list[SearchResult]:
        return self._tx.search(query, limit=limit)

    def rows(self, numbers: Sequence[int]) -> tuple[QueueRow, ...]:
        return self._tx.tickets.rows(numbers)

    def mails_in(self, *, limit: int = 100, **wanted: Unpack[MailFilter]) -> tuple[MailIn, ...]:
        return self._tx.inbound.list(limit=limit, **wanted)
