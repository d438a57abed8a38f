"""Frozen values that travel between rooms.

Times are aware UTC `datetime`s, addresses are normalised (`local@domain`, both lower case, domain as
A-labels), Message-IDs stand with their angle brackets, durations are whole minutes, sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from maild.ticket.entries import NOTHING, Details
from maild.ticket.phases import ConsentState, InboundState, OutboundState, Phase, RecipientState
from maild.ticket.state import TicketChange, TicketState
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import (
    ConsentEvent,
    ConsentKind,
    DeadlineType,
    EntryType,
    LastWord,
    LinkType,
    Severity,
    TicketKind,
)

Json = dict[str, Any]

#: In a plan: the ticket that this plan opens, whose number is known only inside the transaction.
NEW = 0

Kind = Literal["request", "reply", "auto_reply", "bounce", "list", "spam", "own", "loop", "hostile"]

LANGUAGES = ("en", "nl", "hu", "de", "fr")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a stable code for machines and the evidence for people."""

    code: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """RFC 5322, section 3.4: one address and its display name (never identity)."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a mail reached us.

    `source`: "smtp", "imap:<name of the mailbox in config>", "web", "mbox" (imported) or "file". `mail_from`: "" is the null
    sender, None is unknown (IMAP, files without Return-Path). `peer`: the SMTP client's IP.
    `received_at`: what promises count from (SMTP: acceptance; IMAP: INTERNALDATE). `trace`: our own
    Received field (RFC 5321, 4.4), folded and with its CRLF; kept apart so that the raw bytes stay as
    received.
    """

    source: str
    received_at: datetime
    mail_from: str | None = None
    rcpt_to: tuple[str, ...] = ()
    peer: str = ""
    trace: str = ""


# ---------------------------------------------------------------------------------------- a parsed mail


@dataclass(frozen=True, slots=True)
class Attachment:
    """A view on a part of the raw mail; `part` is the path of indices from the root of the MIME tree
    (for winmail.dat contents the path of the TNEF part and then the index inside it, `tnef` set)."""

    index: int  # 1-based, as `show N --attachment INDEX`
    name: str  # safe as a file name: no path, controls, bidi marks
    type: str
    size: int  # decoded bytes
    inline: bool
    part: tuple[int, ...]
    content_id: str = ""
    tnef: bool = False


