"""Values made of rows, however those were read: by a transaction, or by the driver alone, without SQLAlchemy.

A row gives its columns by name, as Python's values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from maild.model import (
    CompanyFacts,
    CompanySite,
    ConsentFacts,
    EntryFacts,
    Linked,
    Mailbox,
    MailOut,
    Membership,
    PersonFacts,
    Recipient,
    TicketFacts,
    TimeRow,
    TokenFacts,
)
from maild.store.rows import MailIn
from maild.ticket import entries, state
from maild.ticket.codec import Codec
from maild.ticket.phases import Phase
from maild.ticket.terms import CODEC as TERMS

#: the notice that tells agents
ALERT = "agent_alert"
_SITE = Codec(CompanySite)
#: columns of a company that hold several words
_LISTS = ("covered", "excluded", "self_approval")


def ticket(row: Any, participants: tuple[Mailbox, ...]) -> TicketFacts:
    """A ticket without its log."""
    return TicketFacts(
        number=row.number, subject=row.subject, company=row.company, requester=row.requester,
        requester_name=row.requester_name, kind=row.kind, severity=row.severity, team=row.team, owner=row.owner,
        phase=row.phase, language=row.language, created_at=row.created_at, root_message_id=row.root_message_id,
        phase_before=row.phase_before, topic=row.topic, respond_by=row.respond_by, resolve_by=row.resolve_by,
        responded_at=row.responded_at, resolved_at=row.resolved_at, closed_at=row.closed_at,
        updated_at=row.updated_at, merged_into=row.merged_into, participants=participants,
        last_message_id=row.last_message_id, last_word=row.last_word, waiting_since=row.waiting_since,
        reply_by=row.reply_by, state=state.load(row.data),
    )  # fmt: skip


def entry(row: Any) -> EntryFacts:
    """A line of a ticket's log."""
    return EntryFacts(
        id=row.id, at=row.at, type=row.type, author=row.author, channel=row.channel, text=row.text,
        public=row.public, details=entries.load(row.type, row.data), full_text=row.full_text or row.text,
        elided=row.elided, message_id=row.message_id, mail_id=row.inbound_id,
    )  # fmt: skip


def time_row(row: Any) -> TimeRow:
    """Minutes worked."""
    return TimeRow(
        id=row.id, ticket=row.ticket, at=row.at, agent=row.agent, raw_minutes=row.raw_minutes,
        billed_minutes=row.billed_minutes, text=row.text, corrects=row.corrects, courtesy=row.courtesy,
        own_fault=row.own_fault, outside=row.outside,
    )  # fmt: skip


def consent(row: Any, tokens: Iterable[Any]) -> ConsentFacts:
    """A consent with its tokens, by their hashes."""
    return ConsentFacts(
        id=row.id, ticket=row.ticket, kind=row.kind, state=row.state, requested_at=row.requested_at,
        expires_at=row.expires_at, approvers=tuple(row.approvers), requester=row.requester,
        request_sha256=row.request_sha256, request_text=row.request_text, require=row.require,
        phase_before=row.phase_before or Phase.RECEIVED, tokens=tuple(map(_token, tokens)), decided_by=row.decided_by,
        decided_at=row.decided_at, terms=TERMS.load(row.data), reason=row.reason,
    )  # fmt: skip


def _token(row: Any) -> TokenFacts:
    return TokenFacts(
        row.token_hash,
        row.consent_id,
        row.approver,
        row.message_id,
        row.expires_at,
        row.spent_at,
        row.void_at,
    )


def links(number: int, rows: Iterable[Any], outages: Iterable[int]) -> tuple[Linked, ...]:
    """What the ticket is linked to, seen from it; outages last."""
    linked = [
        Linked(row.type, row.other, True) if row.ticket == number else Linked(row.type, row.ticket, False)
        for row in rows
    ]
    return (*linked, *(Linked("outage", None, True, key) for key in outages))


def mail_in(row: Any) -> MailIn:
    """A mail that was taken in."""
    return MailIn(
        id=row.id, received_at=row.received_at, source=row.source, message_id=row.message_id,
        from_address=row.from_address, subject=row.subject, kind=row.kind, state=row.state, ticket=row.ticket,
        error=row.error,
    )  # fmt: skip


def mail_out(row: Any, people: tuple[Recipient, ...]) -> MailOut:
    """A mail that goes out."""
    return MailOut(
        id=row.id, notice=row.notice, ticket=row.ticket, state=row.state, attempts=row.attempts,
        next_attempt_at=row.next_attempt_at, message_id=row.message_id, answer=row.answer,
        subject=row.subject or "", maybe_sent=row.maybe_sent, secret=row.secret, recipients=people,
        alert=(row.data or {}).get("alert", "") if row.notice == ALERT else "",
    )  # fmt: skip


def recipients(rows: Iterable[Any]) -> dict[int, tuple[Recipient, ...]]:
    """To whom each mail goes."""
    found: dict[int, tuple[Recipient, ...]] = {}
    for row in rows:
        one = Recipient(row.address, row.name, row.field, row.state, row.answer, row.at)
        found[row.outbound_id] = (*found.get(row.outbound_id, ()), one)
    return found


def people(
    contacts: Iterable[Any], addresses: Iterable[Any], places: Iterable[Any]
) -> dict[int, PersonFacts]:
    """Persons by contact id; `address` is the main one, `bounced` that of it (`dead`: an address that bounced)."""
    own: dict[int, list[Any]] = {}
    for row in addresses:
        own.setdefault(row.contact_id, []).append(row)
    members: dict[int, list[Membership]] = {}
    for row in places:
        member = Membership(row.company, tuple(row.roles), tuple(row.approves), row.site, row.desk_address)
        members.setdefault(row.contact_id, []).append(member)
    return {
        row.id: PersonFacts(
            row.id, own[row.id][0].address, row.name, row.language, row.phone, tuple(members.get(row.id, ())),
            own[row.id][0].dead is not None, tuple(one.address for one in own[row.id]),
        )
        for row in contacts if row.id in own
    }  # fmt: skip


def company(
    row: Any, domains: Iterable[str], sites: Iterable[Any], members: Sequence[PersonFacts]
) -> CompanyFacts:
    """A company."""
    columns = row._asdict()
    several = {name: tuple(columns[name]) for name in _LISTS}
    return CompanyFacts(
        **{**columns, **several}, domains=tuple(domains), sites={one.key: _SITE.load(one.data) for one in sites},
        people=tuple(members),
    )  # fmt: skip
