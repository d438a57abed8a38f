"""One ticket whole, and what is next, read from a SQLite file on the driver alone (`sqlite_queue`).

What is made of the rows is made where a transaction's rows are (`facts_of`); a law holds both ways of reading equal on
desks of all kinds (tests/store/test_sqlite_tickets.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Unpack

from maild.fulltext import Query
from maild.model import CompanyFacts, Mailbox, MailOut, PersonFacts
from maild.settings import Settings
from maild.store import columns, facts_of, sqlite_queue
from maild.store.listed import MailFilter, NextQueues, as_listed, no_ticket
from maild.store.plain import in_parts, to_micros
from maild.store.plain_table import JSON, WORDS, PlainTable
from maild.store.rows import MailIn
from maild.store.searching import SearchResult
from maild.store.sqlite_queue import SqliteQueue, in_list
from maild.store.sqlite_search import SqliteSearch
from maild.store.writelock import WriteLock
from maild.ticket import phases
from maild.ticket.phases import Phase
from maild.ticket.queue import QueueRow
from maild.ticket.whole import WholeTicket
from maild.values import replace

_PARTICIPANT = columns.PARTICIPANT.only("address", "name")
_LINK = columns.LINK.only("type", "ticket", "other")
_OUTBOUND = columns.OUTBOUND.beside({"subject": WORDS, "data": JSON})
_MAILS_OUT = (
    f"SELECT {columns.OUTBOUND.names}, outbound_bytes.subject, outbound_data.data FROM outbound"  # noqa: S608 (our own names)
    " LEFT JOIN outbound_bytes ON outbound_bytes.outbound_id = outbound.id"
    " LEFT JOIN outbound_data ON outbound_data.outbound_id = outbound.id AND outbound.notice = ?"
    " WHERE outbound.ticket = ? ORDER BY outbound.id"
)
_TIMES = columns.OUTBOUND.only("id", "sent_at", "created_at")
_ADDRESS = columns.CONTACT_ADDRESS.only("contact_id", "address").beside({"dead": WORDS})
_ADDRESSES = (
    "SELECT contact_address.contact_id, contact_address.address, bounced_address.address FROM contact_address"
    " LEFT JOIN bounced_address ON bounced_address.address = contact_address.address"
)
_SITE = columns.SITE.only("key", "data")
_MAIL_IN = columns.INBOUND.only(*facts_of.columns_of(MailIn))
#: what waits for the customer alone; in which we can do something; whose customer waits; who never got our words
_THEIRS = "(ticket.phase = ? AND ticket.reply_by IS NULL)"
_OURS = f" AND NOT {_THEIRS} AND ticket.phase != ?"
_WAITS = "ticket.waiting_since IS NOT NULL"
_WROTE = f" AND {_THEIRS} AND ({_WAITS} OR ticket.data LIKE '%\"undelivered\":%')"


def next_up(owner: str, teams: Sequence[str], more: str, values: Sequence[str]) -> sqlite_queue.Query:
    """Open tickets of an owner and of these teams, under one more condition, in the queue's order."""
    text, params = sqlite_queue.tickets(owner=owner)
    found, _, order = text.partition(" ORDER BY ")
    asked, ordered = params[: -len(sqlite_queue.ORDERED_BY)], params[-len(sqlite_queue.ORDERED_BY) :]
    if teams:
        found += f" AND ticket.team {in_list(len(teams))}"
    return f"{found}{more} ORDER BY {order}", (*asked, *teams, *values, *ordered)


