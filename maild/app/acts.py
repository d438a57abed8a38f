"""What an agent does to a ticket: one function an act, each returning the plan that the store applies.

Pure: the command line reads the ticket inside the write transaction, calls one of these, applies the plan.
An act that cannot be done raises `Refused` with a text that says what to do instead.
"""

from __future__ import annotations

from datetime import datetime

from maild.errors import Refused
from maild.mail.text.clean import shown_text
from maild.model import (
    AddEntry,
    Change,
    CompanyFacts,
    ConsentFacts,
    PersonFacts,
    Plan,
    SendNotice,
    TicketFacts,
    UpdateTicket,
    WaitingMail,
)
from maild.notice import notices
from maild.notice.status_mails import Closed
from maild.notice.step_fields import NO_MORE, StatusFields, StepFields
from maild.party import agents
from maild.settings import Settings
from maild.ticket import dates, moving, phase_names
from maild.ticket.clocks import ClockChange
from maild.ticket.entries import NOTHING, ChangeDetails, Details, PhaseDetails
from maild.ticket.moving import DESK, Actor, refuse_while_held
from maild.ticket.phases import ENDED, PHASE_NOTICE, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class ActContext:
    """Who acts, when, on a ticket of which company."""

    settings: Settings
    now: datetime
    agent: str
    company: CompanyFacts | None = None
    person: PersonFacts | None = None
    consents: tuple[ConsentFacts, ...] = ()
    channel: str = "cli"
    waiting: tuple[WaitingMail, ...] = ()  # mails of the agent's last acts on the ticket that have not left

    @property
    def actor(self) -> Actor:
        """Who makes the steps of this act; without an agent the desk itself."""
        return Actor(self.agent, self.channel, agent=True) if self.agent else DESK

    def noted(self, number: int, type_: EntryType, text: str, details: Details = NOTHING) -> AddEntry:
        """A line of this act that only agents see."""
        by = self.actor
        return AddEntry(number, type_, by.name, by.channel, text, public=False, details=details)


def move(
    act: ActContext,
    ticket: TicketFacts,
    new: Phase,
    message: str = "",
    *,
    details: PhaseDetails = moving.STEP,
    said: StepFields = NO_MORE,
    change: TicketChange = moving.NOTHING_ELSE,
    notice: str | None = "",
    actor: Actor | None = None,
    answers: bool = True,
) -> list[Change]:
    """The changes of one arrow in phases.TICKET: clocks, entry, mail, deadlines.

    `details`: kept with the entry. `said`: what the mail of that name says besides. `notice`: "" = the phase's own,
    None = no mail. `actor`: None = who acts. `answers`: as of `moving.move`.
    """
    by = act.actor if actor is None else actor
    step = moving.move(
        ticket, new, by, act.now, act.settings, message=message, details=details, also=change,
        consents=act.consents, answers=answers,
    )  # fmt: skip
    changes = [*step.changes]
    name = PHASE_NOTICE.get(new) if notice == "" else notice
    if name and notices.may_be_told(step.ticket, act.settings):
        if name == Closed.name and notices.asks_rating(step.ticket, act.settings):
            said = {**said, "asks_rating": True}
        content = notices.named(name, told(act, step.ticket, message, by.name), said)
        sent = notices.status(content, step.ticket)
        if sent is not None:
            changes.append(SendNotice(sent))
    return changes


def told(act: ActContext, ticket: TicketFacts, message: str = "", by: str | None = None) -> StatusFields:
    """What a mail about an act says. `by`: the agent, "" for the desk itself, None for who acts."""
    actor = notices.shown_name(act.agent if by is None else by, act.settings)
    return notices.base(ticket, act.company, act.settings, act.now, actor=actor, message=message)


def phase(
    act: ActContext, ticket: TicketFacts, new: Phase, message: str = "", *, at: datetime | None = None
) -> Plan:
    """`maild phase N PHASE -m TEXT`. `at`: for `scheduled`, when the work is planned."""
    if new == Phase.MERGED:
        raise Refused(f"`maild merge {ticket.number} INTO` merges tickets")
    refuse_while_held(ticket, act.consents, new)
    if new == Phase.AWAITING_APPROVAL:
        raise Refused(f"`maild approval request {ticket.number}` holds a ticket for approval")
    if new == ticket.phase and new != Phase.SCHEDULED:  # a date may be moved
        raise Refused(
            f"#{ticket.number} is {phase_names.said(new)} already; `maild reply {ticket.number}` writes to the customer"
        )
    if new == Phase.SCHEDULED:
        return _scheduled(act, ticket, message, at)
    if at is not None:
        raise Refused("--at goes with the phase `scheduled`")
    if ticket.phase in (Phase.CLOSED, Phase.REJECTED) and new == Phase.IN_PROGRESS:
        return reopen(act, ticket, message)
    return Plan(tuple(move(act, ticket, new, message)))


