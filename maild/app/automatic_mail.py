"""Automatic mail: recorded where it belongs, never answered, never reopens or approves anything."""

from __future__ import annotations

from datetime import timedelta

from maild.app import undelivered
from maild.app.case import Case
from maild.consent import masking
from maild.mail.guard import own
from maild.mail.text.addresses import folded
from maild.model import (
    ActKind,
    AddEntry,
    Change,
    Decision,
    FileMail,
    Mail,
    MarkAddress,
    MarkOutbound,
    OutboundFacts,
    Plan,
    Reason,
    Threading,
    TicketAct,
    UpdateTicket,
    Verdict,
)
from maild.notice import alerts
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.ticket import alert_rules
from maild.ticket.entries import FileRow, MailDetails
from maild.ticket.phases import InboundState, RecipientState
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import AlertKind, filed_as

#: how much of an automatic mail's text is kept in the log; the whole stands in the raw mail
TEXT = 4000


def automatic(case: Case, verdict: Verdict, threading: Threading) -> Plan:
    """File a mail that a guard stopped; what belongs to no ticket stands in `list --team review`."""
    marks, ticket_number, reasons = _bounce(case, verdict, threading)
    if ticket_number is None and verdict.kind != "hostile":
        ticket_number = _belongs(case, threading)
    changes: list[Change] = list(marks)
    act = TicketAct(ActKind.FILE, ticket_number)
    if ticket_number is not None:
        changes.append(
            AddEntry(
                ticket_number, filed_as(verdict.kind), case.sender.address or _shown(case), "email",
                case.mail.new_text[:TEXT], public=False, from_mail=True,
                details=MailDetails(reasons=tuple((r.code, r.evidence) for r in verdict.reasons)),
            )
        )  # fmt: skip
    changes += _with_our_id(case, verdict, ticket_number)
    thread = Threading(ticket_number, threading.rule, "none", threading.candidates, threading.conflicts)
    decision = Decision(verdict.kind, (*verdict.reasons, *reasons), case.sender, thread, would=(act,))
    state = InboundState.QUARANTINED if verdict.kind == "hostile" else InboundState.DONE
    error = verdict.reasons[0].evidence if state is InboundState.QUARANTINED and verdict.reasons else ""
    return Plan(tuple(changes), decision, state, ticket_number, error)


def _with_our_id(case: Case, verdict: Verdict, number: int | None) -> list[Change]:
    """Somebody else's From above a Message-ID that only a mail of ours has: no loop, or one by a gateway that names
    itself. Who wrote it has seen that mail, with the token in it where it was an approval's; the ticket's agents learn
    of it, once in a window."""
    ticket = case.facts.tickets.get(number) if number is not None else None
    ours = any(own.is_desk_address(box.address, case.settings.desk.addresses) for box in case.mail.froms)
    if ticket is None or ours or verdict.reasons[0].code != own.OWN_ID:
        return []
    last, window = ticket.state.consent_alert, timedelta(minutes=case.settings.limits.same_notice_minutes)
    if last is not None and case.now - last < window:
        return []
    who = (case.sender.address or _shown(case),)
    event = AlertEvent(
        kind=AlertKind.NOT_ACCEPTED, at=case.now, facts=(ToldFact(code="our_id", who=who if who[0] else ()),)
    )
    boxes = alert_rules.heard((AlertKind.NOT_ACCEPTED,), ticket, case.settings, case.now)
    told = alerts.to_each(boxes, ticket, event, case.settings, case.now, commands=("maild why N",))
    return [UpdateTicket(ticket.number, TicketChange(consent_alert=case.now)), *told]


def _shown(case: Case) -> str:
    return case.mail.froms[0].address if case.mail.froms else ""


def _belongs(case: Case, threading: Threading) -> int | None:
    """The ticket an automatic mail is filed on: one it joins by right, or one that our own mail to it names."""
    if threading.how in ("join", "reopen"):
        return threading.ticket
    mine = (case.mail.message_id,) if case.mail.message_id else ()
    for message_id in (*mine, *case.mail.in_reply_to, *case.mail.references):
        known = case.facts.outbound.get(message_id)
        if known is not None and known.ticket is not None:
            return known.ticket
    return None


