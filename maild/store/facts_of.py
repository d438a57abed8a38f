"""Values made of rows, however those were read: by a transaction, or by the driver alone, without SQLAlchemy.

A row gives its columns by name, as Python's values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

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

T = TypeVar("T")
#: the notice that tells agents
ALERT = "agent_alert"
_SITE = Codec(CompanySite)
#: columns of a company that hold several words
_LISTS = ("covered", "excluded", "self_approval")


def columns_of(kind: type[Any]) -> tuple[str, ...]:
    """The columns that such a value is made of, named as its fields are."""
    return tuple(one.name for one in fields(kind))


def maker(kind: type[T]) -> Callable[[Any], T]:
    """A function that makes such a value of a row with these columns."""
    read = attrgetter(*columns_of(kind))
    return lambda row: kind(*read(row))


#: the value of a row
time_row, mail_in = maker(TimeRow), maker(MailIn)
_token, _recipient = maker(TokenFacts), maker(Recipient)


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


def consent(row: Any, tokens: Iterable[Any]) -> ConsentFacts:
    """A consent with its tokens, by their hashes."""
    return ConsentFacts(
        id=row.id, ticket=row.ticket, kind=row.kind, state=row.state, requested_at=row.requested_at,
        expires_at=row.expires_at, approvers=tuple(row.approvers), requester=row.requester,
        request_sha256=row.request_sha256, request_text=row.request_text, require=row.require,
        phase_before=row.phase_before or Phase.RECEIVED, tokens=tuple(map(_token, tokens)), decided_by=row.decided_by,
        decided_at=row.decided_at, terms=TERMS.load(row.data), reason=row.reason,
    )  # fmt: skip


def links(number: int, rows: Iterable[Any], outages: Iterable[int]) -> tuple[Linked, ...]:
    """What the ticket is linked to, seen from it; outages last."""
    linked = [
        Linked(row.type, row.other, True) if row.ticket == number else Linked(row.type, row.ticket, False)
        for row in rows
    ]
    return (*linked, *(Linked("outage", None, True, key) for key in outages))


def mail_out(row: Any, people: tuple[Recipient, ...]) -> MailOut:
    """A mail that goes out."""
    return MailOut(
        id=row.id, notice=row.notice, ticket=row.ticket, state=row.state, attempts=row.attempts,
        next_attempt_at=row.next_attempt_at, message_id=row.message_id, answer=row.answer,
        subject=row.subject or "", maybe_sent=row.maybe_sent, secret=row.secret, recipients=people,
        alert=(row.data or {}).get("alert", "") if row.notice == ALERT else "",
    )  # fmt: skip


def boxes(rows: Iterable[Any], field: str) -> tuple[Mailbox, ...]:
    """The recipients of a mail that stand in this field."""
    return tuple(Mailbox(row.address, row.name) for row in rows if row.field == field)


def recipients(rows: Iterable[Any]) -> dict[int, tuple[Recipient, ...]]:
    """To whom each mail goes."""
    found: dict[int, tuple[Recipient, ...]] = {}
    for row in rows:
        found[row.outbound_id] = (*found.get(row.outbound_id, ()), _recipient(row))
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
