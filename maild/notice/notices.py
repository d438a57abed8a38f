"""Makes the mails: what a ticket, a company and an agent's act say, put into the typed contents.

Words and looks are render/'s and templates/'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from maild.model import (
    CompanyFacts,
    EntryFacts,
    Mail,
    Mailbox,
    Notice,
    OutageFacts,
    PersonFacts,
    TicketFacts,
)
from maild.model import Promise as Promised
from maild.notice.content import Content, freeze, registry
from maild.notice.step_fields import NO_MORE, StatusFields, StepFields
from maild.notice.values import About, File, HistoryStep, KnownOutage, NamedPerson, OnFile, PromisedTimes
from maild.settings import Settings
from maild.ticket import service
from maild.ticket.entries import ConsentDetails, MailDetails, PhaseDetails
from maild.ticket.phases import DONE, PAUSED, Phase
from maild.ticket.vocabulary import EntryType, TicketKind
from maild.values import replace

#: entries of these types are shown to customers as the history of the ticket
SHOWN = (
    EntryType.MAIL,
    EntryType.REPLY,
    EntryType.PHASE,
    EntryType.CALL,
    EntryType.CONSENT,
    EntryType.OUTAGE,
)
HISTORY_ENTRIES = 25
HISTORY_CHARACTERS = 1500
#: of a mail's own words, and of a request that is approved, as mails repeat them
EXCERPT_CHARACTERS = 8_192
#: who stands as the author of entries that the desk itself makes
DESK = "maild"

#: a line of an answer that holds the reference of what it answers, and nothing else
_OUR_LINE = re.compile(r"(?m)^[> \t]*maild-(?:\[token\]|[a-z2-7]{26})[ \t]*$\n?")


def iso(at: datetime | None) -> str | None:
    """A time as it stands in frozen data."""
    return at.isoformat(timespec="seconds") if at is not None else None


def language_of(
    person: PersonFacts | None, company: CompanyFacts | None, settings: Settings, detected: str | None = None
) -> str:
    """Language of a mail to a customer: contact, company, what they wrote in, desk."""
    if person is not None and person.language:
        return person.language
    if company is not None and company.language:
        return company.language
    return detected or settings.desk.language


def shown_name(agent: str, settings: Settings) -> str:
    """The name of an agent that customers read; "" for one who is not configured: no login name is shown."""
    known = settings.agents.get(agent)
    return known.shown if known is not None else ""


def signature(agent: str, settings: Settings) -> str:
    """The lines below an agent's own words; "" = none of their own."""
    known = settings.agents.get(agent)
    return known.signature if known is not None else ""


def has_contract(company: CompanyFacts | None) -> bool:
    """Whether anything is promised to them; who has no contract is told no severity."""
    return company is not None and bool(company.service_level) and company.standing == "active"


def about(ticket: TicketFacts, company: CompanyFacts | None, settings: Settings, now: datetime) -> About:
    """The ticket as it stands, for every mail on it."""
    return About(
        subject=ticket.subject,
        phase=ticket.phase,
        kind=ticket.kind,
        severity=ticket.severity or "" if has_contract(company) else "",
        company_name=company.name if company is not None else "",
        requester=NamedPerson(name=ticket.requester_name, address=ticket.requester),
        timezone=service.display_timezone(company, settings, ticket.state.site),
        reply_days=settings.threading.reopen_days if ticket.phase in DONE else 0,
        at=now,
    )


def promised(promise: Promised | None, now: datetime) -> PromisedTimes | None:
    """What the contract promises for a new request; None when it promises nothing, or all of it is over."""
    if promise is None:
        return None
    return _open(
        PromisedTimes(
            respond_by=promise.respond_by,
            resolve_by=promise.resolve_by,
            call_back_by=promise.call_back_by,
            received_at=promise.received_at,
            outside_hours=promise.outside_hours,
        ),
        now,
    )


