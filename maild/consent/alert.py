"""What our own people are told of a consent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maild.model import Change, TicketFacts
from maild.notice import alerts
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.settings import Settings
from maild.ticket import alert_rules
from maild.ticket.vocabulary import AlertKind


def tell(
    ticket: TicketFacts,
    settings: Settings,
    now: datetime,
    facts: Sequence[ToldFact],
    *,
    said: str = "",
    commands: Sequence[str] = (),
    by: str = "",
) -> list[Change]:
    """A mail to the ticket's owner, else its team; none where nobody has an address, and to `by`, who caused it.

    `said`: what somebody wrote, or gave as their reason. `commands`: what to type besides."""
    lines = (said,) if said else ()
    event = AlertEvent(kind=AlertKind.CONSENT, at=now, facts=tuple(facts), lines=lines)
    boxes = alert_rules.heard((AlertKind.CONSENT,), ticket, settings, now, by=by)
    return alerts.to_each(boxes, ticket, event, settings, now, commands=(*commands, "maild approval show N"))
