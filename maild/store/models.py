"""The schema, all of it, as SQLModel classes: what runs uses `tables.py`, of columns that are generated from them.
`docs/architecture.md` tells what belongs together.

Column names are those of `maild.model` wherever a value travels. Partial indexes keep the work lists
(received, queued, sending) as small as the work that is left.

Over 300 lines: a schema is read as a whole; what a table refers to stands in the same file.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from maild.model import CompanySite, Decision, Json
from maild.store.act_snapshot import ActRows, TicketSnapshots
from maild.store.rows import ErasureReport
from maild.store.types import BigId, Choice, JsonText, Moment, Words
from maild.ticket.entries import Details
from maild.ticket.phases import ConsentState, HookState, InboundState, OutboundState, Phase, RecipientState
from maild.ticket.state import TicketState
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType, LastWord, Severity, TicketKind

#: names for constraints, so that Alembic's batch mode can find them on SQLite
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


#: SQLite: the row stands in the tree of its key, not in a second one beside it
CLUSTERED = {"sqlite_with_rowid": False}


class Base(SQLModel):
    """Own metadata, so that nothing else that uses SQLModel in the process lands in our schema."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


def _id() -> Any:
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def _column(kind: Any, default: Any, to: str, **how: Any) -> Any:
    links = (ForeignKey(to),) if to else ()
    return Field(default=default, sa_column=Column(kind, *links, **how))


def _text(default: str = "", *, key: bool = False, index: bool = False, to: str = "") -> Any:
    """What people or their programs wrote."""
    return _column(Words, default, to, primary_key=key, nullable=False, index=index)


def _maybe_text() -> Any:
    return _column(Words, None, "", nullable=True)


def _code(default: str = "", *, key: bool = False) -> Any:
    """A word of ours: a state, a name of the configuration, a hash."""
    return _column(Text, default, "", primary_key=key, nullable=False)


def _maybe_code() -> Any:
    return _column(Text, None, "", nullable=True)


def _choice(enum: type[StrEnum], default: str = "") -> Any:
    """A member of an enum; "" where there is none."""
    return _column(Choice(enum), default, "", nullable=False)


def _number(default: int = 0, *, key: bool = False, to: str = "", index: bool = False) -> Any:
    return _column(BigId, default, to, primary_key=key, autoincrement=False, nullable=False, index=index)


def _maybe_number(*, to: str = "", index: bool = False) -> Any:
    return _column(BigId, None, to, nullable=True, index=index)


def _count(default: int = 0) -> Any:
    return Field(default=default, sa_column=Column(Integer, nullable=False))


def _flag(default: bool = False) -> Any:
    return Field(default=default, sa_column=Column(Boolean, nullable=False))


def _moment(*, index: bool = False) -> Any:
    return Field(sa_column=Column(Moment, nullable=False, index=index))


def _maybe_moment(*, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=True, index=index))


def _json(default: type = dict) -> Any:
    """Kept as JSON; the annotation says of what."""
    return Field(default_factory=default, sa_column=Column(JsonText, nullable=False))


def _bytes() -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=False))


def _partial(name: str, columns: str, where: str) -> Index:
    """An index of the rows for which `where` holds. Said as a note, for the migrations to write and a test to
    compare: SQLAlchemy's own arguments import a whole dialect each."""
    return Index(name, *columns.split(", "), info={"where": where})


# -------------------------------------------------------------------------------------- the desk itself


class Meta(Base, table=True):
    """`secret` (hex), `generation` (changes with every change of master data), `consent_head`, `indexed_entry`,
    `outbox_retries`."""

    __tablename__ = "meta"
    __table_args__ = (CLUSTERED,)
    key: str = _code(key=True)
    value: str = _code()


class Counter(Base, table=True):
    """`ticket`: the number that the next ticket gets (SQLite; on PostgreSQL the sequence `ticket_number` says it)."""

    __tablename__ = "counter"
    __table_args__ = (CLUSTERED,)
    name: str = _code(key=True)
    value: int = _number()


