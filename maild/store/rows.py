"""What the store tells of its rows where no value of `maild.model` says it: frozen and typed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from maild.model import Json, MailOut
from maild.ticket.phases import InboundState, Phase
from maild.ticket.state import PromiseClock
from maild.ticket.vocabulary import Severity, TicketKind
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a mail is from the moment at which its row is made, and until when: it never waits for a look."""

    worker: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StateChange:
    """One step of a mail, a consent or a ticket; "" as the old state is its beginning."""

    at: datetime
    old: str
    new: str
    note: str


class ReportedTicket(NamedTuple):
    """What reports read of a ticket: its columns by name, and its clock where that stood or promised a call."""

    number: int
    company: str | None
    kind: TicketKind
    severity: Severity | None
    phase: Phase
    created_at: datetime
    respond_by: datetime | None
    responded_at: datetime | None
    resolve_by: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    subject: str
    team: str
    owner: str
    topic: str
    clock: PromiseClock | None


@dataclass(frozen=True, slots=True)
class MailIn:
    """A mail that was taken in, as lists need it."""

    id: int
    received_at: datetime
    source: str
    message_id: str | None
    from_address: str | None
    subject: str | None
    kind: str | None
    state: InboundState
    ticket: int | None
    error: str


@dataclass(frozen=True, slots=True)
class MailInWhole:
    """All that is known of a mail that was taken in, but its bytes."""

    mail: MailIn
    mail_from: str | None
    rcpt_to: tuple[str, ...]
    peer: str
    trace: str
    size: int
    sha256: str
    attempts: int
    traceback: str
    source_key: str | None
    duplicate_of: int | None
    fingerprint: str | None
    decision: Json | None
    events: tuple[StateChange, ...]


@dataclass(frozen=True, slots=True)
class MailOutWhole:
    """All that is known of a mail that goes out, but its bytes. `data`: what it says, {} where it is secret."""

    mail: MailOut
    language: str
    auto: str
    null_sender: bool
    in_reply_to: str | None
    references: tuple[str, ...]
    data: Json
    created_at: datetime
    sent_at: datetime | None
    events: tuple[StateChange, ...]


@dataclass(frozen=True, slots=True)
class HeldMail:
    """An answer that a cap held back where there is no ticket to say so. `mail`: the mail it would have answered."""

    at: datetime
    mail: int | None
    notice: str
    to: str
    code: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DeadAddress:
    """An address that a delivery report called dead."""

    address: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the consent log."""

    seq: int
    consent_id: int
    at: datetime
    event: str  # a ConsentEvent, where nobody changed the row
    data: Json
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class OutageNews:
    """What was said about an outage."""

    at: datetime
    agent: str
    text: str
    eta: datetime | None


@dataclass(frozen=True, slots=True)
class Process:
    """A daemon that works on this database."""

    id: str
    place: str  # machine, process number and beginning
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Removed:
    """How many mails, files or persons are old enough to go, or went, and their bytes."""

    count: int = 0
    bytes: int = 0

    def __add__(self, other: Removed) -> Removed:
        return Removed(self.count + other.count, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What was done when a person was erased: numbers of the emptied tickets, how many mails of each way, how many
    texts of others. What must be provable stayed, `until` then."""

    contact: int | None
    tickets: tuple[int, ...]
    mails: int
    outbound: int
    scrubbed: int
    kept_evidence: tuple[str, ...]
    kept_tickets: tuple[int, ...]
    until: datetime | None
