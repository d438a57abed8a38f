"""Requests that wait for a written consent: which are held at once, and which when they come to be in writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from maild.app.case import Case
from maild.consent import alert, asking
from maild.consent import request as written_request
from maild.consent.wanted import ConsentWanted, request_text
from maild.mail.text.subjects import base_subject
from maild.model import (
    ActKind,
    Change,
    CompanyFacts,
    ConsentFacts,
    DecidedAct,
    EntryFacts,
    MailAct,
    Mailbox,
    PersonFacts,
    SendNotice,
    Threading,
    TicketAct,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.agent_mails import ToldFact
from maild.notice.values import NamedPerson
from maild.party import entitlement
from maild.ticket import moving, thanks
from maild.ticket.asked_for import asked_for
from maild.ticket.entries import MailDetails
from maild.ticket.moving import DESK
from maild.ticket.phases import DONE, ConsentState, Phase
from maild.ticket.terms import ConsentTerms
from maild.ticket.vocabulary import ConsentKind, TicketKind
from maild.values import dataclass, replace


def asked_in(case: Case, ticket: TicketFacts, text: str | None = None) -> TicketKind | None:
    """What a person's mail on a ticket asks for that needs a written consent: each is looked at, as one that opens a
    ticket is. Of the subject only what is not the ticket's own. `text`: of its words, None = all."""
    if case.sender.how == "agent":
        return None
    tag = case.settings.threading.subject_tag
    own, said = (base_subject(one, tag).casefold() for one in (ticket.subject, case.mail.subject))
    subject = "" if said in own else case.mail.subject
    return asked_for(
        subject,
        case.mail.new_text if text is None else text,
        case.mail.language,
        case.company_of(ticket),
        case.settings,
        seen=case.mail.visible_new_text if text is None else "",
    )


def only_thanks(case: Case, ticket: TicketFacts) -> bool:
    """Whether a mail on a ticket says thank you and asks for nothing that needs a consent: not in its subject, nor in
    letters that a table of words does not find, nor in a word of this desk's own tables."""
    said = thanks.is_bare_thanks(case.mail.new_text, case.mail.language or ticket.language)
    return said and asked_in(case, ticket) is None


def still_asked(case: Case, ticket: TicketFacts) -> TicketKind | None:
    """What a ticket asks for that waits for its requester to write, or for somebody to adopt it."""
    kind = ticket.kind if ticket.kind in case.settings.approval.kinds else None
    return ticket.state.asks or kind


def mails(case: Case, changes: list[Change]) -> list[MailAct]:
    """The mails among the changes, as acts; those that the approvers' cap keeps for later are held back."""
    sent: list[MailAct] = []
    for change in changes:
        if isinstance(change, SendNotice):
            notice = change.notice
            because = "cap-approver" if _over_cap(case, notice.pace) >= 0 else ""
            sent.append(MailAct(notice.name, tuple(b.address for b in notice.to), because))
    return sent


def _over_cap(case: Case, pace: str) -> int:
    """How many mails of that pace wait before the next one; below 0 it goes at once."""
    if not pace:
        return -1
    return case.facts.paced_last_hour.get(pace, 0) - case.settings.limits.approvals_per_approver_per_hour


def told(case: Case, ticket: TicketFacts, changes: list[Change]) -> list[Change]:
    """The first mail that waits is told to the team; those behind it are not."""
    paces = [c.notice.pace for c in changes if isinstance(c, SendNotice)]
    waiting = [pace for pace in paces if _over_cap(case, pace) == 0]
    if not waiting:
        return []
    most = case.settings.limits.approvals_per_approver_per_hour
    fact = ToldFact(code="approvals_paced", who=tuple(waiting), count=most)
    shows = "maild list --phase awaiting_approval"
    return alert.tell(ticket, case.settings, case.now, [fact], commands=(shows,))


def wanted_from(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    request: str,
    kind: TicketKind,
    *,
    verified: bool,
    before: Phase,
    by: Mailbox | None = None,
) -> ConsentWanted:
    """What is asked for a mail's request. Who is an approver and was not verified confirms first that they asked.

    `by`: who asks; None = the ticket's requester.
    """
    by = by or Mailbox(ticket.requester, ticket.requester_name)
    made = ConsentWanted(
        ConsentKind(kind),
        request,
        by.address,
        by.name,
        ConsentTerms(requester_verified=verified),
        before,
        paced=not verified,
    )
    if company is None or verified or entitlement.may_decide_own(company, kind):
        return made
    own = entitlement.persons_of(company, by.address)
    if own and any(entitlement.may_approve(p, company, kind) for p in own):
        return replace(
            made, kind=ConsentKind.CONFIRM, terms=replace(made.terms, kind_after=ConsentKind(kind))
        )
    return made


def opening(
    case: Case, ticket: TicketFacts, nonce: Callable[[], str]
) -> tuple[list[Change], list[DecidedAct], WhoDecides]:
    """Changes, acts, and what the acknowledgement says, for a new ticket that stands in awaiting_approval."""
    company = case.company
    request = request_text(ticket.subject, case.mail.new_text)
    kind = ticket.state.asks or ticket.kind
    wanted = wanted_from(ticket, company, request, kind, verified=case.verified, before=Phase.RECEIVED)
    changes, approvers = asking.ask(ticket, company, wanted, case.settings, case.now, nonce)
    act = TicketAct(ActKind.HOLD, None, kind=kind, asked=tuple(p.address for p in approvers))
    return [*changes, *told(case, ticket, changes)], [act, *mails(case, changes)], said(approvers)


@dataclass(frozen=True, slots=True)
class WhoDecides:
    """What the mail about a hold adds: who is asked, or that nobody is known who could be."""

    approvers: tuple[NamedPerson, ...] = ()
    no_approver: bool = False