def _scheduled(act: ActContext, ticket: TicketFacts, message: str, at: datetime | None) -> Plan:
    """The work has a date, or another one; a date that is later than what was promised says so."""
    if at is None:
        raise Refused(f"say when: `maild phase {ticket.number} scheduled --at TIME`, the customer is told")
    if at <= act.now:
        when = dates.absolute(at, act.now, act.settings.desk.timezone)
        raise Refused(f"{when} is in the past; say when the work is planned: tomorrow 9:00, fri 14:00")
    late = ticket.resolve_by is not None and act.now < ticket.resolve_by < at
    said: StepFields = {
        "scheduled_for": at, "moved": ticket.phase == Phase.SCHEDULED, "promised_by": ticket.resolve_by if late else None,
    }  # fmt: skip
    change, step = TicketChange(scheduled_for=at), PhaseDetails(scheduled_for=at)
    return Plan(tuple(move(act, ticket, Phase.SCHEDULED, message, details=step, said=said, change=change)))


def refuse_ended(ticket: TicketFacts) -> None:
    """Refused where the ticket is over, with what to do first."""
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged; the work goes on in #{ticket.merged_into}")
    if ticket.phase in ENDED:
        raise Refused(f"#{ticket.number} is {ticket.phase}; `maild reopen {ticket.number}` comes first")


def take(act: ActContext, ticket: TicketFacts) -> Plan:
    """`maild take N`: the agent becomes owner; a received ticket is accepted, with its mail."""
    if ticket.owner and ticket.owner != act.agent:
        raise Refused(
            f"#{ticket.number} belongs to {ticket.owner}; `maild assign {ticket.number} {act.agent}` moves it to you"
        )
    refuse_ended(ticket)
    if ticket.phase == Phase.RECEIVED:
        return Plan(
            tuple(move(act, ticket, Phase.ACCEPTED, change=TicketChange(owner=act.agent), answers=False))
        )
    if ticket.owner == act.agent:
        raise Refused(f"#{ticket.number} is yours already")
    return Plan(tuple(_assigned(act, ticket, TicketChange(owner=act.agent), f"taken by {act.agent}")))


def _assigned(act: ActContext, ticket: TicketFacts, change: TicketChange, text: str) -> list[Change]:
    set_ = ChangeDetails(**change.columns())
    return [UpdateTicket(ticket.number, change), act.noted(ticket.number, EntryType.ASSIGN, text, set_)]


def assign(act: ActContext, ticket: TicketFacts, whom: str, message: str = "") -> Plan:
    """`maild assign N AGENT|TEAM`."""
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged into #{ticket.merged_into}")
    whom = agents.agent_or_team(whom, act.settings, agents.teams(act.settings))
    change = TicketChange(team=whom) if whom in agents.teams(act.settings) else TicketChange(owner=whom)
    text = f"assigned to {whom}" + (f": {message}" if message else "")
    return Plan(tuple(_assigned(act, ticket, change, text)))


def note(act: ActContext, ticket: TicketFacts, message: str) -> Plan:
    """`maild note N -m TEXT`: seen by agents only."""
    need_words(message, "a note")
    return Plan((act.noted(ticket.number, EntryType.NOTE, message),))


def close(act: ActContext, ticket: TicketFacts, message: str = "") -> Plan:
    """`maild close N -m TEXT`: straight to closed, with one mail."""
    if ticket.phase in ENDED:
        raise Refused(f"#{ticket.number} is {ticket.phase} already")
    return Plan(tuple(move(act, ticket, Phase.CLOSED, message)))


def reopen(act: ActContext, ticket: TicketFacts, message: str = "") -> Plan:
    """`maild reopen N`: back to work, with its mail."""
    if ticket.phase not in (Phase.RESOLVED, Phase.CLOSED, Phase.REJECTED):
        remedy = f"; work goes on in #{ticket.merged_into}" if ticket.phase == Phase.MERGED else ""
        raise Refused(f"#{ticket.number} is {phase_names.said(ticket.phase)}, not closed{remedy}")
    return Plan(tuple(move(act, ticket, Phase.IN_PROGRESS, message, notice="reopened")))


def reckoned(number: int, clock: ClockChange) -> tuple[Change, ...]:
    """Why a ticket's promises moved, a line each, and its alarms."""
    return (*(moving.noted(number, EntryType.CLOCK, why) for why in clock.explanations), *clock.deadlines)


def need_words(message: str, what: str) -> None:
    """Refuses words of which a reader would see none."""
    if not shown_text(message).strip():
        raise Refused(f"{what} needs words: -m TEXT, a file, standard input or $EDITOR")
