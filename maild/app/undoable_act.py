"""Records an agent's act, so that `maild undo` can take it back; and takes it back.

Its mails are held for a moment, and what earlier acts of the agent have to say on the ticket and still waits goes with them.
"""

from __future__ import annotations

from collections.abc import Sequence

from maild.app import telling
from maild.app.acts import ActContext
from maild.app.compound import quiet
from maild.errors import Refused
from maild.model import (
    NEW,
    ActFacts,
    ActLine,
    AddEntry,
    Change,
    DecideConsent,
    LogConsent,
    OpenTicket,
    Plan,
    RecordAct,
    SendNotice,
    Supersede,
    TicketFacts,
    UndoAct,
    WaitingMail,
)
from maild.ticket import phase_names
from maild.ticket.phases import ConsentState, OutboundState
from maild.ticket.vocabulary import ConsentEvent, EntryType
from maild.values import replace


def recorded(
    act: ActContext,
    ticket: int,
    plan: Plan,
    *,
    no_mail: bool = False,
    facts: Sequence[TicketFacts] = (),
    outage: int | None = None,
) -> Plan:
    """The plan of an agent's act on that ticket (NEW: on the one that it opens). `no_mail`: customers are told nothing.

    `facts`: tickets that it may change, as they were: our own people are told of what concerns them. `outage`: that the
    act is on, with all its tickets, in place of one ticket.
    """
    if no_mail:
        plan = quiet(plan)
    plan = _told(act, plan, facts)
    opens = next((c.ticket.number for c in plan.changes if isinstance(c, OpenTicket)), NEW)
    on = ticket if ticket != NEW else opens
    hold = act.settings.delivery.hold_seconds
    changes: list[Change] = []
    waiting = list(act.waiting)
    if over := _of_ended_consents(plan, waiting):
        changes.append(Supersede(tuple(one.id for one in over)))
    for change in plan.changes:
        if not isinstance(change, SendNotice):
            changes.append(change)
            continue
        notice = change.notice
        if waiting and hold:
            from maild.notice import bundling  # knows every mail of a ticket, and mostly nothing waits

            older = [one for one in waiting if bundling.can_be_bundled(one.notice, notice)]
            if older:
                changes.append(Supersede(tuple(one.id for one in older)))
                waiting = [one for one in waiting if one not in older]
                notice = bundling.bundled([one.notice for one in older], notice)
        changes.append(SendNotice(notice, hold))
    first = 0
    if outage is None and on == opens != NEW:  # recorded once there is a ticket
        first = 1 + next(index for index, one in enumerate(changes) if isinstance(one, OpenTicket))
    changes.insert(first, RecordAct(act.agent, on, outage))
    return replace(plan, changes=tuple(changes))


def _told(act: ActContext, plan: Plan, facts: Sequence[TicketFacts]) -> Plan:
    companies = {act.company.key: act.company} if act.company is not None else {}
    cause = telling.Cause(act.settings, act.now, act.agent, act.person, companies)
    return telling.told(plan, {one.number: one for one in facts}, cause)


def _of_ended_consents(plan: Plan, waiting: list[WaitingMail]) -> list[WaitingMail]:
    """Questions that have not left, and whose consent this plan ends."""
    ended = {f"C{c.consent_id}" for c in plan.changes if isinstance(c, DecideConsent)}
    return [one for one in waiting if _asks(one) in ended]


def _asks(mail: WaitingMail) -> str | None:
    asked = mail.notice.data.get("consent")
    return asked.get("id") if isinstance(asked, dict) and mail.notice.secret else None


def undo(agent: str, last: ActFacts) -> Plan:
    """`maild undo [N]`: the agent's last act is taken back, and its mails do not go. A ticket that it opened stays as an
    empty one that is closed. Refused once a mail has left, or where what came after it built on it."""
    where = f"outage {last.outage}" if last.outage is not None else f"#{last.ticket}"
    if last.opened and last.by_mail:
        raise Refused(
            f"#{last.opened[0]} was opened by a mail, which has to stand somewhere; "
            f"`maild close {last.opened[0]} --no-mail` ends it without a mail"
        )
    left = [one for one in last.mails if one.state not in (OutboundState.QUEUED, OutboundState.CANCELLED)]
    if any(one.state == OutboundState.SUPERSEDED for one in last.mails):
        raise Refused(f"{where}: a later act said what it says; take that one back first")
    if left:
        remedy = (
            f"`maild outage update {last.outage} -m TEXT` tells what is right"
            if last.outage is not None
            else f"`maild reply {left[0].answer_on}` can put it right"
        )
        raise Refused(f"{where}: its mail ({left[0].notice}) has left already; {remedy}")
    if last.decided:
        raise Refused(
            f"{where}: it ended a consent, which cannot be taken back; `maild approval request {last.ticket}` asks anew"
        )
    if last.outage_changed:
        raise Refused(
            f"{where} changed since then, or tickets were linked to it; `maild outage show {last.outage}` shows it"
        )
    if last.changed:
        raise Refused(
            f"#{last.changed[0]} changed since then; `maild show {last.changed[0]}` shows what was done after it"
        )
    changes: list[Change] = []
    for consent in last.asked:
        why = f"taken back by {agent}"
        changes.append(DecideConsent(consent, ConsentState.VOID, agent, why))
        changes.append(LogConsent(consent, ConsentEvent.VOID, {"by": agent, "reason": why}))
    text = f"took back: {'; '.join(steps(last))}"
    changes.append(UndoAct(last.id))
    # each ticket that it touched says so: of an act on an outage all, else its own, those that it opened or wrote on
    written = (line.ticket for line in last.entries if line.ticket is not None)
    touched = (
        last.tickets if last.outage is not None else dict.fromkeys((last.ticket, *last.opened, *written))
    )
    changes += [AddEntry(number, EntryType.UNDO, agent, "cli", text, public=False) for number in touched]
    return Plan(tuple(changes))


#: lines that the desk wrote beside the agent's own
_BESIDE = frozenset({EntryType.CLOCK, EntryType.ALERT, EntryType.SYSTEM})
#: what stands before the words of a line that do not say themselves what they are
_NAMED = frozenset({EntryType.PHASE, EntryType.REPLY, EntryType.NOTE, EntryType.TIME, EntryType.CALL})
#: of a line's words, so that each step is one line of a terminal
_STEP = 74


def steps(last: ActFacts) -> tuple[str, ...]:
    """What the act did, a short line each: "phase: accepted", "reply: We are on it", "assigned to L2"."""
    lines = [_step(one, last) for one in last.entries if one.type not in _BESIDE]
    return tuple(lines) or ("its news" if last.outage is not None else "a change that no line tells of",)


def _step(line: ActLine, act: ActFacts) -> str:
    words = " ".join(line.text.split())
    for other in act.entries:  # what was done is said once, beside the answer or the phase
        if other is not line and line.type is EntryType.TIME and other.text:
            words = words.removesuffix(f": {' '.join(other.text.split())}")
    if line.phase is not None:
        words = phase_names.said(line.phase) + (f": {words}" if words else "")
    said = f"{line.type}: {words}" if line.type in _NAMED and words else words or str(line.type)
    if act.outage is None and line.ticket not in (None, act.ticket):
        said = f"#{line.ticket}: {said}"
    return said if len(said) <= _STEP else said[: _STEP - 1] + "…"


__all__ = ["recorded", "steps", "undo"]
