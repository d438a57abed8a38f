"""Tickets: reading them for rules and acts, and the rows that `apply` writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, update

from maild.errors import NotFound
from maild.model import EntryFacts, Json, Mailbox, OpenTicket, TicketFacts
from maild.store.core import Transaction
from maild.store.statements import Params, Prepared, PreparedIn, insert_all
from maild.store.tables import ENTRY, PARTICIPANT, TICKET
from maild.store.types import clean, dump, from_micros, load, maybe_micros, maybe_moment, to_micros
from maild.ticket import phases, state
from maild.ticket.phases import Phase
from maild.ticket.state import UNSET, TicketChange
from maild.ticket.vocabulary import EntryType, Severity, TicketKind

_FRESH = {
    "phase_before": "''",
    "responded_at": "NULL",
    "resolved_at": "NULL",
    "closed_at": "NULL",
    "merged_into": "NULL",
}
_INSERT = Prepared(insert_all(TICKET, **_FRESH))
_BY_NUMBER = PreparedIn(
    lambda numbers: select(*TICKET.c).where(TICKET.c.number.in_(numbers)), TICKET.c.number
)
_PARTICIPANTS = PreparedIn(
    lambda numbers: (
        select(PARTICIPANT.c.ticket, PARTICIPANT.c.address, PARTICIPANT.c.name)
        .where(PARTICIPANT.c.ticket.in_(numbers))
        .order_by(PARTICIPANT.c.at, PARTICIPANT.c.address)
    ),
    PARTICIPANT.c.ticket,
)
_ENTRIES = Prepared(
    select(*ENTRY.c).where(ENTRY.c.ticket == bindparam("number")).order_by(ENTRY.c.id)
)  # fmt: skip
_STAND = Prepared(select(TICKET.c.phase, TICKET.c.data).where(TICKET.c.number == bindparam("number")))
_TOUCH = Prepared(
    update(TICKET).where(TICKET.c.number == bindparam("key")).values(updated_at=bindparam("at"))
)
_JOIN = Prepared(insert_all(PARTICIPANT), " ON CONFLICT (ticket, address) DO NOTHING")
_ADD_ENTRY = Prepared(insert_all(ENTRY), yields_id=True)


@lru_cache(maxsize=256)
def _update_of(names: tuple[str, ...]) -> Prepared:
    values: dict[str, Any] = {name: bindparam(name, type_=TICKET.c[name].type) for name in names}
    return Prepared(update(TICKET).where(TICKET.c.number == bindparam("key")).values(values))


def _plain(value: Any) -> Any:
    """A field's value as its column takes it."""
    if isinstance(value, datetime):
        return to_micros(value)
    return clean(value) if isinstance(value, str) else value


