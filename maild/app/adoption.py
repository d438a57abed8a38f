"""A colleague who may file requests takes over one of somebody who may not (contract, Persons who may not file)."""

from __future__ import annotations

from collections.abc import Callable

from maild.app import holding
from maild.app.case import Case, move
from maild.consent import asking, request
from maild.consent.wanted import request_text
from maild.model import (
    ActKind,
    Change,
    CompanyFacts,
    DecidedAct,
    MailAct,
    Mailbox,
    Notice,
    Reason,
    SendNotice,
    TicketAct,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.content import thaw
from maild.notice.first_mails import AwaitingApproval
from maild.notice.status_mails import Adopted
from maild.party import entitlement
from maild.ticket.moving import Actor
from maild.ticket.phases import Phase


def waits(ticket: TicketFacts) -> bool:
    """Whether the ticket waits for somebody entitled; nothing else that is written wakes it."""
    return ticket.phase == Phase.WAITING_CUSTOMER and ticket.state.adoptable


def adopts(case: Case, ticket: TicketFacts) -> bool:
    """Whether this mail is the "ok" of a reference person of the ticket's company."""
    company = case.company_of(ticket)
    if company is None or case.quiet or not waits(ticket) or not entitlement.may_adopt(case.person, company):
        return False
    return entitlement.adopts(case.mail.new_text)


def adopt(
    case: Case, ticket: TicketFacts, nonce: Callable[[], str]
) -> tuple[list[Change], list[DecidedAct], Reason]:
    """The ticket is received now, its clock starts; a kind that needs a consent is held. Both people are told.

    `ticket` has its entries: all that its requester wrote is the request.
    """
    company = case.company_of(ticket)
    assert company is not None
    who = case.sender.name or case.sender.address or ""
    now, changes = ticket, list[Change]()
    asked_now = holding.WhoDecides()
    acts: list[DecidedAct] = []
    asks = holding.still_asked(case, ticket)
    if asks is None:
        step = move(case, ticket, Phase.RECEIVED, Actor(who, case.channel))
        now, changes = step.ticket, [*step.changes]
    else:
        words = request_text(ticket.subject, request.written(ticket))
        verified = request.verified(ticket)
        wanted = holding.wanted_from(now, company, words, asks, verified=verified, before=Phase.RECEIVED)
        asked = asking.hold(
            now, company, wanted, case.settings, case.now, nonce, by=Actor(who, case.channel),
            before=Phase.RECEIVED,
        )  # fmt: skip
        asked, asked_now = without_status(asked)
        changes += asked
        now = now.after_all(asked)
        acts.append(TicketAct(ActKind.HOLD, ticket.number, kind=asks))
        acts += holding.mails(case, asked)
        changes += holding.told(case, now, asked)
    notice = _told(case, now, company, who, asked_now)
    changes.append(SendNotice(notice))
    acts.append(MailAct(notice.name, tuple(b.address for b in (*notice.to, *notice.cc))))
    return changes, acts, Reason("adopted", f"{case.sender.address} may file requests of {company.key}")


def without_status(changes: list[Change]) -> tuple[list[Change], holding.WhoDecides]:
    """A hold's changes without its mail to the requester, who is told by another; and what that mail says."""
    said = holding.WhoDecides()
    kept: list[Change] = []
    for change in changes:
        own = isinstance(change, SendNotice) and change.notice.name == "awaiting_approval"
        if own and isinstance(change, SendNotice) and not change.notice.data.get("to_reference"):
            told = thaw("awaiting_approval", change.notice.data)
            assert isinstance(told, AwaitingApproval)
            said = holding.WhoDecides(told.approvers, told.no_approver)
        else:
            kept.append(change)
    return kept, said


def _told(
    case: Case, ticket: TicketFacts, company: CompanyFacts, who: str, asked: holding.WhoDecides
) -> Notice:
    """One mail to the requester and to whoever adopted."""
    said = Adopted(
        about=notices.about(ticket, company, case.settings, case.now), actor=who,
        promise=notices.still_promised(ticket, case.now),
        approvers=asked.approvers, no_approver=asked.no_approver,
    )  # fmt: skip
    to = (Mailbox(ticket.requester, ticket.requester_name),)
    others = (Mailbox(case.sender.address or "", case.sender.name), *ticket.participants)
    cc = {b.address: b for b in others if b.address and b.address != ticket.requester}
    return notices.letter(
        said, ticket.number, to, ticket.language, cc=tuple(cc.values()), in_reply_to=case.mail.message_id
    )
