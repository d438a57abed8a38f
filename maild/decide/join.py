"""A person's mail on a ticket that exists: append, wake, reopen, acknowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from maild.decide import holding
from maild.decide.case import Case, acknowledge
from maild.desk import clocks, notices, thanks
from maild.model import (
    AddEntry,
    AddParticipant,
    Change,
    Decision,
    Json,
    Plan,
    Reason,
    RememberIds,
    SetDeadline,
    Threading,
    TicketFacts,
    UpdateTicket,
)


def join(case: Case, found: Threading, nonce: Callable[[], str]) -> Plan:
    """The plan for a mail that joins `found.ticket`."""
    assert found.ticket is not None
    ticket = case.facts.tickets[found.ticket]
    grateful = thanks.is_bare_thanks(case.mail.new_text, case.mail.language or ticket.language)
    changes = [*entry(case, ticket), *people(case, ticket), remember(case, ticket.number)]
    would: list[Json] = [{"act": "append", "ticket": ticket.number}]
    reasons = [*case.quiet, Reason(f"thread-{found.rule}", _because(found))]
    after, notice = ticket, "received"
    holds = holding.written(case, found, nonce)
    if grateful:
        reasons.append(
            Reason("bare-thanks", "says thank you and nothing else: reopens nothing, answered by nobody")
        )
    elif found.how == "reopen" and ticket.phase in ("resolved", "closed", "rejected"):
        after, woken = wake(case, ticket)
        changes += woken
        would.append({"act": "reopen", "ticket": ticket.number})
        notice = "reopened"
    elif holds[0]:
        after = replace(ticket, phase="awaiting_approval")
        changes += holds[0]
        would += holds[1]
    elif ticket.phase == "waiting_customer":
        after, woken = wake(case, ticket)
        changes += woken
    else:
        changes.append(UpdateTicket(ticket.number, {"updated_at": case.now, **_last(case)}))
    again, acts = holding.grown(case, found, nonce)
    changes += again
    would += acts
    if not grateful and case.sender.how != "agent":
        data = notices.ticket_data(after, case.company, case.settings)
        data.update(
            is_reply=True,
            history=notices.history(ticket.entries),
            attachments=notices.attachment_rows(case.mail),
            text=case.mail.new_text,
        )
        sent, answers = acknowledge(case, notice, after, data, case.language(), echo=case.known)
        changes += sent
        would += answers
    decision = Decision("reply", tuple(reasons), case.sender, found, would=tuple(would))
    return Plan(tuple(changes), decision, "done", ticket.number)


def _because(found: Threading) -> str:
    return next((m.because for m in found.candidates if m.rule == found.rule), "")


def _last(case: Case) -> Json:
    return {"last_message_id": case.mail.message_id} if case.mail.message_id else {}


def entry(case: Case, ticket: TicketFacts, *, public: bool = True) -> list[Change]:
    """The mail as an entry of the ticket's log."""
    data: Json = {"author_name": case.sender.name} if case.sender.name else {}
    if case.mail.defects:
        data["defects"] = [[d.code, d.evidence] for d in case.mail.defects]
    return [
        AddEntry(
            ticket.number, "mail", case.sender.address or "", "email", case.mail.new_text, public=public,
            full_text=case.mail.text, elided=case.mail.elided, data=data, from_mail=True,
        )
    ]  # fmt: skip


def people(case: Case, ticket: TicketFacts) -> list[Change]:
    """Sender and colleagues in To and Cc become participants; people of other companies do not."""
    found: list[Change] = []
    known = {p.address for p in ticket.participants} | {ticket.requester}
    if case.sender.address and case.sender.address not in known and case.sender.how != "agent":
        found.append(AddParticipant(ticket.number, case.sender.address, case.sender.name, "wrote"))
    for box in case.colleagues(ticket.company):
        if box.address not in known:
            found.append(AddParticipant(ticket.number, box.address, box.name, "cc"))
    return found


def remember(case: Case, number: int) -> RememberIds:
    """From now on this mail's id, and those it names but we never saw, mean this ticket."""
    mail = case.mail
    unknown = tuple(i for i in (*mail.in_reply_to, *mail.references[-10:]) if i not in case.facts.ids)
    return RememberIds(
        number,
        (mail.message_id,) if mail.message_id else (),
        tuple(dict.fromkeys(unknown)),
        mail.thread_index[:44] if mail.thread_index else None,
    )


def wake(case: Case, ticket: TicketFacts) -> tuple[TicketFacts, list[Change]]:
    """Back to work: the phase the ticket waited in, or in_progress; the clocks go on."""
    before = ticket.phase_before if ticket.phase == "waiting_customer" else ""
    new = before if before in ("received", "accepted", "scheduled") else "in_progress"
    company = case.facts.companies.get(ticket.company) if ticket.company else None
    clock = clocks.on_phase(ticket, new, case.now, case.settings, company)
    fields: Json = {
        **clock.fields,
        "phase": new,
        "updated_at": case.now,
        "resolved_at": None,
        "closed_at": None,
        **_last(case),
    }
    changes: list[Change] = [
        UpdateTicket(ticket.number, fields),
        AddEntry(
            ticket.number, "phase", "maild", "system", "", public=False,
            data={"from": ticket.phase, "to": new, "because": "the customer wrote"},
        ),
        *clock.deadlines,
        SetDeadline(f"auto-close:{ticket.number}", "auto_close", ticket.number, None),
    ]  # fmt: skip
    after = replace(
        ticket, phase=new, respond_by=fields.get("respond_by", ticket.respond_by),
        resolve_by=fields.get("resolve_by", ticket.resolve_by),
    )  # fmt: skip
    return after, changes


def reopen_until(case: Case, ticket: TicketFacts) -> str:
    """Until when a reply reopens the ticket, ISO."""
    end = ticket.closed_at or ticket.resolved_at or case.now
    return (end + timedelta(days=case.settings.threading.reopen_days)).isoformat()
