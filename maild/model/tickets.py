"""A ticket, its log and what disturbs many of them, with what rules and acts need of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from maild.model.basics import Mailbox, filled_lines
from maild.ticket.entries import NOTHING, Details
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange, TicketState
from maild.ticket.vocabulary import EntryType, LastWord, Severity, TicketKind
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One line of a ticket's log."""

    id: int
    at: datetime
    type: EntryType
    author: str
    channel: str
    text: str
    public: bool
    details: Details = NOTHING
    full_text: str = ""
    elided: str = ""  # what the mail quoted
    message_id: str | None = None
    mail_id: int | None = None

    @property
    def left_out(self) -> int:
        """Lines with words that the text leaves out of the whole mail."""
        return filled_lines(self.elided)


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """A ticket with what rules and acts need of it."""

    number: int
    subject: str
    company: str | None
    requester: str
    requester_name: str
    kind: TicketKind
    severity: Severity | None  # None: nothing is promised to them
    team: str
    owner: str
    phase: Phase
    language: str
    created_at: datetime
    root_message_id: str
    phase_before: Phase | None = None
    topic: str = ""
    respond_by: datetime | None = None
    resolve_by: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    merged_into: int | None = None
    participants: tuple[Mailbox, ...] = ()
    last_message_id: str | None = None  # the customer's newest mail, what status mails answer
    last_word: LastWord = LastWord.CUSTOMER
    waiting_since: datetime | None = None  # when the first mail came that nobody answered
    reply_by: datetime | None = None  # until when that is to be answered
    state: TicketState = field(default_factory=TicketState)
    entries: tuple[EntryFacts, ...] = ()

    def after(self, change: TicketChange) -> TicketFacts:
        """The ticket as the change leaves it."""
        of_state = change.of_state()
        state = replace(self.state, **of_state) if of_state else self.state
        return replace(self, **change.columns(), state=state)

    def after_all(self, changes: Iterable[object]) -> TicketFacts:
        """The ticket as these changes of a plan leave it."""
        ticket = self
        for one in changes:
            if isinstance(one, UpdateTicket) and one.ticket == self.number:
                ticket = ticket.after(one.change)
        return ticket

    def beyond(self, change: TicketChange) -> TicketChange:
        """Of the change only what differs from how the ticket is."""
        new = {name: value for name, value in change.columns().items() if value != getattr(self, name)}
        new |= {name: v for name, v in change.of_state().items() if v != getattr(self.state, name)}
        return TicketChange(**new)


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """A known disturbance."""

    id: int
    title: str
    companies: tuple[str, ...]
    words: tuple[str, ...]
    eta: datetime | None
    opened_at: datetime
    text: str = ""  # the newest update
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UpdateTicket:
    ticket: int
    change: TicketChange
