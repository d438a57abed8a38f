"""Several acts as one: an answer that also moves the ticket and logs time, a ticket done in one go.

Each step makes its plan for the ticket as the steps before leave it; the customer gets one mail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from maild.app import acts, complaint_review, time_log
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.model import (
    AddEntry,
    AddParticipant,
    Change,
    Mailbox,
    Notice,
    Plan,
    SendNotice,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.agent_mails import AgentAlert
from maild.notice.status_mails import Reply
from maild.party import entitlement
from maild.ticket import clocks, dates, waiting
from maild.ticket.entries import FileRow, ReplyDetails
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import WRITTEN, EntryType
from maild.values import dataclass, replace

#: bytes of all files of one mail; base64 adds a third, and most relays stop at 25 MB
MOST_FILES = 18_000_000

#: so soon after each other the same words are a command that was run twice
TWICE = timedelta(minutes=5)
#: entries after which the same words are said to something else
_SAID = frozenset((*WRITTEN, EntryType.UNDO))

#: one of several acts
Step = Callable[[ActContext, TicketFacts], Plan]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a mail; its bytes are kept under `sha256`."""

    name: str
    type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class AgentReply:
    """What an agent writes to the customer, and what else it does. `minutes`: worked, None = nothing is logged."""

    text: str
    phase: Phase | None = None
    at: datetime | None = None  # for `scheduled`
    minutes: int | None = None
    files: tuple[Attached, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    take: bool = False  # it becomes the agent's


def chained(act: ActContext, ticket: TicketFacts, steps: Iterable[Step]) -> Plan:
    """The changes of all steps, in order. Raises what the first step that cannot be done raises."""
    changes: list[Change] = []
    for step in steps:
        made = step(act, ticket).changes
        changes += made
        ticket = ticket.after_all(made)
    return Plan(tuple(changes))


def quiet(plan: Plan) -> Plan:
    """The plan without mails that tell customers; our own people are told, and approvers asked, all the same."""
    kept = tuple(c for c in plan.changes if not isinstance(c, SendNotice) or not tells_customers(c.notice))
    return replace(plan, changes=kept)


def tells_customers(notice: Notice) -> bool:
    """Not what our own people are told, nor what asks an approver."""
    return notice.name != AgentAlert.name and notice.token is None


def answer(act: ActContext, ticket: TicketFacts, said: AgentReply, *, already: int = 0) -> Plan:
    """`maild reply N`: the agent's own words; the ticket moves and time is logged beside them.

    `already`: billed minutes of the ticket so far.
    """
    acts.need_words(said.text, "an answer")
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged; answer on #{ticket.merged_into}")
    steps: list[Step] = []
    if said.take and (ticket.owner != act.agent or ticket.phase is Phase.RECEIVED):
        steps.append(lambda a, t: quiet(acts.take(a, t)))
    if said.phase is not None:
        steps.append(lambda a, t: quiet(complaint_review.phase(a, t, said.phase or t.phase, at=said.at)))
    if said.minutes is not None:
        steps.append(
            lambda a, t: time_log.log(a, t, said.minutes or 0, first_line(said.text), already=already)
        )
    beside = chained(act, ticket, steps).changes
    stands = ticket.after_all(beside)
    files = tuple(
        FileRow(i, one.name, one.type, one.size, inline=False, sha256=one.sha256)
        for i, one in enumerate(said.files, 1)
    )
    first: list[Change] = [
        AddEntry(
            ticket.number, EntryType.REPLY, act.agent, "email", said.text, public=True,
            details=ReplyDetails(attachments=files),
        )
    ]  # fmt: skip
    if ticket.responded_at is None and stands.responded_at is None:
        first += [UpdateTicket(ticket.number, TicketChange(responded_at=act.now)), *clocks.answered(ticket)]
        stands = stands.after_all(first)
    waits = waiting.answered(stands)
    if waits.change:
        first.append(UpdateTicket(ticket.number, waits.change))
    first += waits.deadlines
    closes = stands.phase == Phase.CLOSED != ticket.phase
    letter = _letter(act, stands, said, closes=closes)
    return Plan((*first, *_copied(act, ticket, said.cc), *beside, SendNotice(letter)))


def refuse_twice(act: ActContext, ticket: TicketFacts, text: str) -> None:
    """Refuses an answer that the agent gave a moment ago word for word, with nobody's words since: a command that was
    run twice. Not one that was taken back, which is no answer any more."""
    said = next((e for e in reversed(ticket.entries) if e.type in _SAID), None)
    # a clock may have been set back
    if said is None or said.type is not EntryType.REPLY or abs(act.now - said.at) > TWICE:
        return
    if said.author == act.agent and said.text.split() == text.split():
        ago = dates.relative(said.at, act.now)
        raise Refused(
            f"#{ticket.number}: you sent these very words {'a moment ago' if ago == 'now' else ago}; "
            "--again sends them once more"
        )


def _letter(act: ActContext, ticket: TicketFacts, said: AgentReply, *, closes: bool) -> Notice:
    """The words as a mail. `closes`: the ticket, so that the reader may be asked if they are content."""
    content = Reply(
        **acts.told(act, ticket, said.text), signature=notices.signature(act.agent, act.settings),
        scheduled_for=said.at if ticket.phase == Phase.SCHEDULED else None, closes=closes,
        asks_rating=closes and notices.asks_rating(ticket, act.settings),
    )  # fmt: skip
    made = notices.status(content, ticket, own_words=True)
    if made is None:
        raise Refused(
            f"#{ticket.number} has no verified requester to write to; `maild show {ticket.number}` shows the mail"
        )
    known = {box.address for box in (*made.to, *made.cc)}
    more = tuple(box for box in said.cc if box.address not in known)
    return replace(made, cc=(*made.cc, *more), attach=tuple(one.sha256 for one in said.files))


def _copied(act: ActContext, ticket: TicketFacts, boxes: Sequence[Mailbox]) -> list[Change]:
    """Colleagues of the requester stay on the ticket; others get this one mail."""
    domains = act.company.domains if act.company is not None else ()
    return [
        AddParticipant(ticket.number, box.address, box.name, "cc")
        for box in boxes
        if entitlement.in_domains(box.address, domains)
    ]


def done(
    act: ActContext, ticket: TicketFacts, minutes: int | None, message: str = "", *, already: int = 0
) -> Plan:
    """`maild done N 20m -m TEXT`: what nobody owns becomes yours, the time is logged, the ticket closes with one mail.

    A complaint that its lead has not reviewed is resolved instead.
    """
    steps: list[Step] = []
    if not ticket.owner:
        steps.append(_owned)
    if minutes is not None:
        steps.append(lambda a, t: time_log.log(a, t, minutes, first_line(message), already=already))
    lead = complaint_review.reviewer(ticket, act.settings)
    if lead and act.agent != lead and ticket.phase != Phase.RESOLVED:
        steps.append(lambda a, t: complaint_review.phase(a, t, Phase.RESOLVED, message))
    else:
        steps.append(lambda a, t: complaint_review.close(a, t, message))
    return chained(act, ticket, steps)


def _owned(act: ActContext, ticket: TicketFacts) -> Plan:
    return Plan((UpdateTicket(ticket.number, TicketChange(owner=act.agent)),))


def first_line(text: str) -> str:
    """What was done, as the time report says it."""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return line if len(line) <= 200 else line[:199] + "…"
