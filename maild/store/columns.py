"""The columns of all tables. Written by `python -m maild.store.generate` from models.py: change those.

Only what statements need stands here; keys to other tables, indexes and defaults are the models' and the
migrations'.

Over 300 lines: generated.
"""

from maild.store.plain_table import (
    BYTES,
    CODE,
    ID,
    JSON,
    MOMENT,
    NUMBER,
    SMALL,
    WORDS,
    YES_NO,
    PlainTable,
    choice,
)
from maild.ticket.phases import ConsentState, HookState, InboundState, OutboundState, Phase, RecipientState
from maild.ticket.vocabulary import ConsentKind, EntryType, LastWord, Severity, TicketKind

# fmt: off

META = PlainTable("meta", {
    "key": CODE.key,
    "value": CODE,
})

COUNTER = PlainTable("counter", {
    "name": CODE.key,
    "value": NUMBER,
})

EVENT = PlainTable("event", {
    "id": ID,
    "at": MOMENT,
    "object": CODE,
    "object_id": NUMBER,
    "old": CODE,
    "new": CODE,
    "note": WORDS,
})

PROCESS = PlainTable("process", {
    "id": CODE.key,
    "place": WORDS,
    "started_at": MOMENT,
})

LEASE = PlainTable("lease", {
    "name": WORDS.key,
    "holder": CODE,
    "fence": NUMBER,
    "until": MOMENT.maybe,
})

COMPANY = PlainTable("company", {
    "key": WORDS.key,
    "name": WORDS,
    "language": WORDS,
    "service_level": WORDS,
    "calendar": WORDS,
    "calendars": JSON,
    "standing": WORDS,
    "who_may_file": WORDS,
    "require": WORDS,
    "self_approval": JSON,
    "timezone": WORDS,
    "valid_from": WORDS,
    "valid_until": WORDS,
    "covered": JSON,
    "excluded": JSON,
    "oncall_phone": WORDS,
    "oncall_code": WORDS,
    "oncall_calendar": WORDS,
    "cost_needs_consent": YES_NO,
    "included_minutes": SMALL,
    "hours_period": CODE,
    "carry": YES_NO,
    "hours_in_mail": YES_NO,
})

COMPANY_DOMAIN = PlainTable("company_domain", {
    "domain": WORDS.key,
    "company": WORDS,
    "position": SMALL,
})

SITE = PlainTable("site", {
    "company": WORDS.key,
    "key": WORDS.key,
    "data": JSON,
})

CONTACT = PlainTable("contact", {
    "id": ID,
    "name": WORDS,
    "language": WORDS,
    "phone": WORDS,
    "erased_at": MOMENT.maybe,
})

CONTACT_ADDRESS = PlainTable("contact_address", {
    "address": WORDS.key,
    "contact_id": NUMBER,
    "position": SMALL,
})

MEMBERSHIP = PlainTable("membership", {
    "contact_id": NUMBER.key,
    "company": WORDS.key,
    "position": SMALL,
    "roles": JSON,
    "approves": JSON,
    "site": WORDS,
    "desk_address": WORDS,
})

BOUNCED_ADDRESS = PlainTable("bounced_address", {
    "address": WORDS.key,
    "at": MOMENT,
    "reason": WORDS,
})

TICKET = PlainTable("ticket", {
    "number": NUMBER.key,
    "subject": WORDS,
    "company": CODE.maybe,
    "requester": WORDS,
    "requester_name": WORDS,
    "kind": choice(TicketKind),
    "severity": choice(Severity),
    "team": WORDS,
    "owner": WORDS,
    "phase": choice(Phase),
    "phase_before": choice(Phase),
    "language": CODE,
    "topic": WORDS,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "respond_by": MOMENT.maybe,
    "resolve_by": MOMENT.maybe,
    "responded_at": MOMENT.maybe,
    "resolved_at": MOMENT.maybe,
    "closed_at": MOMENT.maybe,
    "root_message_id": CODE,
    "merged_into": NUMBER.maybe,
    "last_message_id": WORDS.maybe,
    "last_word": choice(LastWord),
    "waiting_since": MOMENT.maybe,
    "reply_by": MOMENT.maybe,
    "due": MOMENT.maybe,
    "data": JSON,
})

PARTICIPANT = PlainTable("participant", {
    "ticket": NUMBER.key,
    "address": WORDS.key,
    "name": WORDS,
    "via": CODE,
    "at": MOMENT,
})

