"""Tickets as the command line lists and shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)

from maild.errors import Refused
from maild.model import Linked
from maild.store import facts_of
from maild.store.core import Transaction
from maild.store.ids import KnownKeys
from maild.store.jsontext import load
from maild.store.listed import COLUMNS, NextQueues, TicketFilter, as_listed, no_ticket
from maild.store.outages import Outages
from maild.store.rows import ReportedTicket
from maild.store.statements import where_equal
from maild.store.tables import ENTRY, INBOUND, LINK, PARTICIPANT, TICKET
from maild.store.tickets import Tickets
from maild.ticket import phases, state
from maild.ticket.phases import Phase
from maild.ticket.queue import QueueRow
from maild.ticket.state import Rating
from maild.ticket.vocabulary import EntryType, LinkType, TicketKind

#: rows that are read together
_STRIDE, _FEW = 500, 16
_OF_TICKET: Select[Any] = select(literal_column("1")).where(ENTRY.c.ticket == TICKET.c.number)
#: tickets whose opening was taken back, and nothing since: the number is spent, and no figure counts them
_NEVER_WAS = (
    (TICKET.c.phase == Phase.CLOSED)
    & _OF_TICKET.where(ENTRY.c.type == EntryType.UNDO).exists()
    & ~_OF_TICKET.where(ENTRY.c.type.not_in([EntryType.UNDO, EntryType.UNDONE])).exists()
)
#: what waits for the customer stands last: nobody here can do anything about it
_THEIRS = (TICKET.c.phase == Phase.WAITING_CUSTOMER) & TICKET.c.reply_by.is_(None)
#: complaints are treated out of turn; then what is due first, then who waits longest without a promise
_ORDER = (
    case((_THEIRS, literal_column("1")), else_=literal_column("0")),
    case((TICKET.c.kind == TicketKind.COMPLAINT, literal_column("0")), else_=literal_column("1")),
    case((TICKET.c.due.is_(None), literal_column("1")), else_=literal_column("0")),
    TICKET.c.due,
    case((TICKET.c.waiting_since.is_(None), literal_column("1")), else_=literal_column("0")),
    TICKET.c.waiting_since,
    TICKET.c.number,
)


#: tickets that were rated
_RATED = type_coerce(TICKET.c.data, Text).like('%"rating":%')
#: tickets whose last mail from us did not arrive
_UNDELIVERED = type_coerce(TICKET.c.data, Text).like('%"undelivered":%')


#: `ReportedTicket`, its clock as text
_REPORTED: Select[Any] = select(
    *TICKET.c[ReportedTicket._fields[:-1]], type_coerce(TICKET.c.data, Text)
).order_by(TICKET.c.number)
_OPEN = TICKET.c.phase.in_(sorted(phases.OPEN))


def queue_query(
    *, all: bool = False, limit: int | None = None, phase: str | None = None, **named: str | None
) -> Select[Any]:
    """The rows of `TicketLists.stream`. `named`: the other columns of a `TicketFilter`."""
    query = select(*TICKET.c[COLUMNS]).order_by(*_ORDER).limit(limit)
    if not all and phase is None:
        query = query.where(_OPEN)
    return where_equal(query, TICKET, phase=phase, **named)


def owners_query() -> Select[Any]:
    """Who owns tickets that are not over."""
    still = TICKET.c.phase.not_in(sorted(phases.ENDED))
    return select(TICKET.c.owner).distinct().where(TICKET.c.owner != "", still)


class TicketLists(Tickets):
    """`tx.tickets`: what `Tickets` does, and lists."""

    def __init__(self, tx: Transaction, outages: Outages) -> None:
        super().__init__(tx)
        self._outages = outages

    def list(self, **wanted: Unpack[TicketFilter]) -> tuple[QueueRow, ...]:
        """All that `stream` yields."""
        return tuple(self.stream(**wanted))

    def stream(self, **wanted: Unpack[TicketFilter]) -> Iterator[QueueRow]:
        """Complaints first, then by what is due first, what waits for customers last."""
        return self._listed(queue_query(**wanted), _STRIDE)

    def may_be_next(self, owner: str, teams: Sequence[str] = ()) -> NextQueues:
        """Open tickets of an owner ("": those that nobody has, of these teams; of all where none is named)."""
        query = queue_query(owner=owner)
        if teams:
            query = query.where(TICKET.c.team.in_(teams))
        ours = query.where(~_THEIRS, TICKET.c.phase != Phase.AWAITING_APPROVAL)
        waits = TICKET.c.waiting_since.is_not(None)
        queues = ours, ours.where(waits), query.where(_THEIRS, or_(waits, _UNDELIVERED))
        return NextQueues(*(self._listed(one, _FEW) for one in queues))  # of which the first few may do

    def _listed(self, query: Select[Any], together: int) -> Iterator[QueueRow]:
        with self._tx.execute(query.execution_options(yield_per=together)) as found:
            for row in found:
                yield as_listed(row)

    def rows(self, numbers: Sequence[int]) -> tuple[QueueRow, ...]:
        """These tickets, newest number first."""
        query = (
            select(*TICKET.c[COLUMNS]).where(TICKET.c.number.in_(numbers)).order_by(TICKET.c.number.desc())
        )
        return tuple(as_listed(row) for row in self._tx.execute(query))

    def owners(self) -> tuple[str, ...]:
        """Who owns tickets that are not over."""
        return tuple(self._tx.execute(owners_query()).scalars())

    def count_open(self, company: str | None = None) -> int:
        """Tickets that are not over, of one company or of all."""
        return self._count(company, _OPEN)

    def _count(self, company: str | None, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(TICKET).where(*conditions)
        return int(self._tx.execute(where_equal(query, TICKET, company=company)).scalar_one())

    def row(self, number: int) -> QueueRow:
        """One ticket as a list tells of it. NotFound."""
        rows = self.rows([number])
        if not rows:
            raise no_ticket(number)
        return rows[0]

    def links(self, number: int) -> tuple[Linked, ...]:
        """What a ticket is linked to, whichever end the link was made at, and its outages."""
        query = select(LINK).where(or_(LINK.c.ticket == number, LINK.c.other == number)).order_by(LINK.c.at)
        return facts_of.links(number, self._tx.execute(query), self._outages.of_ticket(number))

    def unlink(self, number: int, type: LinkType, other: int) -> None:
        """Remove a link."""
        self._tx.execute(
            delete(LINK).where(LINK.c.ticket == number, LINK.c.type == type, LINK.c.other == other)
        )

    def leave(self, number: int, addresses: Sequence[str]) -> None:
        """These people take part no longer."""
        self._tx.execute(
            delete(PARTICIPANT).where(PARTICIPANT.c.ticket == number, PARTICIPANT.c.address.in_(addresses))
        )

    def mails(self, number: int) -> tuple[int, ...]:
        """Ids of the inbound mails on a ticket, oldest first."""
        query = select(ENTRY.c.inbound_id).where(ENTRY.c.ticket == number, ENTRY.c.inbound_id.is_not(None))
        return tuple(row.inbound_id for row in self._tx.execute(query.order_by(ENTRY.c.id)))

    # ---------------------------------------------------------------------------- split, move, merge

    def move_entries(self, number: int, entry_ids: Sequence[int], to_number: int) -> None:
        """Entries go to another ticket with their ids and what their mails' Message-IDs mean.

        Refused when one is not on `number`.
        """
        query = select(ENTRY.c.id, ENTRY.c.message_id, ENTRY.c.inbound_id)
        rows = self._tx.execute(query.where(ENTRY.c.ticket == number, ENTRY.c.id.in_(entry_ids))).all()
        missing = set(entry_ids) - {row.id for row in rows}
        if missing:
            raise Refused(f"ticket {number} has no entry {min(missing)}; `maild show {number}` lists them")
        self.brief(to_number)
        self._tx.execute(update(ENTRY).where(ENTRY.c.id.in_(entry_ids)).values(ticket=to_number))
        mails = [row.inbound_id for row in rows if row.inbound_id is not None]
        self._tx.execute(update(INBOUND).where(INBOUND.c.id.in_(mails)).values(ticket=to_number))
        ids = [row.message_id for row in rows if row.message_id]
        KnownKeys(self._tx).move_mails(ids, number, to_number)

    # ------------------------------------------------------------------------- deadlines and reports

    def reported_between(
        self, start: datetime, end: datetime, company: str | None = None
    ) -> Iterator[ReportedTicket]:
        """Tickets made in [start, end), as they come from the database, by number."""
        query = _REPORTED.where(TICKET.c.created_at >= start, TICKET.c.created_at < end, ~_NEVER_WAS)
        return self._reported(query, company)

    def reported_open(self, company: str | None) -> Iterator[ReportedTicket]:
        """Tickets that are not over, as they come from the database, by number."""
        return self._reported(_REPORTED.where(_OPEN), company)

    def _reported(self, query: Select[Any], company: str | None) -> Iterator[ReportedTicket]:
        query = where_equal(query, TICKET, company=company)
        with self._tx.execute(query.execution_options(yield_per=_STRIDE)) as found:
            for row in found:
                data = row[-1]
                # two keys of the JSON are asked for, and many tickets have neither
                tells = '"pauses"' in data or '"call_back_by"' in data
                clock = state.load_clock(load(data)) if tells else None
                yield ReportedTicket._make((*row[:-1], clock))

    def new_between(
        self, start: datetime, end: datetime, company: str | None
    ) -> Iterator[tuple[datetime, str | None, TicketKind]]:
        """(when, company, kind) of the tickets made in [start, end), as they come from the database."""
        query = select(*TICKET.c["created_at", "company", "kind"])
        query = query.where(TICKET.c.created_at >= start, TICKET.c.created_at < end, ~_NEVER_WAS)
        query = where_equal(query, TICKET, company=company)
        with self._tx.execute(query.execution_options(yield_per=_STRIDE)) as found:
            for row in found:
                yield row.created_at, row.company, row.kind

    def of_person(self, addresses: Sequence[str]) -> tuple[int, ...]:
        """Numbers of the tickets that a person asked for or took part in."""
        asked = select(TICKET.c.number).where(TICKET.c.requester.in_(addresses))
        joined = select(PARTICIPANT.c.ticket).where(PARTICIPANT.c.address.in_(addresses))
        return tuple(sorted({*self._tx.execute(asked).scalars(), *self._tx.execute(joined).scalars()}))

    def closed_between(self, start: datetime, end: datetime, company: str | None) -> int:
        """How many were closed in [start, end)."""
        return self._count(company, TICKET.c.closed_at >= start, TICKET.c.closed_at < end, ~_NEVER_WAS)

    def open_at(self, at: datetime, company: str | None) -> int:
        """How many were open then: made before, and not over, or over only later."""
        still = or_(TICKET.c.closed_at >= at, _OPEN)
        return self._count(company, TICKET.c.created_at < at, still, ~_NEVER_WAS)

    def rated(
        self, start: datetime, end: datetime, company: str | None = None
    ) -> tuple[tuple[str | None, Rating], ...]:
        """(company, rating) of the ratings given in [start, end)."""
        query = select(*TICKET.c["company", "data"]).where(_RATED, TICKET.c.updated_at >= start)
        found = self._tx.execute(where_equal(query, TICKET, company=company))
        ratings = ((row.company, state.load(row.data).rating) for row in found)
        return tuple((key, given) for key, given in ratings if given is not None and start <= given.at < end)
