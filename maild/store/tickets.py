"""Tickets: reading them for rules and acts, and the rows that `apply` writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from maild.errors import NotFound
from maild.model import EntryFacts, Mailbox, TicketFacts
from maild.store import facts_of, hot, search
from maild.store.core import Transaction
from maild.store.listed import no_ticket
from maild.store.statements import OnConflict, Params, insert_all
from maild.store.tables import ENTRY, PARTICIPANT, TICKET
from maild.ticket import due, entries, phases, state
from maild.ticket.entries import NOTHING, Details
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET, TicketChange
from maild.ticket.vocabulary import EntryType
from maild.values import replace

_JOIN = insert_all(PARTICIPANT).ext(OnConflict("(ticket, address) DO NOTHING"))


class _Stand(NamedTuple):
    """Of a stored ticket, what decides when it is due."""

    phase: Phase
    respond_by: datetime | None
    resolve_by: datetime | None
    responded_at: datetime | None
    reply_by: datetime | None


class Tickets:
    """Reading and writing of tickets for the plan; lists and searches are in `lists` and `search`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ------------------------------------------------------------------------------------- reading

    def brief_many(self, numbers: Sequence[int]) -> dict[int, TicketFacts]:
        """Tickets with participants, without entries; unknown numbers are left out."""
        rows = self._tx.rows_in(hot.TICKETS, numbers)
        if not rows:
            return {}
        members: dict[int, list[Mailbox]] = {}
        for row in self._tx.rows_in(hot.PARTICIPANTS, [row.number for row in rows]):
            members.setdefault(row.ticket, []).append(Mailbox(row.address, row.name))
        return {row.number: facts_of.ticket(row, tuple(members.get(row.number, ()))) for row in rows}

    def brief(self, number: int) -> TicketFacts:
        """One ticket without its entries. NotFound."""
        try:
            return self.brief_many([number])[number]
        except (KeyError, OverflowError):
            raise no_ticket(number) from None

    def exists(self, number: int) -> bool:
        return bool(self._tx.rows_in(hot.TICKETS, [number]))

    def get(self, number: int) -> TicketFacts:
        """One ticket with its entries, oldest first. NotFound."""
        return replace(self.brief(number), entries=self.entries(number))

    def entries(self, number: int) -> tuple[EntryFacts, ...]:
        query = select(ENTRY).where(ENTRY.c.ticket == number).order_by(ENTRY.c.id)
        return tuple(facts_of.entry(row) for row in self._tx.execute(query))

    def entry(self, key: int) -> EntryFacts:
        """One line of a log. NotFound."""
        row = self._tx.execute(select(ENTRY).where(ENTRY.c.id == key)).first()
        if row is None:
            raise NotFound(f"there is no entry {key}; `maild show N` lists a ticket's")
        return facts_of.entry(row)

    # ------------------------------------------------------------------------------------- writing

    def insert(self, number: int, root: str, ticket: TicketFacts, now: datetime) -> None:
        """A new ticket."""
        self._tx.tell(hot.INSERT_TICKET, {
            "number": number, "subject": ticket.subject, "company": ticket.company,
            "requester": ticket.requester, "requester_name": ticket.requester_name,
            "kind": ticket.kind, "severity": ticket.severity or "", "team": ticket.team, "owner": ticket.owner,
            "phase": ticket.phase, "language": ticket.language, "topic": ticket.topic,
            "created_at": ticket.created_at, "updated_at": now, "respond_by": ticket.respond_by,
            "resolve_by": ticket.resolve_by, "responded_at": ticket.responded_at, "root_message_id": root,
            "last_message_id": ticket.last_message_id, "last_word": ticket.last_word,
            "waiting_since": ticket.waiting_since, "reply_by": ticket.reply_by,
            "due": due.of(ticket, ticket.state), "data": state.dump(ticket.state),
        })  # fmt: skip

    def update(self, number: int, change: TicketChange, now: datetime) -> tuple[Phase, Phase] | None:
        """Set what the change sets. (old phase, new phase) when the phase moved.

        NotFound; Refused for moves that `phases.TICKET` does not have.
        """
        values: Params = {name: "" if value is None and name == "severity" else value
                          for name, value in change.columns().items()}  # fmt: skip
        of_state = change.of_state()
        moved: tuple[Phase, Phase] | None = None
        if not due.DECIDES.isdisjoint(values) or of_state:
            query = select(*TICKET.c[(*_Stand._fields, "data")]).where(TICKET.c.number == number)
            stand = self._tx.execute(query).first()
            if stand is None:
                raise no_ticket(number)
            old, new = stand.phase, change.phase
            if new is not UNSET and new != old:
                phases.check_move(phases.TICKET, old, new)
                moved = (old, new)
                values["phase_before"] = old
            kept = replace(state.load(stand.data), **of_state)
            if of_state:
                values["data"] = state.dump(kept)
            values["due"] = due.of(
                _Stand(*(values.get(name, getattr(stand, name)) for name in _Stand._fields)), kept
            )
        values["updated_at"] = now
        statement = hot.update_ticket(tuple(sorted(values)))
        if self._tx.run(statement, values | {"key": number}).rowcount == 0:
            raise no_ticket(number)
        if not search.HEAD.isdisjoint(values):
            search.heads_changed(self._tx, [number])
        return moved

    def touch(self, numbers: Sequence[int], now: datetime) -> None:
        """Something happened on these tickets."""
        self._tx.tell(hot.TOUCH, *[{"key": number, "at": now} for number in numbers])

    def join(self, number: int, address: str, name: str, via: str, now: datetime) -> None:
        """Make an address a participant, once."""
        self._tx.execute(_JOIN, {"ticket": number, "address": address, "name": name, "via": via, "at": now})

    def add_entry(
        self, number: int, now: datetime, *, type: EntryType, author: str, channel: str, text: str, public: bool,
        full_text: str = "", elided: str = "", details: Details = NOTHING, message_id: str | None = None,
        inbound_id: int | None = None,
    ) -> int:  # fmt: skip
        """Append to the ticket's log; the entry's id. A `full_text` that says no more than `text` is kept once."""
        key = self._tx.insert(hot.ADD_ENTRY, {
            "ticket": number, "at": now, "type": type, "author": author, "channel": channel,
            "text": text, "full_text": "" if full_text.strip() == text.strip() else full_text,
            "elided": elided, "public": public, "data": entries.dump(details),
            "message_id": message_id, "inbound_id": inbound_id,
        })  # fmt: skip
        assert key is not None
        return key