def filed_by_hand(
    inbound_id: int, kind: str | None, author: str, mail: Mail, ticket: int, agent: str
) -> Plan:
    """`maild mail file`: the agent says where a mail that stands nowhere belongs. It does nothing there. `kind`: what
    the guards said of it; `author`: its From."""
    files = tuple(FileRow(a.index, a.name, a.type, a.size, a.inline) for a in mail.attachments)
    entry = AddEntry(
        ticket, filed_as(kind), author, "email", mail.new_text, public=False, full_text=mail.text,
        details=MailDetails(filed_by=agent, attachments=files),
    )  # fmt: skip
    return masking.hidden(Plan((FileMail(inbound_id, ticket, agent, entry, mail.message_id),)))


def _bounce(
    case: Case, verdict: Verdict, threading: Threading
) -> tuple[list[Change], int | None, list[Reason]]:
    """What a delivery report says of the exact mail that we sent."""
    report = case.mail.report
    if verdict.kind != "bounce":
        return [], None, []
    sent = _original(case)
    if sent is None:
        return _to_our_address(case, threading)
    changes: list[Change] = []
    reasons = [Reason("bounce-of", f"outgoing mail {sent.id} ({sent.notice})")]
    rows = report.recipients if report else ()
    mine = {folded(a) for a in sent.to}
    failed: list[str] = []
    for row in rows:
        address = folded(row.address)
        # a forged report may name anybody: only whom we wrote to is marked
        if address not in mine:
            continue
        hard = row.action == "failed" and not row.status.startswith("4.")
        state = (
            RecipientState.BOUNCED if hard
            else RecipientState.COMPLAINED if report and report.kind == "feedback"
            else RecipientState.DELAYED
        )  # fmt: skip
        changes.append(MarkOutbound(sent.id, address, state, (row.diagnostic or row.status)[:500]))
        if hard:
            failed.append(address)
            gone = row.status.startswith("5.1.") or row.status in ("", "5.0.0")
            if gone and _is_of_their_own_copy(case, sent):
                changes.append(MarkAddress(address, (row.diagnostic or row.status or "bounced")[:500]))
    if failed and sent.ticket is not None:
        ticket = case.facts.tickets.get(sent.ticket)
        if ticket is not None:
            changes += undelivered.followed(
                ticket, sent.notice, failed, case.settings, case.now, made_at=sent.made_at,
                company=case.company_of(ticket),
            )  # fmt: skip
    return changes, sent.ticket, reasons


def _is_of_their_own_copy(case: Case, sent: OutboundFacts) -> bool:
    """Whether a report returns what only this mail to this one recipient had: else who saw an id of ours, or takes part in
    the ticket (the address that its mails leave from is the same for all, and so is the copy of who got the same mail)
    could say that somebody else is not reached."""
    return case.returned and len(sent.to) == 1


def _to_our_address(case: Case, threading: Threading) -> tuple[list[Change], int | None, list[Reason]]:
    """A report that names no mail of ours, but came to an address that only we can make (RFC 5321, section 4.4: what
    we sent from comes back to): the ticket is known, and whoever of its people is named was not reached."""
    signed = next(
        (one for one in threading.candidates if one.strength == "token" and one.ticket is not None), None
    )
    ticket = case.facts.tickets.get(signed.ticket) if signed is not None and signed.ticket else None
    if signed is None or ticket is None:
        return [], None, [Reason("bounce-unknown-original", "the report names no mail of ours")]
    report = case.mail.report
    people = {ticket.requester, *(box.address for box in ticket.participants)}
    named = [folded(row.address) for row in report.recipients if row.action == "failed"] if report else []
    failed = [address for address in dict.fromkeys(named) if address in people]
    if not named and len(people) == 1:  # there is nobody else whom we wrote to
        failed = [ticket.requester]
    told = undelivered.followed(
        ticket, "", failed, case.settings, case.now, made_at=None, company=case.company_of(ticket)
    )
    return told, ticket.number, [Reason("bounce-to-our-address", signed.because)]


def _original(case: Case) -> OutboundFacts | None:
    report = case.mail.report
    ids = [report.original_message_id] if report and report.original_message_id else []
    for message_id in (*ids, *case.mail.in_reply_to, *case.mail.references):
        if message_id in case.facts.outbound:
            return case.facts.outbound[message_id]
    return None
