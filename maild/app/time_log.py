"""Time that an agent worked on a ticket: written down, corrected, and measured against what the customer accepted. Pure."""

from __future__ import annotations

from datetime import datetime

from maild.app.acts import ActContext
from maild.consent import alert, costs
from maild.errors import Refused
from maild.model import AddTime, Change, Plan, TicketFacts
from maild.ticket import moving, timelog
from maild.ticket.entries import TimeDetails
from maild.ticket.vocabulary import EntryType
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class LoggedTime:
    """A time entry that is to be corrected."""

    id: int
    raw_minutes: int
    billed_minutes: int
    courtesy: bool = False
    own_fault: bool = False
    outside: bool = False


def log(
    act: ActContext,
    ticket: TicketFacts,
    minutes: int,
    message: str = "",
    *,
    courtesy: bool = False,
    own_fault: bool = False,
    correct: LoggedTime | None = None,
    already: int = 0,
    at: datetime | None = None,
) -> Plan:
    """`maild log N DURATION`: raw minutes kept, billed minutes rounded by entry.

    `correct`: the entry that this one replaces: it is reversed, never changed. What is worked on a ticket outside of the
    contract is marked so, and what was logged before stays as it was.
    `already`: billed minutes of the ticket so far, against which an accepted cost is measured. `at`: when the
    work was done, where that was not now.
    """
    if at is not None and at > act.now:
        raise Refused(f"{at:%Y-%m-%d} is in the future: --on DATE says when the work was done")
    if (courtesy or own_fault or correct) and not message.strip():
        raise Refused("say why: -m REASON goes with --courtesy, --own-fault and --correct")
    t = act.settings.time
    billed = timelog.billed(minutes, t.quantum_minutes, t.rounding, courtesy=courtesy or own_fault)
    changes: list[Change] = []
    so_far = already - (correct.billed_minutes if correct is not None else 0)
    warning = costs.check(ticket, act.company, act.consents, t, billed, so_far)
    if correct is not None:
        changes.append(
            AddTime(
                ticket.number, act.agent, -correct.raw_minutes, -correct.billed_minutes, message,
                courtesy=correct.courtesy, own_fault=correct.own_fault, outside=correct.outside, corrects=correct.id,
                at=at,
            )
        )  # fmt: skip
    changes.append(
        AddTime(
            ticket.number, act.agent, minutes, billed, message, courtesy=courtesy, own_fault=own_fault,
            outside=ticket.state.out_of_scope, corrects=correct.id if correct else None, at=at,
        )
    )  # fmt: skip
    why = " (courtesy)" if courtesy else " (our own fault)" if own_fault else ""
    text = f"{minutes} min, billed {billed} min{why}" + (f": {message}" if message else "")
    details = TimeDetails(raw_minutes=minutes, billed_minutes=billed)
    if correct is not None:
        details = replace(details, corrects=correct.id, replaced_minutes=correct.billed_minutes)
    changes.append(act.noted(ticket.number, EntryType.TIME, text, details))
    if warning is not None:
        changes.append(moving.noted(ticket.number, EntryType.ALERT, warning.text))
        changes += alert.tell(
            ticket, act.settings, act.now, [warning.fact], commands=(warning.command,), by=act.agent
        )
    return Plan(tuple(changes))
