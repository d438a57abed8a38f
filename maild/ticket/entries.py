"""What each line of a ticket's log says besides its words.

A line of a type that is not in `DETAILS` says nothing more. The store keeps details as JSON (`dump`, `load`);
what cannot be read as its type any more stands in `more`, so that an old line never stops anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from maild.ticket.codec import Codec
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import AUTOMATIC, EntryType, LinkType, TicketKind
from maild.values import dataclass

if TYPE_CHECKING:
    from maild.model import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Nothing more to say."""

    more: Mapping[str, Any] = field(default_factory=dict)  # keys that this version does not know


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a mail, as `show N --attachment INDEX` counts them. `size`: decoded bytes."""

    index: int
    name: str
    type: str
    size: int
    inline: bool
    sha256: str = ""  # of the stored bytes, where an agent sent it; others stand in their mail


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDetails(Details):
    """A mail, whether a person or a machine sent it. Pairs are (code, evidence)."""

    author_name: str = ""
    reply_to: tuple[str, ...] = ()  # where its answers would go, when not to its sender
    thanks: bool = False  # says thank you and nothing else
    verified: bool = False  # passes what an answer of its writer would have to pass
    unproven: bool = (
        False  # in the name of a requester who was verified, and not proven: no part of the request
    )
    asks: TicketKind | None = None  # what its words ask for that needs a written consent
    defects: tuple[tuple[str, str], ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()  # why it was filed and not answered
    attachments: tuple[FileRow, ...] = ()
    split_from: int | None = None  # a part of a mail of that ticket, taken from it by the agent `by`
    by: str = ""
    filed_by: str = ""  # the agent who put it on this ticket
    by_agent: bool = False  # one of our own people wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDetails(Details):
    """An agent's own words to the customer."""

    attachments: tuple[FileRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDetails(Details):
    """What an agent wrote down of a call or visit of the person `by`. `called`: the number."""

    by: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseDetails(Details):
    """A step of the ticket."""

    old: Phase | None = field(default=None, metadata={"key": "from"})
    new: Phase | None = field(default=None, metadata={"key": "to"})
    because: str = ""
    auto: bool = False  # the desk did it by itself, since nobody wrote
    scheduled_for: datetime | None = None
    merged_into: int | None = None
    project: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetails(Details):
    """What an agent set to another value."""

    owner: str = ""
    team: str = ""
    kind: str = ""
    severity: str = ""
    topic: str = ""
    subject: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeDetails(Details):
    raw_minutes: int = 0
    billed_minutes: int = 0
    corrects: int | None = None
    replaced_minutes: int = 0  # billed by the entry that this one corrects


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDetails(Details):
    """A step of a consent: its outcome with the step of the ticket, or why an answer of `sender` did not count."""

    consent: int = 0
    outcome: str = ""
    old: Phase | None = field(default=None, metadata={"key": "from"})
    new: Phase | None = field(default=None, metadata={"key": "to"})
    require: str = ""
    failed: tuple[str, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDetails(Details):
    """A quote or a cost as it was sent. The amount is decimal text, the date ISO."""

    amount: str = ""
    currency: str = ""
    valid_until: str = ""
    estimate_minutes: int | None = None
    quantum_minutes: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDetails(Details):
    """What the ticket was tied to, or taken from."""

    type: LinkType | None = None
    ticket: int | None = None
    outage: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeDetails(Details):
    """The ticket that was merged into this one, and whose it was."""

    merged: int = field(default=0, metadata={"key": "from"})
    requester: str = ""
    #: ids of the mails that came along and asked for what needs a consent: that was settled where they stood
    settled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDetails(Details):
    """From company to company; who is told no longer."""

    old: str | None = field(default=None, metadata={"key": "from"})
    new: str | None = field(default=None, metadata={"key": "to"})
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageDetails(Details):
    outage: int = 0
    resolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDetails(Details):
    """A promise (`respond`, `resolve`, `call_back`) that is nearly over, or over."""

    promise: str = ""
    breach: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBackDetails(Details):
    """A mail that a cap or window kept."""

    notice: str = ""
    to: str = ""
    code: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureDetails(Details):
    """A mail of ours that a recipient's server refused for good."""

    code: str = ""
    outbound: int = 0
    to: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneDetails(Details):
    """A line of an act that was taken back. It counts for nothing; what it was beside its words stands in `more`."""

    was: EntryType | None = None


DETAILS: Final[Mapping[EntryType, type[Details]]] = {
    EntryType.MAIL: MailDetails,
    **dict.fromkeys(AUTOMATIC, MailDetails),
    EntryType.REPLY: ReplyDetails,
    EntryType.CALL: CallDetails,
    EntryType.PHASE: PhaseDetails,
    EntryType.ASSIGN: ChangeDetails,
    EntryType.CHANGE: ChangeDetails,
    EntryType.TIME: TimeDetails,
    EntryType.CONSENT: ConsentDetails,
    EntryType.QUOTE: OfferDetails,
    EntryType.COST: OfferDetails,
    EntryType.LINK: LinkDetails,
    EntryType.MERGE: MergeDetails,
    EntryType.MOVE: MoveDetails,
    EntryType.OUTAGE: OutageDetails,
    EntryType.ALERT: AlertDetails,
    EntryType.HELD_BACK: HeldBackDetails,
    EntryType.SYSTEM: FailureDetails,
    EntryType.UNDONE: UndoneDetails,
}
NOTHING: Final = Details()

_SHAPES: Final[tuple[type[Details], ...]] = (Details, *DETAILS.values())
_CODECS: Final[Mapping[type[Details], Codec[Any]]] = {shape: Codec(shape) for shape in _SHAPES}


def dump(details: Details) -> JsonObject:
    """The JSON object of the column `data`."""
    return _CODECS[type(details)].dump(details)


def load(type_: EntryType, data: Mapping[str, Any]) -> Details:
    """The details of a line of that type."""
    if not data:
        return NOTHING
    try:
        details: Details = _CODECS[DETAILS.get(type_, Details)].load(data)
    except (TypeError, ValueError):
        return Details(more=data)
    return details