ENTRY = PlainTable("entry", {
    "id": ID,
    "ticket": NUMBER,
    "at": MOMENT,
    "type": choice(EntryType),
    "author": WORDS,
    "channel": CODE,
    "text": WORDS,
    "full_text": WORDS,
    "elided": WORDS,
    "public": YES_NO,
    "data": JSON,
    "message_id": WORDS.maybe,
    "inbound_id": NUMBER.maybe,
})

LINK = PlainTable("link", {
    "ticket": NUMBER.key,
    "type": CODE.key,
    "other": NUMBER.key,
    "at": MOMENT,
})

TIME_ENTRY = PlainTable("time_entry", {
    "id": ID,
    "ticket": NUMBER,
    "at": MOMENT,
    "agent": WORDS,
    "raw_minutes": SMALL,
    "billed_minutes": SMALL,
    "text": WORDS,
    "courtesy": YES_NO,
    "own_fault": YES_NO,
    "outside": YES_NO,
    "corrects": NUMBER.maybe,
    "data": JSON,
})

KNOWN_KEY = PlainTable("known_key", {
    "key": WORDS.key,
    "ticket": NUMBER.key,
    "sender": WORDS.key,
    "origin": CODE,
    "outbound_id": NUMBER.maybe,
    "notice": CODE,
    "inbound_id": NUMBER.maybe,
    "sent_at": MOMENT.maybe,
})

DEADLINE = PlainTable("deadline", {
    "key": CODE.key,
    "type": CODE,
    "ticket": NUMBER,
    "at": MOMENT,
    "data": JSON,
    "claimed_until": MOMENT.maybe,
})

INBOUND = PlainTable("inbound", {
    "id": ID,
    "source_key": WORDS.maybe,
    "source": CODE,
    "received_at": MOMENT,
    "mail_from": WORDS.maybe,
    "rcpt_to": JSON,
    "peer": CODE,
    "trace": WORDS,
    "sha256": CODE,
    "size": NUMBER,
    "file": CODE.maybe,
    "slow": YES_NO,
    "state": choice(InboundState),
    "attempts": SMALL,
    "claimed_until": MOMENT.maybe,
    "claimed_by": CODE,
    "message_id": WORDS.maybe,
    "from_address": WORDS.maybe,
    "subject": WORDS.maybe,
    "kind": CODE.maybe,
    "ticket": NUMBER.maybe,
    "fingerprint": CODE.maybe,
    "duplicate_of": NUMBER.maybe,
    "dismissed_at": MOMENT.maybe,
    "error": WORDS,
    "traceback": WORDS,
})

INBOUND_RAW = PlainTable("inbound_raw", {
    "inbound_id": NUMBER.key,
    "content": BYTES,
    "packed": YES_NO,
})

INBOUND_DECISION = PlainTable("inbound_decision", {
    "inbound_id": NUMBER.key,
    "decision": JSON,
})

OUTBOUND = PlainTable("outbound", {
    "id": ID,
    "notice": CODE,
    "ticket": NUMBER.maybe,
    "inbound_id": NUMBER.maybe,
    "language": CODE,
    "state": choice(OutboundState),
    "message_id": CODE,
    "in_reply_to": WORDS.maybe,
    "refs": JSON,
    "auto": CODE,
    "null_sender": YES_NO,
    "secret": YES_NO,
    "token": CODE.maybe,
    "attach": JSON,
    "created_at": MOMENT,
    "attempts": SMALL,
    "next_attempt_at": MOMENT,
    "claimed_until": MOMENT.maybe,
    "claimed_by": CODE,
    "maybe_sent": YES_NO,
    "answer": WORDS,
    "sent_at": MOMENT.maybe,
})

OUTBOUND_DATA = PlainTable("outbound_data", {
    "outbound_id": NUMBER.key,
    "data": JSON,
})

OUTBOUND_RECIPIENT = PlainTable("outbound_recipient", {
    "outbound_id": NUMBER.key,
    "position": SMALL.key,
    "address": WORDS,
    "name": WORDS,
    "field": CODE,
    "state": choice(RecipientState),
    "answer": WORDS,
    "at": MOMENT.maybe,
})

OUTBOUND_BYTES = PlainTable("outbound_bytes", {
    "outbound_id": NUMBER.key,
    "mail_from": WORDS,
    "subject": WORDS,
    "content": BYTES,
    "packed": YES_NO,
})

