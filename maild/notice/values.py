"""What notices say, in parts: each a frozen value with the types that a mail needs.

Times are aware UTC datetimes; money is a decimal number in plain digits with its ISO 4217 code beside it;
durations are whole minutes.
"""

from __future__ import annotations

from datetime import date, datetime

from maild.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """Somebody as a mail names them; either half may be missing."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The ticket as it stands when the mail is caused."""

    subject: str = ""
    phase: str = "received"
    kind: str = ""
    severity: str = ""  # "" = none is told: the company has no contract
    company_name: str = ""
    requester: NamedPerson = NamedPerson()
    timezone: str = "UTC"
    reply_days: int = 0  # a reply within so many days reopens it; 0 = it reopens nothing
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedTimes:
    """What the contract promises and was not kept yet. None of the moments lies before `About.at`."""

    respond_by: datetime | None = None
    resolve_by: datetime | None = None
    call_back_by: datetime | None = None
    received_at: datetime | None = None
    outside_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStep:
    """One line of what was done so far. `author` is a name that customers may read; "" = the desk itself."""

    at: datetime
    type: str
    author: str = ""
    phase: str | None = None
    text: str = ""
    outcome: str = ""  # of a decision: granted, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came with a mail; size in bytes."""

    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """Contact data that we hold ("is this still right?")."""

    name: str = ""
    phone: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOutage:
    id: int = 0
    title: str = ""
    text: str = ""
    eta: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Whom to call when it cannot wait. `code` tells that one may."""

    phone: str
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of an offer."""

    text: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedConsent:
    """What somebody must consent to in writing. `id` is set when it is stored."""

    kind: str
    id: str | None = None
    request: str = ""  # the exact text that a yes is for, or its beginning
    request_cut: bool = False  # the whole goes with the mail as a file
    requester_name: str = ""
    requester_address: str = ""
    requester_verified: bool = False
    asked_at: datetime | None = None  # when the mail went out that asks
    expires_at: datetime | None = None
    require: str = ""
    yes_words: tuple[str, ...] = ()
    no_words: tuple[str, ...] = ()
    amount: str | None = None
    currency: str = ""
    items: tuple[Item, ...] = ()
    vat: str = ""
    valid_until: date | None = None
    estimate_minutes: int | None = None
    quantum_minutes: int = 0
    reason: str = ""
    reference_line: str = ""  # the token; put in while the bytes are made, never stored


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursAccount:
    """Prepaid hours of one period, in minutes; `until` is its last day, ISO."""

    allowed: int = 0
    used: int = 0
    left: int = 0
    over: int = 0
    percent: int = 0
    until: str = ""