class Tickets:
    """Reading and writing of tickets for the plan; lists and searches are in `lists` and `search`."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ------------------------------------------------------------------------------------- reading

    def brief_many(self, numbers: Sequence[int]) -> dict[int, TicketFacts]:
        """Tickets with participants, without entries; unknown numbers are left out."""
        found = self._tx.rows_in(_BY_NUMBER, numbers)
        if not found:
            return {}
        members: dict[int, list[Mailbox]] = {}
        for ticket, address, name in self._tx.rows_in(_PARTICIPANTS, [row[0] for row in found]):
            members.setdefault(ticket, []).append(Mailbox(address, name))
        return {row[0]: _facts(row, tuple(members.get(row[0], ()))) for row in found}

    def brief(self, number: int) -> TicketFacts:
        """One ticket without its entries. NotFound."""
        try:
            return self.brief_many([number])[number]
        except (KeyError, OverflowError):
            raise NotFound(f"there is no ticket {number}; `maild list --all` shows them all") from None

    def exists(self, number: int) -> bool:
        return bool(self._tx.rows_in(_BY_NUMBER, [number]))

    def get(self, number: int) -> TicketFacts:
        """One ticket with its entries, oldest first. NotFound."""
        return replace(self.brief(number), entries=self.entries(number))

    def entries(self, number: int) -> tuple[EntryFacts, ...]:
        return tuple(_entry(row) for row in self._tx.rows(_ENTRIES, {"number": number}))

    # ------------------------------------------------------------------------------------- writing

    def insert(
        self, number: int, root: str, change: OpenTicket, last_message_id: str | None, now: datetime
    ) -> None:
        """A new ticket."""
        self._tx.run(_INSERT, {
            "number": number, "subject": clean(change.subject), "company": change.company,
            "requester": clean(change.requester), "requester_name": clean(change.requester_name),
            "kind": change.kind, "severity": change.severity, "team": change.team, "owner": change.owner,
            "phase": change.phase, "language": change.language, "topic": change.topic,
            "created_at": to_micros(change.created_at), "updated_at": to_micros(now),
            "respond_by": maybe_micros(change.respond_by), "resolve_by": maybe_micros(change.resolve_by),
            "root_message_id": root, "last_message_id": last_message_id and clean(last_message_id),
            "data": dump(state.dump(change.state)),
        })  # fmt: skip

    def update(self, number: int, change: TicketChange, now: datetime) -> tuple[Phase, Phase] | None:
        """Set what the change sets. (old phase, new phase) when the phase moved.

        NotFound; Refused for moves that `phases.TICKET` does not have.
        """
        values: Params = {name: _plain(value) for name, value in change.columns().items()}
        of_state = change.of_state()
        moved: tuple[Phase, Phase] | None = None
        if "phase" in values or of_state:
            stand = self._tx.row(_STAND, {"number": number})
            if stand is None:
                raise NotFound(f"there is no ticket {number}; `maild list --all` shows them all")
            old, new = Phase(stand[0]), change.phase
            if new is not UNSET and new != old:
                phases.check_move(phases.TICKET, old, new)
                moved = (old, new)
                values["phase_before"] = old
            if of_state:
                values["data"] = dump(state.dump(replace(state.load(load(stand[1])), **of_state)))
        values["updated_at"] = to_micros(now)
        statement = _update_of(tuple(sorted(values)))
        if self._tx.run(statement, values | {"key": number}).rowcount == 0:
            raise NotFound(f"there is no ticket {number}; `maild list --all` shows them all")
        return moved

    def touch(self, numbers: Sequence[int], now: datetime) -> None:
        """Something happened on these tickets."""
        at = to_micros(now)
        self._tx.many(_TOUCH, [{"key": number, "at": at} for number in numbers])

    def join(self, number: int, address: str, name: str, via: str, now: datetime) -> None:
        """Make an address a participant, once."""
        self._tx.run(_JOIN, {"ticket": number, "address": clean(address), "name": clean(name), "via": via,
                             "at": to_micros(now)})  # fmt: skip

    def add_entry(
        self, number: int, now: datetime, *, type: EntryType, author: str, channel: str, text: str, public: bool,
        full_text: str = "", elided: str = "", data: Json | None = None, message_id: str | None = None,
        inbound_id: int | None = None,
    ) -> int:  # fmt: skip
        """Append to the ticket's log; the entry's id. A `full_text` equal to `text` is kept once."""
        key = self._tx.insert(_ADD_ENTRY, {
            "ticket": number, "at": to_micros(now), "type": type, "author": clean(author), "channel": channel,
            "text": clean(text), "full_text": "" if full_text == text else clean(full_text),
            "elided": clean(elided), "public": public, "data": dump(data or {}),
            "message_id": message_id and clean(message_id), "inbound_id": inbound_id,
        })  # fmt: skip
        assert key is not None
        return key


def _facts(row: Sequence[Any], participants: tuple[Mailbox, ...]) -> TicketFacts:
    (number, subject, company, requester, requester_name, kind, severity, team, owner, phase, phase_before,
     language, topic, created_at, updated_at, respond_by, resolve_by, responded_at, resolved_at, closed_at,
     root, merged_into, last_message_id, data) = row  # fmt: skip
    return TicketFacts(
        number=number, subject=subject, company=company, requester=requester, requester_name=requester_name,
        kind=TicketKind(kind), severity=Severity(severity), team=team, owner=owner, phase=Phase(phase),
        language=language, created_at=from_micros(created_at), root_message_id=root,
        phase_before=Phase(phase_before) if phase_before else None, topic=topic,
        respond_by=maybe_moment(respond_by), resolve_by=maybe_moment(resolve_by),
        responded_at=maybe_moment(responded_at), resolved_at=maybe_moment(resolved_at),
        closed_at=maybe_moment(closed_at), updated_at=maybe_moment(updated_at), merged_into=merged_into,
        participants=participants, last_message_id=last_message_id, state=state.load(load(data)),
    )  # fmt: skip


def _entry(row: Sequence[Any]) -> EntryFacts:
    (key, _ticket, at, type_, author, channel, text, full_text, elided, public, data, message_id,
     inbound_id) = row  # fmt: skip
    more = load(data)
    if elided:
        more["elided"] = elided
    return EntryFacts(
        id=key, at=from_micros(at), type=EntryType(type_), author=author, channel=channel, text=text, public=bool(public),
        data=more, full_text=full_text or text, message_id=message_id, mail_id=inbound_id,
    )  # fmt: skip
