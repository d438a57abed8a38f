"""Made-up data for each notice: what `maild template preview` shows and what the checks render."""

from __future__ import annotations

from maild.render.pagedata import Json
from maild.render.words import Words

#: every notice that maild sends; each has its templates in each language
NOTICES = (
    "received", "accepted", "in_progress", "waiting_customer", "awaiting_approval", "scheduled",
    "resolved", "closed", "rejected", "merged", "reopened", "reply",
    "unknown_sender", "no_contract", "suspended", "not_entitled", "adopt_request", "adopted", "complaint",
    "phone_permission", "project", "outage_update", "outage_resolved",
    "approval_request", "approval_reminder", "approval_confirm", "approval_unclear",
    "approval_not_accepted", "approval_result",
    "quote_request", "cost_request", "cost_notice", "agent_alert",
)  # fmt: skip

#: every key that a notice's data may have; templates may use these (docs/templates.md)
KEYS = frozenset({
    "number", "subject", "phase", "kind", "severity", "channel", "company_name", "timezone", "requester",
    "recipient", "on_file", "promise", "attachments", "echo", "text", "outages", "hints", "oncall", "actor",
    "message", "history", "next", "out_of_scope", "out_of_scope_text", "follow_up_of", "merged_into", "project", "who_may",
    "owner", "approvers", "no_approver", "to_reference",
    "reply_days", "auto", "is_reply", "consent", "outcome", "reason", "desk_phone",
    "consent_head", "scheduled_for", "last_minutes", "alert", "lines",
})  # fmt: skip

_ASKING = ("approval_request", "approval_reminder", "approval_confirm", "approval_unclear")


def sample(notice: str, words: Words) -> Json:
    """Full data for the notice: every key that mails of this kind carry, in the language's words."""
    wrote, said = words("sample.wrote"), words("sample.said")
    data: Json = {
        "number": 15789, "subject": words("sample.subject"), "phase": _PHASES.get(notice, "received"), "kind": "incident",
        "severity": "system", "channel": "mail", "company_name": "Acme Kft.", "timezone": "Europe/Budapest",
        "requester": {"name": "Kovács Anna", "address": "anna@acme.example", "phone": "+36 1 555 0100"},
        "echo": True, "auto": notice != "reply", "reply_days": 14, "desk_phone": "+36 1 555 0000",
        "consent_head": "3f9a6c0d5b7e41d28c90aa17e6b2f4d1",
    }  # fmt: skip
    if notice not in ("received", *_ASKING, "adopt_request", "unknown_sender"):
        data["history"] = _history(wrote, said)
    data |= _particular(notice, words)
    return data


_PHASES = {
    "accepted": "accepted", "in_progress": "in_progress", "waiting_customer": "waiting_customer",
    "awaiting_approval": "awaiting_approval", "scheduled": "scheduled", "resolved": "resolved",
    "closed": "closed", "rejected": "rejected", "merged": "merged", "reopened": "in_progress",
    "reply": "in_progress", "not_entitled": "waiting_customer", "phone_permission": "waiting_customer",
    "outage_resolved": "resolved", "approval_request": "awaiting_approval",
    "approval_reminder": "awaiting_approval", "approval_confirm": "awaiting_approval",
    "approval_unclear": "awaiting_approval", "approval_not_accepted": "awaiting_approval",
    "quote_request": "awaiting_approval", "cost_request": "awaiting_approval",
}  # fmt: skip


def _history(wrote: str, said: str) -> list[Json]:
    return [
        {"at": "2026-11-02T10:05:00+00:00", "type": "phase", "phase": "in_progress", "author": "Kata"},
        {"at": "2026-11-02T08:40:00+00:00", "type": "reply", "author": "Kata", "text": said},
        {"at": "2026-11-02T08:12:00+00:00", "type": "phase", "phase": "accepted", "author": "Kata"},
        {"at": "2026-10-30T16:40:00+00:00", "type": "mail", "author": "Kovács Anna", "text": wrote},
    ]