@dataclass(frozen=True, slots=True)
class ReportedRecipient:
    """RFC 3464, section 2.3: one recipient of a delivery report."""

    address: str
    action: str  # failed, delayed, delivered, relayed, expanded; "" unknown
    status: str  # "5.1.1"
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A delivery status notification, an ARF feedback report or a read receipt found in a mail."""

    kind: Literal["dsn", "feedback", "disposition", "plain"]
    original_message_id: str | None
    recipients: tuple[ReportedRecipient, ...] = ()
    mark: str = ""  # X-Maild-Delivery of the header that it returns


@dataclass(frozen=True, slots=True)
class Calendar:
    """RFC 5545/5546: what an invitation or its answer says."""

    method: str  # REQUEST, REPLY, CANCEL ...
    summary: str
    start: str
    end: str
    reply_state: str = ""  # ACCEPTED, DECLINED, TENTATIVE
    location: str = ""
    uid: str = ""  # the same in an invitation, its updates, its cancellation and its answers


def filled_lines(text: str) -> int:
    """Lines that are not blank."""
    return sum(1 for line in text.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class NewText:
    """What one mail adds. Where the scanner is unsure it keeps text (`confidence` < 1)."""

    text: str
    elided: str = ""
    confidence: float = 1.0
    boilerplate: str = ""  # the lines of `elided` that programs and lawyers add


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as mail/parse/ understands it. Nothing in it is trusted; every string is plain data.

    Strings are free of NUL, C0/C1 controls (but newline and tab in texts), lone surrogates and CR.
    """

    sha256: str  # of the bytes as received, hex
    size: int
    headers: tuple[tuple[str, str], ...]  # (name as written, decoded unfolded value), in order
    raw_headers: bytes  # the header block as received
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]  # oldest first, as in the header
    thread_index: str | None  # hex of the decoded Thread-Index, or None
    froms: tuple[Mailbox, ...]  # every mailbox that any reading of From yields
    sender: Mailbox | None  # the one strict From mailbox, or None
    sender_defect: Reason | None  # why there is none
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    date: datetime | None
    text: str  # the whole decoded text, HTML-only mail as readable text
    new_text: str
    elided: str
    new_text_confidence: float
    language: str | None  # one of LANGUAGES or None when unsure
    attachments: tuple[Attachment, ...]
    fingerprint: str  # sameness: From, Date, Subject, Message-ID and decoded parts
    content_type: str  # of the root, lower case, "text/plain" by default
    report: DeliveryReport | None = None
    calendar: Calendar | None = None
    boilerplate: str = ""  # of `elided`: disclaimers, apps' lines, footers
    visible_new_text: str = ""  # new text of the outermost message without hidden HTML: what consent reads
    # of an answer to an approval mail, what a decision needs to know besides:
    readings: tuple[str, ...] = ()  # new text as its HTML and the parts beside say it
    below_quoted: str = ""  # the quoted line directly above the first new one
    between_quoted: bool = False  # some new line stands between quoted ones
    encrypted: str = ""  # "pgp", "smime" or ""
    defects: tuple[Reason, ...] = ()
    capped: bool = False  # a cap or time limit was hit; what is here comes from the headers

    @property
    def is_unreadable(self) -> bool:
        """Whether all that it says is encrypted: a person must be asked for a readable one."""
        return bool(self.encrypted) and (
            self.text.startswith("[encrypted: ") or "-----BEGIN PGP MESSAGE-----" in self.text[:2_000]
        )

    @property
    def left_out(self) -> int:
        """Lines with words that new text leaves out."""
        return filled_lines(self.elided)

    def header(self, name: str) -> str | None:
        """First value of the header field, by case-insensitive name."""
        low = name.lower()
        for key, value in self.headers:
            if key.lower() == low:
                return value
        return None

    def header_all(self, name: str) -> tuple[str, ...]:
        """All values of the field, topmost first."""
        low = name.lower()
        return tuple(v for k, v in self.headers if k.lower() == low)


