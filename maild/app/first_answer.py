"""The first answer to a new request: which acknowledgement, and what it says, however the request came."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TypedDict

from maild.app.holding import WhoDecides
from maild.model import CompanyFacts, OutageFacts, PersonFacts
from maild.notice import notices
from maild.notice.first_mails import (
    Acknowledgement,
    AwaitingApproval,
    Complaint,
    NoContract,
    NotEntitled,
    PhonePermission,
    Received,
    Suspended,
    UnknownSender,
)
from maild.notice.values import About, File, KnownOutage, OnCall, OnFile, PromisedTimes
from maild.party import entitlement
from maild.settings import Settings
from maild.ticket.opening import Opened
from maild.ticket.phases import PAUSED
from maild.ticket.routing import Standing
from maild.ticket.vocabulary import TicketKind
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """The request as it came. `text`: the words that a mail may repeat; `hints`: what is asked in return."""

    person: PersonFacts | None
    company: CompanyFacts | None
    outages: tuple[OutageFacts, ...] = ()
    text: str = ""
    files: tuple[File, ...] = ()
    hints: tuple[str, ...] = ()
    channel: str = "mail"
    actor: str = ""  # the agent who opened it, as customers read it
    may_file: bool = True
    in_writing_first: bool = False  # asked for by phone, and nothing is done before it stands in writing
    held: WhoDecides | None = None  # what the hold's mail adds, of a request that waits for approval
    follow_up_of: int | None = None


class _PlainFields(TypedDict):
    """What each acknowledgement says: keyword arguments of its content."""

    about: About
    text: str
    attachments: tuple[File, ...]
    channel: str
    actor: str
    follow_up_of: int | None


class _WholeFields(_PlainFields):
    """What those say that promise something."""

    on_file: OnFile | None
    outages: tuple[KnownOutage, ...]
    hints: tuple[str, ...]
    promise: PromisedTimes | None


def first_answer(opened: Opened, asked: NewRequest, settings: Settings, now: datetime) -> Acknowledgement:
    """The mail that tells the requester that the ticket is here."""
    said = _answer(opened, asked, settings, now)
    if asked.held is None or not isinstance(said, Received | NoContract):
        return said
    return AwaitingApproval(
        **{f.name: getattr(said, f.name) for f in fields(Acknowledgement)},
        approvers=asked.held.approvers, no_approver=asked.held.no_approver,
    )  # fmt: skip


def _answer(opened: Opened, asked: NewRequest, settings: Settings, now: datetime) -> Acknowledgement:
    ticket, company, standing = opened.ticket, asked.company, opened.standing
    promised = notices.promised(opened.promise, now) if ticket.phase not in PAUSED else None
    plain: _PlainFields = {
        "about": notices.about(ticket, company, settings, now), "text": notices.excerpt(asked.text),
        "attachments": asked.files, "channel": asked.channel, "actor": asked.actor, "follow_up_of": asked.follow_up_of,
    }  # fmt: skip
    whole: _WholeFields = {
        **plain, "on_file": notices.on_file(asked.person), "outages": notices.outages(asked.outages), "hints": asked.hints,
        "promise": promised,
    }  # fmt: skip
    if asked.in_writing_first:
        return PhonePermission(**whole)
    if standing is Standing.SUSPENDED:
        return Suspended(**plain)
    if standing is Standing.UNKNOWN:
        return UnknownSender(**plain)
    if not asked.may_file:
        who = entitlement.references(company, ticket.state.site) if company is not None else ()
        return NotEntitled(**plain, who_may=notices.people(who))
    if standing is Standing.NO_CONTRACT:
        return NoContract(**whole)
    answer = Complaint if ticket.kind is TicketKind.COMPLAINT else Received
    made: Acknowledgement = answer(**whole)
    if ticket.state.out_of_scope:
        # without a text of the desk's own the template has one
        text = settings.tickets.out_of_scope_text.get(ticket.language, "")
        made = replace(made, out_of_scope=True, out_of_scope_text=text)
    if company is not None and company.oncall_phone and promised is not None and promised.call_back_by:
        made = replace(made, oncall=OnCall(phone=company.oncall_phone, code=company.oncall_code))
    return made
