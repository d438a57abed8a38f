"""What is kept of a ticket besides its columns, and what a change of a ticket may set."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from maild.ticket.codec import Codec
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import LastWord, RatingValue, Severity, TicketKind
from maild.values import dataclass, replace

if TYPE_CHECKING:
    from maild.model import JsonObject

#: of the JSON form; it goes up when the meaning of a key changes, and `load` makes the newest of every older one
VERSION = 1
#: the JSON object of a ticket's column `data`, of any version
_Kept: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pause:
    """The ticket waited: no clock ran. `ended` is None while it still does."""

    began: datetime
    ended: datetime | None = None
    phase: Phase | None = None  # in which it waited; None in what an older maild wrote


@dataclass(frozen=True, slots=True)
class PromiseClock:
    """The one truth about what was promised: every due time is computed from it (`clocks`), so a change of
    severity or contract forgets no minute that passed, and no pause."""

    received_at: datetime  # what promises count from
    calendar: str = ""  # whose hours count
    level: str = ""  # the service level; "" = no promise
    respond_minutes: int | None = None  # working minutes that the contract allows
    resolve_minutes: int | None = None
    pauses: tuple[Pause, ...] = ()
    oncall: bool = False  # alarms may come at night
    warn_percent: int = 0  # of the allowed time, when the owner is warned
    call_back_by: datetime | None = None  # on-call: the promised call-back
    reply_minutes: int | None = None  # for each later mail of the customer; None = as the first answer


@dataclass(frozen=True, slots=True)
class AnnouncedCost:
    """What the customer was told that work outside the contract will cost."""

    estimate_minutes: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Rating:
    """Whether its people are content with the solution, and what they wrote beside."""

    value: RatingValue
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketState:
    """Clock, marks and memory of a ticket."""

    clock: PromiseClock | None = None
    classified: tuple[tuple[str, str], ...] = ()  # why it is of its kind: (code, evidence)
    unanswered: tuple[tuple[str, str], ...] = ()  # why nobody was answered
    out_of_scope: bool = False  # outside the contract: billed after a notice of the cost only
    ambiguous_sender: bool = False  # a person of several companies; the first was taken
    adoptable: bool = field(default=False, metadata={"key": "adopt"})  # waits for somebody who may file
    outages: tuple[int, ...] = ()  # known disturbances that it is about
    hinted: tuple[str, ...] = ()  # what was asked of the customer already
    site: str = ""
    authenticated: str = ""  # what authentication said of the mail that opened it
    channel: str = ""  # how it came, where not by mail
    opened_by: str = ""  # the agent who opened it
    scheduled_for: datetime | None = None  # the date that was agreed, while the ticket waits for it
    undelivered: tuple[str, ...] = ()  # who did not get our last words
    split_from: int | None = None
    project_of: int | None = None
    reviewed_by: str = ""  # who reviewed a complaint
    consent_alert: datetime | None = None  # when agents were told of an answer that was not accepted
    asked_plainly: tuple[str, ...] = ()  # "C12 APPROVER": whose unclear answer was asked about once more
    cost: AnnouncedCost | None = None
    rating: Rating | None = None
    #: what its customers' words ask for that nobody consented to, and that no agent said is none
    asks: TicketKind | None = None
    more: Mapping[str, Any] = field(default_factory=dict)  # keys of a newer maild


_CODEC: Final = Codec(TicketState)
_CLOCK: Final = Codec(PromiseClock)


def dump(state: TicketState) -> JsonObject:
    """The JSON object of the column `data`."""
    return {"version": VERSION, **_CODEC.dump(state)}


def load(data: _Kept) -> TicketState:
    """The state of any version's JSON object."""
    version = data.get("version", 0)
    return _CODEC.load(_without_version(data if version else _of_version_0(data), version))


def load_clock(data: _Kept) -> PromiseClock | None:
    """The clock of `load(data)`, without the rest, for those who read it of very many tickets."""
    clock = (data if data.get("version", 0) else _of_version_0(data)).get("clock")
    return None if clock is None else _CLOCK.load(clock)