# --------------------------------------------------------------------------------- what the store knows


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
class Membership:
    """A person's place in one company."""

    company: str
    roles: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    site: str = ""
    desk_address: str = ""  # this membership counts when that desk address was written to


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A contact as found by one of their addresses."""

    contact_id: int
    address: str
    name: str
    language: str = ""
    phone: str = ""
    memberships: tuple[Membership, ...] = ()
    bounced: bool = False
    addresses: tuple[str, ...] = ()


class HoursPeriod(StrEnum):
    """For how long the prepaid hours of a contract are, by the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A customer: declared domains, contract and standing."""

    key: str
    name: str
    domains: tuple[str, ...] = ()
    language: str = ""
    service_level: str = ""  # "" = no contract
    calendar: str = "office"
    calendars: Mapping[str, str] = field(default_factory=dict)  # topic -> calendar
    standing: str = "active"
    who_may_file: str = "anyone"
    require: str = ""  # consent: "" = the desk's [approval] require
    self_approval: tuple[str, ...] = ()  # kinds that an approver may approve for themselves
    timezone: str = ""
    valid_from: str = ""  # ISO date, "" = open
    valid_until: str = ""
    covered: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()  # topics outside the contract
    oncall_phone: str = ""
    oncall_code: str = ""
    oncall_calendar: str = ""
    cost_needs_consent: bool = False
    included_minutes: int = 0  # prepaid, billed minutes for each `hours_period`; 0 = none
    hours_period: str = HoursPeriod.MONTH
    carry: bool = False  # what is left goes on to the next period
    hours_in_mail: bool = False  # the closing mail says what is left
    sites: Mapping[str, Json] = field(default_factory=dict)
    people: tuple[PersonFacts, ...] = ()  # references and approvers, filled where the plan may need them


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

    def after_all(self, changes: Iterable[Change]) -> TicketFacts:
        """The ticket as these changes of a plan leave it."""
        found = self
        for change in changes:
            if isinstance(change, UpdateTicket) and change.ticket == self.number:
                found = found.after(change.change)
        return found

    def beyond(self, change: TicketChange) -> TicketChange:
        """Of the change only what differs from how the ticket is."""
        new = {name: value for name, value in change.columns().items() if value != getattr(self, name)}
        new |= {name: v for name, v in change.of_state().items() if v != getattr(self.state, name)}
        return TicketChange(**new)


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


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail of an agent's act that has not left."""

    id: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What an agent did in one go. `entries`: (type, text) of its lines, `mails`: where they stand now; `opened`:
    tickets; `decided`: it ended consents, `asked`: ids of those it opened; `changed`: tickets of it that
    something else changed since."""

    id: int
    at: datetime
    agent: str
    ticket: int
    entries: tuple[tuple[EntryType, str], ...] = ()
    mails: tuple[tuple[str, OutboundState], ...] = ()
    opened: tuple[int, ...] = ()
    decided: bool = False
    asked: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()


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
    consents: Mapping[int, ConsentFacts] = field(
        default_factory=dict
    )  # by consent id; those of the tickets above
    outbound: Mapping[str, OutboundFacts] = field(default_factory=dict)  # by Message-ID
    automatic_desk_last_hour: int = 0  # automatic answers of the whole desk
    automatic_ticket_last_hour: Mapping[int, int] = field(default_factory=dict)  # by the tickets above
    paced_last_hour: Mapping[str, int] = field(
        default_factory=dict
    )  # `Notice.pace`, those that wait included


# ------------------------------------------------------------------------------------ verdicts, decision


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
class Notice:
    """A mail to be sent: frozen data, rendered later by render/, once.

    `data` must be JSON (times as ISO strings, UTC); `store.apply` adds `number` and `root_message_id`.
    One outbound row is written per notice; the recipients see each other, so all belong to one company.
    """

    name: str
    ticket: int  # number or NEW
    to: tuple[Mailbox, ...]
    language: str
    data: Json
    cc: tuple[Mailbox, ...] = ()
    auto: Literal["auto-replied", "auto-generated", ""] = "auto-generated"
    null_sender: bool = False
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    token: str | None = None  # approval mails: travels in the bytes only, never stored in clear elsewhere
    counted: bool = False  # automatic answer to incoming mail: counts against the caps
    reply_to_token: bool = False
    attach: tuple[str, ...] = ()  # sha256 of stored blobs to attach (quotes)
    secret: bool = False  # holds a way in: neither its bytes nor its data are shown
    pace: str = ""  # whose hourly share of approval mails for unverified requests it takes: beyond it, it waits in order


# --------------------------------------------------------------------------------------- plan = changes


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The ticket as it will stand. Its number is one that the transaction has reserved, or a name for it in this
    plan: NEW, or another number below 0 where a plan opens several."""

    ticket: TicketFacts


@dataclass(frozen=True, slots=True)
class UpdateTicket:
    ticket: int
    change: TicketChange


@dataclass(frozen=True, slots=True)
class AddEntry:
    ticket: int
    type: EntryType
    author: str
    channel: str
    text: str
    public: bool
    full_text: str = ""
    elided: str = ""
    details: Details = NOTHING
    from_mail: bool = False  # ties the entry to the inbound mail being applied


@dataclass(frozen=True, slots=True)
class AddParticipant:
    ticket: int
    address: str
    name: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class AddLink:
    ticket: int
    type: LinkType
    other: int


@dataclass(frozen=True, slots=True)
class RemoveParticipants:
    """These people take part no longer: they get nothing of the ticket any more."""

    ticket: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """The link goes, whichever end it was made at."""

    ticket: int
    type: LinkType
    other: int


@dataclass(frozen=True, slots=True)
class MoveEntries:
    """Entries go to another ticket, with what their mails' Message-IDs mean."""

    ticket: int
    entries: tuple[int, ...]
    to: int


@dataclass(frozen=True, slots=True)
class MoveKeys:
    """All that leads to the ticket leads to another from now on: ids, threads."""

    ticket: int
    to: int


@dataclass(frozen=True, slots=True)
class SendNotice:
    """`hold_seconds`: it waits so long, and may be replaced or taken back until then."""

    notice: Notice
    hold_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordAct:
    """What this plan does from here on is one act of an agent on that ticket, which `UndoAct` undoes."""

    agent: str
    ticket: int


