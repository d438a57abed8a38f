"""A customer's mail that an agent forwards: a ticket in the customer's name, marked as forwarded."""

from __future__ import annotations

from collections.abc import Callable

from maild.app import new_by_agent, new_by_mail, undoable_act
from maild.app.acts import ActContext
from maild.app.case import Case
from maild.app.new_by_agent import Call
from maild.app.thread_keys import remember
from maild.errors import Refused
from maild.mail.forwarded import Forwarded, forwarded
from maild.mail.parse import enclosed_mails
from maild.mail.text.subjects import base_subject
from maild.model import (
    NEW,
    ActKind,
    AddEntry,
    Decision,
    Mailbox,
    Plan,
    Reason,
    SendNotice,
    Threading,
    TicketAct,
)
from maild.notice import alerts
from maild.notice.agent_mails import ToldFact
from maild.ticket.phases import InboundState
from maild.ticket.vocabulary import AlertKind, EntryType
from maild.values import replace

#: how the words reached us, as entries name it
CHANNEL = "forward"


def opened(case: Case, threading: Threading, nonce: Callable[[], str]) -> Plan:
    """In the name of who wrote the forwarded mail, as far as the agent's word goes; without one such, refused."""
    inside = forwarded(case.mail)
    agents = {agent.address.lower() for agent in case.settings.agents.values()}
    if inside is None:
        return not_opened(case, threading, _unnamed(case), nonce)
    if inside.address in agents or inside.address in case.settings.desk.addresses:
        return not_opened(case, threading, ToldFact(code="forward_no_customer", who=(inside.address,)), nonce)
    facts = replace(case.facts, domain_company=case.facts.named_company)
    agent = case.sender.contact or ""
    try:
        plan = new_by_agent.new(facts, case.settings, case.now, agent, _call(case, inside), nonce)
    except Refused as error:
        return not_opened(case, threading, ToldFact(code="forward_refused"), nonce, said=str(error))
    changes = [*plan.changes, remember(case, NEW)]
    if inside.above.strip():
        note = inside.above.strip()
        changes.append(AddEntry(NEW, EntryType.NOTE, agent, "email", note, public=False))
    person = facts.people.get(inside.address)
    act = ActContext(
        case.settings, case.now, agent, new_by_agent.company_of(facts, person), person, channel="email"
    )
    made = undoable_act.recorded(act, NEW, Plan(tuple(changes), inbound_ticket=NEW))
    why = Reason("forwarded-by-agent", f"{agent} forwarded a mail of {inside.address}")
    decision = Decision("request", (why,), case.sender, threading, would=(TicketAct(ActKind.OPEN, None),))
    return Plan(made.changes, decision, InboundState.DONE, NEW)


def _unnamed(case: Case) -> ToldFact:
    held = len(enclosed_mails(case.mail))
    return ToldFact(code="forward_several", count=held) if held > 1 else ToldFact(code="forward_unnamed")


def _call(case: Case, inside: Forwarded) -> Call:
    said = inside.subject or case.mail.subject
    subject = base_subject(said, case.settings.threading.subject_tag) or said or "(no subject)"
    return Call(address=inside.address, name=inside.name, subject=subject, text=inside.text, channel=CHANNEL)


def not_opened(
    case: Case, threading: Threading, why: ToldFact, nonce: Callable[[], str], *, said: str = ""
) -> Plan:
    """For a person to look at, in nobody's name, and told to the agent. `said`: what the command line says."""
    plan = new_by_mail.review(case, threading, nonce)
    agent = case.settings.agents[case.sender.contact or ""]
    told = alerts.beside_tickets(
        Mailbox(agent.address, agent.name), AlertKind.NOT_ACCEPTED, NEW, case.mail.subject,
        (said,) if said else (), case.settings, facts=(why,), commands=("maild show N",), now=case.now,
    )  # fmt: skip
    return replace(plan, changes=(*plan.changes, SendNotice(told)))
