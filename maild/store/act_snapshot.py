"""What is kept of an act, so that `undo` can put everything back: two JSON columns of its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from maild.model import Json, JsonObject
from maild.ticket.codec import Codec
from maild.values import dataclass

#: a row of a table by its columns, in the plain values that the database holds
PlainRow = Json


@dataclass(frozen=True, slots=True)
class TicketSnapshot:
    """How a ticket stands: its own row, None where there is no such ticket yet, and its rows of other tables."""

    ticket: PlainRow | None = None
    participant: tuple[PlainRow, ...] = ()
    link: tuple[PlainRow, ...] = ()
    outage: tuple[PlainRow, ...] = ()
    deadline: tuple[PlainRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OutageSnapshot:
    """How an outage stands, and the ids of what was said of it."""

    row: PlainRow
    said: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OutageStep:
    """What an act did to an outage. `was`: None where the act opened it; `after`: how the act left it."""

    id: int
    after: OutageSnapshot = field(metadata={"key": "is"})
    was: OutageSnapshot | None = None
    tickets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedRows:
    """What an act moved from one ticket to another: ids of entries and inbound mails, and the keys of both before."""

    ticket: int
    to: int
    entries: tuple[int, ...] = ()
    mails: tuple[int, ...] = ()
    keys: tuple[PlainRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ActRows:
    """The rows that an act made, by id. `replaced`: mails that its own took the place of; `by_mail`: a mail did it."""

    entries: tuple[int, ...] = ()
    outbound: tuple[int, ...] = ()
    times: tuple[int, ...] = ()
    consents: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()
    hooks: tuple[int, ...] = ()
    moved: tuple[MovedRows, ...] = ()
    outage: OutageStep | None = None
    decided: bool = False
    by_mail: bool = False


ACT_ROWS: Final = Codec(ActRows)
_STAND: Final = Codec(TicketSnapshot)


@dataclass(frozen=True, slots=True)
class TicketSnapshots:
    """The tickets of an act by their numbers: how they stood before it, and their own rows after it."""

    before: Mapping[int, TicketSnapshot]
    after: Mapping[int, PlainRow | None]

    def dump(self) -> JsonObject:
        """The JSON column."""
        was = {str(number): _STAND.dump(stand) for number, stand in self.before.items()}
        return {"was": was, "is": {str(number): row for number, row in self.after.items()}}

    @classmethod
    def load(cls, plain: Json) -> TicketSnapshots:
        """What `dump` wrote."""
        before = {int(number): _STAND.load(stand) for number, stand in plain["was"].items()}
        return cls(before, {int(number): row for number, row in plain["is"].items()})
