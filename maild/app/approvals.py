"""What agents do with consents: ask, remind, withdraw. The decision itself is the customer's alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from maild.app import acts, complaint_review, correction
from maild.app.acts import ActContext
from maild.consent import alert, asking, outcome
from maild.consent import request as written_request
from maild.consent.wanted import request_text, wanted_anew, wanted_of
from maild.errors import Refused
from maild.model import Change, ConsentFacts, Plan, SetDeadline, TicketFacts, UpdateTicket
from maild.notice.agent_mails import ToldFact
from maild.party import entitlement
from maild.ticket import moving, phase_names
from maild.ticket.phases import DONE, ENDED, HOLDING, ConsentState, Phase
from maild.ticket.state import UNSET, TicketChange
from maild.ticket.vocabulary import ConsentKind, DeadlineType, EntryType, TicketKind
from maild.values import replace


def request(
    act: ActContext,
    ticket: TicketFacts,
    old: ConsentFacts | None,
    kind: str,
    message: str,
    nonce: Callable[[], str],
) -> Plan:
    """Hold the ticket for a consent, or ask anew: what -m adds is part of the request then."""
    asks = ticket.state.asks
    if ticket.phase != Phase.REJECTED and asks is None:
        acts.refuse_ended(ticket)
    kinds = act.settings.approval.kinds
    known = ticket.kind if ticket.kind in kinds else old.kind if old is not None else kinds[0]
    chosen = kind or asks or known
    if chosen == "confirm":
        chosen = ticket.kind if ticket.kind in kinds else kinds[0]
    if chosen not in kinds:
        raise Refused(
            f"no approval for {str(chosen)!r}; there are: {', '.join(kinds)}; `maild quote send` asks for money"
        )
    current = old if old is not None and old.state in HOLDING else None
    if current is None and not written_request.in_writing(ticket):
        raise Refused(
            f"#{ticket.number} was asked for by phone: no approver is asked before {ticket.requester} has written; "
            f"`maild reply {ticket.number}` asks them to"
        )
    asked = written_request.present(ticket, act.consents, current)
    words = request_text(ticket.subject, asked.words)
    if message.strip():
        words = f"{words}\n\n{message.strip()}"
    wanted = wanted_anew(chosen, words, asked)
    changes: list[Change] = []
    if ticket.kind != chosen and asks is None:
        changes.append(UpdateTicket(ticket.number, TicketChange(kind=TicketKind(chosen))))
    changes += asking.hold(
        ticket, act.company, wanted, act.settings, act.now, nonce, by=act.actor, message=message, old=current,
        before=_stood(ticket, act.consents),
    )  # fmt: skip
    return Plan(tuple(changes))


def _stood(ticket: TicketFacts, consents_: Sequence[ConsentFacts]) -> Phase:
    """Where the ticket stood before it was held: an earlier question may have ended, and other words hold it on."""
    if ticket.phase is not Phase.AWAITING_APPROVAL:
        return ticket.phase
    earlier = [c.phase_before for c in consents_ if c.phase_before is not Phase.AWAITING_APPROVAL]
    return earlier[-1] if earlier else Phase.RECEIVED


def phase(
    act: ActContext,
    ticket: TicketFacts,
    new: Phase,
    message: str,
    nonce: Callable[[], str],
    *,
    at: datetime | None = None,
) -> Plan:
    """`maild phase N PHASE`. A ticket whose words ask for what nobody consented to is held in place of being worked
    on."""
    if _is_held_instead(ticket, new):
        return held_instead(act, ticket, message, nonce)
    return complaint_review.phase(act, ticket, new, message, at=at)


def reopen(act: ActContext, ticket: TicketFacts, message: str, nonce: Callable[[], str]) -> Plan:
    """`maild reopen N`, to the same law."""
    if ticket.phase in DONE and _is_held_instead(ticket, Phase.IN_PROGRESS):
        return held_instead(act, ticket, message, nonce)
    return acts.reopen(act, ticket, message)


def _is_held_instead(ticket: TicketFacts, new: Phase) -> bool:
    """What was done ends without a consent only by `rejected`, or when an agent says that it was none."""
    held = ticket.phase is Phase.AWAITING_APPROVAL or new in ENDED
    return not held and not moving.may_stand(ticket.state.asks, new)


def held_instead(act: ActContext, ticket: TicketFacts, message: str, nonce: Callable[[], str]) -> Plan:
    """Asked for (again) with all that was written; the message is the agent's word to the customer."""
    plan = request(act, ticket, None, "", "", nonce)
    if not message.strip():
        return plan
    return replace(plan, changes=(*plan.changes, act.noted(ticket.number, EntryType.NOTE, message)))


def change(act: ActContext, ticket: TicketFacts, wanted: TicketChange, nonce: Callable[[], str]) -> Plan:
    """`maild set N --kind --subject ...`, and what that does to a hold: a held request is asked for again with
    the whole, a ticket that becomes a permission request is held. Refused where it would slip out of a hold."""
    made = correction.correct(act, ticket, wanted)
    new = ticket.beyond(wanted)
    clock = next((c.change.clock for c in made.changes if isinstance(c, UpdateTicket)), UNSET)
    base = ticket.after(TicketChange(clock=clock))
    return Plan((*made.changes, *_on_change(act, base, new, nonce)))


