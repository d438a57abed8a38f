"""Changes of what is kept beside tickets: consents, people, companies, outages."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from maild.model.basics import JsonObject
from maild.model.people import CompanyFacts, ContactInput
from maild.model.tickets import OutageFacts
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentEvent, ConsentKind
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class OpenConsent:
    """A new consent, and a token for each approver."""

    ticket: int
    kind: ConsentKind
    approvers: tuple[str, ...]
    requester: str
    request_text: str
    request_sha256: str
    require: str
    expires_at: datetime
    phase_before: Phase
    token_hashes: tuple[tuple[str, str], ...]  # (approver, sha256 hex of the token)
    terms: ConsentTerms = field(default_factory=ConsentTerms)


@dataclass(frozen=True, slots=True)
class DecideConsent:
    """Move a consent along `phases.CONSENT`. Refused where no arrow leads there from where it stands."""

    consent_id: int
    state: ConsentState
    by: str
    reason: str = ""
    spend_token: str | None = None  # hash


@dataclass(frozen=True, slots=True)
class AddTokens:
    """Further tokens of a waiting consent (a reminder carries its own); earlier ones stay valid."""

    consent_id: int
    token_hashes: tuple[tuple[str, str], ...]  # (approver, sha256 hex of the token)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LogConsent:
    """Append to the hash-chained consent log. `consent_id` NEW = the one opened by this plan."""

    consent_id: int
    event: ConsentEvent
    data: JsonObject


@dataclass(frozen=True, slots=True)
class MarkAddress:
    """A permanent bounce: the contact's address does not work."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class SaveContact:
    """A person, known or new, with their place at `company` (None: at none that is named)."""

    company: str | None
    contact: ContactInput


@dataclass(frozen=True, slots=True)
class LeaveCompany:
    """The person of this address is no longer of that company."""

    address: str
    company: str


@dataclass(frozen=True, slots=True)
class RemoveContact:
    """The address is nobody's any more; a person's last one takes them along."""

    address: str


@dataclass(frozen=True, slots=True)
class SaveCompany:
    """A company with its contract, domains and sites; `people` is not looked at."""

    company: CompanyFacts


@dataclass(frozen=True, slots=True)
class RemoveCompany:
    key: str


@dataclass(frozen=True, slots=True)
class OpenOutage:
    """`outage.id` is one that the transaction has reserved."""

    outage: OutageFacts
    agent: str


@dataclass(frozen=True, slots=True)
class TellOutage:
    """News of an outage that lasts, or that it is over. `eta` None keeps the one that is known."""

    outage_id: int
    text: str
    agent: str
    eta: datetime | None = None
    resolved: bool = False