class Event(Base, table=True):
    """One change of state of an inbound mail, an outbound mail, a consent or a ticket."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_object_object_id", "object", "object_id"),)
    id: int | None = _id()
    at: datetime = _moment()
    object: str = _code()
    object_id: int = _number()
    old: str = _code()
    new: str = _code()
    note: str = _text()


class ProcessRow(Base, table=True):
    """A daemon that works on this database; see `processes.py`."""

    __tablename__ = "process"
    __table_args__ = (CLUSTERED,)
    id: str = _code(key=True)
    place: str = _text()
    started_at: datetime = _moment()


class LeaseRow(Base, table=True):
    """A duty that one process has at a time; `fence` grows with each new holder."""

    __tablename__ = "lease"
    __table_args__ = (CLUSTERED,)
    name: str = _text(key=True)
    holder: str = _code()
    fence: int = _number()
    until: datetime | None = _maybe_moment()


# ------------------------------------------------------------------------------------------- master data


class Company(Base, table=True):
    __tablename__ = "company"
    key: str = _text(key=True)
    name: str = _text()
    language: str = _text()
    service_level: str = _text()
    calendar: str = _text("office")
    calendars: dict[str, str] = _json()
    standing: str = _text("active")
    who_may_file: str = _text("anyone")
    require: str = _text()
    self_approval: list[str] = _json(list)
    timezone: str = _text()
    valid_from: str = _text()
    valid_until: str = _text()
    covered: list[str] = _json(list)
    excluded: list[str] = _json(list)
    oncall_phone: str = _text()
    oncall_code: str = _text()
    oncall_calendar: str = _text()
    cost_needs_consent: bool = _flag()
    included_minutes: int = _count()
    hours_period: str = _code("month")
    carry: bool = _flag()
    hours_in_mail: bool = _flag()


class CompanyDomain(Base, table=True):
    """`acme.example` exactly, or `.acme.example` for every subdomain. Belongs to one company."""

    __tablename__ = "company_domain"
    __table_args__ = (CLUSTERED,)
    domain: str = _text(key=True)
    company: str = _text(to="company.key", index=True)
    position: int = _count()


class SiteRow(Base, table=True):
    __tablename__ = "site"
    company: str = _text(key=True, to="company.key")
    key: str = _text(key=True)
    data: CompanySite = _json()


class Contact(Base, table=True):
    __tablename__ = "contact"
    id: int | None = _id()
    name: str = _text()
    language: str = _text()
    phone: str = _text()
    erased_at: datetime | None = _maybe_moment()


class ContactAddress(Base, table=True):
    __tablename__ = "contact_address"
    __table_args__ = (CLUSTERED,)
    address: str = _text(key=True)
    contact_id: int = _number(to="contact.id", index=True)
    position: int = _count()


class MembershipRow(Base, table=True):
    __tablename__ = "membership"
    contact_id: int = _number(key=True, to="contact.id")
    company: str = _text(key=True, to="company.key", index=True)
    position: int = _count()
    roles: list[str] = _json(list)
    approves: list[str] = _json(list)
    site: str = _text()
    desk_address: str = _text()


class BouncedAddress(Base, table=True):
    """An address, of a contact or not, that a permanent delivery failure was reported for."""

    __tablename__ = "bounced_address"
    __table_args__ = (CLUSTERED,)
    address: str = _text(key=True)
    at: datetime = _moment()
    reason: str = _text()


# ----------------------------------------------------------------------------------------------- tickets


class Ticket(Base, table=True):
    __tablename__ = "ticket"
    __table_args__ = (Index("ix_ticket_phase", "phase"), Index("ix_ticket_company_phase", "company", "phase"))
    number: int = _number(key=True)
    subject: str = _text()
    company: str | None = _maybe_code()
    requester: str = _text(index=True)
    requester_name: str = _text()
    kind: TicketKind = _choice(TicketKind)
    severity: Severity = _choice(Severity)
    team: str = _text()
    owner: str = _text()
    phase: Phase = _choice(Phase)
    phase_before: Phase = _choice(Phase)
    language: str = _code()
    topic: str = _text()
    created_at: datetime = _moment()
    updated_at: datetime = _moment()
    respond_by: datetime | None = _maybe_moment()
    resolve_by: datetime | None = _maybe_moment()
    responded_at: datetime | None = _maybe_moment()
    resolved_at: datetime | None = _maybe_moment()
    closed_at: datetime | None = _maybe_moment()
    root_message_id: str = _code()
    merged_into: int | None = _maybe_number()
    last_message_id: str | None = _maybe_text()
    last_word: LastWord = _choice(LastWord)
    waiting_since: datetime | None = _maybe_moment()
    reply_by: datetime | None = _maybe_moment()
    due: datetime | None = _maybe_moment()
    data: TicketState = _json()


class Participant(Base, table=True):
    __tablename__ = "participant"
    __table_args__ = (CLUSTERED,)
    ticket: int = _number(key=True, to="ticket.number")
    address: str = _text(key=True, index=True)
    name: str = _text()
    via: str = _code()
    at: datetime = _moment()


class Entry(Base, table=True):
    """One line of a ticket's log; only ever appended to (erasure empties it)."""

    __tablename__ = "entry"
    id: int | None = _id()
    ticket: int = _number(to="ticket.number", index=True)
    at: datetime = _moment()
    type: EntryType = _choice(EntryType)
    author: str = _text()
    channel: str = _code()
    text: str = _text()
    full_text: str = _text()
    elided: str = _text()
    public: bool = _flag()
    data: Details = _json()
    message_id: str | None = _maybe_text()
    inbound_id: int | None = _maybe_number()


