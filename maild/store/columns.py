"""The tables as they are read without SQLAlchemy. Written by `python -m maild.store.generate`.

Over 300 lines: generated.
"""

from maild.store.plain import from_micros, load
from maild.store.plain_table import PlainTable, one_of
from maild.ticket.phases import ConsentState, HookState, InboundState, OutboundState, Phase, RecipientState
from maild.ticket.vocabulary import ConsentKind, EntryType, LastWord, Severity, TicketKind

# fmt: off

META = PlainTable("meta", {
    "key": None,
    "value": None,
})

COUNTER = PlainTable("counter", {
    "name": None,
    "value": None,
})

EVENT = PlainTable("event", {
    "id": None,
    "at": from_micros,
    "object": None,
    "object_id": None,
    "old": None,
    "new": None,
    "note": None,
})

PROCESS = PlainTable("process", {
    "id": None,
    "place": None,
    "started_at": from_micros,
})

LEASE = PlainTable("lease", {
    "name": None,
    "holder": None,
    "fence": None,
    "until": from_micros,
})

COMPANY = PlainTable("company", {
    "key": None,
    "name": None,
    "language": None,
    "service_level": None,
    "calendar": None,
    "calendars": load,
    "standing": None,
    "who_may_file": None,
    "require": None,
    "self_approval": load,
    "timezone": None,
    "valid_from": None,
    "valid_until": None,
    "covered": load,
    "excluded": load,
    "oncall_phone": None,
    "oncall_code": None,
    "oncall_calendar": None,
    "cost_needs_consent": bool,
    "included_minutes": None,
    "hours_period": None,
    "carry": bool,
    "hours_in_mail": bool,
})

COMPANY_DOMAIN = PlainTable("company_domain", {
    "domain": None,
    "company": None,
    "position": None,
})

SITE = PlainTable("site", {
    "company": None,
    "key": None,
    "data": load,
})

CONTACT = PlainTable("contact", {
    "id": None,
    "name": None,
    "language": None,
    "phone": None,
    "erased_at": from_micros,
})

CONTACT_ADDRESS = PlainTable("contact_address", {
    "address": None,
    "contact_id": None,
    "position": None,
})

MEMBERSHIP = PlainTable("membership", {
    "contact_id": None,
    "company": None,
    "position": None,
    "roles": load,
    "approves": load,
    "site": None,
    "desk_address": None,
})

BOUNCED_ADDRESS = PlainTable("bounced_address", {
    "address": None,
    "at": from_micros,
    "reason": None,
})

TICKET = PlainTable("ticket", {
    "number": None,
    "subject": None,
    "company": None,
    "requester": None,
    "requester_name": None,
    "kind": one_of(TicketKind),
    "severity": one_of(Severity),
    "team": None,
    "owner": None,
    "phase": one_of(Phase),
    "phase_before": one_of(Phase),
    "language": None,
    "topic": None,
    "created_at": from_micros,
    "updated_at": from_micros,
    "respond_by": from_micros,
    "resolve_by": from_micros,
    "responded_at": from_micros,
    "resolved_at": from_micros,
    "closed_at": from_micros,
    "root_message_id": None,
    "merged_into": None,
    "last_message_id": None,
    "last_word": one_of(LastWord),
    "waiting_since": from_micros,
    "reply_by": from_micros,
    "due": from_micros,
    "data": load,
})

PARTICIPANT = PlainTable("participant", {
    "ticket": None,
    "address": None,
    "name": None,
    "via": None,
    "at": from_micros,
})

ENTRY = PlainTable("entry", {
    "id": None,
    "ticket": None,
    "at": from_micros,
    "type": one_of(EntryType),
    "author": None,
    "channel": None,
    "text": None,
    "full_text": None,
    "elided": None,
    "public": bool,
    "data": load,
    "message_id": None,
    "inbound_id": None,
})

LINK = PlainTable("link", {
    "ticket": None,
    "type": None,
    "other": None,
    "at": from_micros,
})

TIME_ENTRY = PlainTable("time_entry", {
    "id": None,
    "ticket": None,
    "at": from_micros,
    "agent": None,
    "raw_minutes": None,
    "billed_minutes": None,
    "text": None,
    "courtesy": bool,
    "own_fault": bool,
    "outside": bool,
    "corrects": None,
    "data": load,
})

KNOWN_KEY = PlainTable("known_key", {
    "key": None,
    "ticket": None,
    "sender": None,
    "origin": None,
    "outbound_id": None,
    "notice": None,
    "inbound_id": None,
    "sent_at": from_micros,
})

DEADLINE = PlainTable("deadline", {
    "key": None,
    "type": None,
    "ticket": None,
    "at": from_micros,
    "data": load,
    "claimed_until": from_micros,
})

INBOUND = PlainTable("inbound", {
    "id": None,
    "source_key": None,
    "source": None,
    "received_at": from_micros,
    "mail_from": None,
    "rcpt_to": load,
    "peer": None,
    "trace": None,
    "sha256": None,
    "size": None,
    "file": None,
    "slow": bool,
    "state": one_of(InboundState),
    "attempts": None,
    "claimed_until": from_micros,
    "claimed_by": None,
    "message_id": None,
    "from_address": None,
    "subject": None,
    "kind": None,
    "ticket": None,
    "fingerprint": None,
    "duplicate_of": None,
    "dismissed_at": from_micros,
    "error": None,
    "traceback": None,
})

