"""What guards, authentication, threading and classification say of one mail, and the decision made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from maild.model.basics import Json, Kind, Reason
from maild.ticket.vocabulary import LinkType, Severity, TicketKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """A guard's answer. None from a guard means "nothing to say"."""

    kind: Kind
    reasons: tuple[Reason, ...]
    guard: str = ""


@dataclass(frozen=True, slots=True)
class AuthResult:
    """What authentication says of the From domain.

    `result`: "dmarc-pass", "dmarc-fail", "none", "temperror", "unchecked". `how`: "dkim" (our own check) or
    "authentication-results" (a believed source). `signed`: names of the header fields the aligned passing
    signature covers. `checks`: every condition looked at, for `approval explain`.
    """

    result: str = "unchecked"
    how: str = ""
    domain: str = ""  # the organisational domain that aligned
    signed: tuple[str, ...] = ()
    whole_body: bool = False  # signature without l=
    reasons: tuple[Reason, ...] = ()
    policy: str = ""  # published DMARC policy of the From domain


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, by the one strict From mailbox."""

    address: str | None
    name: str
    how: Literal["contact", "domain", "unknown", "agent", "none"]
    contact: str | None = None  # the contact's main address
    company: str | None = None
    roles: tuple[str, ...] = ()
    ambiguous: bool = False  # person at several companies; the first was taken
    authenticated: str = "unchecked"


@dataclass(frozen=True, slots=True)
class Match:
    """One threading rule's verdict: `ticket` None means that the rule found nothing, and says why."""

    rule: str
    ticket: int | None
    because: str
    strength: Literal["token", "message_id", "awaited", "tag", "bare"] = "tag"
    awaited_by: str = ""  # strength "awaited": the address whose mail named what nobody has seen


@dataclass(frozen=True, slots=True)
class Threading:
    """All rules' verdicts and what they add up to."""

    ticket: int | None
    rule: str | None
    how: Literal["new", "join", "claim", "linked", "follow_up", "reopen", "none"]
    candidates: tuple[Match, ...] = ()
    conflicts: tuple[Reason, ...] = ()
    link: tuple[LinkType, int] | None = None  # (type, number) for a new ticket


@dataclass(frozen=True, slots=True)
class Promise:
    """What the contract says for one request, in UTC, with the reasons as codes for templates."""

    respond_by: datetime | None
    resolve_by: datetime | None
    calendar: str = ""
    timezone: str = "UTC"
    service_level: str = ""
    outside_hours: bool = False
    received_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    call_back_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """Kind, severity, team and topic of a request, each with the word that decided."""

    kind: TicketKind
    severity: Severity
    team: str
    topic: str = ""
    out_of_scope: bool = False
    reasons: tuple[Reason, ...] = ()
    asks: TicketKind | None = None  # what the words ask for that needs a written consent


@dataclass(frozen=True, slots=True)
class Decision:
    """The explained decision on one inbound mail; stored as JSON and shown by `why` and `explain`."""

    kind: Kind
    reasons: tuple[Reason, ...]
    sender: Sender
    thread: Threading
    ticket: Json | None = None  # kind, severity, team, respond_by ... of the ticket it opens
    would: tuple[Json, ...] = ()  # the acts, in the contract's words
    checks: tuple[Json, ...] = ()  # consent conditions looked at: {"name", "ok", "evidence"}
