"""What is kept beside a ticket: mails that went out, links, minutes worked."""

from __future__ import annotations

from datetime import datetime

from maild.ticket.phases import OutboundState, RecipientState
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a mail goes, and what their server said last."""

    address: str
    name: str
    field: str  # to, cc
    state: RecipientState
    answer: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MailOut:
    """A mail that goes out, as lists need it. `subject`: "" before it was rendered."""

    id: int
    notice: str
    ticket: int | None
    state: OutboundState
    attempts: int
    next_attempt_at: datetime
    message_id: str
    answer: str
    subject: str
    maybe_sent: bool
    secret: bool  # it carries an approval token: neither its Message-ID nor its bytes are shown
    recipients: tuple[Recipient, ...]
    alert: str = ""  # what an agent is told of


@dataclass(frozen=True, slots=True)
class Linked:
    """One end of a link, seen from a ticket. `out`: it was made there. An outage has no ticket."""

    type: str
    ticket: int | None
    out: bool
    outage: int | None = None


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Minutes worked."""

    id: int
    ticket: int
    at: datetime
    agent: str
    raw_minutes: int
    billed_minutes: int
    text: str
    corrects: int | None
    courtesy: bool
    own_fault: bool
    outside: bool
