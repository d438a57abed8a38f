"""A mail of one of our own people: it acts on a ticket as their commands do, where it is proven to be theirs.

`[agent_mail] require` says what proves it. `dmarc`: the agent's domain vouches for the mail, and what decides stands in
fields that it signed: the ticket's tag in the subject (or the mail it answers), the Message-ID that keeps the same mail
from acting twice. `token`: the mail answers one of ours to that agent, whose Message-ID nobody else knows. `off`: mails
are kept and do nothing. What is not proven or not understood does nothing at all, and the agent is told at their own
address; nobody else learns anything (contract, Agents are told, and answer by mail).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from maild.app import (
    acts,
    agent_proof,
    approvals,
    complaint_review,
    compound,
    correction,
    forwarded_mail,
    merging,
    time_log,
    undoable_act,
)
from maild.app.acts import ActContext
from maild.app.case import Case
from maild.app.compound import AgentReply, Attached
from maild.app.mail_acts import MailActs, WrongLineError, parse
from maild.app.thread_keys import remember
from maild.errors import Refused
from maild.mail.forwarded import forwards
from maild.model import (
    NEW,
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
from maild.ticket import dates
from maild.ticket.entries import MailDetails, TimeDetails
from maild.ticket.phases import InboundState, Phase
from maild.ticket.vocabulary import AlertKind, EntryType
from maild.values import replace

#: where a file of the mail stands until its bytes are kept: `mail:2` is its second
OF_MAIL = "mail:"


def is_agents(case: Case) -> bool:
    return case.sender.how == "agent"


def on_ticket(case: Case, threading: Threading, nonce: Callable[[], str]) -> Plan | None:
    """The plan for an agent's mail on a ticket; None where it is about none, or about their own."""
    number = (
        threading.ticket
        if threading.how in ("join", "reopen")
        else threading.link[1]
        if threading.link
        else None
    )
    ticket = case.facts.tickets.get(number) if number else None
    if ticket is None or ticket.requester == case.sender.address:
        return None
    why = agent_proof.not_proven(case, ticket)
    if case.settings.agent_mail.require == "off":
        return _kept(
            case,
            threading,
            ticket,
            Reason("agent-mail-off", "[agent_mail] require = off: kept, nothing done"),
        )
    if why is not None:
        fact = ToldFact(code="mail_not_proven", because=why.reason)
        return _refused(case, threading, ticket, Reason("agent-not-proven", why.evidence), fact)
    try:
        return _done(case, threading, ticket, parse(case.mail.new_text), nonce)
    except Refused as error:
        wrong = Reason("agent-mail-wrong", f"{error}; nothing was done")
        return _refused(case, threading, ticket, wrong, ToldFact(code="mail_wrong"), str(error))


def on_none(case: Case, threading: Threading, nonce: Callable[[], str]) -> Plan | None:
    """The plan for an agent's mail that is about no ticket and may open none in anybody's name; None where it is a
    request of their own."""
    if not forwards(case.mail):
        return None
    if case.settings.agent_mail.require != "dmarc":
        return forwarded_mail.not_opened(case, threading, ToldFact(code="forward_needs_dmarc"), nonce)
    if (why := agent_proof.vouched(case)) is not None:
        unproven = ToldFact(code="forward_not_proven", because=why.reason)
        return forwarded_mail.not_opened(case, threading, unproven, nonce)
    return forwarded_mail.opened(case, threading, nonce)


# ------------------------------------------------------------------------------------------------- doing


def context(case: Case, ticket: TicketFacts | None) -> ActContext:
    """Who acts: the agent, by mail."""
    company = case.company_of(ticket) if ticket is not None else None
    person = case.facts.people.get(ticket.requester) if ticket is not None else None
    number = ticket.number if ticket is not None else NEW
    consents = tuple(one for one in case.facts.consents.values() if one.ticket == number)
    return ActContext(
        case.settings, case.now, case.sender.contact or "", company, person, consents, channel="email"
    )


def _done(
    case: Case, threading: Threading, ticket: TicketFacts, wanted: MailActs, nonce: Callable[[], str]
) -> Plan:
    if not wanted:
        raise Refused("there are neither words nor acts in it")
    act = context(case, ticket)
    changes: list[Change] = []
    stands = ticket
    for names, step in _steps(case, wanted, nonce):
        try:
            made = step(act, stands).changes
        except Refused as error:
            line = wanted.line(*names)
            if line is None or isinstance(error, WrongLineError):
                raise
            raise WrongLineError(line, str(error)) from None
        changes += made
        stands = stands.after_all(made)
    plan = Plan(tuple(_of_mail(changes)))
    plan = undoable_act.recorded(act, ticket.number, plan, no_mail=wanted.no_mail, facts=(ticket,))
    would: list[DecidedAct] = [TicketAct(ActKind.APPEND, ticket.number)]
    for change in plan.changes:
        if isinstance(change, SendNotice) and change.notice.name != alerts.NAME:
            would.append(MailAct(change.notice.name, tuple(box.address for box in change.notice.to)))
    said = ", ".join(line.text for _, line in wanted.lines) or "an answer"
    decision = Decision(
        "reply", (Reason("agent-mail", f"{act.agent}: {said}"),), case.sender, threading, would=tuple(would)
    )
    return Plan((*plan.changes, remember(case, ticket.number)), decision, InboundState.DONE, ticket.number)


