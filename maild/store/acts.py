"""What agents did, one row an act, and how it is taken back.

The row keeps which rows of other tables the act made, and its tickets as they stood before and after: the ticket's own
row, its participants, links, outages, deadlines and keys, in the plain values that their tables hold. What is taken
back is put as it was; a line that the act wrote stays in the log as `undone`. Kept for a day.

Over 300 lines: what is kept of an act and how it is put back are each the reverse of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, Table, delete, insert, or_, select, update

from maild.errors import Refused
from maild.model import ActFacts, ActLine, ActMail, AddTime, Notice, WaitingMail
from maild.store import facts_of
from maild.store.act_snapshot import (
    ACT_ROWS,
    ActRows,
    MovedRows,
    OutageSnapshot,
    OutageStep,
    PlainRow,
    TicketSnapshot,
    TicketSnapshots,
)
from maild.store.core import Transaction
from maild.store.search import heads_changed
from maild.store.statements import Params
from maild.store.tables import (
    ACT,
    DEADLINE,
    ENTRY,
    INBOUND,
    KNOWN_KEY,
    LINK,
    OUTAGE,
    OUTAGE_TICKET,
    OUTAGE_UPDATE,
    OUTBOUND,
    OUTBOUND_BYTES,
    OUTBOUND_DATA,
    OUTBOUND_RECIPIENT,
    PARTICIPANT,
    TICKET,
    TIME_ENTRY,
)
from maild.store.timelog import TimeLog
from maild.store.types import Stored
from maild.ticket import entries, phases
from maild.ticket.entries import PhaseDetails, UndoneDetails
from maild.ticket.phases import OutboundState, Phase
from maild.ticket.vocabulary import EntryType

#: an act is kept so long for `undo`
KEPT = timedelta(days=1)
#: acts that are looked at for mails that wait
_LOOKED_AT = 30
_Part = Literal["participant", "link", "outage", "deadline"]
#: rows that belong to a ticket, by the columns that name it; the names are fields of `TicketSnapshot`
_PARTS: Mapping[_Part, tuple[Table, tuple[str, ...]]] = {
    "participant": (PARTICIPANT, ("ticket",)),
    "link": (LINK, ("ticket", "other")),
    "outage": (OUTAGE_TICKET, ("ticket",)),
    "deadline": (DEADLINE, ("ticket",)),
}
#: columns of a ticket that say nothing of how it stands
_RESTLESS = ("updated_at",)
_SUPERSEDED = phases.arrow(phases.OUTBOUND, OutboundState.QUEUED, OutboundState.SUPERSEDED)
_CANCELLED = phases.arrow(phases.OUTBOUND, OutboundState.QUEUED, OutboundState.CANCELLED)
_AGAIN = phases.arrow(phases.OUTBOUND, OutboundState.SUPERSEDED, OutboundState.QUEUED)


class Acts:
    """`tx.acts`"""

    def __init__(self, tx: Transaction, timelog: TimeLog) -> None:
        self._tx = tx
        self._timelog = timelog

    # ------------------------------------------------------------------------------------ what is kept

    def stand(self, tickets: Iterable[int]) -> dict[int, TicketSnapshot]:
        """How these tickets stand now, by number."""
        return {number: self._stand(number) for number in sorted(tickets)}

    def _stand(self, number: int) -> TicketSnapshot:
        parts: dict[_Part, tuple[PlainRow, ...]] = {}
        for name, (table, columns) in _PARTS.items():
            own = or_(*(table.c[column] == number for column in columns))
            query = select(table).where(own).order_by(*table.primary_key.columns)
            parts[name] = tuple(_plain(table, row) for row in self._tx.execute(query))
        return TicketSnapshot(self._ticket_row(number), **parts)

    def _ticket_row(self, number: int) -> PlainRow | None:
        row = self._tx.execute(select(TICKET).where(TICKET.c.number == number)).first()
        return None if row is None else _plain(TICKET, row)

    def keep(
        self, agent: str, ticket: int, before: Mapping[int, TicketSnapshot], made: ActRows, now: datetime
    ) -> None:
        """Keep an act that was applied just now. `before`: how its tickets stood."""
        # a number that was reserved for a ticket of this act stood nowhere
        before = {number: stand for number, stand in before.items() if stand.ticket is not None}
        stands = TicketSnapshots(
            before, {number: self._ticket_row(number) for number in (*before, *made.opened)}
        )
        values = {"agent": agent, "ticket": ticket, "made": ACT_ROWS.dump(made), "before": stands.dump()}
        self._tx.execute(insert(ACT).values(at=now, **values))

    def outage(self, key: int) -> OutageSnapshot | None:
        """How the outage stands now, and what was said of it; None where there is none."""
        row = self._tx.execute(select(OUTAGE).where(OUTAGE.c.id == key)).first()
        if row is None:
            return None
        said = self._tx.execute(select(OUTAGE_UPDATE.c.id).where(OUTAGE_UPDATE.c.outage_id == key))
        return OutageSnapshot(_plain(OUTAGE, row), tuple(one.id for one in said))

    def outage_step(self, key: int, was: OutageSnapshot | None) -> OutageStep:
        """What an act did to an outage. `was`: how it stood before, None where the act opened it."""
        linked = select(OUTAGE_TICKET.c.ticket).where(OUTAGE_TICKET.c.outage_id == key)
        tickets = tuple(row.ticket for row in self._tx.execute(linked))
        after = self.outage(key)
        assert after is not None, "an act takes no outage away"
        return OutageStep(key, after, was, tickets)

    def keys_of(self, *tickets: int) -> tuple[PlainRow, ...]:
        """The keys that mean these tickets, before they go to another."""
        rows = self._tx.execute(select(KNOWN_KEY).where(KNOWN_KEY.c.ticket.in_(tickets)))
        return tuple(_plain(KNOWN_KEY, row) for row in rows)

    def mails_of(self, entry_ids: Sequence[int]) -> list[int]:
        """The inbound mails that these entries came from."""
        query = select(ENTRY.c.inbound_id).where(ENTRY.c.id.in_(entry_ids), ENTRY.c.inbound_id.is_not(None))
        return [row.inbound_id for row in self._tx.execute(query)]

    def forget_old(self, now: datetime) -> None:
        """Drop acts that can no longer be taken back."""
        self._tx.execute(delete(ACT).where(ACT.c.at < now - KEPT))

    # --------------------------------------------------------------------------------- mails that wait

    def waiting(
        self, agent: str, ticket: int, now: datetime, *, outage: int | None = None
    ) -> tuple[WaitingMail, ...]:
        """What the agent's last acts on the ticket, or on the outage, send, and what has not left yet, oldest first."""
        ids = self._outbound(agent, ticket, outage)
        if not ids:
            return ()
        query = (
            select(OUTBOUND, OUTBOUND_DATA.c.data)
            .join(OUTBOUND_DATA, OUTBOUND_DATA.c.outbound_id == OUTBOUND.c.id)
            .where(
                OUTBOUND.c.id.in_(ids), OUTBOUND.c.state == OutboundState.QUEUED, OUTBOUND.c.attempts == 0,
                OUTBOUND.c.next_attempt_at > now,
            )
            .order_by(OUTBOUND.c.id)
        )  # fmt: skip
        return tuple(WaitingMail(row.id, self._notice(row)) for row in self._tx.execute(query).all())

    def _outbound(self, agent: str, ticket: int, outage: int | None) -> list[int]:
        query = (
            select(ACT.c.made)
            .where(ACT.c.agent == agent, ACT.c.ticket == ticket, ACT.c.undone_at.is_(None))
            .order_by(ACT.c.id.desc())
            .limit(_LOOKED_AT)
        )
        acts = [ACT_ROWS.load(row.made) for row in self._tx.execute(query)]
        return [key for made in acts if (made.outage and made.outage.id) == outage for key in made.outbound]

    def _notice(self, row: Row[Any]) -> Notice:
        query = select(OUTBOUND_RECIPIENT).where(OUTBOUND_RECIPIENT.c.outbound_id == row.id)
        people = self._tx.execute(query.order_by(OUTBOUND_RECIPIENT.c.position)).all()
        return Notice(
            name=row.notice, ticket=row.ticket or 0, language=row.language, data=row.data,
            to=facts_of.boxes(people, "to"), cc=facts_of.boxes(people, "cc"), auto=row.auto,
            null_sender=row.null_sender, in_reply_to=row.in_reply_to, references=tuple(row.refs),
            attach=tuple(row.attach), secret=row.secret,
        )  # fmt: skip

    def supersede(self, ids: Sequence[int], now: datetime) -> None:
        """Keep these mails from going out. Refused where one has left meanwhile."""
        self._move(ids, _SUPERSEDED, now, "a later mail says it", OUTBOUND.c.attempts == 0)

    def _move(
        self, ids: Sequence[int], arrow: tuple[OutboundState, OutboundState], now: datetime, note: str,
        *conditions: Any, **values: Any,
    ) -> None:  # fmt: skip
        if not ids:
            return
        old, new = arrow
        moved = self._tx.execute(
            update(OUTBOUND)
            .where(OUTBOUND.c.id.in_(ids), OUTBOUND.c.state == old, *conditions)
            .values(state=new, **values)
        )
        if moved.rowcount != len(ids):
            raise Refused("a mail has left meanwhile; `maild outbox list` shows which")
        self._tx.add_events([("outbound", key, old, new, note) for key in ids], now)

    # ------------------------------------------------------------------------------------- taking back

    def last(self, agent: str, ticket: int | None = None) -> ActFacts | None:
        """The agent's newest act that was not taken back, on a ticket or on any. Of an act on several (a merge) each of
        them is its ticket."""
        query = select(ACT).where(ACT.c.agent == agent, ACT.c.undone_at.is_(None)).order_by(ACT.c.id.desc())
        if ticket is not None:
            for row in self._tx.execute(query.limit(_LOOKED_AT)).all():
                if row.ticket == ticket or ticket in self._written(row):
                    return self._facts(row)
            query = query.where(ACT.c.ticket == ticket)
        newest = self._tx.execute(query.limit(1)).first()
        return None if newest is None else self._facts(newest)

    def _written(self, row: Row[Any]) -> set[int]:
        """The tickets on which an act wrote a line; none of an act on an outage, which is all of its tickets or none."""
        made = ACT_ROWS.load(row.made)
        if made.outage is not None:
            return set()
        query = select(ENTRY.c.ticket).where(ENTRY.c.id.in_(made.entries))
        return {one.ticket for one in self._tx.execute(query)}

    def _facts(self, row: Row[Any]) -> ActFacts:
        made, stands = ACT_ROWS.load(row.made), TicketSnapshots.load(row.before)
        lines = self._tx.execute(
            select(*ENTRY.c["type", "text", "data", "ticket"])
            .where(ENTRY.c.id.in_(made.entries))
            .order_by(ENTRY.c.id)
        )
        mails = self._tx.execute(
            select(*OUTBOUND.c["notice", "state", "ticket"])
            .where(OUTBOUND.c.id.in_(made.outbound))
            .order_by(OUTBOUND.c.id)
        )
        changed = [
            number
            for number, was in stands.after.items()
            if _settled(self._ticket_row(number)) != _settled(was)
        ]
        changed += self._written_on(made)
        return ActFacts(
            row.id, row.at, row.agent, row.ticket, tuple(_line(one) for one in lines),
            tuple(ActMail(one.notice, one.state, self._survivor(one.ticket or row.ticket)) for one in mails),
            made.opened, made.decided, made.consents, tuple(changed), tuple(stands.before),
            *self._of_outage(made.outage), made.by_mail,
        )  # fmt: skip

    def _survivor(self, ticket: int) -> int:
        """The ticket, or the one into which it was merged in the end."""
        passed: set[int] = set()
        after: int | None = ticket
        while after is not None and after not in passed:
            ticket = after
            passed.add(ticket)
            after = self._tx.execute(select(TICKET.c.merged_into).where(TICKET.c.number == ticket)).scalar()
        return ticket

    def _written_on(self, made: ActRows) -> list[int]:
        """Tickets that the act opened, and on which somebody wrote since."""
        own = [*made.entries, *(key for one in made.moved for key in one.entries)]
        query = (
            select(ENTRY.c.ticket)
            .where(
                ENTRY.c.ticket.in_(made.opened), ENTRY.c.id.not_in(own),
                ENTRY.c.type.not_in((EntryType.UNDONE, EntryType.UNDO)),
            )
            .distinct()
        )  # fmt: skip
        return [row.ticket for row in self._tx.execute(query)]

    def _of_outage(self, step: OutageStep | None) -> tuple[int | None, bool]:
        """The outage of the act, and whether it or its tickets changed since."""
        if step is None:
            return None, False
        linked = select(OUTAGE_TICKET.c.ticket).where(OUTAGE_TICKET.c.outage_id == step.id)
        newer = step.was is None and any(row.ticket not in step.tickets for row in self._tx.execute(linked))
        return step.id, newer or self.outage(step.id) != step.after

    def take_back(self, key: int, now: datetime) -> list[int]:
        """Put everything as it was before the act; the ids of what hooks were to be told of it. Refused where a mail
        has left, or it was taken back already."""
        row = self._tx.execute(select(ACT).where(ACT.c.id == key)).one()
        done = self._tx.execute(
            update(ACT).where(ACT.c.id == key, ACT.c.undone_at.is_(None)).values(undone_at=now)
        )
        if done.rowcount != 1:
            raise Refused("it was taken back already")
        made = ACT_ROWS.load(row.made)
        own = made.outbound
        self._move(own, _CANCELLED, now, "taken back", OUTBOUND.c.maybe_sent.is_(False), token=None)
        self._tx.execute(delete(OUTBOUND_BYTES).where(OUTBOUND_BYTES.c.outbound_id.in_(own)))
        hold = timedelta(seconds=self._tx.settings.delivery.hold_seconds)
        self._move(made.replaced, _AGAIN, now, "the later mail was taken back", next_attempt_at=now + hold)
        self._undo_entries(made.entries)
        self._undo_moves(made.moved)
        for number, stand in TicketSnapshots.load(row.before).before.items():
            self._restore(number, stand, now)
        for number in made.opened:
            self._end(number, now)
        if made.outage is not None:
            self._undo_outage(made.outage, now)
        self._undo_time(made.times, row.agent, now)
        return list(made.hooks)

    def _undo_entries(self, ids: Sequence[int]) -> None:
        for row in self._tx.execute(select(ENTRY).where(ENTRY.c.id.in_(ids))).all():
            details = UndoneDetails(was=row.type, more=row.data)
            self._tx.execute(
                update(ENTRY)
                .where(ENTRY.c.id == row.id)
                .values(type=EntryType.UNDONE, public=False, data=entries.dump(details))
            )

    def _undo_moves(self, moved: Sequence[MovedRows]) -> None:
        """Entries, mails and keys of a ticket that was merged are its own again."""
        for one in reversed(moved):
            ticket = one.ticket
            self._tx.execute(update(ENTRY).where(ENTRY.c.id.in_(one.entries)).values(ticket=ticket))
            self._tx.execute(update(INBOUND).where(INBOUND.c.id.in_(one.mails)).values(ticket=ticket))
            rows = [_again(KNOWN_KEY, key) for key in one.keys]
            for row in rows:
                same = (KNOWN_KEY.c.key == row["key"], KNOWN_KEY.c.sender == row["sender"])
                self._tx.execute(delete(KNOWN_KEY).where(*same, KNOWN_KEY.c.ticket.in_([ticket, one.to])))
            if rows:
                self._tx.execute(insert(KNOWN_KEY), rows)

    def _restore(self, number: int, stand: TicketSnapshot, now: datetime) -> None:
        assert stand.ticket is not None, "only what stood somewhere is kept"
        values = _again(TICKET, stand.ticket)
        present = self._tx.execute(select(TICKET.c.phase).where(TICKET.c.number == number)).scalar_one()
        values["updated_at"] = now
        self._tx.execute(update(TICKET).where(TICKET.c.number == number).values(values))
        heads_changed(self._tx, [number])
        if present != values["phase"]:
            self._tx.add_events([("ticket", number, present, values["phase"], "taken back")], now)
        for name, (table, columns) in _PARTS.items():
            own = or_(*(table.c[column] == number for column in columns))
            self._tx.execute(delete(table).where(own))
            if rows := getattr(stand, name):
                self._tx.execute(insert(table), [_again(table, one) for one in rows])

    def _end(self, number: int, now: datetime) -> None:
        """Close a ticket that the act opened: its number is spent, and nothing is promised or due on it."""
        present = self._tx.execute(select(TICKET.c.phase).where(TICKET.c.number == number)).scalar_one()
        nothing = dict.fromkeys(("respond_by", "resolve_by", "waiting_since", "reply_by", "due"))
        over = {"phase": Phase.CLOSED, "phase_before": present, "closed_at": now, "updated_at": now}
        self._tx.execute(update(TICKET).where(TICKET.c.number == number).values({**nothing, **over}))
        self._tx.add_events([("ticket", number, present, Phase.CLOSED, "taken back")], now)
        for table, columns in (_PARTS["link"], _PARTS["outage"], _PARTS["deadline"]):
            self._tx.execute(delete(table).where(or_(*(table.c[column] == number for column in columns))))

    def _undo_outage(self, step: OutageStep, now: datetime) -> None:
        """The outage is as it was before, or there was none; what was said of it in the act is gone with it."""
        key, was = step.id, step.was
        said = set(step.after.said) - set(was.said if was else ())
        self._tx.execute(delete(OUTAGE_UPDATE).where(OUTAGE_UPDATE.c.id.in_(said)))
        if was is None:
            self._tx.execute(delete(OUTAGE).where(OUTAGE.c.id == key))
        else:
            values = _again(OUTAGE, was.row)
            self._tx.execute(update(OUTAGE).where(OUTAGE.c.id == key).values(values))
        self._tx.add_events([("outage", key, "", "", "taken back")], now)
        self._tx.master_changed()

    def _undo_time(self, ids: Sequence[int], agent: str, now: datetime) -> None:
        """Corrections are new entries, here as well."""
        for row in self._tx.execute(select(TIME_ENTRY).where(TIME_ENTRY.c.id.in_(ids))).all():
            reverse = AddTime(
                row.ticket, agent, -row.raw_minutes, -row.billed_minutes, "taken back", corrects=row.id,
                courtesy=row.courtesy, own_fault=row.own_fault, outside=row.outside, at=row.at,
            )  # fmt: skip
            self._timelog.add(row.ticket, reverse, now)


def _plain(table: Table, row: Row[Any]) -> PlainRow:
    """A row in the plain values that the database holds."""
    return {
        column.name: value
        if value is None or not isinstance(column.type, Stored)
        else column.type.to_plain(value)
        for column, value in zip(table.c, row, strict=True)
    }


def _again(table: Table, plain: PlainRow) -> Params:
    """The row's values as statements take them; columns that no longer exist are left out."""
    made: Params = {}
    for column in table.c:
        if column.name not in plain:
            continue
        value, kind = plain[column.name], column.type
        if value is None:
            made[column.name] = None if column.nullable else ""  # no member of an enum
        else:
            made[column.name] = (
                kind.from_plain(value) if isinstance(kind, Stored) and kind.from_plain else value
            )
    return made


def _settled(row: PlainRow | None) -> PlainRow | None:
    return None if row is None else {name: value for name, value in row.items() if name not in _RESTLESS}


def _line(row: Row[Any]) -> ActLine:
    details = entries.load(row.type, row.data)
    return ActLine(row.type, row.text, details.new if isinstance(details, PhaseDetails) else None, row.ticket)
