"""A customer says how content they are with the solution: kept on the ticket; reopens nothing unless words ask for it."""

from __future__ import annotations

from maild.app import holding
from maild.app.case import Case
from maild.app.join import entry, people
from maild.app.thread_keys import remember
from maild.model import (
    ActKind,
    Change,
    Decision,
    Plan,
    Reason,
    Threading,
    TicketAct,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import alerts
from maild.notice.agent_mails import AlertEvent, ToldFact
from maild.notice.values import NamedPerson
from maild.ticket import alert_rules, rating
from maild.ticket.phases import DONE, InboundState
from maild.ticket.state import Rating, TicketChange
from maild.ticket.vocabulary import AlertKind, LinkType, RatingValue
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class GivenRating:
    """What somebody said of a ticket. `alone`: nothing more is wanted of the desk."""

    ticket: TicketFacts
    rating: Rating
    alone: bool


def given(case: Case, threading: Threading) -> GivenRating | None:
    """The rating that a person's mail on a ticket begins with; of one that may not be reopened any more, too."""
    number = threading.ticket if threading.how in ("join", "reopen") else _followed(threading)
    ticket = case.facts.tickets.get(number) if number is not None else None
    said = rating.read(case.mail.visible_new_text) if ticket is not None else None
    if ticket is None or said is None or case.sender.how == "agent":
        return None
    value, words = said
    alone = ticket.phase in DONE and not rating.asks_for_more(words, case.mail.language or ticket.language)
    alone = alone and holding.asked_in(case, ticket) is None
    return GivenRating(ticket, Rating(value, words, case.now), alone)


def _followed(threading: Threading) -> int | None:
    return (
        threading.link[1] if threading.link is not None and threading.link[0] == LinkType.FOLLOW_UP else None
    )


def recorded(case: Case, threading: Threading, said: GivenRating) -> Plan:
    """The plan for a mail that says nothing more: on the ticket, answered by nobody. Who is not content is told of."""
    ticket = said.ticket
    thread = Threading(ticket.number, threading.rule, "join", threading.candidates, threading.conflicts)
    changes: list[Change] = [
        *entry(case, ticket), *people(case, ticket), remember(case, ticket.number), _kept(said), *_told(case, said),
    ]  # fmt: skip
    why = Reason("rating", f"{said.rating.value}: reopens nothing, answered by nobody")
    would = (TicketAct(ActKind.APPEND, ticket.number),)
    decision = Decision("reply", (*case.quiet, why), case.sender, thread, would=would)
    return Plan(tuple(changes), decision, InboundState.DONE, ticket.number)


def with_rating(plan: Plan, said: GivenRating) -> Plan:
    """The plan for a mail that wants something as well, with the rating kept."""
    return replace(plan, changes=(*plan.changes, _kept(said)))


def _kept(said: GivenRating) -> Change:
    return UpdateTicket(said.ticket.number, TicketChange(rating=said.rating))


def _told(case: Case, said: GivenRating) -> list[Change]:
    """The owner or the lead learns of somebody who is not content: nothing else would tell them."""
    if said.rating.value is not RatingValue.BAD:
        return []
    ticket, settings = said.ticket, case.settings
    who = NamedPerson(name=case.sender.name, address=case.sender.address or "")
    event = AlertEvent(
        kind=AlertKind.REPLY, at=case.now, who=who, text=said.rating.text,
        facts=(ToldFact(code="not_content", who=(case.sender.address or "",)),),
    )  # fmt: skip
    boxes = alert_rules.heard((AlertKind.REPLY,), ticket, settings, case.now)
    return alerts.to_each(boxes, ticket, event, settings, case.now, company=case.company_of(ticket))
