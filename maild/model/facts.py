"""What one mail asks the store, and all that app/ may know of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Literal

from maild.model.people import CompanyFacts, PersonFacts
from maild.model.tickets import OutageFacts, TicketFacts
from maild.ticket.phases import ConsentState, OutboundState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, EntryType
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class LookupKeys:
    """What one mail asks the store, all at once (made by app/, answered by store as `Facts`)."""

    sender: str | None
    addresses: tuple[str, ...] = ()  # sender, To, Cc: candidates for contacts
    message_ids: tuple[str, ...] = ()  # ids in In-Reply-To, References and reports, nearest first
    own_message_id: str | None = None
    keys: tuple[str, ...] = ()  # what threading rules know a ticket by beside ids and numbers, `kind:value`
    numbers: tuple[int, ...] = ()  # numbers in tags and bare
    fingerprint: str = ""
    sent_at: datetime | None = None  # the Date field
    token_hashes: tuple[str, ...] = ()  # sha256 hex of each approval token found in the mail
    desk_address: str = ""  # which of the desk's addresses was written to
    reports: bool = False  # it is a delivery report
    acts: bool = False  # one of our own people wrote it, and may act by it
    named: str = ""  # the author of the mail that it forwards, where it acts


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that means a ticket: a Message-ID, or what a threading rule keeps (`kind:value`).

    `origin`: "root" and "out" are ours, "in" is a mail that came, "awaited" an id that a mail named and that
    nobody has seen, "kept" a rule's own. `sender`: of that mail. `inbound_id`, `sent_at` (the Date field) of
    an "in", `outbound_id` and `notice` of an "out".
    """

    key: str
    ticket: int | None
    origin: Literal["root", "out", "in", "awaited", "kept"]
    sender: str = ""
    outbound_id: int | None = None
    notice: str = ""
    inbound_id: int | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboundFacts:
    """An outgoing mail, for bounces and the outbox listing."""

    id: int
    notice: str
    ticket: int | None
    to: tuple[str, ...]
    message_id: str
    state: OutboundState
    made_at: datetime  # with the change that caused it, so with the entry of who wrote it


@dataclass(frozen=True, slots=True)
class ActLine:
    """A line that an act wrote on a ticket. `phase`: to which it moved the ticket, of a line that says so."""

    type: EntryType
    text: str
    phase: Phase | None = None
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class ActMail:
    """A mail of an act, as it stands now. `answer_on`: the ticket on which its people are answered: its own, or where
    that was merged the one into which."""

    notice: str
    state: OutboundState
    answer_on: int


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What an agent did in one go. `entries`: its lines, `mails`: where they stand now; `opened`:
    tickets; `decided`: it ended consents, `asked`: ids of those it opened; `changed`: tickets of it that
    something else changed since; `tickets`: all of it that stood before; `outage`: that it was on, `outage_changed`
    that something else changed since; `by_mail`: a mail of theirs did it."""

    id: int
    at: datetime
    agent: str
    ticket: int
    entries: tuple[ActLine, ...] = ()
    mails: tuple[ActMail, ...] = ()
    opened: tuple[int, ...] = ()
    decided: bool = False
    asked: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    tickets: tuple[int, ...] = ()
    outage: int | None = None
    outage_changed: bool = False
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """An approval token as stored: only its hash, bound to approver, consent and exact request."""

    token_hash: str
    consent_id: int
    approver: str
    message_id: str  # of the approval mail that carried it
    expires_at: datetime
    spent_at: datetime | None = None
    void_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """A consent and its tokens."""

    id: int
    ticket: int
    kind: ConsentKind
    state: ConsentState
    requested_at: datetime
    expires_at: datetime
    approvers: tuple[str, ...]
    requester: str
    request_sha256: str
    request_text: str
    require: str
    phase_before: Phase
    tokens: tuple[TokenFacts, ...] = ()
    decided_by: str = ""
    decided_at: datetime | None = None
    terms: ConsentTerms = field(default_factory=ConsentTerms)
    reason: str = ""  # why it was decided so, where somebody said


@dataclass(frozen=True, slots=True)
class Facts:
    """One look-up's answer: all that app/ may know. Empty facts decide like an empty desk."""

    tickets: Mapping[int, TicketFacts] = field(default_factory=dict)
    known: Mapping[str, tuple[KnownKey, ...]] = field(default_factory=dict)  # by key
    answers: tuple[tuple[int, int], ...] = ()  # (ticket, ticket whose thread the mail that opened it was in)
    people: Mapping[str, PersonFacts] = field(default_factory=dict)  # by normalised address
    companies: Mapping[str, CompanyFacts] = field(default_factory=dict)  # by key
    named_company: str | None = None  # company whose declared domain matches the author's of a forwarded mail
    domain_company: str | None = None  # company whose declared domain matches the sender's, most exact first
    outages: tuple[OutageFacts, ...] = ()
    duplicate_of: int | None = None  # inbound id of the same mail
    duplicate_ticket: int | None = None
    copy_of: KnownKey | None = None  # a mail with the same sender, Message-ID and Date: a gateway's copy
    copy_text: str = ""  # what that mail said, where it stands on a ticket
    automatic_last_hour: int = 0  # automatic answers sent to this sender in the last hour
    automatic_unknown_last_hour: int = 0  # ... to all unknown, unauthenticated senders together
    recent_notices: frozenset[tuple[int, str, str]] = frozenset()  # (ticket, notice, address) in the window
    tokens: Mapping[str, TokenFacts] = field(default_factory=dict)  # by hash
    consents: Mapping[int, ConsentFacts] = field(default_factory=dict)  # of the tickets above, by id
    outbound: Mapping[str, OutboundFacts] = field(default_factory=dict)  # by Message-ID
    automatic_desk_last_hour: int = 0  # automatic answers of the whole desk
    automatic_ticket_last_hour: Mapping[int, int] = field(default_factory=dict)  # by the tickets above
    #: by `Notice.pace`, those that wait included
    paced_last_hour: Mapping[str, int] = field(default_factory=dict)