class Link(Base, table=True):
    __tablename__ = "link"
    __table_args__ = (CLUSTERED,)
    ticket: int = _number(key=True, to="ticket.number")
    type: str = _code(key=True)
    other: int = _number(key=True, to="ticket.number", index=True)
    at: datetime = _moment()


class TimeEntry(Base, table=True):
    __tablename__ = "time_entry"
    id: int | None = _id()
    ticket: int = _number(to="ticket.number", index=True)
    at: datetime = _moment(index=True)
    agent: str = _text()
    raw_minutes: int = _count()
    billed_minutes: int = _count()
    text: str = _text()
    courtesy: bool = _flag()
    own_fault: bool = _flag()
    outside: bool = _flag()
    corrects: int | None = _maybe_number(to="time_entry.id")
    data: dict[str, str] = _json()


class KnownKeyRow(Base, table=True):
    """A key and a ticket that it means (0: a mail that was filed nowhere), see `maild.model.KnownKey`. Several
    tickets may know the same key; who joins which is decided by sender."""

    __tablename__ = "known_key"
    __table_args__ = (CLUSTERED,)
    key: str = _text(key=True)
    ticket: int = _number(key=True)
    sender: str = _text(key=True)
    origin: str = _code()
    outbound_id: int | None = _maybe_number()
    notice: str = _code()
    inbound_id: int | None = _maybe_number()
    sent_at: datetime | None = _maybe_moment()


class Deadline(Base, table=True):
    __tablename__ = "deadline"
    __table_args__ = (CLUSTERED,)
    key: str = _code(key=True)
    type: str = _code()
    ticket: int = _number()
    at: datetime = _moment(index=True)
    data: dict[str, str] = _json()
    claimed_until: datetime | None = _maybe_moment()


# -------------------------------------------------------------------------------------------- mail coming in


