"""What a plan is made of: one frozen value for each thing that a transaction may do."""

from __future__ import annotations

from datetime import datetime

from maild.model.basics import Reason
from maild.model.decided import Decision
from maild.model.outgoing import Notice
from maild.model.record_changes import (
    AddTokens,
    DecideConsent,
    LeaveCompany,
    LogConsent,
    MarkAddress,
    OpenConsent,
    OpenOutage,
    RemoveCompany,
    RemoveContact,
    SaveCompany,
    SaveContact,
    TellOutage,
)
from maild.model.tickets import TicketFacts, UpdateTicket
from maild.ticket.entries import NOTHING, Details
from maild.ticket.phases import InboundState, RecipientState
from maild.ticket.vocabulary import DeadlineType, EntryType, LinkType
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The ticket as it will stand. Its number is one that the transaction has reserved, or a name for it in this
    plan: NEW, or another number below 0 where a plan opens several."""

    ticket: TicketFacts


@dataclass(frozen=True, slots=True)
class AddEntry:
    ticket: int
    type: EntryType
    author: str
    channel: str
    text: str
    public: bool
    full_text: str = ""
    elided: str = ""
    details: Details = NOTHING
    from_mail: bool = False  # ties the entry to the inbound mail being applied


@dataclass(frozen=True, slots=True)
class AddParticipant:
    ticket: int
    address: str
    name: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class AddLink:
    ticket: int
    type: LinkType
    other: int


@dataclass(frozen=True, slots=True)
class RemoveParticipants:
    """These people take part no longer: they get nothing of the ticket any more."""

    ticket: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """The link goes, whichever end it was made at."""

    ticket: int
    type: LinkType
    other: int


@dataclass(frozen=True, slots=True)
class MoveEntries:
    """Entries go to another ticket, with what their mails' Message-IDs mean."""

    ticket: int
    entries: tuple[int, ...]
    to: int


@dataclass(frozen=True, slots=True)
class MoveKeys:
    """All that leads to the ticket leads to another from now on: ids, threads."""

    ticket: int
    to: int


@dataclass(frozen=True, slots=True)
class SendNotice:
    """`hold_seconds`: it waits so long, and may be replaced or taken back until then."""

    notice: Notice
    hold_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordAct:
    """What this plan does from here on is one act of an agent on that ticket, which `UndoAct` undoes. `outage`: of an act
    on an outage and all its tickets; `ticket` is 0 then."""

    agent: str
    ticket: int
    outage: int | None = None


@dataclass(frozen=True, slots=True)
class Supersede:
    """These mails, which wait, do not go: what they say stands in one that this plan sends, or is over."""

    outbound: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UndoAct:
    """The act is undone: its mails do not go, its entries count no more, its tickets are as they were."""

    act: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A mail that a cap or window suppressed; stays visible as a private entry."""

    ticket: int | None
    notice: str
    to: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class RememberKeys:
    """Keys that mean this ticket from now on. `awaited`: ids that nobody has seen yet; they mean it for `sender`,
    whose mail named them. `kept`: what threading rules keep."""

    ticket: int
    message_ids: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class AddTime:
    ticket: int
    agent: str
    raw_minutes: int
    billed_minutes: int
    text: str
    courtesy: bool = False
    own_fault: bool = False
    outside: bool = False  # of the contract: it takes nothing of prepaid hours
    corrects: int | None = None
    at: datetime | None = None  # when the work was done; None = now


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """A moment at which work/deadlines looks at the ticket again, one of each type; at=None removes it.

    `since`: what the handler measures from, where it needs that.
    """

    type: DeadlineType
    ticket: int
    at: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkOutage:
    ticket: int
    outage_id: int
    linked: bool = True


@dataclass(frozen=True, slots=True)
class MarkOutbound:
    """A delivery report told what became of an outgoing mail for one recipient."""

    outbound_id: int
    recipient: str
    state: RecipientState
    answer: str


@dataclass(frozen=True, slots=True)
class FileMail:
    """An agent puts a mail that was judged, and stands nowhere, on a ticket, with this entry for its words."""

    inbound_id: int
    ticket: int
    agent: str
    entry: AddEntry
    message_id: str | None = None


Change = (
    OpenTicket | UpdateTicket | AddEntry | AddParticipant | RemoveParticipants | AddLink | RemoveLink | MoveEntries
    | MoveKeys | SendNotice | HeldBack | RememberKeys | AddTime
    | OpenConsent | DecideConsent | AddTokens | LogConsent | SetDeadline | LinkOutage | MarkAddress | MarkOutbound
    | SaveContact | LeaveCompany | RemoveContact | SaveCompany | RemoveCompany | OpenOutage | TellOutage | FileMail
    | RecordAct | Supersede | UndoAct
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one mail or one act causes. Applied in one transaction, in order."""

    changes: tuple[Change, ...] = ()
    decision: Decision | None = None
    inbound_state: InboundState = InboundState.DONE
    inbound_ticket: int | None = None  # number, NEW or None
    error: str = ""
    duplicate_of: int | None = None  # inbound id of the first such mail