class SqliteTickets(SqliteQueue):
    """A `TicketSource`."""

    def _read(self, table: PlainTable, rest: str, *params: Any, text: str = "") -> Iterator[Any]:
        """Rows of a table. `rest`: what follows its name; `text`: the SELECT, where it is another one."""
        return table.rows(self._run((f"{text or table.select} {rest}", params)))

    # ------------------------------------------------------------------------------------ one ticket

    def whole(self, number: int) -> WholeTicket:
        try:
            row = next(self._read(columns.TICKET, "WHERE ticket.number = ?", number), None)
        except OverflowError:
            row = None
        if row is None:
            raise no_ticket(number)
        people = self._read(_PARTICIPANT, "WHERE participant.ticket = ? ORDER BY at, address", number)
        log = self._read(columns.ENTRY, "WHERE entry.ticket = ? ORDER BY entry.id", number)
        ticket = facts_of.ticket(row, tuple(Mailbox(one.address, one.name) for one in people))
        worked = self._read(columns.TIME_ENTRY, "WHERE time_entry.ticket = ? ORDER BY time_entry.id", number)
        linked = self._read(_LINK, "WHERE link.ticket = ? OR link.other = ? ORDER BY link.at", number, number)
        outages = self._run((
            "SELECT outage_id FROM outage_ticket WHERE ticket = ? AND linked ORDER BY outage_id", (number,)
        ))  # fmt: skip
        return WholeTicket(
            as_listed(row), replace(ticket, entries=tuple(map(facts_of.entry, log))),
            tuple(map(facts_of.time_row, worked)), tuple(self._consents(number)),
            facts_of.links(number, linked, (key for (key,) in outages)), tuple(self._mails_out(number)),
        )  # fmt: skip

    def _consents(self, number: int) -> Iterable[Any]:
        tokens: dict[int, list[Any]] = {}
        text = "WHERE consent_id IN (SELECT id FROM consent WHERE ticket = ?) ORDER BY token_hash"
        for one in self._read(columns.CONSENT_TOKEN, text, number):
            tokens.setdefault(one.consent_id, []).append(one)
        for row in self._read(columns.CONSENT, "WHERE consent.ticket = ? ORDER BY consent.id", number):
            yield facts_of.consent(row, tokens.get(row.id, ()))

    def _mails_out(self, number: int) -> Iterable[MailOut]:
        """Oldest first."""
        text = (
            "WHERE outbound_id IN (SELECT id FROM outbound WHERE ticket = ?) ORDER BY outbound_id, position"
        )
        people = facts_of.recipients(self._read(columns.OUTBOUND_RECIPIENT, text, number))
        for row in self._read(_OUTBOUND, "", facts_of.ALERT, number, text=_MAILS_OUT):
            yield facts_of.mail_out(row, people.get(row.id, ()))

    def sent_times(self, number: int) -> dict[int, datetime]:
        rows = self._read(_TIMES, "WHERE outbound.ticket = ?", number)
        return {row.id: row.sent_at or row.created_at for row in rows}

    # ------------------------------------------------------------------------------- people, companies

    def person(self, address: str) -> PersonFacts | None:
        text = "SELECT contact_id FROM contact_address WHERE address = ?"
        owner = next(iter(self._run((text, (address,)))), None)
        if owner is None:
            return None
        person = self._people(owner).get(owner[0])
        if person is None:
            return None
        dead = self._run(("SELECT 1 FROM bounced_address WHERE address = ?", (address,)))
        return replace(person, address=address, bounced=next(iter(dead), None) is not None)

    def _people(self, ids: Sequence[int]) -> dict[int, PersonFacts]:
        one_of = in_list(len(ids))
        return facts_of.people(
            self._read(columns.CONTACT, f"WHERE contact.id {one_of}", *ids),
            self._read(_ADDRESS, f"WHERE contact_address.contact_id {one_of} ORDER BY contact_address.contact_id,"
                       " contact_address.position, contact_address.address", *ids, text=_ADDRESSES),
            self._read(columns.MEMBERSHIP, f"WHERE contact_id {one_of} ORDER BY contact_id, position, company", *ids),
        )  # fmt: skip

    def company(self, key: str) -> CompanyFacts | None:
        row = next(self._read(columns.COMPANY, "WHERE company.key = ?", key), None)
        if row is None:
            return None
        domains = self._run((
            "SELECT domain FROM company_domain WHERE company = ? ORDER BY position, domain", (key,)
        ))  # fmt: skip
        members = self._read(columns.MEMBERSHIP, "WHERE company = ? ORDER BY contact_id", key)
        ids = [one.contact_id for one in members if one.roles]
        known: dict[int, PersonFacts] = {}
        for some in in_parts(ids):
            known |= self._people(some)
        return facts_of.company(
            row, (domain for (domain,) in domains), self._read(_SITE, "WHERE site.company = ?", key),
            [known[one] for one in ids if one in known],
        )  # fmt: skip

    def count_open(self, company: str) -> int:
        open_ = sorted(phases.OPEN)
        text = f"SELECT count(*) FROM ticket WHERE phase {in_list(len(open_))} AND company = ?"  # noqa: S608 (our own names)
        (count,) = next(iter(self._run((text, (*open_, company)))))
        return int(count)

    # ----------------------------------------------------------------------------------------- lists

    def may_be_next(self, owner: str, teams: Sequence[str] = ()) -> NextQueues:
        ours = (Phase.WAITING_CUSTOMER, Phase.AWAITING_APPROVAL)

        def queue(more: str, values: Sequence[str]) -> Iterator[QueueRow]:
            return self.listed(next_up(owner, teams, more, values))

        return NextQueues(
            queue(_OURS, ours), queue(f"{_OURS} AND {_WAITS}", ours), queue(_WROTE, (Phase.WAITING_CUSTOMER,))
        )

    def search(self, query: Query, *, limit: int) -> list[SearchResult]:
        return SqliteSearch(self._connection)(query, limit=limit)

    def rows(self, numbers: Sequence[int]) -> tuple[QueueRow, ...]:
        if not numbers:
            return ()
        text = (
            f"{sqlite_queue.TICKETS} WHERE ticket.number {in_list(len(numbers))} ORDER BY ticket.number DESC"
        )
        return tuple(self.listed((text, (*numbers,))))

    def mails_in(self, *, limit: int = 100, **wanted: Unpack[MailFilter]) -> tuple[MailIn, ...]:
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"inbound.{name} = ?" for name in given)
        rest = f"{'WHERE ' if where else ''}{where} ORDER BY inbound.id DESC LIMIT ?"
        return tuple(map(facts_of.mail_in, self._read(_MAIL_IN, rest, *given.values(), limit)))


@contextmanager
def looking(settings: Settings) -> Iterator[SqliteTickets | None]:
    """As `sqlite_queue.looking`, for whole tickets."""
    with sqlite_queue.connected(settings, "PRAGMA query_only=1", "BEGIN DEFERRED") as connection:
        yield None if connection is None else SqliteTickets(connection)


_MARK = (
    "INSERT INTO seen (agent, ticket, entry, at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (agent, ticket) DO UPDATE SET entry = excluded.entry, at = excluded.at"
)


def mark_seen(settings: Settings, agent: str, number: int, entry: int, now: datetime) -> bool:
    """`SeenTickets.mark` in a transaction of its own; False, and nothing done, where `looking` gives None. StoreBusy."""
    path = sqlite_queue.file_of(settings)
    if path is None:
        return False
    turns = WriteLock(path.with_name(path.name + ".turn"), settings.database.busy_timeout_seconds)
    first = ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "BEGIN IMMEDIATE")
    with turns.held(), sqlite_queue.connected(settings, *first) as connection:
        if connection is None:
            return False
        connection.execute(_MARK, (agent, number, entry, to_micros(now)))
        connection.execute("COMMIT")
    return True