class Inbound(Base, table=True):
    """What is known of one mail taken in; its bytes stand in `inbound_raw` or in a file (`file`)."""

    __tablename__ = "inbound"
    __table_args__ = (
        _partial("ix_inbound_received", "slow, id", "state = 'received'"),
        _partial("ix_inbound_quarantined", "id", "state = 'quarantined'"),
        _partial("ix_inbound_fingerprint", "fingerprint", "fingerprint IS NOT NULL"),
        _partial("ix_inbound_unfiled", "id", "state = 'done' AND ticket IS NULL AND dismissed_at IS NULL"),
        _partial("ix_inbound_ticket", "ticket, id", "ticket IS NOT NULL"),
        UniqueConstraint("source_key"),
    )  # fmt: skip
    id: int | None = _id()
    source_key: str | None = _maybe_text()
    source: str = _code()
    received_at: datetime = _moment()
    mail_from: str | None = _maybe_text()
    rcpt_to: list[str] = _json(list)
    peer: str = _code()
    trace: str = _text()
    sha256: str = _code()
    size: int = _number()
    file: str | None = _maybe_code()
    slow: bool = _flag()  # reading it may be dragged out: claimed in a lane of its own
    state: InboundState = _choice(InboundState, InboundState.RECEIVED)
    attempts: int = _count()
    claimed_until: datetime | None = _maybe_moment()
    claimed_by: str = _code()
    message_id: str | None = _maybe_text()
    from_address: str | None = _maybe_text()
    subject: str | None = _maybe_text()
    kind: str | None = _maybe_code()
    ticket: int | None = _maybe_number()
    fingerprint: str | None = _maybe_code()
    duplicate_of: int | None = _maybe_number()
    dismissed_at: datetime | None = _maybe_moment()
    error: str = _text()
    traceback: str = _text()


class InboundRaw(Base, table=True):
    """The exact bytes, apart, so that a change of state does not write them again."""

    __tablename__ = "inbound_raw"
    inbound_id: int = _number(key=True, to="inbound.id")
    content: bytes = _bytes()
    packed: bool = _flag()


class InboundDecision(Base, table=True):
    """The explained decision, as `why` shows it."""

    __tablename__ = "inbound_decision"
    inbound_id: int = _number(key=True, to="inbound.id")
    decision: Decision = _json()


# ------------------------------------------------------------------------------------------ mail going out


class Outbound(Base, table=True):
    """A mail to send: what it says, to whom and its Message-ID are frozen with the change that caused it."""

    __tablename__ = "outbound"
    __table_args__ = (
        _partial("ix_outbound_queued", "next_attempt_at", "state = 'queued'"),
        _partial("ix_outbound_sending", "claimed_until", "state = 'sending'"),
        _partial("ix_outbound_failed", "id", "state = 'failed'"),
    )  # fmt: skip
    id: int | None = _id()
    notice: str = _code()
    ticket: int | None = _maybe_number(index=True)
    inbound_id: int | None = _maybe_number()
    language: str = _code()
    state: OutboundState = _choice(OutboundState, OutboundState.QUEUED)
    message_id: str = _code()
    in_reply_to: str | None = _maybe_text()
    refs: list[str] = _json(list)
    auto: str = _code()
    null_sender: bool = _flag()
    secret: bool = _flag()
    token: str | None = _maybe_code()
    attach: list[str] = _json(list)
    created_at: datetime = _moment()
    attempts: int = _count()
    next_attempt_at: datetime = _moment()
    claimed_until: datetime | None = _maybe_moment()
    claimed_by: str = _code()
    maybe_sent: bool = _flag()
    answer: str = _text()
    sent_at: datetime | None = _maybe_moment()


class OutboundData(Base, table=True):
    """What the mail says, frozen; apart, so that a change of state does not write it again."""

    __tablename__ = "outbound_data"
    outbound_id: int = _number(key=True, to="outbound.id")
    data: Json = _json()


