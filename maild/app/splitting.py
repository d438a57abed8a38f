"""An own ticket for a part of another: entries that are about something else, or a part of one mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from maild.app.acts import ActContext
from maild.app.merging import CONTENT
from maild.consent import asking, request
from maild.consent.wanted import ConsentWanted, request_text
from maild.errors import Refused
from maild.model import (
    AddEntry,
    AddLink,
    AddParticipant,
    Change,
    Classification,
    EntryFacts,
    Mailbox,
    MoveEntries,
    Plan,
    SendNotice,
    TicketFacts,
)
from maild.notice import notices
from maild.notice.first_mails import AwaitingApproval, Received
from maild.ticket import classify, routing
from maild.ticket.entries import LinkDetails, MailDetails
from maild.ticket.opening import Opened, Request, open_ticket
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import TicketState
from maild.ticket.vocabulary import ConsentKind, EntryType, LinkType, Severity, TicketKind, chosen
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class SplitPart:
    """What goes into a ticket of its own: whole entries, or the words `text` of one of them."""

    subject: str
    entries: tuple[int, ...] = ()
    text: str = ""
    kind: str | None = None
    severity: str | None = None


def split(
    act: ActContext, ticket: TicketFacts, part: SplitPart, number: int, nonce: Callable[[], str]
) -> Plan:
    """`maild split N`: the new ticket, which gets the reserved `number`, its entries, and the note on the old one."""
    subject = " ".join(part.subject.split())
    if not subject:
        raise Refused("the new ticket needs a subject: --subject S")
    if ticket.phase is Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged; split #{ticket.merged_into}")
    moved = _moved(ticket, part.entries)
    if not moved and not part.text.strip():
        raise Refused(
            f"say what goes: --entry ID (`maild show {ticket.number}` shows them), or -m TEXT for a part of one mail"
        )
    _not_the_request(act, ticket, moved)
    words = "\n\n".join([*(e.text for e in moved), part.text.strip()]).strip()
    opened = _opened(act, ticket, part, _what(act, ticket, part, subject, words), subject, moved, number)
    made = opened.ticket
    if made.state.asks is not None:
        _refuse_spoken(ticket, moved)
    changes: list[Change] = [*opened.changes, AddLink(number, LinkType.SPLIT, ticket.number)]
    if moved:
        changes.append(MoveEntries(ticket.number, tuple(e.id for e in moved), number))
    changes += [
        AddParticipant(number, p.address, p.name, f"split from #{ticket.number}") for p in made.participants
    ]
    asked: list[Change] = []
    said = notices.base(made, act.company, act.settings, act.now)
    if made.state.asks is None:
        said["promise"] = notices.promised(opened.promise, act.now)
        told = notices.status(Received(**said, text=words, split_from=ticket.number), made)
    else:
        asked, approvers = asking.ask(made, act.company, _wanted(made, words), act.settings, act.now, nonce)
        shown = AwaitingApproval(
            **said,
            text=notices.excerpt(words),
            approvers=notices.people(approvers),
            no_approver=not approvers,
        )
        told = notices.status(shown, made)
    changes += asked
    if told is not None:
        changes.append(SendNotice(told))
    what = f"{len(part.entries)} entries" if part.entries else "a part"
    text = f"{what} split off into #{number}: {part.subject}"
    link = LinkDetails(type=LinkType.SPLIT, ticket=number)
    return Plan((*changes, act.noted(ticket.number, EntryType.LINK, text, link)))


def _wanted(made: TicketFacts, words: str) -> ConsentWanted:
    """A part that asks for what needs a consent is held like any other request, whatever kind it is called."""
    return ConsentWanted(
        ConsentKind(made.state.asks or made.kind), request_text(made.subject, words), made.requester,
        made.requester_name,
    )  # fmt: skip


def _moved(ticket: TicketFacts, ids: Sequence[int]) -> tuple[EntryFacts, ...]:
    by_id = {e.id: e for e in ticket.entries}
    for one in ids:
        if one not in by_id:
            raise Refused(f"#{ticket.number} has no entry {one}; `maild show {ticket.number}` shows them")
        if by_id[one].type not in CONTENT:
            raise Refused(
                f"entry {one} is a {by_id[one].type} of the ticket itself; only {', '.join(CONTENT)} can go"
            )
    if ids and set(ids) >= {e.id for e in ticket.entries if e.type in CONTENT}:
        raise Refused(f"that is all of #{ticket.number}; leave at least one entry there")
    return tuple(by_id[one] for one in sorted(set(ids)))


def _not_the_request(act: ActContext, ticket: TicketFacts, moved: Sequence[EntryFacts]) -> None:
    """What approvers were asked about stays where it is asked about."""
    asked = [c for c in act.consents if c.state in (ConsentState.WAITING, ConsentState.EXPIRED)]
    for entry in moved:
        for consent in asked if ticket.phase == Phase.AWAITING_APPROVAL else ():
            if entry.text.strip() and entry.text.strip() in consent.request_text:
                raise Refused(
                    f"entry {entry.id} is part of the request that C{consent.id} asks about; "
                    f"`maild split {ticket.number} -m TEXT` takes the ordinary part of it"
                )


def _refuse_spoken(ticket: TicketFacts, moved: Sequence[EntryFacts]) -> None:
    """What was said on the phone is no request in writing on another ticket either (contract, Phone)."""
    call = next((e for e in moved if request.is_call(e)), None)
    if call is None and request.in_writing(ticket):
        return
    what = f"entry {call.id}" if call is not None else f"#{ticket.number}"
    raise Refused(
        f"{what} was said on the phone and asks for what needs a consent: no approver is asked before "
        f"{ticket.requester} has written; `maild reply {ticket.number}` asks them to"
    )


def _what(act: ActContext, ticket: TicketFacts, part: SplitPart, subject: str, words: str) -> Classification:
    """Kind and severity as the agent says, else by the words of the part."""
    wanted = chosen(TicketKind, "kind", part.kind) if part.kind is not None else None
    severity = chosen(Severity, "severity", part.severity) if part.severity is not None else None
    by_words = classify.classify(subject, words, ticket.language, act.company, act.settings)
    what = routing.with_kind(by_words, wanted, act.settings)
    return replace(what, severity=severity or what.severity)


def _opened(
    act: ActContext,
    ticket: TicketFacts,
    part: SplitPart,
    what: Classification,
    subject: str,
    moved: Sequence[EntryFacts],
    number: int,
) -> Opened:
    """The new ticket: of who wrote the part, received when they wrote it."""
    known = {p.address: p for p in (Mailbox(ticket.requester, ticket.requester_name), *ticket.participants)}
    wrote = next((known[e.author] for e in moved if e.author in known), None)
    who = wrote or Mailbox(ticket.requester, ticket.requester_name)
    last = next((e.message_id for e in reversed(moved) if e.message_id), None)
    first: list[Change] = []
    if part.text.strip():
        first.append(
            AddEntry(
                number, EntryType.MAIL, who.address, "split", part.text.strip(), public=True,
                details=MailDetails(split_from=ticket.number, by=act.agent, author_name=who.name),
            )
        )  # fmt: skip
    return open_ticket(
        Request(
            number=number, subject=subject, requester=who, company=act.company, what=what, language=ticket.language,
            severity_said=part.severity is not None, received_at=min((e.at for e in moved), default=ticket.created_at),
            site=ticket.state.site, last_message_id=last or (None if moved else ticket.last_message_id),
            participants=tuple(p for p in known.values() if p.address and p.address != who.address),
            state=TicketState(split_from=ticket.number),
        ),
        act.settings, lambda _: first,
    )  # fmt: skip
