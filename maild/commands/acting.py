"""Doing what an agent asks: one transaction a ticket, for the verbs and the full screen.

`no_mail` leaves out what customers would get (colleagues are told all the same); `dry_run` does everything, looks
at what came of it, and takes it back before anybody else could see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from maild.commands.session import Session, now
from maild.errors import Refused
from maild.model import AddEntry, Change, EntryFacts, Mailbox, Plan, SendNotice, TicketFacts
from maild.ticket.entries import MailDetails, PhaseDetails
from maild.ticket.phase_names import short
from maild.ticket.queue import QueueRow
from maild.ticket.vocabulary import EntryType
from maild.values import dataclass

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.store import Tx

#: what a colleague did is told to whoever acts after it within this time
RECENT = timedelta(hours=12)
_EXCERPT = 100

#: makes the plan of an act on a ticket as it is in the transaction
Planner = Callable[["ActContext", TicketFacts, "Tx"], Plan]


@dataclass(frozen=True, slots=True)
class Manner:
    """How an act is done. `seen`: the newest entry that the agent had before their eyes; what others did since then
    stops the act and is told. None: nothing was looked at."""

    agent: str | None = None
    no_mail: bool = False
    dry_run: bool = False
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class PreviewedMail:
    """A mail that an act sends, as its readers would see it."""

    notice: str
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act. `ticket`: its row in the queue, of the ticket that it opened where it opened one;
    `told`: lines for the agent that did it; `changes`: all that was applied."""

    ticket: QueueRow
    letters: tuple[PreviewedMail, ...] = ()
    entries: tuple[AddEntry, ...] = ()
    told: tuple[str, ...] = ()
    dry_run: bool = False
    changes: tuple[Change, ...] = ()


class MeanwhileError(Refused):
    """Somebody acted on the ticket since the agent looked at it."""


def do(here: Session, number: int, planner: Planner, manner: Manner, *, recorded: bool = True) -> Done:
    """The act on one ticket. Raises `Refused`, and `MeanwhileError` when others were quicker. `recorded`: it can be
    taken back, and its mails wait for the acts that follow."""
    with here.write(dry_run=manner.dry_run) as tx:
        return _in(here, tx, number, planner, manner, recorded)


def _in(here: Session, tx: Tx, number: int, planner: Planner, manner: Manner, recorded: bool) -> Done:
    ticket = tx.ticket(number)
    act = here.act(tx, ticket, manner.agent)
    if manner.seen is not None:
        _stop_if_overtaken(ticket, act.agent, manner.seen)
    from maild.app import undoable_act
    from maild.consent import masking

    plan = planner(act, ticket, tx)
    if recorded:
        plan = undoable_act.recorded(act, number, plan, no_mail=manner.no_mail, facts=(ticket,))
    if act.consents:
        # an agent may paste what somebody gave them
        plan = masking.hidden(plan, {token.token_hash for one in act.consents for token in one.tokens})
    applied = here.apply(tx, plan)
    told = [c.text for c in plan.changes if isinstance(c, AddEntry) and c.type == EntryType.ALERT]
    if manner.seen is None:
        told += _others_before(ticket, act.agent, tx.seen.newest(act.agent, number))
    letters = letters_of(here, plan, number) if manner.dry_run else ()
    return Done(
        tx.tickets.row(applied.ticket or number),
        letters,
        _entries(plan),
        tuple(told),
        manner.dry_run,
        plan.changes,
    )


def _entries(plan: Plan) -> tuple[AddEntry, ...]:
    return tuple(c for c in plan.changes if isinstance(c, AddEntry))


def newest_entry(ticket: TicketFacts) -> int:
    """What an agent who looks at the ticket now has seen."""
    return max((entry.id for entry in ticket.entries), default=0)


# ------------------------------------------------------------------------------------------ two at one ticket


def _by_others(ticket: TicketFacts, agent: str) -> list[EntryFacts]:
    return [e for e in ticket.entries if e.author != agent and e.channel != "system"]


def _stop_if_overtaken(ticket: TicketFacts, agent: str, seen: int) -> None:
    new = [e for e in _by_others(ticket, agent) if e.id > seen]
    if new:
        said = "; ".join(_said(entry) for entry in new[-2:])
        raise MeanwhileError(f"#{ticket.number} changed while you wrote: {said}")


def _others_before(ticket: TicketFacts, agent: str, seen: int | None) -> list[str]:
    """What others did since the agent last looked: it was done before, and they should know it."""
    if seen is None:
        return []
    new = [e for e in _by_others(ticket, agent) if e.id > seen and e.at > now() - RECENT]
    return [f"#{ticket.number}: before you, {_said(entry)}" for entry in new[-2:]]


def _said(entry: EntryFacts) -> str:
    details = entry.details
    who = (details.author_name if isinstance(details, MailDetails) else "") or entry.author
    what = {
        EntryType.REPLY: "answered", EntryType.MAIL: "wrote", EntryType.NOTE: "noted", EntryType.CALL: "took a call",
    }.get(EntryType(entry.type), f"did {entry.type}")  # fmt: skip
    if isinstance(details, PhaseDetails) and details.new is not None:
        what = f"moved it to {short(details.new)}"
    words = " ".join(entry.text.split())
    shown = words if len(words) <= _EXCERPT else words[: _EXCERPT - 1] + "…"
    return f"{who} {what}" + (f": {shown!r}" if shown else "")


# ---------------------------------------------------------------------------------------------- dry runs


def letters_of(here: Session, plan: Plan, number: int) -> tuple[PreviewedMail, ...]:
    """The mails of a plan, rendered as they would go."""
    from maild.render import render_notice, templates_for
    from maild.steps import whole

    made: list[PreviewedMail] = []
    loader = templates_for(here.settings)
    for change in plan.changes:
        if not isinstance(change, SendNotice):
            continue
        notice = change.notice
        data = notice.data | {"number": notice.ticket or number}
        rendered = whole(render_notice(notice.name, notice.language, data, here.settings, loader))
        made.append(PreviewedMail(notice.name, notice.to, notice.cc, rendered.subject, rendered.text))
    return tuple(made)


def each(
    here: Session,
    numbers: Sequence[int],
    planner: Planner,
    manner: Manner,
    tell: Callable[[Done], None],
    refuse: Callable[[Refused], None],
) -> bool:
    """The same act on several tickets, each by itself; True when all were done. One alone raises what it raises."""
    every = list(dict.fromkeys(numbers))
    if len(every) == 1:
        tell(do(here, every[0], planner, manner))
        return True
    fine = True
    for number in every:
        try:
            tell(do(here, number, planner, manner))
        except Refused as error:
            refuse(error)
            fine = False
    return fine
