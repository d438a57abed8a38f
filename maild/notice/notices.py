"""What a mail to a customer says: the frozen data of each notice. Words and looks are render/'s and templates/'.

All times in the data are ISO 8601 in UTC; render/ shows them in `data["timezone"]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from maild.model import (
    CompanyFacts,
    EntryFacts,
    Json,
    Mail,
    Mailbox,
    Notice,
    OutageFacts,
    PersonFacts,
    Promise,
    TicketFacts,
)
from maild.settings import Settings
from maild.ticket import service
from maild.ticket.phases import PAUSED
from maild.ticket.vocabulary import EntryType

#: entries of these types are shown to customers as the history of the ticket
SHOWN = ("mail", "reply", "phase", "call", "consent", "outage")
HISTORY_ENTRIES = 25
HISTORY_CHARACTERS = 1500

#: what the customer should do next, by phase: codes that the templates turn into a sentence
NEXT = {
    "received": "wait",
    "accepted": "wait",
    "in_progress": "wait",
    "waiting_customer": "answer_us",
    "awaiting_approval": "approve",
    "scheduled": "wait",
    "resolved": "check",
    "closed": "nothing",
    "rejected": "nothing",
    "merged": "nothing",
}


def iso(at: datetime | None) -> str | None:
    """A time as it stands in frozen data."""
    return at.isoformat(timespec="seconds") if at is not None else None


def timezone_of(company: CompanyFacts | None, settings: Settings, site: str = "") -> str:
    """The zone in which the customer reads times: their site's, company's, calendar's, else the desk's."""
    return service.display_timezone(company, settings, site)


def language_of(
    person: PersonFacts | None, company: CompanyFacts | None, settings: Settings, detected: str | None = None
) -> str:
    """Language of a mail to a customer: contact, company, what they wrote in, desk."""
    if person is not None and person.language:
        return person.language
    if company is not None and company.language:
        return company.language
    return detected or settings.desk.language


def promise_data(promise: Promise | None) -> Json | None:
    """The promise as the templates show it, or None when the contract makes none."""
    if promise is None or (promise.respond_by is None and promise.call_back_by is None):
        return None
    return {
        "respond_by": iso(promise.respond_by),
        "resolve_by": iso(promise.resolve_by),
        "received_at": iso(promise.received_at),
        "outside_hours": promise.outside_hours,
        "service_level": promise.service_level,
        "call_back_by": iso(promise.call_back_by),
    }


def on_file(person: PersonFacts | None) -> Json | None:
    """Contact data that we hold of the person ("is this still right?")."""
    if person is None:
        return None
    return {
        "name": person.name,
        "phone": person.phone,
        "addresses": list(person.addresses or (person.address,)),
    }


def attachment_rows(mail: Mail | None) -> list[Json]:
    """Names and sizes (bytes) of what a mail carried; inline images without a name of their own included."""
    if mail is None:
        return []
    return [{"name": a.name, "size": a.size} for a in mail.attachments]


def outage_rows(outages: Iterable[OutageFacts]) -> list[Json]:
    return [{"id": o.id, "title": o.title, "text": o.text, "eta": iso(o.eta)} for o in outages]


def history(entries: Sequence[EntryFacts], skip: frozenset[int] = frozenset()) -> list[Json]:
    """Everything done so far that a customer may see, latest first."""
    shown: list[Json] = []
    for entry in sorted(entries, key=lambda e: (e.at, e.id), reverse=True):
        if not entry.public or entry.type not in SHOWN or entry.id in skip:
            continue
        if entry.type == EntryType.MAIL and not entry.text.strip():
            continue  # "wrote:" and nothing below it
        text = entry.text if len(entry.text) <= HISTORY_CHARACTERS else entry.text[:HISTORY_CHARACTERS] + " …"
        shown.append(
            {
                "at": iso(entry.at),
                "type": entry.type,
                "phase": entry.data.get("to"),
                "author": entry.data.get("author_name") or entry.author,
                "text": text,
            }
        )
        if len(shown) == HISTORY_ENTRIES:
            break
    return shown


def recipients(ticket: TicketFacts) -> tuple[tuple[Mailbox, ...], tuple[Mailbox, ...]]:
    """To and Cc of a status mail: the requester, and the participants (all of the ticket's company)."""
    if not ticket.requester:
        return ticket.participants[:1], ticket.participants[1:]
    to = (Mailbox(ticket.requester, ticket.requester_name),)
    return to, tuple(p for p in ticket.participants if p.address != ticket.requester)


def ticket_data(ticket: TicketFacts, company: CompanyFacts | None, settings: Settings) -> Json:
    """The data that every mail on a ticket carries."""
    data: Json = {
        "subject": ticket.subject,
        "phase": ticket.phase,
        "kind": ticket.kind,
        "severity": ticket.severity,
        "timezone": timezone_of(company, settings, str(ticket.data.get("site") or "")),
        "requester": {"name": ticket.requester_name, "address": ticket.requester},
        "next": NEXT.get(ticket.phase, "wait"),
        "reply_days": settings.threading.reopen_days,
    }
    if ticket.number:
        data["number"] = ticket.number
    if ticket.owner:
        data["owner"] = ticket.owner
    if company is not None:
        data["company_name"] = company.name
    if settings.desk.phone:
        data["desk_phone"] = settings.desk.phone
    # no clock runs while somebody is waited for, so no moment is promised
    if ticket.phase not in PAUSED and (ticket.respond_by is not None or ticket.resolve_by is not None):
        answered = ticket.responded_at is not None
        data["promise"] = {
            "respond_by": None if answered else iso(ticket.respond_by),
            "resolve_by": iso(ticket.resolve_by),
            "received_at": iso(ticket.created_at),
            "outside_hours": False,
        }
    return data


def status(
    name: str,
    ticket: TicketFacts,
    company: CompanyFacts | None,
    settings: Settings,
    *,
    actor: str = "",
    message: str = "",
    extra: Json | None = None,
    own_words: bool = False,
) -> Notice | None:
    """A status mail on an existing ticket, to requester and participants; None when there is nobody to write to.

    `ticket` is the ticket after the step (its `phase` is the new one) with the entries before it.
    """
    to, cc = recipients(ticket)
    if not to:
        return None
    data = ticket_data(ticket, company, settings)
    data.update({"actor": actor, "message": message, "history": history(ticket.entries)})
    data.update(extra or {})
    return Notice(
        name=name,
        ticket=ticket.number,
        to=to,
        cc=cc,
        language=ticket.language,
        data=data,
        auto="" if own_words else "auto-generated",
        in_reply_to=ticket.last_message_id,
        references=(ticket.last_message_id,) if ticket.last_message_id else (),
    )


def to_people(
    name: str, ticket: TicketFacts, people: Sequence[PersonFacts], language: str, data: Json
) -> Notice:
    """One mail to several people of the ticket's company."""
    boxes = tuple(Mailbox(p.address, p.name) for p in people)
    return Notice(name=name, ticket=ticket.number, to=boxes[:1], cc=boxes[1:], language=language, data=data)


def alert(
    settings: Settings,
    address: str,
    name: str,
    language: str,
    ticket: int,
    code: str,
    lines: Sequence[str],
    subject: str,
) -> Notice:
    """A mail to one of our own people."""
    return Notice(
        name="agent_alert",
        ticket=ticket,
        to=(Mailbox(address, name),),
        language=language or settings.desk.language,
        data={"alert": code, "lines": list(lines), "subject": subject, "timezone": settings.desk.timezone},
    )