HELD_NOTICE = PlainTable("held_notice", {
    "id": ID,
    "at": MOMENT,
    "inbound_id": NUMBER.maybe,
    "notice": CODE,
    "address": WORDS,
    "code": CODE,
    "evidence": WORDS,
})

AUTOMATIC_COUNT = PlainTable("automatic_count", {
    "key": WORDS.key,
    "minute": NUMBER.key,
    "process": CODE.key,
    "count": SMALL,
})

BLOB = PlainTable("blob", {
    "sha256": CODE.key,
    "name": WORDS,
    "type": WORDS,
    "at": MOMENT,
    "content": BYTES,
})

CONSENT = PlainTable("consent", {
    "id": ID,
    "ticket": NUMBER,
    "kind": choice(ConsentKind),
    "state": choice(ConsentState),
    "requested_at": MOMENT,
    "expires_at": MOMENT,
    "approvers": JSON,
    "requester": WORDS,
    "request_sha256": CODE,
    "request_text": WORDS,
    "require": CODE,
    "phase_before": choice(Phase),
    "decided_by": WORDS,
    "decided_at": MOMENT.maybe,
    "reason": WORDS,
    "data": JSON,
})

CONSENT_TOKEN = PlainTable("consent_token", {
    "token_hash": CODE.key,
    "consent_id": NUMBER,
    "approver": WORDS,
    "message_id": CODE,
    "expires_at": MOMENT,
    "spent_at": MOMENT.maybe,
    "void_at": MOMENT.maybe,
})

CONSENT_LOG = PlainTable("consent_log", {
    "seq": NUMBER.key,
    "consent_id": NUMBER,
    "at": MOMENT,
    "event": CODE,
    "data": CODE,
    "prev_hash": CODE,
    "hash": CODE,
})

OUTAGE = PlainTable("outage", {
    "id": ID,
    "title": WORDS,
    "companies": JSON,
    "words": JSON,
    "text": WORDS,
    "eta": MOMENT.maybe,
    "opened_at": MOMENT,
    "resolved_at": MOMENT.maybe,
})

OUTAGE_UPDATE = PlainTable("outage_update", {
    "id": ID,
    "outage_id": NUMBER,
    "at": MOMENT,
    "agent": WORDS,
    "text": WORDS,
    "eta": MOMENT.maybe,
})

OUTAGE_TICKET = PlainTable("outage_ticket", {
    "outage_id": NUMBER.key,
    "ticket": NUMBER.key,
    "linked": YES_NO,
    "at": MOMENT,
})

IMAP_STATE = PlainTable("imap_state", {
    "account": WORDS.key,
    "folder": WORDS.key,
    "uidvalidity": NUMBER,
    "watermark": NUMBER,
})

ERASURE = PlainTable("erasure", {
    "id": ID,
    "at": MOMENT,
    "agent": WORDS,
    "mark": CODE,
    "report": JSON,
})

SEEN = PlainTable("seen", {
    "agent": WORDS.key,
    "ticket": NUMBER.key,
    "entry": NUMBER,
    "at": MOMENT,
})

ACT = PlainTable("act", {
    "id": ID,
    "at": MOMENT,
    "agent": WORDS,
    "ticket": NUMBER,
    "made": JSON,
    "before": JSON,
    "undone_at": MOMENT.maybe,
})

CANNED = PlainTable("canned", {
    "name": WORDS.key,
    "language": WORDS.key,
    "text": WORDS,
    "agent": WORDS,
    "at": MOMENT,
})

WEB_LINK = PlainTable("web_link", {
    "token_hash": CODE.key,
    "address": WORDS,
    "created_at": MOMENT,
    "expires_at": MOMENT,
    "used_at": MOMENT.maybe,
})

WEB_SESSION = PlainTable("web_session", {
    "id_hash": CODE.key,
    "contact_id": NUMBER,
    "address": WORDS,
    "created_at": MOMENT,
    "used_at": MOMENT,
})

HOOK_DELIVERY = PlainTable("hook_delivery", {
    "id": ID,
    "url": WORDS,
    "event": CODE,
    "event_id": CODE,
    "ticket": NUMBER.maybe,
    "state": choice(HookState),
    "created_at": MOMENT,
    "attempts": SMALL,
    "next_attempt_at": MOMENT,
    "claimed_until": MOMENT.maybe,
    "claimed_by": CODE,
    "ended_at": MOMENT.maybe,
    "answer": WORDS,
    "body": WORDS,
})
