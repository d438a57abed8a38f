"""The only opener: a ticket with its team, promise, clock and marks, whoever it comes from and however."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import datetime

from maild.model import (
    NEW,
    AddEntry,
    Change,
    Classification,
    CompanyFacts,
    LinkOutage,
    Mailbox,
    OpenTicket,
    OutageFacts,
    Promise,
    Reason,
    TicketFacts,
)
from maild.settings import Settings
from maild.ticket import clocks, moving, routing, service
from maild.ticket.phases import Phase
from maild.ticket.routing import WITHOUT_CONTRACT, Standing
from maild.ticket.service import Terms
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import EntryType, LastWord, Severity
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be opened, and for whom."""

    subject: str
    requester: Mailbox
    company: CompanyFacts | None
    what: Classification
    language: str
    received_at: datetime  # what the promise counts from
    number: int = NEW  # a name for it in the plan, or a number that is reserved for it
    phase: Phase = Phase.RECEIVED
    standing: Standing | None = None  # None = the company's
    team: str = ""  # of who knows it; "" = routed
    owner: str = ""
    site: str = ""
    severity_said: bool = False  # an agent named the severity
    promised: bool = True  # False: it has no promise of its own
    waits: bool = True  # its requester waits for an answer; not so where we opened it, or asked first
    outages: tuple[OutageFacts, ...] = ()
    last_message_id: str | None = None  # the mail that status mails answer
    participants: tuple[Mailbox, ...] = ()
    responded_at: datetime | None = None
    state: TicketState = field(default_factory=TicketState)  # marks of its way


@dataclass(frozen=True, slots=True)
class Opened:
    """The ticket as it will stand, what was promised, and the changes that make it."""

    ticket: TicketFacts
    standing: Standing
    promise: Promise
    changes: tuple[Change, ...]


def open_ticket(
    request: Request, settings: Settings, first: Callable[[TicketFacts], Sequence[Change]] = lambda _: ()
) -> Opened:
    """The new ticket. `first`: the changes that make its first entry, which stands above all others."""
    company, what = request.company, request.what
    known = request.standing or routing.standing(company)
    terms = _terms(request, settings) if request.promised else None
    promise = _promise(request, terms, settings)
    waits = request.waits and request.phase is not Phase.WAITING_CUSTOMER
    ticket = TicketFacts(
        number=request.number, subject=request.subject, company=company.key if company is not None else None,
        requester=request.requester.address, requester_name=request.requester.name, kind=what.kind,
        severity=_severity(request, known), team=request.team or routing.of_standing(known, settings) or what.team,
        owner=request.owner, phase=moving.lawful(request.phase, what.asks), language=request.language,
        created_at=request.received_at,
        last_word=LastWord.CUSTOMER if waits else LastWord.AGENT,
        waiting_since=request.received_at if waits else None, root_message_id="",
        topic=what.topic, respond_by=promise.respond_by, resolve_by=promise.resolve_by,
        responded_at=request.responded_at, participants=request.participants, last_message_id=request.last_message_id,
        state=replace(
            request.state, site=request.site, asks=what.asks, out_of_scope=what.out_of_scope,
            classified=tuple((r.code, r.evidence) for r in what.reasons), outages=tuple(o.id for o in request.outages),
        ),
    )  # fmt: skip
    deadlines: tuple[Change, ...] = ()
    if terms is not None:
        clock = clocks.at_start(ticket, promise, settings, company, terms)
        ticket, deadlines = ticket.after(clock.change), clock.deadlines
    changes = (
        OpenTicket(ticket), *first(ticket), *(LinkOutage(ticket.number, o.id) for o in request.outages), *deadlines,
        *_contract_notes(ticket, promise),
    )  # fmt: skip
    return Opened(ticket, known, promise, changes)


def _terms(request: Request, settings: Settings) -> Terms | Reason:
    what = request.what
    return service.terms(request.company, what.severity, what.topic, request.received_at, settings)


def _promise(request: Request, terms: Terms | Reason | None, settings: Settings) -> Promise:
    if terms is None:
        return Promise(None, None, received_at=request.received_at)
    return service.promise_of(terms, request.company, request.received_at, settings, site=request.site)


def _severity(request: Request, known: Standing) -> Severity | None:
    """Who has no contract has none, unless an agent named it."""
    nothing = known in WITHOUT_CONTRACT and not request.severity_said
    return None if nothing else request.what.severity


def _contract_notes(ticket: TicketFacts, promise: Promise) -> tuple[Change, ...]:
    """What agents should know of the contract: that it is over, or does not hold yet."""
    return tuple(
        AddEntry(
            ticket.number, EntryType.SYSTEM, "maild", "system", reason.evidence or reason.code, public=False
        )
        for reason in promise.reasons
        if reason.code.startswith("contract-")
    )
