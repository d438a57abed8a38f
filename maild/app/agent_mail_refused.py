"""Whether a mail in an agent's name counts as theirs, and what becomes of one that does not (contract, Agents are told,
and answer by mail): a private entry and a mail to the agent; no customer ever sees it, and it moves nothing.
"""

from __future__ import annotations

from maild.app.case import Case
from maild.app.thread_keys import remember
from maild.model import (
    ActKind,
    AddEntry,
    Change,
    DecidedAct,
    Decision,
    MailAct,
    Mailbox,
    Plan,
    Reason,
    SendNotice,
    Threading,
    TicketAct,
    TicketFacts,
)
from maild.notice import alerts
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.ticket.entries import MailDetails
from maild.ticket.phases import InboundState
from maild.ticket.vocabulary import AlertKind, EntryType

NO_TOKEN = "agent-no-token"


def refused(case: Case) -> Reason | None:
    """Why a mail from an agent's address is not the agent's word; None where it is, and for everybody else."""
    if case.sender.how != "agent":
        return None
    require = case.settings.agent_mail.require
    if require == "off":
        return Reason(
            "agent-mail-off", "[agent_mail] require = off: what agents write by mail is recorded only"
        )
    if require == "token":
        ids = (*case.mail.in_reply_to, *case.mail.references)
        sent = (case.facts.outbound[one] for one in ids if one in case.facts.outbound)
        if any(case.sender.address in letter.to for letter in sent):
            return None
        return Reason(NO_TOKEN, "it answers no mail that we sent to this agent")
    if case.verified:
        return None
    said = "; ".join(f"{r.code}: {r.evidence}" for r in case.auth.reasons[:3]) or case.auth.result
    return Reason("agent-not-verified", f"the agent's domain does not vouch for it: {said}")


def recorded(case: Case, threading: Threading, ticket: TicketFacts, why: Reason) -> Plan:
    """Kept where only agents see it; whose name it bears is told."""
    entry = AddEntry(
        ticket.number, EntryType.MAIL, case.sender.address or "", case.channel, case.mail.new_text, public=False,
        full_text=case.mail.text, elided=case.mail.elided, from_mail=True,
        details=MailDetails(author_name=case.sender.name, unproven=True, reasons=((why.code, why.evidence),)),
    )  # fmt: skip
    changes: list[Change] = [entry, remember(case, ticket.number)]
    would: list[DecidedAct] = [TicketAct(ActKind.FILE, ticket.number)]
    if why.code != "agent-mail-off":
        box = Mailbox(case.sender.address or "", case.sender.contact or "")
        fact = ToldFact(
            code="mail_not_proven", because="own_mail" if why.code == NO_TOKEN else "authenticated"
        )
        event = AlertEvent(kind=AlertKind.NOT_ACCEPTED, at=case.now, facts=(fact,))
        changes.append(SendNotice(alerts.about_ticket(box, ticket, event, case.settings, case.now)))
        would.append(MailAct(alerts.NAME, (box.address,)))
    decision = Decision("reply", (why,), case.sender, threading, would=tuple(would))
    return Plan(tuple(changes), decision, InboundState.DONE, ticket.number)