class OutboundRecipient(Base, table=True):
    __tablename__ = "outbound_recipient"
    __table_args__ = (CLUSTERED,)
    outbound_id: int = _number(key=True, to="outbound.id")
    position: int = Field(default=0, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    address: str = _text()
    name: str = _text()
    field: str = _code("to")
    state: RecipientState = _choice(RecipientState, RecipientState.WAITING)
    answer: str = _text()
    at: datetime | None = _maybe_moment()


class OutboundBytes(Base, table=True):
    """The rendered mail; written once."""

    __tablename__ = "outbound_bytes"
    outbound_id: int = _number(key=True, to="outbound.id")
    mail_from: str = _text()
    subject: str = _text()
    content: bytes = _bytes()
    packed: bool = _flag()


class HeldNotice(Base, table=True):
    """A mail that a cap held back, where there is no ticket to note it on."""

    __tablename__ = "held_notice"
    id: int | None = _id()
    at: datetime = _moment()
    inbound_id: int | None = _maybe_number(index=True)
    notice: str = _code()
    address: str = _text()
    code: str = _code()
    evidence: str = _text()


class AutomaticCount(Base, table=True):
    """Automatic answers in one minute, by `a:<address>`, `t:<ticket>`, `unknown` or `desk`: sums over an hour
    read 61 rows at most, however busy the desk is."""

    __tablename__ = "automatic_count"
    __table_args__ = (CLUSTERED,)
    key: str = _text(key=True)
    minute: int = _number(key=True)
    process: str = _code(key=True)  # each counts for itself: nobody waits for another's row
    count: int = _count()


class Blob(Base, table=True):
    """A stored file, such as a quote's PDF."""

    __tablename__ = "blob"
    sha256: str = _code(key=True)
    name: str = _text()
    type: str = _text()
    at: datetime = _moment()
    content: bytes = _bytes()


# ----------------------------------------------------------------------------------------------- consent


class Consent(Base, table=True):
    __tablename__ = "consent"
    id: int | None = _id()
    ticket: int = _number(to="ticket.number", index=True)
    kind: ConsentKind = _choice(ConsentKind)
    state: ConsentState = _choice(ConsentState, ConsentState.WAITING)
    requested_at: datetime = _moment()
    expires_at: datetime = _moment()
    approvers: list[str] = _json(list)
    requester: str = _text()
    request_sha256: str = _code()
    request_text: str = _text()
    require: str = _code()
    phase_before: Phase = _choice(Phase)
    decided_by: str = _text()
    decided_at: datetime | None = _maybe_moment()
    reason: str = _text()
    data: ConsentTerms = _json()


class ConsentToken(Base, table=True):
    """Only the hash of a token is kept."""

    __tablename__ = "consent_token"
    __table_args__ = (CLUSTERED,)
    token_hash: str = _code(key=True)
    consent_id: int = _number(to="consent.id", index=True)
    approver: str = _text()
    message_id: str = _code()
    expires_at: datetime = _moment()
    spent_at: datetime | None = _maybe_moment()
    void_at: datetime | None = _maybe_moment()


class ConsentLog(Base, table=True):
    """Append-only; each row's hash covers the row and the hash before it."""

    __tablename__ = "consent_log"
    seq: int = _number(key=True)
    consent_id: int = _number(index=True)
    at: datetime = _moment()
    event: str = _code()
    data: str = _code()
    prev_hash: str = _code()
    hash: str = _code()


# ------------------------------------------------------------------------------------- outages, IMAP, erasure


class OutageRow(Base, table=True):
    __tablename__ = "outage"
    id: int | None = _id()
    title: str = _text()
    companies: list[str] = _json(list)
    words: list[str] = _json(list)
    text: str = _text()
    eta: datetime | None = _maybe_moment()
    opened_at: datetime = _moment()
    resolved_at: datetime | None = _maybe_moment()


class OutageUpdateRow(Base, table=True):
    __tablename__ = "outage_update"
    id: int | None = _id()
    outage_id: int = _number(to="outage.id", index=True)
    at: datetime = _moment()
    agent: str = _text()
    text: str = _text()
    eta: datetime | None = _maybe_moment()


class OutageTicket(Base, table=True):
    """`linked` false: the customer said that it is not this one; it is not linked again by itself."""

    __tablename__ = "outage_ticket"
    outage_id: int = _number(key=True, to="outage.id")
    ticket: int = _number(key=True, to="ticket.number", index=True)
    linked: bool = _flag(True)
    at: datetime = _moment()


class ImapStateRow(Base, table=True):
    __tablename__ = "imap_state"
    __table_args__ = (CLUSTERED,)
    account: str = _text(key=True)
    folder: str = _text(key=True)
    uidvalidity: int = _number()
    watermark: int = _number()


class Erasure(Base, table=True):
    """That a person's data was removed, without the data."""

    __tablename__ = "erasure"
    id: int | None = _id()
    at: datetime = _moment()
    agent: str = _text()
    mark: str = _code()
    report: ErasureReport = _json()


# --------------------------------------------------------------------------------------------- agents' desks


class Seen(Base, table=True):
    """The newest entry of a ticket that an agent has looked at."""

    __tablename__ = "seen"
    __table_args__ = (CLUSTERED,)
    agent: str = _text(key=True)
    ticket: int = _number(key=True, to="ticket.number")
    entry: int = _number()
    at: datetime = _moment()


class Act(Base, table=True):
    """What an agent did in one go, kept for `maild undo`: which rows it made, and how its tickets stood before and
    after, in the plain values of their tables."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_agent", "agent", "ticket"),)
    id: int | None = _id()
    at: datetime = _moment(index=True)
    agent: str = _text()
    ticket: int = _number()
    made: ActRows = _json()
    before: TicketSnapshots = _json()
    undone_at: datetime | None = _maybe_moment()


class Canned(Base, table=True):
    """A text that agents use again, in one language."""

    __tablename__ = "canned"
    __table_args__ = (CLUSTERED,)
    name: str = _text(key=True)
    language: str = _text(key=True)
    text: str = _text()
    agent: str = _text()
    at: datetime = _moment()


# ------------------------------------------------------------------------------------ the customers' page


class WebLinkRow(Base, table=True):
    """A link that was mailed to sign in with. Of the token only the SHA-256 is kept."""

    __tablename__ = "web_link"
    __table_args__ = (CLUSTERED,)
    token_hash: str = _code(key=True)
    address: str = _text(index=True)
    created_at: datetime = _moment()
    expires_at: datetime = _moment()
    used_at: datetime | None = _maybe_moment()


class WebSession(Base, table=True):
    """A browser that is signed in. Of its cookie only the SHA-256 is kept."""

    __tablename__ = "web_session"
    __table_args__ = (CLUSTERED,)
    id_hash: str = _code(key=True)
    contact_id: int = _number(index=True)
    address: str = _text()
    created_at: datetime = _moment()
    used_at: datetime = _moment()


# ------------------------------------------------------------------------------------------------- hooks


class HookDelivery(Base, table=True):
    """An event that a program is told of, as it was when it happened: `body` is sent, and signed, as it stands."""

    __tablename__ = "hook_delivery"
    __table_args__ = (
        _partial("ix_hook_delivery_queued", "url, next_attempt_at", "state = 'queued'"),
        _partial("ix_hook_delivery_sending", "claimed_until", "state = 'sending'"),
        Index("ix_hook_delivery_ticket", "ticket"),
    )
    id: int | None = _id()
    url: str = _text()
    event: str = _code()
    event_id: str = _code()
    ticket: int | None = _maybe_number()
    state: HookState = _choice(HookState, HookState.QUEUED)
    created_at: datetime = _moment()
    attempts: int = _count()
    next_attempt_at: datetime = _moment()
    claimed_until: datetime | None = _maybe_moment()
    claimed_by: str = _code()
    ended_at: datetime | None = _maybe_moment(index=True)
    answer: str = _text()
    body: str = _text()
