"""Requests that wait for a written consent: which are held at once, and what makes them be asked for again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from maild.app.case import Case
from maild.consent import consents
from maild.model import Change, CompanyFacts, Json, SendNotice, Threading, TicketFacts
from maild.notice import notices
from maild.party import entitlement
from maild.ticket import thanks
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.vocabulary import ConsentKind, TicketKind


def held(case: Case, kind: TicketKind) -> bool:
    """Whether a new request of that kind is held: nobody's word in a mail hands out permissions."""
    return kind in case.settings.approval.kinds and not case.quiet


def mails(changes: list[Change]) -> list[Json]:
    """The mails among the changes, as acts."""
    return [
        {"act": "mail", "notice": c.notice.name, "to": [b.address for b in c.notice.to]}
        for c in changes
        if isinstance(c, SendNotice)
    ]


def wanted_from(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    request: str,
    kind: TicketKind,
    *,
    verified: bool,
    before: Phase,
) -> consents.Wanted:
    """What is asked for a mail's request. Who is an approver and was not verified confirms first that they asked."""
    data: Json = {"requester_verified": verified}
    made = consents.Wanted(
        ConsentKind(kind), request, ticket.requester, ticket.requester_name, verified, data, (), before
    )
    if company is None or verified or company.self_approval:
        return made
    own = [p for p in company.people if entitlement.is_person(p, ticket.requester)]
    if own and any(entitlement.may_approve(p, company, kind) for p in own):
        return replace(made, kind=ConsentKind.CONFIRM, data={**data, "kind_after": kind})
    return made


def opening(
    case: Case, ticket: TicketFacts, nonce: Callable[[], str]
) -> tuple[list[Change], list[Json], Json]:
    """Changes, acts, and what the acknowledgement says, for a new ticket that stands in awaiting_approval."""
    company = case.company
    request = consents.request_text(ticket.subject, case.mail.new_text)
    verified = case.auth.result == "dmarc-pass"
    wanted = wanted_from(ticket, company, request, ticket.kind, verified=verified, before=Phase.RECEIVED)
    changes, approvers = consents.ask(ticket, company, wanted, case.settings, case.now, nonce)
    said: Json = {
        "approvers": notices.people(approvers),
        "no_approver": not approvers,
    }
    act: Json = {"act": "hold", "ticket": None, "kind": ticket.kind, "asked": [p.address for p in approvers]}
    return changes, [act, *mails(changes)], said


def written(case: Case, found: Threading, nonce: Callable[[], str]) -> tuple[list[Change], list[Json]]:
    """What was asked for by phone is in writing now: from here on it is held like any other (SPEC, Phone)."""
    ticket = case.facts.tickets.get(found.ticket) if found.ticket else None
    if ticket is None or not unwritten(case, ticket) or case.sender.address != ticket.requester:
        return [], []
    if thanks.is_bare_thanks(case.mail.new_text, case.mail.language or ticket.language):
        return [], []
    company = case.facts.companies.get(ticket.company) if ticket.company else None
    request = consents.request_text(ticket.subject, case.mail.new_text)
    verified = case.auth.result == "dmarc-pass"
    wanted = wanted_from(ticket, company, request, ticket.kind, verified=verified, before=Phase.RECEIVED)
    changes = consents.hold(
        ticket, company, wanted, case.settings, case.now, nonce, by="maild", before=Phase.RECEIVED
    )
    acts: list[Json] = [{"act": "hold", "ticket": ticket.number, "because": "in writing now"}]
    return changes, [*acts, *mails(changes)]


def unwritten(case: Case, ticket: TicketFacts) -> bool:
    """Whether the ticket waits for its requester to write what they asked for by phone."""
    if ticket.phase != Phase.WAITING_CUSTOMER or ticket.data.get("channel") != "phone":
        return False
    asked = any(c.ticket == ticket.number for c in case.facts.consents.values())
    return held(case, ticket.kind) and not asked


def grown(case: Case, found: Threading, nonce: Callable[[], str]) -> tuple[list[Change], list[Json]]:
    """A later mail of the requester on a held ticket becomes part of the request: asked again with the whole."""
    ticket = case.facts.tickets.get(found.ticket) if found.ticket else None
    if ticket is None or ticket.phase != Phase.AWAITING_APPROVAL or case.quiet:
        return [], []
    consent = next(
        (
            c
            for c in case.facts.consents.values()
            if c.ticket == ticket.number and c.state == ConsentState.WAITING
        ),
        None,
    )
    if consent is None or case.sender.address != consent.requester:
        return [], []
    if thanks.is_bare_thanks(case.mail.new_text, case.mail.language or ticket.language):
        return [], []
    company = case.facts.companies.get(ticket.company) if ticket.company else None
    old = consents.wanted_of(consent, ticket)
    verified = old.verified and case.auth.result == "dmarc-pass"
    wanted = replace(
        old, request=f"{consent.request_text}\n\n{case.mail.new_text.strip()}", verified=verified,
        data={**(old.data or {}), "requester_verified": verified},
    )  # fmt: skip
    changes = consents.hold(
        ticket,
        company,
        wanted,
        case.settings,
        case.now,
        nonce,
        by="maild",
        message="the requester wrote again",
        old=consent,
    )
    acts: list[Json] = [{"act": "hold", "ticket": ticket.number, "because": "the request changed"}]
    return changes, [*acts, *mails(changes)]