def _particular(notice: str, words: Words) -> Json:
    """What only some notices carry."""
    wrote, said = words("sample.wrote"), words("sample.said")
    promise = {
        "received_at": "2026-10-30T16:40:00+00:00", "respond_by": "2026-11-02T09:30:00+00:00",
        "resolve_by": "2026-11-03T14:00:00+00:00", "call_back_by": "2026-10-30T17:10:00+00:00",
        "outside_hours": True, "service_level": "standard",
    }  # fmt: skip
    outages = [
        {
            "title": words("sample.outage_title"),
            "text": words("sample.outage_text"),
            "eta": "2026-11-02T13:00:00+00:00",
        }
    ]
    person = {"name": "Nagy Béla", "address": "boss@acme.example"}
    if notice in ("received", "complaint"):
        return {
            "promise": promise, "outages": outages if notice == "received" else [],
            "hints": ["who", "since", "screenshot"] if notice == "received" else [],
            "on_file": {"name": "Kovács Anna", "phone": "+36 1 555 0100", "addresses": ["anna@acme.example"]},
            "attachments": [{"name": "kép.png", "size": 60213}, {"name": "log.txt", "size": 1840}],
            "oncall": {"phone": "+36 1 555 0999", "code": "4711"}, "text": wrote,
            "out_of_scope_text": words("sample.out_of_scope"),
            "is_reply": False, "follow_up_of": 15012, "history": [],
            "kind": "complaint" if notice == "complaint" else "incident",
        }  # fmt: skip
    if notice in ("accepted", "in_progress", "reopened"):
        return {"actor": "Kata", "promise": {"respond_by": "2026-11-02T09:30:00+00:00"}, "next": "wait"}
    if notice in ("waiting_customer", "reply", "resolved", "closed", "rejected"):
        return {"actor": "Kata", "message": said, "last_minutes": {"raw": 20, "billed": 30}}
    if notice == "scheduled":
        return {"actor": "Kata", "scheduled_for": "2026-11-05T08:00:00+00:00"}
    if notice == "merged":
        return {"merged_into": 15780}
    if notice in ("not_entitled", "adopt_request"):
        return {"who_may": [person], "text": wrote, "recipient": person if notice == "adopt_request" else {}}
    if notice == "adopted":
        return {"actor": "Nagy Béla"}
    if notice == "unknown_sender":
        return {"echo": False, "requester": {}, "company_name": "", "attachments": [{"name": "x", "size": 1}]}
    if notice == "phone_permission":
        return {"channel": "phone", "kind": "permission", "next": "answer_us"}
    if notice == "project":
        return {"project": 15790}
    if notice in ("outage_update", "outage_resolved"):
        return {"outages": outages}
    if notice == "agent_alert":
        return {
            "alert": "breach",
            "lines": [f"#15789 Acme Kft.: {words('sample.reason')}"],
            "actor": "Kata",
            "history": [],
        }
    return _consent_data(notice, person, words)


def _consent_data(notice: str, person: Json, words: Words) -> Json:
    consent: Json = {
        "id": "C12", "kind": "permission", "request": words("sample.request"), "requester_name": "Kovács Anna",
        "requester_address": "anna@acme.example", "requester_verified": notice != "approval_reminder",
        "expires_at": "2026-11-09T09:30:00+00:00", "require": "dmarc",
        "reference_line": "Ref: C12-K7QX-2MPD-V4RA-9TLE",
    }  # fmt: skip
    if notice in ("awaiting_approval", "approval_result"):
        outcome = {"outcome": "granted", "actor": "Nagy Béla"} if notice == "approval_result" else {}
        return {"approvers": [person], "kind": "permission", **outcome}
    if notice == "approval_not_accepted":
        return {"kind": "permission", "recipient": person, "history": []}
    if notice == "quote_request":
        consent |= {"kind": "quote", "amount": "1450.00", "currency": "EUR", "valid_until": "2026-11-16"}
    if notice in ("cost_request", "cost_notice"):
        consent |= {
            "kind": "cost",
            "estimate_minutes": 90,
            "quantum_minutes": 15,
            "reason": words("sample.reason"),
        }
    if notice == "cost_notice":
        consent = {key: consent[key] for key in ("kind", "estimate_minutes", "quantum_minutes", "reason")}
        return {"consent": consent}
    return {"consent": consent, "kind": "permission", "recipient": person, "history": []}