def still_promised(ticket: TicketFacts, now: datetime) -> PromisedTimes | None:
    """What of the promise is still open: while somebody is waited for no clock runs, and what is over is no promise."""
    if ticket.phase in PAUSED:
        return None
    respond_by = ticket.respond_by if ticket.responded_at is None else None
    made = PromisedTimes(respond_by=respond_by, resolve_by=ticket.resolve_by, received_at=ticket.created_at)
    return _open(made, now)


def _open(promise: PromisedTimes, now: datetime) -> PromisedTimes | None:
    """The moments that lie ahead."""
    respond_by, resolve_by, call_back_by = (
        at if at is not None and at > now else None
        for at in (promise.respond_by, promise.resolve_by, promise.call_back_by)
    )
    if respond_by is resolve_by is call_back_by is None:
        return None
    return replace(promise, respond_by=respond_by, resolve_by=resolve_by, call_back_by=call_back_by)


def on_file(person: PersonFacts | None) -> OnFile | None:
    """Contact data that we hold of the person ("is this still right?")."""
    if person is None:
        return None
    return OnFile(name=person.name, phone=person.phone, addresses=person.addresses or (person.address,))


def files(mail: Mail | None) -> tuple[File, ...]:
    """What a mail carried; inline images without a name of their own included."""
    return tuple(File(name=a.name or "", size=a.size) for a in mail.attachments) if mail is not None else ()


def excerpt(text: str) -> str:
    """A customer's words as a mail repeats them: their beginning, since the whole stands on the ticket."""
    text = _without_reference(text)
    if len(text) <= EXCERPT_CHARACTERS:
        return text
    head = text[:EXCERPT_CHARACTERS]
    return f"{head[: max(head.rfind(chr(10)), head.rfind(' '), EXCERPT_CHARACTERS - 200)].rstrip()}\n[…]"


def _without_reference(text: str) -> str:
    """The text without the line that a button of ours wrote below the word, which tells a reader nothing."""
    return _OUR_LINE.sub("", text).rstrip() if "maild-" in text else text


def outages(known: Iterable[OutageFacts]) -> tuple[KnownOutage, ...]:
    return tuple(KnownOutage(id=o.id, title=o.title, text=o.text, eta=o.eta) for o in known)


def people(persons: Iterable[PersonFacts]) -> tuple[NamedPerson, ...]:
    return tuple(NamedPerson(name=p.name, address=p.address) for p in persons)


def history(entries: Sequence[EntryFacts], settings: Settings) -> tuple[tuple[HistoryStep, ...], int]:
    """What was done so far and a customer may see, the newest first; and how many older steps are left out."""
    shown = [
        entry
        for entry in sorted(entries, key=lambda e: (e.at, e.id), reverse=True)
        if entry.public
        and entry.type in SHOWN
        and not _only_woken(entry)
        # "wrote:" and nothing below it
        and (entry.type != EntryType.MAIL or entry.text.strip())
    ]
    steps = tuple(_step(entry, settings) for entry in shown[:HISTORY_ENTRIES])
    return steps, len(shown) - len(steps)


def _only_woken(entry: EntryFacts) -> bool:
    """The mail that brought the ticket back to the queue stands beside it."""
    to = entry.details.new if isinstance(entry.details, PhaseDetails) else None
    return to is Phase.RECEIVED and not entry.text.strip()


def _step(entry: EntryFacts, settings: Settings) -> HistoryStep:
    text = _without_reference(entry.text)
    text = text if len(text) <= HISTORY_CHARACTERS else text[:HISTORY_CHARACTERS] + " …"
    to = entry.details.new if isinstance(entry.details, PhaseDetails | ConsentDetails) else None
    outcome = entry.details.outcome if isinstance(entry.details, ConsentDetails) else ""
    return HistoryStep(
        at=entry.at, type=entry.type, author=author(entry, settings), phase=to, text=text, outcome=outcome
    )  # fmt: skip


