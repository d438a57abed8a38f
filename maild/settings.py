"""The typed settings that `config.py` makes of config.toml. Pure values: every room may read them.

Each field's unit stands in its name or its comment; the commented `config.toml` is the reference.

Over 300 lines: every key of config.toml, a dataclass a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Annotated

from maild.languages import LANGUAGES
from maild.secret import NONE as NO_SECRET
from maild.secret import Secret
from maild.ticket.vocabulary import Severity, TicketKind
from maild.values import dataclass

Weekly = tuple[tuple[tuple[int, int], ...], ...]
"""Seven weekdays from Monday; each a tuple of (from, to) in minutes after local midnight, to <= 1440."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The texts that a key may have."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Positive:
    """A number that 0 makes no sense for; others must only not be negative."""


#: a thousand years: neither that long ago nor in so much time is a date that Python does not know
MOST_DAYS = 365_000
#: what a key may be, where its type does not say it
LanguageOf = Annotated[str, OneOf(LANGUAGES)]
LanguageOrNone = Annotated[str, OneOf(("", *LANGUAGES))]
Count = Annotated[int, Positive()]
Amount = Annotated[float, Positive()]


@dataclass(frozen=True, slots=True)
class DeskSettings:
    name: str = "Example Help Desk"
    address: str = "help@desk.example"
    aliases: tuple[str, ...] = ()
    language: LanguageOf = "en"
    timezone: str = "Europe/Budapest"
    colour: str = "#1f5fa8"  # of the mails' head
    logo: str = ""  # file (PNG, JPEG) shown in the mails' head
    phone: str = ""
    first_number: Count = 1001
    signature: str = ""
    status_page: str = ""  # folder for the outages' static page; "" = none

    @property
    def domain(self) -> str:
        """Domain of the desk's address: right-hand side of our Message-IDs."""
        return self.address.rpartition("@")[2]

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases)


@dataclass(frozen=True, slots=True)
class Database:
    url: str = "sqlite:///var/maild.db"
    large_mail_bytes: int = 262_144  # mails above stand as files beside the database
    busy_timeout_seconds: float = 10.0
    folder: Path = Path("var/mails")  # for those files


@dataclass(frozen=True, slots=True)
class Smtp:
    listen: str = "127.0.0.1:2525"
    hostname: str = ""  # in the greeting and Received; "" = the machine's
    max_bytes: Count = 31_457_280
    max_recipients: Count = 100
    max_connections: Count = 200
    max_connections_per_address: int = 20
    max_bytes_in_flight: int = 100_663_296
    timeout_seconds: float = 300.0
    tls_cert: str = ""
    tls_key: str = ""
    require_tls: bool = False
    trusted_relays: Mapping[str, str] = field(default_factory=dict)  # IP or network -> authserv-id


@dataclass(frozen=True, slots=True)
class Imap:
    name: str
    host: str = "127.0.0.1"
    port: int = 993
    security: Annotated[str, OneOf(("tls", "starttls", "none"))] = "tls"
    ca_file: str = ""
    username: str = ""
    password: Secret = NO_SECRET  # of password_env or password_file
    folder: str = "INBOX"
    done: str = "flag"  # flag, move:FOLDER, delete
    start: Annotated[str, OneOf(("unseen", "all", "new"))] = "unseen"
    trust_results_of: str = ""
    oauth: Mapping[str, str | Secret] = field(
        default_factory=dict
    )  # provider, tenant, client_id, client_secret ...
    credentials_end: str = ""  # "2027-01-31": the last day of the password, token or secret
    idle_renew_seconds: Amount = 540.0
    poll_seconds: Amount = 60.0
    timeout_seconds: Amount = 60.0
    batch: Count = 50
    batch_bytes: Count = 16_777_216


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    kind: Annotated[str, OneOf(("maildir", "smtp"))] = "maildir"
    maildir: str = "var/outbox"
    host: str = "127.0.0.1"
    port: int = 25
    security: Annotated[str, OneOf(("none", "starttls", "tls"))] = "none"
    ca_file: str = ""
    username: str = ""
    password: Secret = NO_SECRET
    oauth: Mapping[str, str | Secret] = field(default_factory=dict)
    credentials_end: str = ""
    null_sender: Annotated[str, OneOf(("auto", "always", "never"))] = "auto"
    verp: bool = True
    connections: Count = 4
    timeout_seconds: Amount = 60.0
    retry_minutes: tuple[float, ...] = (1, 5, 15, 30, 60)  # the last one repeats
    give_up_days: float = 4.0
    hold_seconds: float = 10.0  # mails of agents' acts; 0 = none waits
    dkim_selector: str = ""
    dkim_domain: str = ""
    dkim_key: Secret = NO_SECRET  # PEM, of dkim_key_file


@dataclass(frozen=True, slots=True)
class ThreadingSettings:
    rules: tuple[str, ...] | None = None  # None: threading_rules.ORDER
    subject_tag: str = "[#{number}]"
    reopen_days: int = 14
    reply_addresses: bool = False
    changed_subject: Annotated[str, OneOf(("join", "new"))] = "join"  # by a reply on an open ticket


