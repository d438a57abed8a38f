"""The queue read through a transaction, of either database (`listed.QueueSource`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from maild.store.companies import Companies
from maild.store.inbound import InboundMails
from maild.store.listed import UnfiledMail
from maild.store.lists import TicketLists
from maild.store.seen import SeenTickets
from maild.ticket.phases import InboundState
from maild.ticket.queue import QueueRow


class WholeQueue:
    """`tx.queue`; `sqlite_queue.SqliteQueue` is its like for a SQLite file."""

    def __init__(
        self, tickets: TicketLists, companies: Companies, seen: SeenTickets, mails: InboundMails
    ) -> None:
        self._tickets, self._companies, self._seen, self._mails = tickets, companies, seen, mails

    def company_keys(self) -> Sequence[str]:
        return self._companies.keys()

    def owners(self) -> Sequence[str]:
        return self._tickets.owners()

    def tickets(
        self, *, all: bool = False, limit: int | None = None, company: str | None = None, phase: str | None = None,
        team: str | None = None, owner: str | None = None,
    ) -> Iterator[QueueRow]:  # fmt: skip
        return self._tickets.stream(
            all=all, limit=limit, company=company, phase=phase, team=team, owner=owner
        )

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        return self._seen.unread(agent, numbers)

    def mails_on_no_ticket(self, limit: int) -> Sequence[UnfiledMail]:
        held = self._mails.list(state=InboundState.QUARANTINED, limit=limit)
        return [
            UnfiledMail(m.id, m.received_at, m.from_address, m.subject, m.kind)
            for m in (*self._mails.unfiled(limit), *held)
        ]