INBOUND_RAW = PlainTable("inbound_raw", {
    "inbound_id": None,
    "content": None,
    "packed": bool,
})

INBOUND_DECISION = PlainTable("inbound_decision", {
    "inbound_id": None,
    "decision": load,
})

OUTBOUND = PlainTable("outbound", {
    "id": None,
    "notice": None,
    "ticket": None,
    "inbound_id": None,
    "language": None,
    "state": one_of(OutboundState),
    "message_id": None,
    "in_reply_to": None,
    "refs": load,
    "auto": None,
    "null_sender": bool,
    "secret": bool,
    "token": None,
    "attach": load,
    "created_at": from_micros,
    "attempts": None,
    "next_attempt_at": from_micros,
    "claimed_until": from_micros,
    "claimed_by": None,
    "maybe_sent": bool,
    "answer": None,
    "sent_at": from_micros,
})

OUTBOUND_DATA = PlainTable("outbound_data", {
    "outbound_id": None,
    "data": load,
})

OUTBOUND_RECIPIENT = PlainTable("outbound_recipient", {
    "outbound_id": None,
    "position": None,
    "address": None,
    "name": None,
    "field": None,
    "state": one_of(RecipientState),
    "answer": None,
    "at": from_micros,
})

OUTBOUND_BYTES = PlainTable("outbound_bytes", {
    "outbound_id": None,
    "mail_from": None,
    "subject": None,
    "content": None,
    "packed": bool,
})

HELD_NOTICE = PlainTable("held_notice", {
    "id": None,
    "at": from_micros,
    "inbound_id": None,
    "notice": None,
    "address": None,
    "code": None,
    "evidence": None,
})

AUTOMATIC_COUNT = PlainTable("automatic_count", {
    "key": None,
    "minute": None,
    "process": None,
    "count": None,
})

BLOB = PlainTable("blob", {
    "sha256": None,
    "name": None,
    "type": None,
    "at": from_micros,
    "content": None,
})

CONSENT = PlainTable("consent", {
    "id": None,
    "ticket": None,
    "kind": one_of(ConsentKind),
    "state": one_of(ConsentState),
    "requested_at": from_micros,
    "expires_at": from_micros,
    "approvers": load,
    "requester": None,
    "request_sha256": None,
    "request_text": None,
    "require": None,
    "phase_before": one_of(Phase),
    "decided_by": None,
    "decided_at": from_micros,
    "reason": None,
    "data": load,
})

CONSENT_TOKEN = PlainTable("consent_token", {
    "token_hash": None,
    "consent_id": None,
    "approver": None,
    "message_id": None,
    "expires_at": from_micros,
    "spent_at": from_micros,
    "void_at": from_micros,
})

CONSENT_LOG = PlainTable("consent_log", {
    "seq": None,
    "consent_id": None,
    "at": from_micros,
    "event": None,
    "data": None,
    "prev_hash": None,
    "hash": None,
})

OUTAGE = PlainTable("outage", {
    "id": None,
    "title": None,
    "companies": load,
    "words": load,
    "text": None,
    "eta": from_micros,
    "opened_at": from_micros,
    "resolved_at": from_micros,
})

OUTAGE_UPDATE = PlainTable("outage_update", {
    "id": None,
    "outage_id": None,
    "at": from_micros,
    "agent": None,
    "text": None,
    "eta": from_micros,
})

OUTAGE_TICKET = PlainTable("outage_ticket", {
    "outage_id": None,
    "ticket": None,
    "linked": bool,
    "at": from_micros,
})

IMAP_STATE = PlainTable("imap_state", {
    "account": None,
    "folder": None,
    "uidvalidity": None,
    "watermark": None,
})

ERASURE = PlainTable("erasure", {
    "id": None,
    "at": from_micros,
    "agent": None,
    "mark": None,
    "report": load,
})

SEEN = PlainTable("seen", {
    "agent": None,
    "ticket": None,
    "entry": None,
    "at": from_micros,
})

ACT = PlainTable("act", {
    "id": None,
    "at": from_micros,
    "agent": None,
    "ticket": None,
    "made": load,
    "before": load,
    "undone_at": from_micros,
})

CANNED = PlainTable("canned", {
    "name": None,
    "language": None,
    "text": None,
    "agent": None,
    "at": from_micros,
})

WEB_LINK = PlainTable("web_link", {
    "token_hash": None,
    "address": None,
    "created_at": from_micros,
    "expires_at": from_micros,
    "used_at": from_micros,
})

WEB_SESSION = PlainTable("web_session", {
    "id_hash": None,
    "contact_id": None,
    "address": None,
    "created_at": from_micros,
    "used_at": from_micros,
})

HOOK_DELIVERY = PlainTable("hook_delivery", {
    "id": None,
    "url": None,
    "event": None,
    "event_id": None,
    "ticket": None,
    "state": one_of(HookState),
    "created_at": from_micros,
    "attempts": None,
    "next_attempt_at": from_micros,
    "claimed_until": from_micros,
    "claimed_by": None,
    "ended_at": from_micros,
    "answer": None,
    "body": None,
})