def _without_version(data: _Kept, version: int) -> _Kept:
    """A newer maild's number stays, so that it is not taken for ours when it is written back."""
    return {key: value for key, value in data.items() if key != "version" or version > VERSION}


def _of_version_0(data: _Kept) -> _Kept:
    """Before there were versions: pauses were pairs, and each plain question had a key of its own."""
    made = dict(data)
    asked = [key for key in data if key.startswith("unclear:")]
    if asked:
        made["asked_plainly"] = [key.removeprefix("unclear:").replace(":", " ", 1) for key in asked]
    for key in asked:
        del made[key]
    clock = data.get("clock")
    if clock:
        pauses = [{"began": began, "ended": ended} for began, ended in clock.get("pauses", ())]
        made["clock"] = {**clock, "pauses": pauses}
    return made


# ------------------------------------------------------------------------------------------- changes


class Unset(Enum):
    """A field that a change leaves as it is."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What a change sets of a ticket, columns and state alike; what is not given stays. `replace` adds to it."""

    subject: str | Unset = UNSET
    company: str | Unset | None = UNSET
    requester: str | Unset = UNSET
    requester_name: str | Unset = UNSET
    kind: TicketKind | Unset = UNSET
    severity: Severity | Unset | None = UNSET
    team: str | Unset = UNSET
    owner: str | Unset = UNSET
    phase: Phase | Unset = UNSET
    language: str | Unset = UNSET
    topic: str | Unset = UNSET
    respond_by: datetime | Unset | None = UNSET
    resolve_by: datetime | Unset | None = UNSET
    responded_at: datetime | Unset | None = UNSET
    resolved_at: datetime | Unset | None = UNSET
    closed_at: datetime | Unset | None = UNSET
    merged_into: int | Unset = UNSET
    last_message_id: str | Unset = UNSET
    last_word: LastWord | Unset = UNSET
    waiting_since: datetime | Unset | None = UNSET
    reply_by: datetime | Unset | None = UNSET
    # the state's
    clock: PromiseClock | Unset = UNSET
    out_of_scope: bool | Unset = UNSET
    ambiguous_sender: bool | Unset = UNSET
    adoptable: bool | Unset = UNSET
    outages: tuple[int, ...] | Unset = UNSET
    reviewed_by: str | Unset = UNSET
    consent_alert: datetime | Unset = UNSET
    asked_plainly: tuple[str, ...] | Unset = UNSET
    cost: AnnouncedCost | Unset = UNSET
    asks: TicketKind | Unset | None = UNSET
    scheduled_for: datetime | Unset | None = UNSET
    undelivered: tuple[str, ...] | Unset = UNSET
    rating: Rating | Unset = UNSET

    def columns(self) -> dict[str, Any]:
        """What it sets of the ticket's columns, by name."""
        return self._set(_COLUMNS)

    def of_state(self) -> dict[str, Any]:
        """What it sets of the state, by name."""
        return self._set(_OF_STATE)

    def __bool__(self) -> bool:
        return bool(self.columns() or self.of_state())

    def over(self, other: TicketChange) -> TicketChange:
        """Both changes; where they set the same field, this one counts."""
        return replace(other, **self.columns(), **self.of_state())

    def _set(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {
            name: value for name, value in zip(names, _READ[names](self), strict=True) if value is not UNSET
        }


_STATE_NAMES: Final = frozenset(one.name for one in dataclasses.fields(TicketState))
_NAMES: Final = tuple(one.name for one in dataclasses.fields(TicketChange))
_COLUMNS: Final = tuple(name for name in _NAMES if name not in _STATE_NAMES)
_OF_STATE: Final = tuple(name for name in _NAMES if name in _STATE_NAMES)
_READ: Final = {names: attrgetter(*names) for names in (_COLUMNS, _OF_STATE)}