@dataclass(frozen=True, slots=True)
class Time:
    quantum_minutes: Count = 15
    rounding: Annotated[str, OneOf(("up", "nearest", "down"))] = "up"


@dataclass(frozen=True, slots=True)
class Authentication:
    verify_dkim: bool = True
    resolver: str = ""
    timeout_seconds: float = 2.0  # an acknowledgement never waits longer


@dataclass(frozen=True, slots=True)
class Approval:
    require: Annotated[str, OneOf(("dmarc", "token"))] = "dmarc"
    expires_days: Amount = 7.0
    remind_hours: float = 8.0  # working hours
    kinds: tuple[str, ...] = ("permission", "device")
    date_slack_minutes: int = 1440
    retain_days: int = 3650
    yes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> words
    no: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # for quotes and costs, beside `yes`
    tails: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what may follow the word


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which `maild retention` removes things; 0: never."""

    mails_days: int = 0
    attachments_days: int = 0
    people_days: int = 0


@dataclass(frozen=True, slots=True)
class Alarms:
    """When the desk writes to its operator about itself. An amount of 0: not for that."""

    to: tuple[str, ...] = ()  # nobody: /metrics alone tells
    no_mail_hours: float = 4.0  # of the office's time
    waits_minutes: float = 15.0  # a mail that came in, one that goes out, a mailbox that is not connected
    disk_free_mb: int = 2000
    credentials_days: int = 7  # before `credentials_end`
    repeat_hours: Amount = 24.0


@dataclass(frozen=True, slots=True)
class Guards:
    allowed_lists: tuple[str, ...] = ()
    open_for: tuple[str, ...] = ()
    spam_header: str = ""


@dataclass(frozen=True, slots=True)
class LimitSettings:
    automatic_mails_per_address_per_hour: int = 10
    automatic_mails_per_ticket_per_hour: int = 20
    automatic_mails_to_unknown_per_hour: int = 100
    automatic_mails_per_hour: int = 2000
    same_notice_minutes: int = 60
    approvals_per_approver_per_hour: int = 60  # for requests that are not authenticated
    participants: int = 20  # people in copy of one mail; of more only who writes joins the ticket
    parse_seconds: Amount = 5.0
    decide_seconds: float = 2.0
    parse_memory_mb: Count = 512
    workers: Count = 2


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    name: str
    timezone: str = "Europe/Budapest"
    week: Weekly = ((),) * 7
    holidays: str = ""  # country or country-subdivision of the `holidays` package
    holidays_removed: tuple[str, ...] = ()  # by name: worked as usual
    holidays_hours: Mapping[str, tuple[tuple[int, int], ...]] = field(
        default_factory=dict
    )  # by name: shorter hours
    closed: tuple[str, ...] = ()  # ISO dates
    open: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)  # ISO date -> hours


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    name: str
    respond_hours: Mapping[str, float] = field(default_factory=dict)  # severity -> working hours
    resolve_hours: Mapping[str, float] = field(default_factory=dict)
    reply_hours: Mapping[str, float] = field(
        default_factory=dict
    )  # for later mails; empty = as respond_hours
    warn_percent: int = 75  # of the time to a promise, when the owner is warned
    call_back_minutes: int = 0  # on-call: promised call-back for critical cases
    oncall_calendar: str = ""  # "" = none
    oncall_severities: tuple[str, ...] = ("infrastructure",)


#: what an agent is told unless they choose otherwise; the rest (deadlines, consents, bounces ...) always comes
NOTICES = ("new", "reply", "assigned", "reopened", "complaint", "urgent")


@dataclass(frozen=True, slots=True)
class Agent:
    """One of our own people. `name` is what they type, `full_name` what customers read."""

    name: str
    address: str = ""
    teams: tuple[str, ...] = ()
    language: LanguageOrNone = ""  # of what they are told; "" = the desk's
    full_name: str = ""  # "" = the name
    signature: str = ""  # below their words to customers; "" = the full name
    notices: tuple[Annotated[str, OneOf(NOTICES)], ...] = NOTICES
    digest: bool = True

    @property
    def shown(self) -> str:
        """The name that customers read."""
        return self.full_name or self.name


@dataclass(frozen=True, slots=True)
class AgentMail:
    """Telling agents by mail, and acting on their answers."""

    require: Annotated[str, OneOf(("dmarc", "token", "off"))] = "dmarc"  # whose mail may act as an agent
    window_minutes: float = 5.0  # one notice a ticket and agent in this time; 0 = each at once
    digest: str = "07:30"  # HH:MM in the desk's time zone, on working days; "" = none


@dataclass(frozen=True, slots=True)
class Team:
    name: str
    lead: str = ""
    address: str = ""
    oncall: tuple[Mapping[str, str], ...] = ()  # rota: {"from" = ISO date, "to" = ISO date, "agent" = name}
    oncall_calendar: str = ""


@dataclass(frozen=True, slots=True)
class Keywords:
    """One [[keywords]] table. A word ending in * matches by beginning; phrases match as a sequence of words."""

    words: tuple[str, ...]
    language: LanguageOrNone = ""
    kind: Annotated[str, OneOf(("", *TicketKind))] = ""
    severity: Annotated[str, OneOf(("", *Severity))] = ""
    team: str = ""
    topic: str = ""
    out_of_scope: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """One [[hints]] table: a polite question for vague reports of a kind."""

    kind: Annotated[str, OneOf(tuple(TicketKind))]
    asks: tuple[str, ...]  # who, since, message, screenshot, place, phone
    when_missing: tuple[str, ...] = ()
    max_words: int = 25


@dataclass(frozen=True, slots=True)
class TicketSettings:
    auto_close_days: float = 7.0
    outage_close_days: float = 3.0
    sales_team: str = "sales"
    billing_team: str = "billing"
    review_team: str = "review"
    spam_team: str = "spam"
    default_team: str = "L1"
    complaint_team: str = "complaints"
    out_of_scope_text: Mapping[str, str] = field(default_factory=dict)  # language -> text


@dataclass(frozen=True, slots=True)
class Server:
    http: str = "127.0.0.1:0"  # /healthz and /metrics; "" = none
    uvloop: bool = True
    log: Annotated[str, OneOf(("auto", "human", "json"))] = "auto"
    log_level: Annotated[str, OneOf(("debug", "info", "warning", "error"))] = "info"


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of a form. `label` and `choices` by language; a language that lacks takes "en"."""

    name: str
    label: Mapping[str, str]
    type: str = "line"  # line, text, choice
    choices: tuple[Mapping[str, str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One [[forms]] table: what a new request of a kind is asked for on the customers' page."""

    kind: str
    title: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """Whether customers are asked if they are content."""

    ask: Annotated[str, OneOf(("never", "closed"))] = "never"


@dataclass(frozen=True, slots=True)
class Web:
    """The customers' page."""

    listen: str = ""  # "127.0.0.1:8026"; "" = no page
    url: str = ""  # "https://help.example": what links in mails begin with
    sees: Annotated[str, OneOf(("own", "company"))] = (
        "own"  # what a contact without the role `reference` sees
    )
    trusted_proxies: tuple[str, ...] = ()  # IPs or networks whose X-Forwarded-For is believed
    max_upload_bytes: int = 26_214_400
    max_files: int = 20


@dataclass(frozen=True, slots=True)
class ScheduledReport:
    """One [[report]]: figures that are mailed when their period is over."""

    name: str
    kinds: tuple[str, ...] = ("time", "sla", "volume")
    every: Annotated[str, OneOf(("month", "week"))] = "month"
    to: tuple[str, ...] = ()
    company: str = ""  # to its contacts with the role billing, about it alone; "" = about all, to `to`


@dataclass(frozen=True, slots=True)
class Webhook:
    """One [[webhook]]: a program that is told of events."""

    url: str
    events: tuple[str, ...] = ()
    secret: Secret = NO_SECRET  # of secret_env or secret_file
    timeout_seconds: Amount = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole configuration. `base` is the folder that relative paths are relative to."""

    desk: DeskSettings = field(default_factory=DeskSettings)
    database: Database = field(default_factory=Database)
    smtp: Smtp = field(default_factory=Smtp)
    imap: tuple[Imap, ...] = ()
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    threading: ThreadingSettings = field(default_factory=ThreadingSettings)
    time: Time = field(default_factory=Time)
    authentication: Authentication = field(default_factory=Authentication)
    approval: Approval = field(default_factory=Approval)
    retention: Retention = field(default_factory=Retention)
    alarms: Alarms = field(default_factory=Alarms)
    agent_mail: AgentMail = field(default_factory=AgentMail)
    guards: Guards = field(default_factory=Guards)
    limits: LimitSettings = field(default_factory=LimitSettings)
    tickets: TicketSettings = field(default_factory=TicketSettings)
    server: Server = field(default_factory=Server)
    web: Web = field(default_factory=Web)
    survey: Survey = field(default_factory=Survey)
    forms: Mapping[str, Form] = field(default_factory=dict)  # by kind; those of the file over the shipped
    calendars: Mapping[str, CalendarSettings] = field(default_factory=dict)
    service_levels: Mapping[str, ServiceLevel] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    keywords: tuple[Keywords, ...] = ()
    hints: tuple[Hint, ...] = ()
    reports: Mapping[str, ScheduledReport] = field(default_factory=dict)  # by name
    webhooks: tuple[Webhook, ...] = ()
    views: Mapping[str, str] = field(default_factory=dict)  # name -> options of `list`
    base: Path = Path(".")
    templates: str = ""  # [templates] folder = an own folder that overrides single files

    def path(self, text: str) -> Path:
        """`text` as a path, relative ones against the configuration file's folder."""
        whole = Path(text).expanduser()
        return whole if whole.is_absolute() else self.base / whole

    @property
    def sqlite_file(self) -> Path | None:
        """The file that [database] url names; None for a database on a server."""
        prefix, url = "sqlite:///", self.database.url
        return self.path(url.removeprefix(prefix)) if url.startswith(prefix) else None
