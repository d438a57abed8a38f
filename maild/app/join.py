"""A person's mail on a ticket that exists: append, wake, reopen, acknowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import partial

from maild.app import adoption, agent_mail_refused, grown_request, holding
from maild.app.case import Case, acknowledge, last_mail, move
from maild.app.thread_keys import remember
from maild.model import (
    ActKind,
    AddEntry,
    AddParticipant,
    Change,
    DecidedAct,
    Decision,
    LinkOutage,
    MailAct,
    Plan,
    Reason,
    SetDeadline,
    Threading,
    TicketAct,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.first_mails import Acknowledgement, AwaitingApproval, NotEntitled, Received, Reopened
from maild.party import entitlement
from maild.ticket import moving, outages, waiting
from maild.ticket.entries import MailDetails
from maild.ticket.phases import DONE, InboundState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import DeadlineType, EntryType, TicketKind
from maild.values import dataclass, replace


def join(case: Case, threading: Threading, nonce: Callable[[], str]) -> Plan:
    """The plan for a mail that joins `threading.ticket`, or opens it again."""
    assert threading.ticket is not None
    ticket = case.facts.tickets[threading.ticket]
    if (why := agent_mail_refused.refused(case)) is not None:
        return agent_mail_refused.recorded(case, threading, ticket, why)
    # what is shown to agents alone, and part of nothing, asks for nothing
    asks = None if holding.unproven(case, ticket) else holding.asked_in(case, ticket)
    grateful = holding.only_thanks(case, ticket)
    own = entry(case, ticket, thanks=grateful, asks=asks)
    changes = [*own, *people(case, ticket), remember(case, ticket.number)]
    would: list[DecidedAct] = [TicketAct(ActKind.APPEND, ticket.number)]
    reasons = [*case.quiet, Reason(f"thread-{threading.rule}", _because(threading))]
    if (
        grateful and ticket.phase != Phase.WAITING_CUSTOMER
    ):  # there a bare "ok" is the answer that was waited for
        thanked = Reason(
            "bare-thanks", "says thank you and nothing else: reopens nothing, answered by nobody"
        )
        decision = Decision("reply", (*reasons, thanked), case.sender, threading, would=tuple(would))
        return Plan(tuple(changes), decision, InboundState.DONE, ticket.number)
    step = _step(case, threading, ticket, asks, nonce)
    not_this = _not_this(case, ticket, reasons)
    changes += [*step.changes, *not_this]
    if asks is not None and ticket.after_all(changes).state.asks is None:
        changes = _with_change(changes, ticket.number, TicketChange(asks=asks))
    if step.waits and case.sender.how != "agent":
        stands = ticket.after_all(changes)
        waits = waiting.customer_wrote(stands, case.envelope.received_at, case.settings)
        changes = [*_with_change(changes, ticket.number, waits.change), *waits.deadlines]
    would += step.acts
    reasons += step.reasons
    if step.answer and not grateful and case.sender.how != "agent":
        said = step.answer(
            about=notices.about(step.after, case.company, case.settings, case.now), is_reply=True,
            promise=notices.still_promised(step.after, case.now), attachments=notices.files(case.mail),
            text=notices.excerpt(case.mail.new_text),
        )  # fmt: skip
        if off := bool(not_this) and isinstance(said, Received):
            said = replace(said, off_outage=True)
        sent, answers = acknowledge(case, said, step.after, case.language(), echo=case.known, anew=off)
        changes += sent
        would += answers
    decision = Decision("reply", tuple(reasons), case.sender, threading, would=tuple(would))
    return Plan(tuple(changes), decision, InboundState.DONE, ticket.number)


def _with_change(changes: list[Change], number: int, change: TicketChange) -> list[Change]:
    """The changes and one more of this ticket, whose row is written once where it is changed already."""
    for at, one in reversed([*enumerate(changes)]):
        if isinstance(one, UpdateTicket) and one.ticket == number:
            return [*changes[:at], UpdateTicket(number, change.over(one.change)), *changes[at + 1 :]]
    return [*changes, UpdateTicket(number, change)]


@dataclass(frozen=True, slots=True)
class ReplyStep:
    """What a reply does to its ticket. `answer`: makes the acknowledgement, None = none."""

    after: TicketFacts
    changes: list[Change] = field(default_factory=list)
    acts: list[DecidedAct] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    answer: Callable[..., Acknowledgement] | None = Received
    waits: bool = True  # the writer waits for an agent; not so where the desk asks for more by itself


def _step(
    case: Case, threading: Threading, ticket: TicketFacts, asks: TicketKind | None, nonce: Callable[[], str]
) -> ReplyStep:
    """Adopt, hold, reopen, wake, ask the approvers again, or only append. `asks`: what the mail asks for that needs a
    consent."""
    if adoption.waits(ticket):
        return _unadopted(case, ticket, nonce)
    anew, acts = held(case, threading, ticket, asks, nonce)
    if anew:
        return _held(case, ticket, anew, acts)
    if threading.how == "reopen" and ticket.phase in DONE:
        woken = move(case, ticket, moving.woken(ticket))
        acts = [TicketAct(ActKind.REOPEN, ticket.number)]
        return ReplyStep(woken.ticket, [*woken.changes], acts, answer=Reopened)
    asked, acts = holding.written(case, threading, nonce)
    if asked:
        asked, said = _awaiting(asked)
        acts = _untold(acts)
        why = Reason("in-writing", "what was asked for by phone is in writing now")
        return ReplyStep(ticket.after_all(asked), asked, acts, [why], said)
    waits = ticket.phase == Phase.WAITING_CUSTOMER and case.sender.how != "agent"
    if waits and holding.unwritten(case, ticket):
        why = Reason("by-phone", f"only {ticket.requester} can put the request in writing")
        return ReplyStep(ticket, _touched(case, ticket), [], [why], waits=False)
    if waits:
        woken = move(case, ticket, moving.woken(ticket))
        return ReplyStep(woken.ticket, [*woken.changes])
    again, acts = grown_request.grown(case, threading, nonce)
    return ReplyStep(ticket, [*_touched(case, ticket), *again], acts)


def held(
    case: Case, threading: Threading, ticket: TicketFacts, asks: TicketKind | None, nonce: Callable[[], str]
) -> tuple[list[Change], list[DecidedAct]]:
    """The ticket held for what the mail asks for; nothing where it is not, or waits for its requester to write."""
    if holding.unwritten(case, ticket) or (ticket.phase in DONE and threading.how != "reopen"):
        return [], []
    return holding.words_anew(case, ticket, asks, nonce)


def _held(case: Case, ticket: TicketFacts, held: list[Change], acts: list[DecidedAct]) -> ReplyStep:
    """The mail's words hold the ticket: its writer learns who is asked, in place of an acknowledgement."""
    why = Reason("held", f"asks for a {ticket.after_all(held).state.asks}, which needs a written consent")
    if case.sender.address != ticket.requester:  # all people of the ticket are told by its own mail
        return ReplyStep(ticket.after_all(held), held, acts, [why], answer=None)
    held, said = _awaiting(held)
    acts = _untold(acts)
    return ReplyStep(ticket.after_all(held), held, acts, [why], said)