def _of_mail(changes: list[Change]) -> list[Change]:
    """The words are the mail's: its files and its id belong to them."""
    for index, change in enumerate(changes):
        if isinstance(change, AddEntry) and change.type in (EntryType.REPLY, EntryType.NOTE):
            changes[index] = replace(change, from_mail=True)
            break
    return changes


def _steps(
    case: Case, wanted: MailActs, nonce: Callable[[], str]
) -> list[tuple[tuple[str, ...], compound.Step]]:
    """Each act with the names of the lines that asked for it, in the order in which they are done."""
    words, phase = wanted.text.strip(), wanted.to_phase
    said = words and not wanted.note
    made: list[tuple[tuple[str, ...], compound.Step]] = []
    if wanted.kind is not None or wanted.severity is not None:
        change = correction.wanted(kind=wanted.kind, severity=wanted.severity)
        made.append((("kind", "severity"), lambda a, t: approvals.change(a, t, change, nonce)))
    if wanted.take:
        made.append(
            (("take",), lambda a, t: compound.quiet(acts.take(a, t)) if said or phase else acts.take(a, t))
        )
    if wanted.assign:
        made.append((("assign",), lambda a, t: acts.assign(a, t, wanted.assign)))
    if wanted.minutes is not None:
        minutes, what = wanted.minutes, wanted.worked or compound.first_line(words)
        made.append((("log",), lambda a, t: time_log.log(a, t, minutes, what, already=_billed(t))))
    if said:
        files = tuple(
            Attached(one.name or "file", one.type, f"{OF_MAIL}{one.index}", one.size)
            for one in case.mail.attachments
            if not one.inline
        )
        made.append(
            (
                ("phase", "close"),
                lambda a, t: compound.answer(
                    a, t, AgentReply(words, phase, at=_when(a, wanted), files=files)
                ),
            )
        )
    elif phase is Phase.CLOSED:
        made.append((("close", "phase"), complaint_review.close))
    elif phase is not None:
        made.append((("phase",), lambda a, t: complaint_review.phase(a, t, phase, at=_when(a, wanted))))
    if wanted.note:
        made.append((("note",), lambda a, t: acts.note(a, t, words)))
    if wanted.merge is not None:
        made.append((("merge",), lambda a, t: _merged(case, a, t, wanted.merge or 0)))
    return made


def _when(act: ActContext, wanted: MailActs) -> datetime | None:
    """When the work is planned, in the desk's time zone. Raises `Refused` with examples."""
    return dates.parse(wanted.when, act.now, act.settings.desk.timezone) if wanted.when else None


def _merged(case: Case, act: ActContext, ticket: TicketFacts, into: int) -> Plan:
    other = case.facts.tickets.get(into)
    if other is None:
        raise Refused(f"there is no ticket {into}")
    return merging.merge(act, ticket, other, ticket.state.outages)


def _billed(ticket: TicketFacts) -> int:
    times = (entry.details for entry in ticket.entries if entry.type is EntryType.TIME)
    return sum(one.billed_minutes - one.replaced_minutes for one in times if isinstance(one, TimeDetails))


# --------------------------------------------------------------------------------------------- doing nothing


def _kept(case: Case, threading: Threading, ticket: TicketFacts, why: Reason) -> Plan:
    """The mail as a line that only agents see; nothing else."""
    entry = AddEntry(
        ticket.number, EntryType.MAIL, case.sender.address or "", "email", case.mail.new_text, public=False,
        full_text=case.mail.text, elided=case.mail.elided, from_mail=True,
        details=MailDetails(author_name=case.sender.name, by_agent=True, reasons=((why.code, why.evidence),)),
    )  # fmt: skip
    thread = replace(threading, ticket=ticket.number, how="none")
    decision = Decision("reply", (why,), case.sender, thread, would=(TicketAct(ActKind.FILE, ticket.number),))
    return Plan((entry,), decision, InboundState.DONE, ticket.number)


def _refused(
    case: Case, threading: Threading, ticket: TicketFacts, why: Reason, fact: ToldFact, said: str = ""
) -> Plan:
    """Kept, and told to the agent in whose name it came, at their own address. `said`: what the command line says."""
    plan = _kept(case, threading, ticket, why)
    agent = case.settings.agents[case.sender.contact or ""]
    lines = (said,) if said else ()
    event = AlertEvent(kind=AlertKind.NOT_ACCEPTED, at=case.now, facts=(fact,), lines=lines)
    box = Mailbox(agent.address, agent.name)
    told = alerts.about_ticket(box, ticket, event, case.settings, case.now, commands=("maild why N",))
    return replace(plan, changes=(*plan.changes, SendNotice(told)))
