"""Which events a plan is, for programs that are told of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from maild.model import AddEntry, Change, EntryFacts, JsonObject, OpenTicket, Plan, UpdateTicket
from maild.ticket import entries
from maild.ticket.entries import AlertDetails, PhaseDetails
from maild.ticket.phases import DONE, Phase
from maild.ticket.state import UNSET
from maild.ticket.vocabulary import EntryType, HookEvent, Severity, TicketKind
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class HookNews:
    """One event. `ticket`: its number, or its name in the plan; `change`: what made its entry, if there is one."""

    event: HookEvent
    ticket: int
    change: AddEntry | None = None


def news_of(plan: Plan) -> tuple[HookNews, ...]:
    """The events of a plan, each once, in the order of its changes."""
    opened = {one.ticket.number for one in plan.changes if isinstance(one, OpenTicket)}
    first: dict[int, AddEntry] = {}
    for one in plan.changes:
        if isinstance(one, AddEntry):
            first.setdefault(one.ticket, one)
    news: dict[tuple[HookEvent, int], HookNews] = {}
    for change in plan.changes:
        for event, ticket in _events(change, opened):
            entry = change if isinstance(change, AddEntry) else first.get(ticket)
            news.setdefault((event, ticket), HookNews(event, ticket, entry))
    return tuple(news.values())


def _events(change: Change, opened: set[int]) -> Iterator[tuple[HookEvent, int]]:
    if isinstance(change, OpenTicket):
        number = change.ticket.number
        yield HookEvent.NEW, number
        yield from ((event, number) for event in _grave(change.ticket.severity, change.ticket.kind))
    elif isinstance(change, UpdateTicket):
        new = change.change
        severity = None if new.severity is UNSET else new.severity
        kind = None if new.kind is UNSET else new.kind
        yield from ((event, change.ticket) for event in _grave(severity, kind))
        if new.owner is not UNSET and new.owner:
            yield HookEvent.ASSIGNED, change.ticket
    elif isinstance(change, AddEntry):
        yield from ((event, change.ticket) for event in _written(change, change.ticket in opened))


def _grave(severity: Severity | None, kind: TicketKind | None) -> Iterator[HookEvent]:
    if severity == Severity.INFRASTRUCTURE:
        yield HookEvent.URGENT
    if kind == TicketKind.COMPLAINT:
        yield HookEvent.COMPLAINT


#: entries that are an event by themselves
_BY_TYPE = {
    EntryType.REPLY: HookEvent.ANSWER, EntryType.CONSENT: HookEvent.CONSENT, EntryType.QUOTE: HookEvent.CONSENT,
    EntryType.COST: HookEvent.CONSENT, EntryType.UNDO: HookEvent.UNDONE,
}  # fmt: skip
_ENDS = {Phase.RESOLVED: HookEvent.RESOLVED, Phase.CLOSED: HookEvent.CLOSED}


def _written(change: AddEntry, is_new: bool) -> Iterator[HookEvent]:
    if change.type == EntryType.MAIL and not is_new:
        yield HookEvent.REPLY
    if change.type in _BY_TYPE:
        yield _BY_TYPE[change.type]
    details = change.details
    if isinstance(details, AlertDetails) and details.promise:
        yield HookEvent.DEADLINE
    if isinstance(details, PhaseDetails) and details.new is not None and change.type == EntryType.PHASE:
        yield HookEvent.PHASE
        if details.new in _ENDS:
            yield _ENDS[details.new]
        elif details.old in DONE:
            yield HookEvent.REOPENED


def entry_json(row: EntryFacts) -> JsonObject:
    """An entry as `show --json` and hooks write it."""
    more = entries.dump(row.details)
    attachments = more.pop("attachments", [])
    if row.elided:
        more["elided"] = row.elided
    return {
        "id": row.id, "at": row.at.isoformat(), "type": row.type, "author": row.author, "channel": row.channel,
        "public": row.public, "text": row.text, "full_text": row.full_text, "left_out": row.left_out,
        "attachments": attachments, "message_id": row.message_id, "mail": row.mail_id,
        "data": more,
    }  # fmt: skip