def said(approvers: Sequence[PersonFacts]) -> WhoDecides:
    """Who decides a request that is held now."""
    return WhoDecides(notices.people(approvers), not approvers)


def written(
    case: Case, threading: Threading, nonce: Callable[[], str]
) -> tuple[list[Change], list[DecidedAct]]:
    """What was asked for by phone is in writing now: from here on it is held like any other (contract, Phone)."""
    ticket = case.facts.tickets.get(threading.ticket) if threading.ticket else None
    if ticket is None or not unwritten(case, ticket) or case.sender.address != ticket.requester:
        return [], []
    if only_thanks(case, ticket):
        return [], []
    company = case.company_of(ticket)
    request = request_text(ticket.subject, case.mail.new_text)
    kind = still_asked(case, ticket) or ticket.kind
    wanted = wanted_from(ticket, company, request, kind, verified=case.verified, before=Phase.RECEIVED)
    changes = asking.hold(
        ticket, company, wanted, case.settings, case.now, nonce, by=DESK, before=Phase.RECEIVED
    )
    act = TicketAct(ActKind.HOLD, ticket.number, because="in writing now")
    return [*changes, *told(case, ticket, changes)], [act, *mails(case, changes)]


def unwritten(case: Case, ticket: TicketFacts) -> bool:
    """Whether the ticket waits for its requester to write what they asked for by phone."""
    if ticket.phase != Phase.WAITING_CUSTOMER or ticket.state.channel != "phone":
        return False
    asked = any(c.ticket == ticket.number for c in case.facts.consents.values())
    return still_asked(case, ticket) is not None and not asked


def words_anew(
    case: Case, ticket: TicketFacts, asks: TicketKind | None, nonce: Callable[[], str]
) -> tuple[list[Change], list[DecidedAct]]:
    """A mail brings a ticket to the law: what its words ask for, these or earlier ones that were refused or lapsed, is
    held and asked for. Nothing where nothing is asked for, or the ticket is held already.

    `asks`: of this mail. `ticket`: with its entries where earlier words count.
    """
    kind = asks or ticket.state.asks
    if kind is None or ticket.phase is Phase.AWAITING_APPROVAL:
        return [], []
    company = case.company_of(ticket)
    writer = Mailbox(case.sender.address or "", case.sender.name)
    if ticket.state.asks is None:
        words, verified = case.mail.new_text, case.verified
    else:
        earlier = written_request.written(ticket)
        words = "\n\n".join(filter(None, (earlier, case.mail.new_text.strip())))
        verified = case.verified and written_request.verified(ticket)
    waits = ticket.phase in DONE or ticket.phase is Phase.WAITING_CUSTOMER
    before = moving.woken(ticket) if waits else ticket.phase
    request = request_text(ticket.subject, words)
    wanted = wanted_from(
        ticket, company, request, kind, verified=verified, before=before, by=writer if asks else None
    )
    changes = asking.hold(
        ticket, company, wanted, case.settings, case.now, nonce, by=DESK, before=before,
        message="the customer's words ask for it",
    )  # fmt: skip
    act = TicketAct(ActKind.HOLD, ticket.number, kind=kind, because="asked in a reply")
    return [*changes, *told(case, ticket, changes)], [act, *mails(case, changes)]


def left_over(case: Case, ticket: TicketFacts, consent: ConsentFacts) -> tuple[EntryFacts, ...]:
    """Mails on a ticket that ask for more than `consent`, which is granted now, and earlier ones were about."""
    about = [c for c in case.facts.consents.values() if c.ticket == ticket.number and c.id != consent.id]
    return written_request.unconsented(ticket, (*about, replace(consent, state=ConsentState.GRANTED)))


def left_asked(
    case: Case, ticket: TicketFacts, left: Sequence[EntryFacts], before: Phase, nonce: Callable[[], str]
) -> list[Change]:
    """The consent for them, on a ticket that is held still."""
    left = [e for e in left if e.author == left[0].author]  # those of others are asked about after these
    first = left[0].details
    assert isinstance(first, MailDetails)
    assert first.asks is not None
    company = case.company_of(ticket)
    request = request_text(ticket.subject, "\n\n".join(e.text.strip() for e in left))
    verified = all(isinstance(e.details, MailDetails) and e.details.verified for e in left)
    by = Mailbox(left[0].author, first.author_name)
    wanted = wanted_from(ticket, company, request, first.asks, verified=verified, before=before, by=by)
    changes, _ = asking.ask(ticket, company, wanted, case.settings, case.now, nonce)
    return [*changes, *told(case, ticket, changes)]


def waiting(case: Case, ticket: TicketFacts) -> ConsentFacts | None:
    """The consent that a held ticket waits for, where a person wrote."""
    if ticket.phase != Phase.AWAITING_APPROVAL or case.quiet:
        return None
    consents_ = (c for c in case.facts.consents.values() if c.ticket == ticket.number)
    return next((c for c in consents_ if c.state == ConsentState.WAITING), None)


def unproven(case: Case, ticket: TicketFacts) -> bool:
    """Whether somebody unverified writes in the name of a requester who was verified: seen by agents alone, and
    part of nothing (contract, Permission requests)."""
    consent = waiting(case, ticket)
    if consent is None or case.sender.address != consent.requester or consent.kind in entitlement.OFFERS:
        return False
    return consent.terms.requester_verified and not case.verified


def was_asked(case: Case, consent: ConsentFacts) -> bool:
    """Whether the writer is one of those who were asked."""
    own = {case.sender.address, *(case.person.addresses if case.person else ())}
    return bool(own & set(consent.approvers))
