"""A decision as JSON: its column, which `why` shows, and `explain`, which keeps nothing.

Written out: dataclasses.asdict costs ten times as much, and this is done for every mail.
"""

from __future__ import annotations

from datetime import UTC, tzinfo

from maild.model import (
    ConditionResult,
    CopyAct,
    DecidedAct,
    DecidedTicket,
    Decision,
    JsonObject,
    MailAct,
    Reason,
    TicketAct,
)


def decision_json(decision: Decision) -> JsonObject:
    """The decision as `why` shows it."""
    sender, thread = decision.sender, decision.thread
    return {
        "kind": decision.kind,
        "reasons": _reasons(decision.reasons),
        "sender": {
            "address": sender.address, "name": sender.name, "how": sender.how, "contact": sender.contact,
            "company": sender.company, "roles": sender.roles, "ambiguous": sender.ambiguous,
            "authenticated": sender.authenticated,
        },
        "thread": {
            "ticket": thread.ticket, "rule": thread.rule, "how": thread.how, "link": thread.link,
            "candidates": [
                {"rule": one.rule, "ticket": one.ticket, "because": one.because, "strength": one.strength}
                for one in thread.candidates
            ],
            "conflicts": _reasons(thread.conflicts),
        },
        "ticket": None if decision.ticket is None else ticket_json(decision.ticket),
        "would": [*map(act_json, decision.would)],
        "checks": [*map(check_json, decision.checks)],
    }  # fmt: skip


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{"code": one.code, "evidence": one.evidence} for one in reasons]


def act_json(act: DecidedAct) -> JsonObject:
    """An act in the contract's words: what it does not speak of has no key."""
    if isinstance(act, MailAct):
        made: JsonObject = {"act": act.act, "notice": act.notice, "to": [*act.to]}
        return made | {"because": act.because} if act.because else made
    if isinstance(act, TicketAct):
        return _ticket_act(act)
    if isinstance(act, CopyAct):
        return {"act": act.act, "mail": act.first, "ticket": act.ticket}
    return {"act": act.act, "because": act.because} if act.because else {"act": act.act}


def _ticket_act(act: TicketAct) -> JsonObject:
    made: JsonObject = {"act": act.act}
    if act.consent is not None:
        made["consent"] = f"C{act.consent}"
    made["ticket"] = act.ticket
    if act.kind is not None:
        made["kind"] = act.kind
    if act.because:
        made["because"] = act.because
    if act.asked is not None:
        made["asked"] = [*act.asked]
    if act.link is not None:
        made["link"] = {"type": act.link[0], "ticket": act.link[1]}
    return made


def check_json(one: ConditionResult) -> dict[str, str | bool]:
    return {"name": one.name, "ok": one.ok, "evidence": one.evidence}


def ticket_json(ticket: DecidedTicket, zone: tzinfo = UTC) -> JsonObject:
    """Kind, severity, team and the promise; its times in that zone."""
    respond_by, resolve_by = (
        None if at is None else at.astimezone(zone).isoformat(timespec="seconds")
        for at in (ticket.respond_by, ticket.resolve_by)
    )  # fmt: skip
    return {
        "kind": ticket.kind, "severity": ticket.severity, "team": ticket.team, "topic": ticket.topic,
        "company": ticket.company, "language": ticket.language, "phase": ticket.phase,
        "respond_by": respond_by, "resolve_by": resolve_by,
        "service_level": ticket.service_level, "calendar": ticket.calendar, "out_of_scope": ticket.out_of_scope,
    }  # fmt: skip
