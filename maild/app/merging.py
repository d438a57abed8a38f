"""Two tickets that are one, tickets that belong together, and a request that became a project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maild.app import acts
from maild.app.acts import ActContext
from maild.errors import Refused
from maild.model import (
    AddLink,
    AddParticipant,
    Change,
    Classification,
    LinkOutage,
    Mailbox,
    MoveEntries,
    MoveKeys,
    Plan,
    RemoveLink,
    SendNotice,
    SetDeadline,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.status_mails import Project
from maild.ticket import clocks, waiting
from maild.ticket.entries import LinkDetails, MailDetails, MergeDetails, PhaseDetails
from maild.ticket.moving import refuse_while_held
from maild.ticket.opening import Request, open_ticket
from maild.ticket.phases import ENDED, Phase
from maild.ticket.state import TicketChange, TicketState
from maild.ticket.vocabulary import WRITTEN, DeadlineType, EntryType, LinkType, Severity, TicketKind
from maild.values import replace

#: entries that go along when a ticket is merged: what people wrote; what was done with the ticket stays on it
CONTENT = WRITTEN
#: links that agents make by hand; the others come from threading and from the acts themselves
LINKS = (LinkType.RELATED, LinkType.DUPLICATE, LinkType.PROJECT, LinkType.FOLLOW_UP)


def merge(
    act: ActContext, ticket: TicketFacts, into: TicketFacts, outages: Sequence[int] = (), message: str = ""
) -> Plan:
    """`maild merge N INTO`: what people wrote goes along, and whatever led to the one leads to the other.

    `outages`: those that `ticket` is linked to. The survivor keeps the older promise.
    """
    _mergeable(act, ticket, into)
    who = "by the same person" if ticket.requester == into.requester else f"by {ticket.requester}"
    changes: list[Change] = [
        *acts.move(
            act, ticket, Phase.MERGED, message, change=TicketChange(merged_into=into.number),
            details=PhaseDetails(merged_into=into.number), said={"merged_into": into.number},
        ),
        AddLink(ticket.number, LinkType.MERGED, into.number),
        UpdateTicket(into.number, TicketChange(outages=_outages(into, outages))),
        act.noted(
            into.number, EntryType.MERGE, f"#{ticket.number} merged into this: {ticket.subject} ({who})",
            MergeDetails(merged=ticket.number, requester=ticket.requester, settled=_settled(ticket)),
        ),
    ]  # fmt: skip
    known = {into.requester, *(p.address for p in into.participants)}
    for box in (*notices.recipients(ticket)[0], *ticket.participants):
        if box.address not in known:
            known.add(box.address)
            changes.append(
                AddParticipant(into.number, box.address, box.name, f"merged from #{ticket.number}")
            )
    changes += [LinkOutage(into.number, one) for one in outages]
    written = tuple(e.id for e in ticket.entries if e.type in CONTENT)
    if written:
        changes.append(MoveEntries(ticket.number, written, into.number))
    older = _older_promise(act, ticket, into)
    stands = into.after_all(older)
    waits = waiting.merged(ticket, stands, act.settings, act.now)
    changes += [
        *older,
        *([UpdateTicket(into.number, waits.change)] if waits.change else []),
        *waits.deadlines,
    ]
    return Plan((*changes, MoveKeys(ticket.number, into.number)))


def _settled(ticket: TicketFacts) -> tuple[int, ...]:
    """Its mails that asked for what needs a consent: `_mergeable` lets none go along that nobody decided about."""
    return tuple(
        e.id for e in ticket.entries if isinstance(e.details, MailDetails) and e.details.asks is not None
    )


def _outages(into: TicketFacts, more: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*into.state.outages, *more)))


def _mergeable(act: ActContext, ticket: TicketFacts, into: TicketFacts) -> None:
    number, other = ticket.number, into.number
    if number == other:
        raise Refused(f"#{number} cannot be merged into itself")
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{number} was merged into #{ticket.merged_into} already")
    if into.phase == Phase.MERGED and into.merged_into == number:
        raise Refused(f"#{other} was merged into #{number} already: they are one ticket")
    if into.phase == Phase.MERGED:
        raise Refused(
            f"#{other} was merged into #{into.merged_into}; `maild merge {number} {into.merged_into}`"
        )
    refuse_while_held(ticket, act.consents)
    if ticket.state.asks is not None:
        raise Refused(
            f"#{number} asks for a {ticket.state.asks} that nobody consented to, which must not become part of another "
            f"ticket; `maild approval withdraw {number} -m REASON` says that it asks for none, "
            f"`maild link {number} related {other}` ties them together"
        )
    if into.phase in ENDED and ticket.phase not in ENDED:
        raise Refused(f"#{other} is {into.phase}; `maild reopen {other}` first, or merge it into #{number}")
    if ticket.company != into.company:
        raise Refused(
            f"#{number} belongs to {ticket.company or 'no company'}, #{other} to {into.company or 'no company'}: people of "
            f"one company must not see the other's mail; `maild link {number} related {other}` ties them together"
        )
    if ticket.company is None and ticket.requester != into.requester:
        raise Refused(
            f"#{number} and #{other} belong to different people without a company; "
            f"`maild link {number} related {other}` ties them together"
        )


def _older_promise(act: ActContext, ticket: TicketFacts, into: TicketFacts) -> list[Change]:
    """Nobody's promise is lost by a merge: the survivor's clock counts from the older reception."""
    clock = ticket.state.clock
    if (
        clock is None
        or into.responded_at is not None
        or ticket.responded_at is not None
        or into.phase in ENDED
    ):
        return []
    if ticket.respond_by is None or (into.respond_by is not None and into.respond_by <= ticket.respond_by):
        return []
    # without minutes of its own the clock counts as changed, and is made anew by the survivor's contract
    older = into.after(TicketChange(clock=replace(clock, respond_minutes=None, level="")))
    change = clocks.on_change(older, act.now, act.settings, act.company)
    sooner = change.change.respond_by
    # a contract that ended, or promises less than it did, takes nothing back
    if not isinstance(sooner, datetime) or (into.respond_by is not None and sooner >= into.respond_by):
        return []
    return [UpdateTicket(into.number, change.change), *acts.reckoned(into.number, change)]


def link(act: ActContext, ticket: TicketFacts, type_: str, other: TicketFacts) -> Plan:
    """`maild link N TYPE M`: a note for agents; nothing moves, nobody is told."""
    if type_ not in LINKS:
        raise Refused(
            f"no link type {type_!r}; there are: {', '.join(LINKS)}, and outage for a known disturbance"
        )
    if ticket.number == other.number:
        raise Refused(f"#{ticket.number} cannot be linked to itself")
    said = (
        act.noted(
            here.number, EntryType.LINK, f"{type_} #{there.number}: {there.subject}",
            LinkDetails(type=LinkType(type_), ticket=there.number),
        )
        for here, there in ((ticket, other), (other, ticket))
    )  # fmt: skip
    return Plan((AddLink(ticket.number, LinkType(type_), other.number), *said))


def unlink(act: ActContext, ticket: TicketFacts, type_: LinkType, other: int) -> Plan:
    """`maild link N TYPE M --remove`"""
    said = act.noted(ticket.number, EntryType.LINK, f"no longer {type_} #{other}")
    return Plan((RemoveLink(ticket.number, type_, other), said))


def link_outage(
    act: ActContext, ticket: TicketFacts, outage_id: int, title: str, *, linked: bool = True
) -> Plan:
    """`maild link N outage ID`: the ticket gets the outage's news from now on, or no longer."""
    if linked and ticket.phase in ENDED:
        raise Refused(
            f"#{ticket.number} is {ticket.phase}: nobody would be told; `maild reopen` it before linking"
        )
    known = tuple(n for n in ticket.state.outages if n != outage_id)
    text = f"{'outage' if linked else 'not outage'} {outage_id}: {title}"
    changes: list[Change] = [
        LinkOutage(ticket.number, outage_id, linked),
        UpdateTicket(ticket.number, TicketChange(outages=(*known, outage_id) if linked else known)),
        act.noted(ticket.number, EntryType.LINK, text, LinkDetails(outage=outage_id)),
    ]
    if not linked:
        changes.append(SetDeadline(DeadlineType.OUTAGE_CLOSE, ticket.number))
    return Plan(tuple(changes))


