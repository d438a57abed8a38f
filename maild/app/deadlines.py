"""What the desk does by itself when a moment comes: warn, alarm, close, remind, expire. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from maild.app import acts, approvals, complaint_review
from maild.app.acts import ActContext
from maild.model import (
    CompanyFacts,
    ConsentFacts,
    EntryFacts,
    Plan,
    SetDeadline,
    TicketFacts,
)
from maild.notice import alerts
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.notice.step_fields import StepFields
from maild.settings import Settings
from maild.ticket import alert_rules, clocks, moving, outages
from maild.ticket.entries import AlertDetails, MailDetails, PhaseDetails
from maild.ticket.moving import DESK
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import AlertKind, DeadlineType, EntryType

#: what was promised, for the words of an alert
PROMISES = {
    "respond": "the first answer",
    "resolve": "the solution",
    "reply": "the answer to the customer's mail",
    "call_back": "the call-back",
}


def promise(
    ticket: TicketFacts,
    type_: DeadlineType,
    settings: Settings,
    now: datetime,
    *,
    company: CompanyFacts | None = None,
    phone: str = "",
) -> Plan:
    """A warning before, or the alarm at, the end of a promise: to the owner, then the team's lead. Once. `phone`: of
    the requester."""
    if not clocks.is_due(ticket, type_):
        return Plan()
    what, _, when = type_.rpartition("_")
    breach = when == "breach"
    oncall = ticket.state.clock is not None and ticket.state.clock.oncall
    due = clocks.promised(ticket, what)
    if not breach and due is not None and due <= now:
        return Plan()  # held over the night until it was too late: the alarm alone is told
    shown = f" by {due.astimezone(ZoneInfo(settings.desk.timezone)):%A %Y-%m-%d %H:%M}" if due else ""
    text = f"{PROMISES[what]} promised{shown} " + ("is overdue" if breach else "is due soon")
    boxes = alert_rules.heard((AlertKind.DEADLINE,), ticket, settings, now, breach=breach, oncall=oncall)
    told = ", ".join(b.name or b.address for b in boxes) or "nobody: no agent with an address"
    details = AlertDetails(promise=what, breach=breach)
    entry = moving.noted(ticket.number, EntryType.ALERT, f"{text}; told {told}", details)
    fact = ToldFact(code=f"{'overdue' if breach else 'due'}_{what}", at=due)
    event = AlertEvent(kind=AlertKind.DEADLINE, at=now, facts=(fact,))
    return Plan((entry, *alerts.to_each(boxes, ticket, event, settings, now, company=company, phone=phone)))


def auto_close(act: ActContext, ticket: TicketFacts) -> Plan:
    """A resolved ticket that nobody answered closes by itself, with one mail."""
    if ticket.phase != Phase.RESOLVED:
        return Plan()
    said: StepFields = {"auto": not _thanked(ticket)}
    return complaint_review.waits(act, ticket) or Plan(
        tuple(acts.move(act, ticket, Phase.CLOSED, details=PhaseDetails(auto=True), said=said, actor=DESK))
    )


def _thanked(ticket: TicketFacts) -> bool:
    """Whether somebody wrote that it works: then nobody is told that nothing was heard of them."""
    last = next((e for e in reversed(ticket.entries) if e.type in (EntryType.MAIL, EntryType.PHASE)), None)
    return last is not None and isinstance(last.details, MailDetails) and last.details.thanks


def outage_close(act: ActContext, ticket: TicketFacts, since: datetime | None) -> Plan:
    """A ticket of an outage that is over, whose people did not reply since, closes by itself."""
    if not outages.closes_by_silence(ticket):
        return Plan()
    if since is not None and any(_answers(e, since) for e in ticket.entries):
        return Plan()
    return Plan(
        tuple(
            acts.move(
                act, ticket, Phase.CLOSED, details=PhaseDetails(auto=True), said={"auto": True}, actor=DESK
            )
        )
    )


def _answers(entry: EntryFacts, since: datetime) -> bool:
    """Whether somebody wrote since then; a bare "thank you" says that it works again."""
    return (
        entry.type in (EntryType.MAIL, EntryType.REPLY, EntryType.CALL)
        and entry.at > since
        and not (isinstance(entry.details, MailDetails) and entry.details.thanks)
    )


def consent_remind(
    act: ActContext, ticket: TicketFacts, consent: ConsentFacts | None, nonce: Callable[[], str]
) -> Plan:
    """The approvers are reminded once after a working day."""
    if consent is None or consent.state != ConsentState.WAITING or not consent.approvers:
        return Plan()
    return approvals.remind(act, ticket, consent, nonce)


def consent_expire(act: ActContext, ticket: TicketFacts, consent: ConsentFacts | None) -> Plan:
    """Nobody answered in time: the hold stays, the agent decides how to go on."""
    if consent is None or consent.state != ConsentState.WAITING:
        return Plan()
    if consent.expires_at > act.now:
        return Plan((SetDeadline(DeadlineType.CONSENT_EXPIRE, ticket.number, consent.expires_at),))
    return approvals.expire(act, ticket, consent)
