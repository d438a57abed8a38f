"""A complaint is not done when its owner says so: the complaints team's lead reviews it before it closes.

Where that team has no lead ([teams.NAME] lead) there is nobody to review, and a complaint closes like any ticket.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from maild.app import acts
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.model import Change, Plan, SetDeadline, TicketFacts, UpdateTicket
from maild.notice import alerts
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.settings import Settings
from maild.ticket import alert_rules, moving
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import AlertKind, DeadlineType, EntryType, TicketKind
from maild.values import replace

#: how often a complaint that waits for its review is brought up again
AGAIN = timedelta(days=1)


def reviewer(ticket: TicketFacts, settings: Settings) -> str:
    """Who reviews the ticket; "" when it needs none or was reviewed."""
    if ticket.kind != TicketKind.COMPLAINT or ticket.state.reviewed_by:
        return ""
    team = settings.teams.get(settings.tickets.complaint_team)
    return team.lead if team is not None else ""


def close(act: ActContext, ticket: TicketFacts, message: str = "") -> Plan:
    """`maild close N`: refused for a complaint that its lead has not reviewed."""
    lead = reviewer(ticket, act.settings)
    if lead and act.agent != lead:
        raise Refused(
            f"#{ticket.number} is a complaint: `maild phase {ticket.number} resolved` says that it is done, "
            f"`maild --as {lead} review {ticket.number} -m TEXT` closes it"
        )
    return acts.close(act, ticket, message)


def phase(
    act: ActContext, ticket: TicketFacts, new: Phase, message: str = "", *, at: datetime | None = None
) -> Plan:
    """`maild phase N PHASE`: a complaint that is resolved goes to its lead."""
    if new == Phase.CLOSED:
        return close(act, ticket, message)
    plan = acts.phase(act, ticket, new, message, at=at)
    return replace(plan, changes=(*plan.changes, *wanted(act, ticket))) if new == Phase.RESOLVED else plan


def wanted(act: ActContext, ticket: TicketFacts) -> list[Change]:
    """A complaint was resolved: its lead is asked to review it."""
    lead = reviewer(ticket, act.settings)
    if not lead or act.agent == lead:
        return []
    text = f"{lead} is asked to review the complaint: maild review {ticket.number} -m TEXT"
    shown = act.settings.agents[lead].shown if lead in act.settings.agents else lead
    fact = ToldFact(code="review_wanted", who=(shown,))
    event = AlertEvent(kind=AlertKind.COMPLAINT, at=act.now, facts=(fact,))
    boxes = alert_rules.heard((AlertKind.COMPLAINT,), ticket, act.settings, act.now, by=act.agent)
    told = alerts.to_each(
        boxes, ticket, event, act.settings, act.now, company=act.company, commands=("maild review N -m TEXT",)
    )
    return [moving.noted(ticket.number, EntryType.REVIEW, text), *told]


def waits(act: ActContext, ticket: TicketFacts) -> Plan | None:
    """Instead of closing by itself: the review is brought up again. None when there is nothing to wait for."""
    if not reviewer(ticket, act.settings):
        return None
    again = SetDeadline(DeadlineType.AUTO_CLOSE, ticket.number, act.now + AGAIN)
    return Plan((*wanted(act, ticket), again))


def review(act: ActContext, ticket: TicketFacts, message: str) -> Plan:
    """`maild review N -m TEXT`: what the lead found, kept; a resolved complaint closes with its mail."""
    if ticket.kind != TicketKind.COMPLAINT:
        raise Refused(f"#{ticket.number} is a {ticket.kind}: only complaints are reviewed")
    lead = reviewer(ticket, act.settings)
    if lead and act.agent != lead:
        raise Refused(f"#{ticket.number} is reviewed by {lead}: --as {lead}")
    if not lead and act.agent == ticket.owner:
        raise Refused(f"#{ticket.number} is yours: somebody else reviews it")
    if not message.strip():
        raise Refused("a review needs words: -m TEXT says what was found")
    changes: list[Change] = [
        act.noted(ticket.number, EntryType.REVIEW, message),
        UpdateTicket(ticket.number, TicketChange(reviewed_by=act.agent)),
    ]
    if ticket.phase == Phase.RESOLVED:
        changes += acts.move(act, ticket, Phase.CLOSED)
    return Plan(tuple(changes))