# -------------------------------------------------------------------------------------------- a project


def project(
    act: ActContext, ticket: TicketFacts, subject: str, message: str, number: int, *, keep_open: bool
) -> Plan:
    """`maild project N`: a ticket for the project itself, which gets the reserved `number`: accepted work of the same
    people, without a promise of its own. The request is closed, or kept; its customer gets one mail."""
    refuse_while_held(ticket, act.consents)
    if ticket.phase is Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged; make #{ticket.merged_into} a project")
    text = message or f"project from #{ticket.number}: {ticket.subject}"
    entry = act.noted(number, EntryType.PROJECT, text)
    what = Classification(TicketKind.CHANGE, ticket.severity or Severity.USER, ticket.team, ticket.topic)
    opened = open_ticket(
        Request(
            number=number, subject=" ".join(subject.split()) or ticket.subject,
            requester=Mailbox(ticket.requester, ticket.requester_name), company=act.company, what=what, team=ticket.team,
            owner=ticket.owner or act.agent, phase=Phase.ACCEPTED, language=ticket.language, received_at=act.now,
            responded_at=act.now, promised=False, waits=False, site=ticket.state.site, participants=ticket.participants,
            state=TicketState(project_of=ticket.number),
        ),
        act.settings, lambda _: (entry,),
    )  # fmt: skip
    return Plan(
        (
            *opened.changes,
            *(
                AddParticipant(number, p.address, p.name, f"from #{ticket.number}")
                for p in ticket.participants
            ),
            AddLink(ticket.number, LinkType.PROJECT, number),
            *_became_project(act, ticket, number, message, keep_open=keep_open),
        )
    )


def _became_project(
    act: ActContext, ticket: TicketFacts, number: int, message: str, *, keep_open: bool
) -> list[Change]:
    if not keep_open and ticket.phase not in ENDED:
        return acts.move(
            act, ticket, Phase.CLOSED, message, details=PhaseDetails(project=number), said={"project": number},
            notice="project",
        )  # fmt: skip
    text = f"became project #{number}" + (f": {message}" if message else "")
    said = act.noted(ticket.number, EntryType.LINK, text, LinkDetails(type=LinkType.PROJECT, ticket=number))
    made = notices.status(Project(**acts.told(act, ticket, message), project=number), ticket)
    return [said, SendNotice(made)] if made is not None else [said]
