"""Old mail becomes tickets as it would have then, but nobody is told of it, nothing is promised and nothing watched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from maild.model import (
    AddEntry,
    AddTokens,
    Change,
    DecideConsent,
    HeldBack,
    LinkOutage,
    LogConsent,
    Mail,
    MarkAddress,
    OpenConsent,
    OpenTicket,
    Plan,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.settings import Settings
from maild.ticket import moving
from maild.ticket.entries import PhaseDetails
from maild.ticket.phases import TICKET, Phase
from maild.ticket.state import UNSET
from maild.ticket.vocabulary import EntryType, LastWord
from maild.values import replace

#: what would reach somebody now, or watch over what is long past. A request that needs an approval stays held: whoever
#: goes on with it asks
_LEFT_OUT = (
    SendNotice, HeldBack, SetDeadline, OpenConsent, AddTokens, LogConsent, DecideConsent, MarkAddress, LinkOutage,
)  # fmt: skip


def quiet(plan: Plan, mail: Mail, settings: Settings) -> Plan:
    """The plan of an old mail without what would be told, promised or watched. What the desk itself wrote then is an
    answer of its."""
    ours = mail.sender is not None and mail.sender.address in settings.desk.addresses
    if ours and plan.inbound_ticket is None and (number := _evidence(plan)) is not None:
        assert mail.sender is not None
        answer = AddEntry(
            number, EntryType.REPLY, mail.sender.name or mail.sender.address, "email", mail.new_text, public=True,
            full_text=mail.text, elided=mail.elided, from_mail=True,
        )  # fmt: skip
        return replace(plan, changes=(answer,), inbound_ticket=number)
    return replace(plan, changes=tuple(_kept(plan, ours)))


def _evidence(plan: Plan) -> int | None:
    """The ticket of the thread: the desk may write on any of its own."""
    if plan.decision is None:
        return None
    return next((one.ticket for one in plan.decision.thread.candidates if one.ticket is not None), None)


def _kept(plan: Plan, ours: bool) -> Iterator[Change]:
    for change in plan.changes:
        if isinstance(change, _LEFT_OUT):
            continue
        if isinstance(change, OpenTicket):
            yield replace(change, ticket=_unpromised(change.ticket))
        elif isinstance(change, UpdateTicket):
            kept = replace(
                change.change, respond_by=UNSET, resolve_by=UNSET, clock=UNSET, last_word=UNSET, waiting_since=UNSET,
                reply_by=UNSET, outages=UNSET,
            )  # fmt: skip
            if kept:
                yield UpdateTicket(change.ticket, kept)
        elif isinstance(change, AddEntry) and ours and change.type == EntryType.OWN:
            yield replace(change, type=EntryType.REPLY, public=True)
        elif isinstance(change, AddEntry) and change.type == EntryType.CLOCK:
            continue
        else:
            yield change


def _unpromised(ticket: TicketFacts) -> TicketFacts:
    return replace(
        ticket, respond_by=None, resolve_by=None, last_word=LastWord.AGENT, waiting_since=None, reply_by=None,
        state=replace(ticket.state, clock=None, outages=(), channel="import"),
    )  # fmt: skip


def closed(ticket: TicketFacts, at: datetime, settings: Settings) -> Plan:
    """`import mbox --closed`: what no arrow leads to `closed` from (it waits for an approval) stays."""
    if Phase.CLOSED not in TICKET[ticket.phase]:
        return Plan()
    step = moving.move(
        ticket, Phase.CLOSED, moving.DESK, at, settings, message="imported", details=PhaseDetails(auto=True), public=False
    )  # fmt: skip
    return Plan(tuple(_kept(Plan(tuple(step.changes)), ours=False)))