def author(entry: EntryFacts, settings: Settings) -> str:
    """Who did it, as customers read it: their own people as they wrote, agents by their full names."""
    if isinstance(entry.details, MailDetails) and entry.details.author_name:
        return entry.details.author_name
    if entry.author == DESK or entry.author in settings.agents:
        return shown_name(entry.author, settings)
    theirs = entry.type in (EntryType.MAIL, EntryType.CONSENT) or entry.channel in ("email", "web")
    return entry.author if theirs and entry.type != EntryType.REPLY else ""


def recipients(ticket: TicketFacts) -> tuple[tuple[Mailbox, ...], tuple[Mailbox, ...]]:
    """To and Cc of a status mail: the requester, and the participants (all of the ticket's company)."""
    if not ticket.requester:
        return ticket.participants[:1], ticket.participants[1:]
    to = (Mailbox(ticket.requester, ticket.requester_name),)
    return to, tuple(p for p in ticket.participants if p.address != ticket.requester)


def base(
    ticket: TicketFacts,
    company: CompanyFacts | None,
    settings: Settings,
    now: datetime,
    *,
    actor: str = "",
    message: str = "",
) -> StatusFields:
    """What every mail on the ticket says. `ticket`: after the step, with the entries before it. `actor`: as
    customers read it."""
    steps, earlier = history(ticket.entries, settings)
    return StatusFields(
        about=about(ticket, company, settings, now), actor=actor, message=message,
        promise=still_promised(ticket, now), history=steps, earlier=earlier,
    )  # fmt: skip


def named(name: str, base: StatusFields, own: StepFields = NO_MORE) -> Content:
    """The mail of that name. KeyError for none, TypeError for what it does not say."""
    return registry()[name](**base, **own)  # type: ignore[misc]  # which of them it takes, its class says


def letter(
    content: Content,
    ticket: int,
    to: tuple[Mailbox, ...],
    language: str,
    *,
    cc: tuple[Mailbox, ...] = (),
    auto: Literal["auto-replied", "auto-generated", ""] = "auto-generated",
    in_reply_to: str | None = None,
    **envelope: Any,
) -> Notice:
    """The content as a mail to be sent: from here on it is frozen. `envelope`: other fields of `Notice`."""
    if "references" not in envelope and in_reply_to:
        envelope["references"] = (in_reply_to,)
    return Notice(
        name=content.name, ticket=ticket, to=to, cc=cc, language=language, data=freeze(content), auto=auto,
        in_reply_to=in_reply_to, **envelope,
    )  # fmt: skip


def may_be_told(ticket: TicketFacts, settings: Settings) -> bool:
    """Whether the ticket's people get mails about its steps: spam is told nothing, nor is a stranger to whom nobody of
    us has written."""
    if ticket.team == settings.tickets.spam_team:
        return False
    ours = bool(ticket.company) or bool(ticket.state.opened_by)
    return ours or any(entry.type == EntryType.REPLY for entry in ticket.entries)


def asks_rating(ticket: TicketFacts, settings: Settings) -> bool:
    """Whether the closing mail asks if its people are content: once, and not who came to complain."""
    asked = settings.survey.ask == "closed" and ticket.state.rating is None
    return asked and ticket.kind not in (TicketKind.COMPLAINT, TicketKind.FEEDBACK)


def status(content: Content, ticket: TicketFacts, *, own_words: bool = False) -> Notice | None:
    """A mail on an existing ticket to requester and participants; None when there is nobody to write to."""
    to, cc = recipients(ticket)
    if not to:
        return None
    return letter(
        content, ticket.number, to, ticket.language, cc=cc, auto="" if own_words else "auto-generated",
        in_reply_to=ticket.last_message_id,
    )  # fmt: skip


def to_people(content: Content, ticket: TicketFacts, people: Sequence[PersonFacts], language: str) -> Notice:
    """One mail to several people of the ticket's company."""
    boxes = tuple(Mailbox(p.address, p.name) for p in people)
    return letter(content, ticket.number, boxes[:1], language, cc=boxes[1:])
