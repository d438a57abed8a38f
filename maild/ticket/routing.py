"""The only router: which team a ticket stands in.

What the customer's standing says goes first: unknown senders and companies without a contract are the sales
team's, a suspended company is the billing team's, whatever they write and however it comes. Then complaints and
offers have teams of their own, then what words or an agent chose, then the default.
"""

from __future__ import annotations

from enum import StrEnum

from maild.model import Classification, CompanyFacts, TicketFacts
from maild.settings import Settings
from maild.ticket.vocabulary import Severity, TicketKind
from maild.values import replace


class Standing(StrEnum):
    """What a customer is to the desk; it decides team, promise and acknowledgement."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    NO_CONTRACT = "no_contract"
    UNKNOWN = "unknown"


#: to whom nothing is promised, so that they have no severity either
WITHOUT_CONTRACT = frozenset({Standing.UNKNOWN, Standing.NO_CONTRACT})


def standing(company: CompanyFacts | None) -> Standing:
    """The standing of a customer of that company; None is somebody of none that we know."""
    if company is None:
        return Standing.UNKNOWN
    if company.standing == "suspended":
        return Standing.SUSPENDED
    return Standing.ACTIVE if company.service_level else Standing.NO_CONTRACT


def of_standing(known: Standing, settings: Settings) -> str:
    """The team of everybody of that standing; "" where the request decides."""
    t = settings.tickets
    return {
        Standing.UNKNOWN: t.sales_team,
        Standing.NO_CONTRACT: t.sales_team,
        Standing.SUSPENDED: t.billing_team,
        Standing.ACTIVE: "",
    }[known]


def of_kind(kind: TicketKind, settings: Settings) -> str:
    """The team that a kind has of its own, or ""."""
    t = settings.tickets
    return {TicketKind.COMPLAINT: t.complaint_team, TicketKind.QUOTE: t.sales_team}.get(kind, "")


def with_kind(what: Classification, kind: TicketKind | None, settings: Settings) -> Classification:
    """The classification where an agent has set the kind; None is none, the words' own stays."""
    if kind is None or kind == what.kind:
        return what
    # what the words ask for they ask for under any name
    asks = what.asks or (kind if kind in settings.approval.kinds else None)
    return replace(what, kind=kind, team=_for_kind(kind, what.team, settings), asks=asks)


def after_change(
    ticket: TicketFacts, kind: TicketKind, company: CompanyFacts | None, settings: Settings
) -> str:
    """The team when the ticket's kind becomes another; where it stands for another reason, it stays."""
    t = settings.tickets
    elsewhere = (t.billing_team, t.review_team, of_standing(standing(company), settings))
    return ticket.team if ticket.team in elsewhere else _for_kind(kind, ticket.team, settings)


def after_move(ticket: TicketFacts, company: CompanyFacts | None, settings: Settings) -> str:
    """The team when the ticket becomes another company's."""
    t = settings.tickets
    theirs = of_standing(standing(company), settings) or of_kind(ticket.kind, settings)
    return theirs or (t.default_team if ticket.team in (t.sales_team, t.billing_team) else ticket.team)


def severity_under(ticket: TicketFacts, company: CompanyFacts | None) -> Severity | None:
    """The ticket's severity with that company: without a contract none; where it had none, as its words said."""
    if standing(company) in WITHOUT_CONTRACT:
        return None
    if ticket.severity is not None:
        return ticket.severity
    words = (code.removeprefix("severity-") for code, _ in ticket.state.classified)
    return next((Severity(word) for word in words if word in set(Severity)), Severity.USER)


def _for_kind(kind: TicketKind, team: str, settings: Settings) -> str:
    """A kind without a team of its own leaves those of other kinds; a team that was chosen keeps the ticket."""
    t = settings.tickets
    chosen = team not in (t.complaint_team, t.sales_team, t.default_team)
    return of_kind(kind, settings) or (team if chosen else t.default_team)