def _on_change(
    act: ActContext, ticket: TicketFacts, new: TicketChange, nonce: Callable[[], str]
) -> list[Change]:
    kinds = act.settings.approval.kinds
    after = ticket.after(new)
    if ticket.phase != Phase.AWAITING_APPROVAL:
        if new.kind is UNSET or new.kind not in kinds:
            return []
        return list(request(act, after, None, new.kind, "", nonce).changes)
    if new.kind is not UNSET and new.kind not in kinds:
        raise Refused(
            f"#{ticket.number} is held for approval as {ticket.kind}; "
            f"`maild approval withdraw {ticket.number} -m REASON` frees it first"
        )
    waiting = next((c for c in act.consents if c.state == ConsentState.WAITING), None)
    if waiting is None or (new.kind is UNSET and new.subject is UNSET):
        return []
    if waiting.kind not in kinds and waiting.kind is not ConsentKind.CONFIRM:
        return []
    first, _, rest = waiting.request_text.partition("\n\n")
    words = request_text(after.subject, rest if first == ticket.subject else waiting.request_text)
    old = wanted_of(waiting, ticket)
    if old.kind is ConsentKind.CONFIRM:
        again = replace(old, request=words, terms=replace(old.terms, kind_after=ConsentKind(after.kind)))
    else:
        again = replace(old, request=words, kind=ConsentKind(after.kind))
    return asking.hold(
        after, act.company, again, act.settings, act.now, nonce, by=act.actor,
        message="the request was changed by the desk", old=waiting,
    )  # fmt: skip


def remind(act: ActContext, ticket: TicketFacts, consent: ConsentFacts, nonce: Callable[[], str]) -> Plan:
    """The same request once more, each mail with a token of its own."""
    changes = asking.remind(
        ticket, act.company, consent, act.settings, act.now, nonce, by_agent=bool(act.agent)
    )
    text = f"C{consent.id}: reminded {', '.join(consent.approvers)}"
    again = SetDeadline(DeadlineType.CONSENT_REMIND, ticket.number, asking.last_call(consent, act.now))
    return Plan((*changes, act.noted(ticket.number, EntryType.CONSENT, text), again))


def withdraw(act: ActContext, ticket: TicketFacts, consent: ConsentFacts | None, reason: str) -> Plan:
    """Give the hold up. The reason is kept in the log and on the ticket."""
    asks = ticket.state.asks
    if ticket.phase != Phase.AWAITING_APPROVAL and asks is None:
        raise Refused(f"#{ticket.number} is {phase_names.said(ticket.phase)}: it is not held for approval")
    if not reason.strip():
        raise Refused("a hold is withdrawn only with a reason, which is kept: -m REASON")
    if asks is not None and (consent is None or consent.state not in HOLDING):
        return Plan(tuple(_none_asked(act, ticket, asks, reason)))
    if consent is None or consent.state not in HOLDING:
        raise Refused(
            f"#{ticket.number} has no open consent; `maild approval request {ticket.number}` asks for one"
        )
    # an offer that is none any more says nothing of what was asked for in writing
    left = written_request.unconsented(ticket, act.consents) if consent.kind in entitlement.OFFERS else ()
    changes = outcome.release(
        ticket,
        act.company,
        consent,
        ConsentState.WITHDRAWN,
        act.settings,
        act.now,
        by=act.agent,
        shown=act.agent,
        reason=reason,
        left=left,
    )
    return Plan(tuple(changes))


def _none_asked(act: ActContext, ticket: TicketFacts, asks: TicketKind, reason: str) -> list[Change]:
    """An agent says of words that nobody was asked about that they ask for no consent."""
    cleared = TicketChange(asks=None)
    text = f"asks for no {asks}: {reason.strip()}"
    entry = act.noted(ticket.number, EntryType.CONSENT, text)
    changes: list[Change] = [UpdateTicket(ticket.number, cleared)]
    if ticket.phase is Phase.AWAITING_APPROVAL:
        step = moving.move(
            ticket, Phase.RECEIVED, act.actor, act.now, act.settings, decided=True, also=cleared
        )
        changes = [*step.changes]
    fact = ToldFact(code="asks_none", kind=asks, who=(act.agent,))
    return [
        *changes, entry,
        *alert.tell(ticket, act.settings, act.now, [fact], said=reason.strip(), by=act.agent),
    ]  # fmt: skip


def expire(act: ActContext, ticket: TicketFacts, consent: ConsentFacts) -> Plan:
    """Nobody answered in time: it stays held, the agent asks again or rejects."""
    changes = outcome.release(
        ticket, act.company, consent, ConsentState.EXPIRED, act.settings, act.now, by="maild", shown="maild",
        reason=f"no valid answer until {consent.expires_at:%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip
    return Plan(tuple(changes))