def _awaiting(changes: list[Change]) -> tuple[list[Change], Callable[..., Acknowledgement]]:
    """A hold's changes without its mail to the requester, and the acknowledgement that tells them in its place."""
    kept, asked = adoption.without_status(changes)
    return kept, partial(AwaitingApproval, approvers=asked.approvers, no_approver=asked.no_approver)


def _untold(acts: list[DecidedAct]) -> list[DecidedAct]:
    return [act for act in acts if not (isinstance(act, MailAct) and act.notice == AwaitingApproval.name)]


def _unadopted(case: Case, ticket: TicketFacts, nonce: Callable[[], str]) -> ReplyStep:
    """Only the "ok" of somebody entitled lets the request go on; other mails are only kept."""
    if adoption.adopts(case, ticket):
        changes, acts, why = adoption.adopt(case, ticket, nonce)
        return ReplyStep(ticket, changes, acts, [why], answer=None)
    changes = _touched(case, ticket)
    company = case.company_of(ticket)
    site = ticket.state.site
    who = entitlement.references(company, site) if company is not None else ()
    said = partial(NotEntitled, who_may=notices.people(who))
    why = Reason("waits-for-adoption", ", ".join(p.address for p in who) or "no reference person is known")
    if case.sender.address != ticket.requester:
        return ReplyStep(ticket, changes, [], [why], waits=False)
    return ReplyStep(ticket, changes, [], [why], said, waits=False)


def _not_this(case: Case, ticket: TicketFacts, reasons: list[Reason]) -> list[Change]:
    """The customer says that the known outage is not what they mean: it goes on as any other ticket."""
    known = ticket.state.outages
    if not known or not outages.says_not_this(case.mail.new_text):
        return []
    shown = ", ".join(str(one) for one in known)
    reasons.append(Reason("not-this-outage", f"outage {shown} is taken off the ticket"))
    return [
        *(LinkOutage(ticket.number, one, linked=False) for one in known),
        UpdateTicket(ticket.number, TicketChange(outages=())),
        moving.noted(ticket.number, EntryType.LINK, f"not outage {shown}, says {case.sender.address}"),
        SetDeadline(DeadlineType.OUTAGE_CLOSE, ticket.number),
    ]


def _touched(case: Case, ticket: TicketFacts) -> list[Change]:
    return [UpdateTicket(ticket.number, last_mail(case))]


def _because(threading: Threading) -> str:
    return next((m.because for m in threading.candidates if m.rule == threading.rule), "")


def entry(
    case: Case,
    ticket: TicketFacts,
    *,
    public: bool = True,
    thanks: bool = False,
    asks: TicketKind | None = None,
) -> list[Change]:
    """The mail as an entry of the ticket's log. `asks`: what its words ask for that needs a consent."""
    unproven = holding.unproven(case, ticket)
    details = MailDetails(
        author_name=case.sender.name, thanks=thanks, by_agent=case.sender.how == "agent",
        verified=case.verified, unproven=unproven, asks=asks,
        reply_to=tuple(b.address for b in case.mail.reply_to if b.address != case.sender.address),
        defects=tuple((d.code, d.evidence) for d in case.mail.defects),
    )  # fmt: skip
    return [
        AddEntry(
            ticket.number, EntryType.MAIL, case.sender.address or "", case.channel, case.mail.new_text,
            public=public and not unproven, full_text=case.mail.text, elided=case.mail.elided, details=details,
            from_mail=True,
        )
    ]  # fmt: skip


def people(case: Case, ticket: TicketFacts) -> list[Change]:
    """Sender and colleagues in To and Cc become participants; people of other companies do not."""
    joining: list[Change] = []
    known = {p.address for p in ticket.participants} | {ticket.requester}
    if case.sender.address and case.sender.address not in known and case.sender.how != "agent":
        joining.append(AddParticipant(ticket.number, case.sender.address, case.sender.name, "wrote"))
    # of all who were only in copy no more than that take part, however many mails name others
    room = case.settings.limits.participants - len(ticket.participants)
    for box in case.colleagues(ticket.company):
        if box.address not in known and len(joining) < room:
            joining.append(AddParticipant(ticket.number, box.address, box.name, "cc"))
    return joining
