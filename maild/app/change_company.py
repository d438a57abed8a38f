"""A ticket goes to another company: its people, its promises, its approvals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from maild.app.acts import ActContext, reckoned
from maild.consent import asking, outcome, request
from maild.consent.wanted import ConsentWanted, kind_asked, request_text, wanted_anew, wanted_of
from maild.errors import Refused
from maild.model import (
    Change,
    CompanyFacts,
    ConsentFacts,
    EntryFacts,
    PersonFacts,
    Plan,
    RemoveParticipants,
    SendNotice,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.first_mails import Received
from maild.party import entitlement
from maild.ticket import clocks, moving, routing
from maild.ticket.entries import MailDetails, MoveDetails
from maild.ticket.phases import DONE, ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import ConsentKind, EntryType
from maild.values import replace


def outsiders(
    ticket: TicketFacts, company: CompanyFacts | None, people: Mapping[str, PersonFacts]
) -> tuple[str, ...]:
    """Participants who do not belong to `company`: they get nothing of the ticket any more.

    `people`: the contacts among them, by address.
    """
    return tuple(
        box.address
        for box in ticket.participants
        if box.address != ticket.requester
        and not (company is not None and entitlement.belongs(people.get(box.address), company, box.address))
    )


def move(
    act: ActContext,
    ticket: TicketFacts,
    company: CompanyFacts | None,
    people: Mapping[str, PersonFacts],
    nonce: Callable[[], str],
) -> Plan:
    """`maild move N COMPANY`: None is no company; the `outsiders` take part no longer."""
    key = company.key if company is not None else None
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged; move #{ticket.merged_into}")
    if ticket.company == key:
        raise Refused(f"#{ticket.number} belongs to {key or 'no company'} already")
    dropped = outsiders(ticket, company, people)
    team = routing.after_move(ticket, company, act.settings)
    theirs = TicketChange(
        company=key, team=team, severity=routing.severity_under(ticket, company), ambiguous_sender=False
    )
    after = replace(
        ticket.after(theirs), participants=tuple(p for p in ticket.participants if p.address not in dropped)
    )
    text = f"company: {ticket.company or 'none'} -> {key or 'none'}"
    text += f"; no longer told: {', '.join(dropped)}" if dropped else ""
    person = people.get(ticket.requester)
    if company is not None and not entitlement.belongs(person, company, ticket.requester):
        text += f"; {ticket.requester} is not a contact of {company.key}"
    clock = clocks.on_change(after, act.now, act.settings, company)
    change = theirs.over(clock.change)
    changes: list[Change] = [
        UpdateTicket(ticket.number, change),
        act.noted(ticket.number, EntryType.MOVE, text, MoveDetails(old=ticket.company, new=key, dropped=dropped)),
        *reckoned(ticket.number, clock),
        *([RemoveParticipants(ticket.number, dropped)] if dropped else []),
    ]  # fmt: skip
    after = after.after(change)
    moved = EntryFacts(
        0, act.now, EntryType.MOVE, act.agent, act.channel, text, public=False,
        details=MoveDetails(old=ticket.company, new=key),
    )  # fmt: skip
    changes += _asked_anew(act, ticket, replace(after, entries=(*after.entries, moved)), company, nonce)
    promised = ticket.respond_by is None and after.respond_by is not None and after.responded_at is None
    if promised and after.after_all(changes).phase in (Phase.RECEIVED, Phase.ACCEPTED, Phase.IN_PROGRESS):
        said = notices.base(after, company, act.settings, act.now)
        told = notices.status(Received(**said), after)
        changes += [SendNotice(told)] if told is not None else []
    return Plan(tuple(changes))


def _asked_anew(
    act: ActContext,
    stood: TicketFacts,
    ticket: TicketFacts,
    company: CompanyFacts | None,
    nonce: Callable[[], str],
) -> list[Change]:
    """What the old company's approvers were asked is void; a held ticket asks those of the new one, and so does one
    that those of the old one granted. `stood`: as it was theirs; `ticket`: as it is moved, with the entry that says so."""
    waiting = next((c for c in act.consents if c.state == ConsentState.WAITING), None)
    newest = waiting or next((c for c in reversed(act.consents) if c.state == ConsentState.EXPIRED), None)
    reason = f"the ticket moved to {company.key if company is not None else 'no company'}"
    changes: list[Change] = []
    if ticket.phase == Phase.AWAITING_APPROVAL and newest is not None:
        wanted = wanted_of(newest, ticket)
        if wanted.kind not in (ConsentKind.QUOTE, ConsentKind.COST):
            return asking.hold(
                ticket, company, wanted, act.settings, act.now, nonce, by=act.actor, message=reason, old=newest
            )  # fmt: skip
        changes = _void(act, ticket, newest, reason)
    elif waiting is not None:
        changes = _void(act, ticket, waiting, reason)
    wanted_anew = _granted_before(stood, ticket, act.consents)
    return [*changes, *_held_anew(act, ticket.after_all(changes), company, wanted_anew, reason, nonce)]


def _granted_before(
    stood: TicketFacts, ticket: TicketFacts, consents: Sequence[ConsentFacts]
) -> ConsentWanted | None:
    """What somebody of the old company granted, here or on a ticket that was merged into this."""
    granted = request.granted_elsewhere(ticket, consents)
    if granted is not None:
        return wanted_of(granted, ticket)
    open_before = {e.id for e in request.unconsented(stood, consents)}
    lost = (e.details for e in request.unconsented(ticket, consents) if e.id not in open_before)
    asks = next((d.asks for d in lost if isinstance(d, MailDetails)), None)
    if asks is None:
        return None
    asked = request.present(ticket, consents, None)
    return wanted_anew(asks, request_text(ticket.subject, asked.words), asked)


def _held_anew(
    act: ActContext,
    ticket: TicketFacts,
    company: CompanyFacts | None,
    wanted: ConsentWanted | None,
    reason: str,
    nonce: Callable[[], str],
) -> list[Change]:
    """It is asked for of the new company: now, or where the work is done, when it is reopened."""
    if ticket.phase in DONE:
        kept = ticket.phase is Phase.REJECTED or request.unconsented(ticket, act.consents)
        asks = (
            kind_asked(wanted.kind, wanted.terms)
            if wanted is not None
            else ticket.state.asks
            if kept
            else None
        )
        return [] if asks is ticket.state.asks else [UpdateTicket(ticket.number, TicketChange(asks=asks))]
    if wanted is None or ticket.phase is Phase.AWAITING_APPROVAL:
        return []
    before = moving.woken(ticket) if ticket.phase is Phase.WAITING_CUSTOMER else ticket.phase
    return asking.hold(
        ticket, company, wanted, act.settings, act.now, nonce, by=act.actor, message=reason, before=before
    )


def _void(act: ActContext, ticket: TicketFacts, consent: ConsentFacts, reason: str) -> list[Change]:
    """An offer that was made to the old company means nothing to the new one: the ticket goes on without it."""
    changes = [*outcome.voided(consent, act.agent, reason, expired=True), *outcome.no_deadlines(ticket)]
    left = request.unconsented(ticket, act.consents)
    before = moving.lawful(consent.phase_before, ticket.state.asks, in_writing=bool(left))
    if ticket.phase is Phase.AWAITING_APPROVAL and before is not Phase.AWAITING_APPROVAL:
        back = moving.move(
            ticket, before, act.actor, act.now, act.settings, message=reason, public=False,
            decided=True,
        )  # fmt: skip
        changes += back.changes
    return changes
