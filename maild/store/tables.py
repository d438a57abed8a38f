"""The tables of statements. Written by `python -m maild.store.generate` from models.py: change those.

Only what statements need stands here; keys to other tables, indexes and defaults are the models' and the
migrations'.

Over 300 lines: generated.
"""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, Table, Text

from maild.store.types import BigId, Choice, JsonText, Moment, Words
from maild.ticket.phases import ConsentState, HookState, InboundState, OutboundState, Phase, RecipientState
from maild.ticket.vocabulary import ConsentKind, EntryType, LastWord, Severity, TicketKind

METADATA = MetaData()

# fmt: off

META = Table(
    "meta", METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

COUNTER = Table(
    "counter", METADATA,
    Column("name", Text, primary_key=True),
    Column("value", BigId, nullable=False),
)

EVENT = Table(
    "event", METADATA,
    Column("id", BigId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("object", Text, nullable=False),
    Column("object_id", BigId, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("note", Words, nullable=False),
)

PROCESS = Table(
    "process", METADATA,
    Column("id", Text, primary_key=True),
    Column("place", Words, nullable=False),
    Column("started_at", Moment, nullable=False),
)

LEASE = Table(
    "lease", METADATA,
    Column("name", Words, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", BigId, nullable=False),
    Column("until", Moment),
)

COMPANY = Table(
    "company", METADATA,
    Column("key", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("service_level", Words, nullable=False),
    Column("calendar", Words, nullable=False),
    Column("calendars", JsonText, nullable=False),
    Column("standing", Words, nullable=False),
    Column("who_may_file", Words, nullable=False),
    Column("require", Words, nullable=False),
    Column("self_approval", JsonText, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("valid_from", Words, nullable=False),
    Column("valid_until", Words, nullable=False),
    Column("covered", JsonText, nullable=False),
    Column("excluded", JsonText, nullable=False),
    Column("oncall_phone", Words, nullable=False),
    Column("oncall_code", Words, nullable=False),
    Column("oncall_calendar", Words, nullable=False),
    Column("cost_needs_consent", Boolean, nullable=False),
    Column("included_minutes", Integer, nullable=False),
    Column("hours_period", Text, nullable=False),
    Column("carry", Boolean, nullable=False),
    Column("hours_in_mail", Boolean, nullable=False),
)

COMPANY_DOMAIN = Table(
    "company_domain", METADATA,
    Column("domain", Words, primary_key=True),
    Column("company", Words, nullable=False),
    Column("position", Integer, nullable=False),
)

SITE = Table(
    "site", METADATA,
    Column("company", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("data", JsonText, nullable=False),
)

CONTACT = Table(
    "contact", METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("phone", Words, nullable=False),
    Column("erased_at", Moment),
)

CONTACT_ADDRESS = Table(
    "contact_address", METADATA,
    Column("address", Words, primary_key=True),
    Column("contact_id", BigId, nullable=False),
    Column("position", Integer, nullable=False),
)

MEMBERSHIP = Table(
    "membership", METADATA,
    Column("contact_id", BigId, primary_key=True, autoincrement=False),
    Column("company", Words, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("roles", JsonText, nullable=False),
    Column("approves", JsonText, nullable=False),
    Column("site", Words, nullable=False),
    Column("desk_address", Words, nullable=False),
)

BOUNCED_ADDRESS = Table(
    "bounced_address", METADATA,
    Column("address", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reason", Words, nullable=False),
)

TICKET = Table(
    "ticket", METADATA,
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("subject", Words, nullable=False),
    Column("company", Text),
    Column("requester", Words, nullable=False),
    Column("requester_name", Words, nullable=False),
    Column("kind", Choice(TicketKind), nullable=False),
    Column("severity", Choice(Severity), nullable=False),
    Column("team", Words, nullable=False),
    Column("owner", Words, nullable=False),
    Column("phase", Choice(Phase), nullable=False),
    Column("phase_before", Choice(Phase), nullable=False),
    Column("language", Text, nullable=False),
    Column("topic", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("respond_by", Moment),
    Column("resolve_by", Moment),
    Column("responded_at", Moment),
    Column("resolved_at", Moment),
    Column("closed_at", Moment),
    Column("root_message_id", Text, nullable=False),
    Column("merged_into", BigId),
    Column("last_message_id", Words),
    Column("last_word", Choice(LastWord), nullable=False),
    Column("waiting_since", Moment),
    Column("reply_by", Moment),
    Column("due", Moment),
    Column("data", JsonText, nullable=False),
)

PARTICIPANT = Table(
    "participant", METADATA,
    Column("ticket", BigId, primary_key=True, autoincrement=False),
    Column("address", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("via", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

ENTRY = Table(
    "entry", METADATA,
    Column("id", BigId, primary_key=True),
    Column("ticket", BigId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("type", Choice(EntryType), nullable=False),
    Column("author", Words, nullable=False),
    Column("channel", Text, nullable=False),
    Column("text", Words, nullable=False),
    Column("full_text", Words, nullable=False),
    Column("elided", Words, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("data", JsonText, nullable=False),
    Column("message_id", Words),
    Column("inbound_id", BigId),
)

LINK = Table(
    "link", METADATA,
    Column("ticket", BigId, primary_key=True, autoincrement=False),
    Column("type", Text, primary_key=True),
    Column("other", BigId, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

TIME_ENTRY = Table(
    "time_entry", METADATA,
    Column("id", BigId, primary_key=True),
    Column("ticket", BigId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("agent", Words, nullable=False),
    Column("raw_minutes", Integer, nullable=False),
    Column("billed_minutes", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("courtesy", Boolean, nullable=False),
    Column("own_fault", Boolean, nullable=False),
    Column("outside", Boolean, nullable=False),
    Column("corrects", BigId),
    Column("data", JsonText, nullable=False),
)

KNOWN_KEY = Table(
    "known_key", METADATA,
    Column("key", Words, primary_key=True),
    Column("ticket", BigId, primary_key=True, autoincrement=False),
    Column("sender", Words, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("outbound_id", BigId),
    Column("notice", Text, nullable=False),
    Column("inbound_id", BigId),
    Column("sent_at", Moment),
)

DEADLINE = Table(
    "deadline", METADATA,
    Column("key", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("ticket", BigId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("data", JsonText, nullable=False),
    Column("claimed_until", Moment),
)

INBOUND = Table(
    "inbound", METADATA,
    Column("id", BigId, primary_key=True),
    Column("source_key", Words),
    Column("source", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("mail_from", Words),
    Column("rcpt_to", JsonText, nullable=False),
    Column("peer", Text, nullable=False),
    Column("trace", Words, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigId, nullable=False),
    Column("file", Text),
    Column("slow", Boolean, nullable=False),
    Column("state", Choice(InboundState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_until", Moment),
    Column("claimed_by", Text, nullable=False),
    Column("message_id", Words),
    Column("from_address", Words),
    Column("subject", Words),
    Column("kind", Text),
    Column("ticket", BigId),
    Column("fingerprint", Text),
    Column("duplicate_of", BigId),
    Column("dismissed_at", Moment),
    Column("error", Words, nullable=False),
    Column("traceback", Words, nullable=False),
)

INBOUND_RAW = Table(
    "inbound_raw", METADATA,
    Column("inbound_id", BigId, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    Column("packed", Boolean, nullable=False),
)

INBOUND_DECISION = Table(
    "inbound_decision", METADATA,
    Column("inbound_id", BigId, primary_key=True, autoincrement=False),
    Column("decision", JsonText, nullable=False),
)

OUTBOUND = Table(
    "outbound", METADATA,
    Column("id", BigId, primary_key=True),
    Column("notice", Text, nullable=False),
    Column("ticket", BigId),
    Column("inbound_id", BigId),
    Column("language", Text, nullable=False),
    Column("state", Choice(OutboundState), nullable=False),
    Column("message_id", Text, nullable=False),
    Column("in_reply_to", Words),
    Column("refs", JsonText, nullable=False),
    Column("auto", Text, nullable=False),
    Column("null_sender", Boolean, nullable=False),
    Column("secret", Boolean, nullable=False),
    Column("token", Text),
    Column("attach", JsonText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Moment, nullable=False),
    Column("claimed_until", Moment),
    Column("claimed_by", Text, nullable=False),
    Column("maybe_sent", Boolean, nullable=False),
    Column("answer", Words, nullable=False),
    Column("sent_at", Moment),
)

OUTBOUND_DATA = Table(
    "outbound_data", METADATA,
    Column("outbound_id", BigId, primary_key=True, autoincrement=False),
    Column("data", JsonText, nullable=False),
)

OUTBOUND_RECIPIENT = Table(
    "outbound_recipient", METADATA,
    Column("outbound_id", BigId, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("address", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("field", Text, nullable=False),
    Column("state", Choice(RecipientState), nullable=False),
    Column("answer", Words, nullable=False),
    Column("at", Moment),
)

OUTBOUND_BYTES = Table(
    "outbound_bytes", METADATA,
    Column("outbound_id", BigId, primary_key=True, autoincrement=False),
    Column("mail_from", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("packed", Boolean, nullable=False),
)

HELD_NOTICE = Table(
    "held_notice", METADATA,
    Column("id", BigId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("inbound_id", BigId),
    Column("notice", Text, nullable=False),
    Column("address", Words, nullable=False),
    Column("code", Text, nullable=False),
    Column("evidence", Words, nullable=False),
)

AUTOMATIC_COUNT = Table(
    "automatic_count", METADATA,
    Column("key", Words, primary_key=True),
    Column("minute", BigId, primary_key=True, autoincrement=False),
    Column("process", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

BLOB = Table(
    "blob", METADATA,
    Column("sha256", Text, primary_key=True),
    Column("name", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

CONSENT = Table(
    "consent", METADATA,
    Column("id", BigId, primary_key=True),
    Column("ticket", BigId, nullable=False),
    Column("kind", Choice(ConsentKind), nullable=False),
    Column("state", Choice(ConsentState), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("approvers", JsonText, nullable=False),
    Column("requester", Words, nullable=False),
    Column("request_sha256", Text, nullable=False),
    Column("request_text", Words, nullable=False),
    Column("require", Text, nullable=False),
    Column("phase_before", Choice(Phase), nullable=False),
    Column("decided_by", Words, nullable=False),
    Column("decided_at", Moment),
    Column("reason", Words, nullable=False),
    Column("data", JsonText, nullable=False),
)

CONSENT_TOKEN = Table(
    "consent_token", METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("consent_id", BigId, nullable=False),
    Column("approver", Words, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("spent_at", Moment),
    Column("void_at", Moment),
)

CONSENT_LOG = Table(
    "consent_log", METADATA,
    Column("seq", BigId, primary_key=True, autoincrement=False),
    Column("consent_id", BigId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("event", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

OUTAGE = Table(
    "outage", METADATA,
    Column("id", BigId, primary_key=True),
    Column("title", Words, nullable=False),
    Column("companies", JsonText, nullable=False),
    Column("words", JsonText, nullable=False),
    Column("text", Words, nullable=False),
    Column("eta", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("resolved_at", Moment),
)

OUTAGE_UPDATE = Table(
    "outage_update", METADATA,
    Column("id", BigId, primary_key=True),
    Column("outage_id", BigId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("agent", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("eta", Moment),
)

OUTAGE_TICKET = Table(
    "outage_ticket", METADATA,
    Column("outage_id", BigId, primary_key=True, autoincrement=False),
    Column("ticket", BigId, primary_key=True, autoincrement=False),
    Column("linked", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)

IMAP_STATE = Table(
    "imap_state", METADATA,
    Column("account", Words, primary_key=True),
    Column("folder", Words, primary_key=True),
    Column("uidvalidity", BigId, nullable=False),
    Column("watermark", BigId, nullable=False),
)

ERASURE = Table(
    "erasure", METADATA,
    Column("id", BigId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("agent", Words, nullable=False),
    Column("mark", Text, nullable=False),
    Column("report", JsonText, nullable=False),
)

SEEN = Table(
    "seen", METADATA,
    Column("agent", Words, primary_key=True),
    Column("ticket", BigId, primary_key=True, autoincrement=False),
    Column("entry", BigId, nullable=False),
    Column("at", Moment, nullable=False),
)

ACT = Table(
    "act", METADATA,
    Column("id", BigId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("agent", Words, nullable=False),
    Column("ticket", BigId, nullable=False),
    Column("made", JsonText, nullable=False),
    Column("before", JsonText, nullable=False),
    Column("undone_at", Moment),
)

CANNED = Table(
    "canned", METADATA,
    Column("name", Words, primary_key=True),
    Column("language", Words, primary_key=True),
    Column("text", Words, nullable=False),
    Column("agent", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

WEB_LINK = Table(
    "web_link", METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("address", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

WEB_SESSION = Table(
    "web_session", METADATA,
    Column("id_hash", Text, primary_key=True),
    Column("contact_id", BigId, nullable=False),
    Column("address", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
)

HOOK_DELIVERY = Table(
    "hook_delivery", METADATA,
    Column("id", BigId, primary_key=True),
    Column("url", Words, nullable=False),
    Column("event", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("ticket", BigId),
    Column("state", Choice(HookState), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Moment, nullable=False),
    Column("claimed_until", Moment),
    Column("claimed_by", Text, nullable=False),
    Column("ended_at", Moment),
    Column("answer", Words, nullable=False),
    Column("body", Words, nullable=False),
)
