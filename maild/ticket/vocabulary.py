"""The words that tickets are described with, each set once. States and their arrows stand in `phases`.

The values are what the database, the JSON of the command line and the configuration hold.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from maild.errors import Refused


class TicketKind(StrEnum):
    """What a ticket is about."""

    QUESTION = "question"
    INCIDENT = "incident"
    CHANGE = "change"
    PERMISSION = "permission"
    DEVICE = "device"
    QUOTE = "quote"
    COMPLAINT = "complaint"
    FEEDBACK = "feedback"


class Severity(StrEnum):
    """Whom a trouble touches, the mildest first."""

    USER = "user"
    SYSTEM = "system"
    INFRASTRUCTURE = "infrastructure"


class LastWord(StrEnum):
    """Which side wrote last on a ticket."""

    CUSTOMER = "customer"
    AGENT = "agent"


class AlertKind(StrEnum):
    """What our own people are told of, what is gravest first."""

    URGENT = "urgent"
    DEADLINE = "deadline"
    COMPLAINT = "complaint"
    NOT_ACCEPTED = "not_accepted"
    BOUNCE = "bounce"
    ALARM = "alarm"
    QUARANTINE = "quarantine"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    NEW = "new"
    CONSENT = "consent"
    REPLY = "reply"
    DIGEST = "digest"
    HOURS = "hours"
    OTHER = "other"


class EntryType(StrEnum):
    """One line of a ticket's log: what people wrote, what was done, and automatic mail filed on it."""

    MAIL = "mail"
    REPLY = "reply"
    NOTE = "note"
    CALL = "call"
    PHASE = "phase"
    ASSIGN = "assign"
    CHANGE = "change"
    TIME = "time"
    CONSENT = "consent"
    QUOTE = "quote"
    COST = "cost"
    LINK = "link"
    MERGE = "merge"
    MOVE = "move"
    PROJECT = "project"
    REVIEW = "review"
    OUTAGE = "outage"
    ALERT = "alert"
    CLOCK = "clock"
    SYSTEM = "system"
    HELD_BACK = "held_back"
    PEOPLE = "people"
    UNDO = "undo"
    UNDONE = "undone"
    # automatic mail, by what the guards said of it
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    SPAM = "spam"
    OWN = "own"
    LOOP = "loop"
    HOSTILE = "hostile"


#: entries that people wrote: what goes along when a ticket is merged or split
WRITTEN = (EntryType.MAIL, EntryType.REPLY, EntryType.NOTE, EntryType.CALL)

#: entries for mail that machines sent
AUTOMATIC = frozenset({
    EntryType.AUTO_REPLY, EntryType.BOUNCE, EntryType.LIST, EntryType.SPAM, EntryType.OWN, EntryType.LOOP,
    EntryType.HOSTILE,
})  # fmt: skip


def filed_as(mail_kind: str | None) -> EntryType:
    """The type of the entry for a mail that is filed without effect, by what the guards said of the mail."""
    return EntryType(mail_kind) if mail_kind in AUTOMATIC else EntryType.MAIL


class LinkType(StrEnum):
    """How two tickets belong together. A link to an outage has a table of its own."""

    CLAIMS = "claims"
    FOLLOW_UP = "follow_up"
    PROJECT = "project"
    MERGED = "merged"
    SPLIT = "split"
    DUPLICATE = "duplicate"
    RELATED = "related"


class DeadlineType(StrEnum):
    """Why the desk looks at a ticket again by itself."""

    RESPOND_WARNING = "respond_warning"
    RESPOND_BREACH = "respond_breach"
    RESOLVE_WARNING = "resolve_warning"
    RESOLVE_BREACH = "resolve_breach"
    CALL_BACK_WARNING = "call_back_warning"
    CALL_BACK_BREACH = "call_back_breach"
    REPLY_WARNING = "reply_warning"
    REPLY_BREACH = "reply_breach"
    AUTO_CLOSE = "auto_close"
    OUTAGE_CLOSE = "outage_close"
    CONSENT_REMIND = "consent_remind"
    CONSENT_EXPIRE = "consent_expire"
    PREPAID_HOURS = "prepaid_hours"


class HookEvent(StrEnum):
    """What other programs are told: of a ticket, and of the desk itself."""

    NEW = "new"
    REPLY = "reply"  # the customer wrote on a ticket that there was
    ANSWER = "answer"  # an agent wrote to the customer
    PHASE = "phase"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    URGENT = "urgent"  # it opened as a trouble of the whole infrastructure, or became one
    COMPLAINT = "complaint"
    CONSENT = "consent"  # asked, granted, refused, expired ...
    DEADLINE = "deadline"  # a promise is nearly over, or over
    UNDONE = "undone"  # an agent took an act back of which the hook was told
    ALARM = "alarm"  # something is wrong with the desk itself, as `[alarms]` has it


class RatingValue(StrEnum):
    """How content somebody is with the solution."""

    GOOD = "good"
    BAD = "bad"


class ConsentKind(StrEnum):
    """What a consent is for. `[approval] kinds` may name every kind of ticket; `confirm` asks the requester
    whether it was they who wrote."""

    QUESTION = "question"
    INCIDENT = "incident"
    CHANGE = "change"
    PERMISSION = "permission"
    DEVICE = "device"
    QUOTE = "quote"
    COMPLAINT = "complaint"
    FEEDBACK = "feedback"
    COST = "cost"
    CONFIRM = "confirm"


class ConsentEvent(StrEnum):
    """One row of the consent log."""

    ASKED = "asked"
    REMINDED = "reminded"
    NOT_ACCEPTED = "not_accepted"
    GRANTED = "granted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    VOID = "void"


Word = TypeVar("Word", bound=StrEnum)


def chosen(words: type[Word], what: str, text: str) -> Word:
    """The word of an enum that a person wrote. Refused, naming those there are. `what`: "kind", "severity"."""
    try:
        return words(text)
    except ValueError:
        raise Refused(f"there is no {what} {text!r}; choose one of {', '.join(words)}") from None