@dataclass(frozen=True, slots=True)
class Supersede:
    """These mails, which wait, do not go: what they say stands in one that this plan sends, or is over."""

    outbound: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UndoAct:
    """The act is undone: its mails do not go, its entries count no more, its tickets are as they were."""

    act: int


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A mail that a cap or window suppressed; stays visible as a private entry."""

    ticket: int | None
    notice: str
    to: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class RememberKeys:
    """Keys that mean this ticket from now on. `awaited`: ids that nobody has seen yet; they mean it for `sender`,
    whose mail named them. `kept`: what threading rules keep."""

    ticket: int
    message_ids: tuple[str, ...] = ()
    awaited: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class AddTime:
    ticket: int
    agent: str
    raw_minutes: int
    billed_minutes: int
    text: str
    courtesy: bool = False
    own_fault: bool = False
    corrects: int | None = None
    data: Json = field(default_factory=dict)
    at: datetime | None = None  # when the work was done; None = now


@dataclass(frozen=True, slots=True)
class OpenConsent:
    """Creates the consent and one token row per approver; `tokens` are (approver, sha256 hex, notice index)."""

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
    """Move a consent along phases.CONSENT; fails the transaction when it is not `waiting` any more."""

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
    data: Json


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """A moment at which work/deadlines looks at the ticket again, one of each type; at=None removes it.

    `since`: what the handler measures from, where it needs that.
    """

    type: DeadlineType
    ticket: int
    at: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class LinkOutage:
    ticket: int
    outage_id: int
    linked: bool = True


@dataclass(frozen=True, slots=True)
class MarkAddress:
    """A permanent bounce: the contact's address does not work."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkOutbound:
    """A delivery report told what became of an outgoing mail for one recipient."""

    outbound_id: int
    recipient: str
    state: RecipientState
    answer: str


@dataclass(frozen=True, slots=True)
class ContactInput:
    """A person as `contact add` and an import give them; the first address is the main one."""

    addresses: tuple[str, ...]
    name: str = ""
    phone: str = ""
    language: str = ""
    roles: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    site: str = ""
    desk_address: str = ""


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


@dataclass(frozen=True, slots=True)
class FileMail:
    """An agent puts a mail that was judged, and stands nowhere, on a ticket, with this entry for its words."""

    inbound_id: int
    ticket: int
    agent: str
    entry: AddEntry
    message_id: str | None = None


Change = (
    OpenTicket | UpdateTicket | AddEntry | AddParticipant | RemoveParticipants | AddLink | RemoveLink | MoveEntries
    | MoveKeys | SendNotice | HeldBack | RememberKeys | AddTime
    | OpenConsent | DecideConsent | AddTokens | LogConsent | SetDeadline | LinkOutage | MarkAddress | MarkOutbound
    | SaveContact | LeaveCompany | RemoveContact | SaveCompany | RemoveCompany | OpenOutage | TellOutage | FileMail
    | RecordAct | Supersede | UndoAct
)  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one mail or one act causes. Applied in one transaction, in order."""

    changes: tuple[Change, ...] = ()
    decision: Decision | None = None
    inbound_state: InboundState = InboundState.DONE
    inbound_ticket: int | None = None  # number, NEW or None
    error: str = ""
    duplicate_of: int | None = None  # inbound id of the first such mail


# ---------------------------------------------------------------------------------------------- reports


class FigureUnit(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    MINUTES = "minutes"
    SHARE = "share"  # so many of so many


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigure:
    """One line of the table. `of`: what a share is of."""

    key: str
    unit: FigureUnit
    now: int
    before: int
    of_now: int = 0
    of_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPoint:
    """One thing to look at: the phrase [report.point] `code`, and what it names. Minutes are whole."""

    code: str
    company: str = ""
    kind: str = ""
    ticket: int = 0
    n: int = 0
    all: int = 0
    now: int = 0
    before: int = 0
    minutes: int = 0
    days: int = 0
    percent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHours:
    """Billed minutes of a customer or a request, in this period and the one before; `over`: of this one's."""

    name: str
    now: int
    before: int
    over: int = 0
