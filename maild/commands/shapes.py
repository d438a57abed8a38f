"""The JSON of the command line (docs/commands.md): one shape a value. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from maild.model import CompanySite, ConsentFacts, JsonObject, Linked, MailOut, Recipient, TimeRow
from maild.store import rows
from maild.ticket import state
from maild.ticket.hook_events import entry_json
from maild.ticket.phases import OutboundState
from maild.ticket.queue_json import iso, row_json
from maild.ticket.whole import WholeTicket

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def shape(value: Any) -> JsonObject:
    """The shape of a value that the store gave."""
    return _SHAPES[type(value)](value)


def shapes(values: Iterable[Any]) -> list[JsonObject]:
    """The shapes of several."""
    return [shape(one) for one in values]


def _as_it_is(row: DataclassInstance) -> JsonObject:
    """A row whose JSON has its fields, by their names and in their order."""
    values = ((one.name, getattr(row, one.name)) for one in fields(row))
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in values}


def _mail_in(row: rows.MailIn) -> JsonObject:
    return {
        "id": row.id, "received_at": row.received_at.isoformat(), "source": row.source,
        "message_id": row.message_id, "from": row.from_address, "subject": row.subject, "kind": row.kind,
        "state": row.state, "ticket": row.ticket, "error": row.error,
    }  # fmt: skip


def _mail_in_whole(row: rows.MailInWhole) -> JsonObject:
    return _mail_in(row.mail) | {
        "mail_from": row.mail_from, "rcpt_to": list(row.rcpt_to), "peer": row.peer, "trace": row.trace,
        "size": row.size, "sha256": row.sha256, "attempts": row.attempts, "traceback": row.traceback,
        "source_key": row.source_key, "duplicate_of": row.duplicate_of, "fingerprint": row.fingerprint,
        "decision": row.decision, "events": shapes(row.events),
    }  # fmt: skip


def _mail_out(row: MailOut) -> JsonObject:
    return {
        "id": row.id, "notice": row.notice, "ticket": row.ticket, "to": [one.address for one in row.recipients],
        "state": row.state, "attempts": row.attempts,
        "next_attempt_at": row.next_attempt_at.isoformat() if row.state is OutboundState.QUEUED else None,
        "message_id": None if row.secret else row.message_id, "answer": row.answer, "subject": row.subject,
        "maybe_sent": row.maybe_sent, "recipients": shapes(row.recipients),
        **({"alert": row.alert} if row.alert else {}),
    }  # fmt: skip


def _mail_out_whole(row: rows.MailOutWhole) -> JsonObject:
    return _mail_out(row.mail) | {
        "language": row.language, "auto": row.auto, "null_sender": row.null_sender, "in_reply_to": row.in_reply_to,
        "references": list(row.references), "data": _shown(row), "created_at": row.created_at.isoformat(),
        "sent_at": iso(row.sent_at), "secret": row.mail.secret, "events": shapes(row.events),
    }  # fmt: skip


def _shown(row: rows.MailOutWhole) -> JsonObject:
    """What the mail says, without the link of one that lets its reader in."""
    return {key: value for key, value in row.data.items() if not (row.mail.secret and key == "url")}


def _linked(row: Linked) -> JsonObject:
    outage = {} if row.outage is None else {"outage": row.outage}
    return {"type": row.type, "ticket": row.ticket, **outage, "direction": "out" if row.out else "in"}


def _time(row: TimeRow) -> JsonObject:
    return {
        "id": row.id, "at": row.at.isoformat(), "agent": row.agent, "raw_minutes": row.raw_minutes,
        "billed_minutes": row.billed_minutes, "text": row.text, "corrects": row.corrects,
        "courtesy": row.courtesy, "own_fault": row.own_fault, "outside": row.outside, "data": {},  # none yet
    }  # fmt: skip


def time_of(lines: Iterable[TimeRow]) -> JsonObject:
    """`time` of `show --json`."""
    every = list(lines)
    return {
        "raw_minutes": sum(one.raw_minutes for one in every),
        "billed_minutes": sum(one.billed_minutes for one in every),
        "entries": shapes(every),
    }


def whole_json(shown: WholeTicket, now: datetime | None = None) -> JsonObject:
    """`show N --json`. `now`: when it is read, which says whether it is late."""
    ticket = shown.ticket
    made = row_json(shown.row) | {
        "phase_before": ticket.phase_before,
        "updated_at": iso(ticket.updated_at),
        "responded_at": iso(ticket.responded_at),
        "resolved_at": iso(ticket.resolved_at),
        "closed_at": iso(ticket.closed_at),
        "merged_into": ticket.merged_into,
        "data": state.dump(ticket.state),
        "entries": [entry_json(one) for one in ticket.entries],
        "time": time_of(shown.worked),
        "consents": [_consent(one) for one in shown.consents],
        "links": shapes(shown.links),
        "recipients": [{"address": address, "name": name} for address, name in shown.people.items()],
        "rating": _rating(ticket.state.rating),
        "outbound": [
            {name: one[name] for name in _MAIL_OF_TICKET if name in one} for one in shapes(shown.mails)
        ],
    }
    return made if now is None else made | {"overdue": shown.row.overdue(now)}


#: what `show` says of each mail that went out
_MAIL_OF_TICKET = ("id", "notice", "alert", "to", "state", "message_id", "subject", "answer")


def _rating(given: state.Rating | None) -> JsonObject | None:
    return None if given is None else {"value": given.value, "text": given.text, "at": given.at.isoformat()}


def _consent(row: ConsentFacts) -> JsonObject:
    return {
        "id": f"C{row.id}", "kind": row.kind, "state": row.state, "requested_at": row.requested_at.isoformat(),
        "expires_at": row.expires_at.isoformat(), "approvers": [*row.approvers],
        "decided_by": row.decided_by or None, "decided_at": iso(row.decided_at),
    }  # fmt: skip


def _site(site: CompanySite) -> JsonObject:
    return {name: value for name, value in _as_it_is(site).items() if value}


_SHAPES: dict[type, Callable[[Any], JsonObject]] = {
    rows.StateChange: _as_it_is,
    rows.MailIn: _mail_in,
    rows.MailInWhole: _mail_in_whole,
    Recipient: _as_it_is,
    MailOut: _mail_out,
    rows.MailOutWhole: _mail_out_whole,
    rows.HeldMail: _as_it_is,
    rows.DeadAddress: _as_it_is,
    rows.LogRow: _as_it_is,
    rows.OutageNews: _as_it_is,
    Linked: _linked,
    TimeRow: _time,
    rows.ErasureReport: _as_it_is,
    CompanySite: _site,
}
