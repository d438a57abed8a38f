"""What guards, authentication, threading and classification say of one mail, and the decision made of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from maild.model.basics import Kind, Reason
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import LinkType, Severity, TicketKind
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A guard's answer. None from a guard means "nothing to say"."""

    kind: Kind
    reasons: tuple[Reason, ...]
    guard: str = ""


#: what authentication says of the From domain
AuthOutcome = Literal["dmarc-pass", "dmarc-fail", "none", "temperror", "unchecked"]
#: of a policy that could not be asked for
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AuthResult:
    """What authentication says of the From domain.

    `how`: "dkim" (our own check) or "authentication-results" (a believed source). `signed`: names of the
    header fields the aligned passing signature covers.
    """

    result: AuthOutcome = "unchecked"
    how: Literal["dkim", "authentication-results", ""] = ""
    domain: str = ""  # the organisational domain that aligned
    signed: tuple[str, ...] = ()
    whole_body: bool = False  # signature without l=
    reasons: tuple[Reason, ...] = ()
    policy: str = ""  # published DMARC policy for the From domain, or UNKNOWN


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
    authenticated: AuthOutcome = "unchecked"


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


class ActKind(StrEnum):
    """What a mail does, in the contract's words."""

    OPEN = "open"
    APPEND = "append"
    REOPEN = "reopen"
    FOLLOW_UP = "follow_up"
    FILE = "file"
    HOLD = "hold"
    GRANT = "grant"
    REFUSE = "refuse"
    QUARANTINE = "quarantine"
    MAIL = "mail"
    HELD_BACK = "held_back"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class TicketAct:
    """What a mail does to a ticket. `ticket`: None is the one that it opens, or that there is none. `kind`: of the
    permission that is asked for, `asked`: the addresses who are asked, where that is said; `link`: of a new ticket."""

    act: ActKind
    ticket: int | None
    consent: int | None = None
    kind: TicketKind | None = None
    because: str = ""
    asked: tuple[str, ...] | None = None
    link: tuple[LinkType, int] | None = None


@dataclass(frozen=True, slots=True)
class MailAct:
    """A mail that goes out because of it, or is held back (`because`: the code of what held it)."""

    notice: str
    to: tuple[str, ...]
    because: str = ""

    @property
    def act(self) -> ActKind:
        return ActKind.HELD_BACK if self.because else ActKind.MAIL


@dataclass(frozen=True, slots=True)
class CopyAct:
    """The mail was here before, as the inbound mail `first`."""

    first: int | None
    ticket: int | None

    @property
    def act(self) -> ActKind:
        return ActKind.DUPLICATE


@dataclass(frozen=True, slots=True)
class WaitAct:
    """The mail itself is not gone on with: it is put aside, or waits for what `because` says."""

    act: ActKind
    because: str = ""


DecidedAct = TicketAct | MailAct | CopyAct | WaitAct


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """Whether an answer meets one condition of a consent, and what shows it."""

    name: str
    ok: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class DecidedTicket:
    """The ticket that a mail opens or joins, with what is promised by which level in which calendar."""

    kind: TicketKind
    severity: Severity | None
    team: str
    topic: str
    company: str | None
    language: str
    phase: Phase
    respond_by: datetime | None
    resolve_by: datetime | None
    service_level: str
    calendar: str
    out_of_scope: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The explained decision on one inbound mail; stored as JSON and shown by `why` and `explain`."""

    kind: Kind
    reasons: tuple[Reason, ...]
    sender: Sender
    thread: Threading
    ticket: DecidedTicket | None = None  # the one that it opens or joins
    would: tuple[DecidedAct, ...] = ()
    checks: tuple[ConditionResult, ...] = ()  # the consent's conditions, each that was looked at
