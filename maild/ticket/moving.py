"""The only mover: what a step from one phase to another does to a ticket.

Whoever causes the step (an agent, a customer's mail, a consent, a deadline) comes here, so that clocks, stamps,
alarms, the log and the rule that a held ticket stays held are the same for all. Mails are the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from maild.errors import Refused
from maild.model import (
    AddEntry,
    Change,
    ConsentFacts,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.settings import Settings
from maild.ticket import clocks, waiting
from maild.ticket.entries import NOTHING, Details, PhaseDetails
from maild.ticket.phases import DONE, ENDED, HOLDING, TICKET, ConsentState, Phase, check_move
from maild.ticket.state import UNSET, TicketChange
from maild.ticket.vocabulary import DeadlineType, EntryType, TicketKind
from maild.values import dataclass, replace

#: steps of an agent that count as the answer which the contract promises
RESPONDS: Final = frozenset(
    {Phase.ACCEPTED, Phase.IN_PROGRESS, Phase.SCHEDULED, Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED,
     Phase.WAITING_CUSTOMER}
)  # fmt: skip
#: a step of which the log says nothing but from where to where
STEP: Final = PhaseDetails()
NOTHING_ELSE: Final = TicketChange()
#: where a ticket may stand whose words ask for what nobody consented to: nothing is worked on there. In
#: waiting_customer stand requests by phone, and those of people who may not file, until somebody writes or adopts them
UNWORKED: Final = frozenset({Phase.AWAITING_APPROVAL, Phase.WAITING_CUSTOMER, Phase.REJECTED, Phase.MERGED})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a step, as the log names them, and how it reached us. `agent`: one of our own people."""

    name: str
    channel: str
    agent: bool = False


#: what maild does by itself
DESK: Final = Actor("maild", "system")


def noted(number: int, type_: EntryType, text: str, details: Details = NOTHING) -> AddEntry:
    """A line of the desk's own that only agents see."""
    return AddEntry(number, type_, DESK.name, DESK.channel, text, public=False, details=details)


@dataclass(frozen=True, slots=True)
class Moved:
    """The ticket as it stands after the step, and the changes that bring it there."""

    ticket: TicketFacts
    changes: tuple[Change, ...]


def move(
    ticket: TicketFacts,
    new: Phase,
    by: Actor,
    now: datetime,
    settings: Settings,
    *,
    message: str = "",
    details: PhaseDetails | None = STEP,
    public: bool = True,
    also: TicketChange = NOTHING_ELSE,
    consents: Sequence[ConsentFacts] = (),
    decided: bool = False,
    answers: bool = True,
) -> Moved:
    """The step to `new`. Refused where no arrow leads there, or the ticket is held.

    `message`, `details`, `public`: of the entry; `details` None = the caller writes one.
    `also`: what the step sets besides. `answers`: an agent's step is a word to the customer, who waits no longer.
    `consents`: the ticket's, of which a refusal tells; `decided`: a consent's outcome makes the step.
    """
    if not decided:
        refuse_while_held(ticket, consents, new)
    _refuse_unconsented(ticket, ticket.state.asks if also.asks is UNSET else also.asks, new)
    check_move(TICKET, ticket.phase, new)
    waits = clocks.ClockChange()
    if (by.agent and answers) or new in DONE or new in ENDED:
        waits = waiting.answered(ticket) if by.agent else _over(ticket)
    clock = clocks.on_phase(
        ticket.after(waits.change), new, now, settings, by_agent=by.agent and new in RESPONDS
    )
    change = _stamped(replace(also.over(clock.change.over(waits.change)), phase=new), ticket, new, now)
    changes: list[Change] = [UpdateTicket(ticket.number, change)]
    if details is not None:
        changes.append(
            AddEntry(
                ticket.number, EntryType.PHASE, by.name, by.channel, message, public=public,
                details=replace(details, old=ticket.phase, new=new),
            )
        )  # fmt: skip
    alarms = (*waits.deadlines, *clock.deadlines)
    return Moved(ticket.after(change), (*changes, *alarms, *_auto_close(ticket, new, now, settings)))


