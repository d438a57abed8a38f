"""An own ticket for a part of another: entries that are about something else, or a part of one mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from maild.app.acts import Act
from maild.app.merging import CONTENT
from maild.errors import Refused
from maild.model import (
    NEW,
    AddEntry,
    AddLink,
    AddParticipant,
    Change,
    Classification,
    EntryFacts,
    Mailbox,
    OpenTicket,
    Plan,
    SendNotice,
    TicketFacts,
    UpdateTicket,
)
from maild.notice import notices
from maild.notice.first_mails import Received
from maild.ticket import classify, clocks, service
from maild.ticket.entries import LinkDetails, MailDetails
from maild.ticket.phases import ConsentState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType, LinkType, Severity, TicketKind, chosen


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into a ticket of its own: whole entries, or the words `text` of one of them."""

    subject: str
    entries: tuple[int, ...] = ()
    text: str = ""
    kind: str | None = None
    severity: str | None = None


def split(act: Act, ticket: TicketFacts, part: Part) -> Plan:
    """`maild split N`: the new ticket. The store moves the entries; `split_off` notes it on the old one."""
    subject = " ".join(part.subject.split())
    if not subject:
        raise Refused("the new ticket needs a subject: --subject S")
    if ticket.phase == Phase.MERGED:
        raise Refused(f"#{ticket.number} was merged; split #{ticket.merged_into}")
    moved = _moved(ticket, part.entries)
    if not moved and not part.text.strip():
        raise Refused(
            f"say what goes: --entry ID (`maild show {ticket.number}` shows them), or -m TEXT for a part of one mail"
        )
    _not_the_request(act, ticket, moved)
    words = "\n\n".join([*(e.text for e in moved), part.text.strip()]).strip()
    what = _what(act, ticket, part, subject, words)
    made, company = _ticket(act, ticket, subject, what, moved), act.company
    promise = service.promise(
        company, what.kind, what.severity, what.topic, made.created_at, act.settings
    )  # fmt: skip
    made = replace(made, respond_by=promise.respond_by, resolve_by=promise.resolve_by)
    clock = clocks.at_start(made, promise, act.settings, company)
    made = made.after(clock.change)
    kept = replace(
        made.state, split_from=ticket.number, site=ticket.state.site, out_of_scope=what.out_of_scope
    )
    changes: list[Change] = [
        OpenTicket(
            subject=subject, company=made.company, requester=made.requester, requester_name=made.requester_name,
            kind=made.kind, severity=made.severity, team=made.team, phase=Phase.RECEIVED, language=made.language,
            created_at=made.created_at, topic=made.topic, respond_by=made.respond_by, resolve_by=made.resolve_by,
            state=kept,
        ),
        *([UpdateTicket(NEW, TicketChange(last_message_id=made.last_message_id))] if made.last_message_id else []),
        AddLink(NEW, LinkType.SPLIT, ticket.number),
    ]  # fmt: skip
    if part.text.strip():
        changes.append(
            AddEntry(
                NEW, EntryType.MAIL, made.requester, "split", part.text.strip(), public=True,
                details=MailDetails(split_from=ticket.number, by=act.agent, author_name=made.requester_name),
            )
        )  # fmt: skip
    changes += [
        AddParticipant(NEW, p.address, p.name, f"split from #{ticket.number}")
        for p in (Mailbox(ticket.requester, ticket.requester_name), *ticket.participants)
        if p.address and p.address != made.requester
    ]
    changes += clock.deadlines
    said = notices.base(made, company, act.settings, act.now)
    said["promise"] = notices.promised(promise, act.now)
    told = notices.status(Received(**said, text=words), made)
    if told is not None:
        changes.append(SendNotice(told))
    return Plan(tuple(changes))


def split_off(act: Act, ticket: TicketFacts, number: int, part: Part) -> Plan:
    """The note on the ticket that the part was taken from."""
    what = f"{len(part.entries)} entries" if part.entries else "a part"
    text = f"{what} split off into #{number}: {part.subject}"
    return Plan(
        (
            AddEntry(
                ticket.number,
                EntryType.LINK,
                act.agent,
                "cli",
                text,
                public=False,
                details=LinkDetails(type=LinkType.SPLIT, ticket=number),
            ),
        )
    )


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


def _not_the_request(act: Act, ticket: TicketFacts, moved: Sequence[EntryFacts]) -> None:
    """What approvers were asked about stays where it is asked about."""
    asked = [c for c in act.consents if c.state in (ConsentState.WAITING, ConsentState.EXPIRED)]
    for entry in moved:
        for consent in asked if ticket.phase == Phase.AWAITING_APPROVAL else ():
            if entry.text.strip() and entry.text.strip() in consent.request_text:
                raise Refused(
                    f"entry {entry.id} is part of the request that C{consent.id} asks about; "
                    f"`maild split {ticket.number} -m TEXT` takes the ordinary part of it"
                )


def _what(act: Act, ticket: TicketFacts, part: Part, subject: str, words: str) -> Classification:
    """Kind and severity as the agent says, else by the words of the part; a held kind must be said."""
    wanted = chosen(TicketKind, "kind", part.kind) if part.kind is not None else None
    severity = chosen(Severity, "severity", part.severity) if part.severity is not None else None
    found = classify.classify(subject, words, ticket.language, act.company, act.settings)
    kind = wanted or found.kind
    if kind in act.settings.approval.kinds:
        why = next((r.evidence for r in found.reasons if r.code == f"kind-{kind}"), "as you say")
        raise Refused(
            f"the part is a {kind} request itself ({why}) and would have to be held; --kind says what else it is"
        )
    team = classify.team_of(wanted, found, act.settings)
    t = act.settings.tickets
    if act.company is None or not act.company.service_level:
        team = t.sales_team
    elif act.company.standing == "suspended":
        team = t.billing_team
    return replace(found, kind=kind, severity=severity or found.severity, team=team)


def _ticket(
    act: Act, ticket: TicketFacts, subject: str, what: Classification, moved: Sequence[EntryFacts]
) -> TicketFacts:
    """The new ticket: of who wrote the part, received when they wrote it."""
    known = {p.address: p for p in (Mailbox(ticket.requester, ticket.requester_name), *ticket.participants)}
    wrote = next((known[e.author] for e in moved if e.author in known), None)
    who = wrote or Mailbox(ticket.requester, ticket.requester_name)
    first: datetime = min((e.at for e in moved), default=ticket.created_at)
    last = next((e.message_id for e in reversed(moved) if e.message_id), None)
    return TicketFacts(
        number=NEW, subject=subject, company=ticket.company, requester=who.address, requester_name=who.name,
        kind=what.kind, severity=what.severity, team=what.team, owner="", phase=Phase.RECEIVED, language=ticket.language,
        created_at=first, root_message_id="", topic=what.topic,
        last_message_id=last or (None if moved else ticket.last_message_id),
        participants=tuple(p for p in known.values() if p.address and p.address != who.address),
    )  # fmt: skip