def _over(ticket: TicketFacts) -> clocks.ClockChange:
    """Nobody waits on what is over, whoever wrote last."""
    made = waiting.answered(ticket)
    return replace(made, change=replace(made.change, last_word=UNSET))


def _stamped(change: TicketChange, ticket: TicketFacts, new: Phase, now: datetime) -> TicketChange:
    """When it was resolved and closed; who went back to work was neither."""
    if ticket.state.scheduled_for is not None and new is not Phase.SCHEDULED:
        change = replace(change, scheduled_for=None)
    if ticket.state.adoptable and new is not Phase.WAITING_CUSTOMER:
        change = replace(change, adoptable=False)  # it goes on, with or without somebody's "ok"
    if new is Phase.RESOLVED:
        return replace(change, resolved_at=now)
    if new in (Phase.CLOSED, Phase.REJECTED):
        return replace(change, closed_at=now)
    if ticket.phase in DONE and new is not Phase.MERGED:
        return replace(change, resolved_at=None, closed_at=None)
    return change


def _auto_close(ticket: TicketFacts, new: Phase, now: datetime, settings: Settings) -> list[Change]:
    if new is Phase.RESOLVED:
        at = now + timedelta(days=settings.tickets.auto_close_days)
        return [SetDeadline(DeadlineType.AUTO_CLOSE, ticket.number, at)]
    return [SetDeadline(DeadlineType.AUTO_CLOSE, ticket.number)] if ticket.phase is Phase.RESOLVED else []


def woken(ticket: TicketFacts) -> Phase:
    """Where a customer's word brings a ticket that waited or was done: back to where it waited, else to work."""
    before = ticket.phase_before if ticket.phase is Phase.WAITING_CUSTOMER else None
    kept = before in (Phase.RECEIVED, Phase.ACCEPTED, Phase.SCHEDULED)
    return before if before is not None and kept else Phase.IN_PROGRESS


def may_stand(asks: TicketKind | None, phase: Phase) -> bool:
    """The law of written consent (contract, Permission requests): a ticket whose present words ask for what needs a
    consent (`TicketState.asks`) is worked on in no phase until it was given, or an agent said that they ask for none.

    Whoever opens or moves a ticket comes by here; `asks` is emptied by the consent engine alone (`outcome.release`,
    `approvals.withdraw`).
    """
    return asks is None or phase in UNWORKED


def lawful(phase: Phase, asks: TicketKind | None, *, in_writing: bool = False) -> Phase:
    """Where a ticket with these words stands that would stand in `phase`. `in_writing`: they were written, so nobody has
    to write first."""
    needless = in_writing and asks is not None and phase is Phase.WAITING_CUSTOMER
    return phase if may_stand(asks, phase) and not needless else Phase.AWAITING_APPROVAL


def _refuse_unconsented(ticket: TicketFacts, asks: TicketKind | None, new: Phase) -> None:
    if may_stand(asks, new) or (
        ticket.phase is Phase.RESOLVED and new is Phase.CLOSED
    ):  # what is done may be closed
        return
    number = ticket.number
    raise Refused(
        f"#{number} asks for a {asks} in words that nobody consented to; `maild approval request {number}` asks for "
        f"the consent, `maild approval withdraw {number} -m REASON` says that they ask for none"
    )


def refuse_while_held(
    ticket: TicketFacts, consents: Sequence[ConsentFacts], new: Phase | None = None
) -> None:
    """Refused while the ticket waits for somebody's written consent. When that expired it may be rejected."""
    if ticket.phase is not Phase.AWAITING_APPROVAL:
        return
    asked = [c for c in consents if c.state in HOLDING]
    if new is Phase.REJECTED and asked and all(c.state is ConsentState.EXPIRED for c in asked):
        return
    number = ticket.number
    if not asked:
        raise Refused(
            f"#{number} is held for approval; `maild approval request {number}` asks again, "
            f"`maild approval withdraw {number} -m REASON` frees it"
        )
    names = ", ".join(
        f"C{c.id} ({c.state}, asked {', '.join(c.approvers) or 'nobody: no approver is known'})"
        for c in asked
    )
    raise Refused(
        f"#{number} is held until its approval is decided: {names}; "
        f"`maild approval remind {number}` asks again, `maild approval withdraw {number} -m REASON` frees it"
    )
