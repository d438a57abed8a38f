"""What is read of the desk, for the verbs and the full screen: the queue, one ticket, what is next."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from maild.desk import search_words
from maild.desk.ticket_view import OTHERS, TicketContext
from maild.errors import Temporary
from maild.fulltext import Excerpt
from maild.model import CompanyFacts, TicketFacts
from maild.ticket import phases, queue
from maild.ticket.queue import QueueRow
from maild.ticket.whole import WholeTicket

if TYPE_CHECKING:
    from maild.commands.session import Session
    from maild.settings import Settings
    from maild.store.listed import NextQueues, TicketSource


class SearchRow(NamedTuple):
    """A ticket that a search found, and where."""

    row: QueueRow
    hit: Excerpt | None


def next_ticket(source: TicketSource, settings: Settings, viewer: str, now: datetime) -> queue.Next | None:
    """What the viewer does next, and why."""
    agent = settings.agents.get(viewer)
    teams = agent.teams if agent is not None else ()
    if viewer:
        own = queue.next_of(_pressing(source.may_be_next(viewer), now), viewer, teams, now)
        if own is not None:
            return own
    return queue.next_of(_pressing(source.may_be_next("", teams), now), viewer, teams, now)


def _pressing(queues: NextQueues, now: datetime) -> list[QueueRow]:
    """Rows among which is the one that presses most."""
    return [
        *queue.until_ready(queues.ours, now), *queue.until_ready(queues.waiting, now), *queues.theirs,
    ]  # fmt: skip


def around(source: TicketSource, settings: Settings, ticket: TicketFacts) -> TicketContext:
    """What `show` says beside the ticket: person, company, contract, other open tickets."""
    person = source.person(ticket.requester) if ticket.requester else None
    company = source.company(ticket.company) if ticket.company else None
    others: tuple[QueueRow, ...] = ()
    count = 0
    if company is not None:
        some = [*source.tickets(company=company.key, limit=OTHERS + 1)]  # of which it may be one
        others = tuple(row for row in some if row.number != ticket.number)[:OTHERS]
        count = source.count_open(company.key) - (ticket.phase in phases.OPEN)
    return TicketContext(
        phone=person.phone if person is not None else "",
        company_name=company.name if company is not None else "",
        contract=_contract(company, settings) if company is not None else "",
        others=others,
        others_count=count,
        sent_at=source.sent_times(ticket.number),
    )


def _contract(company: CompanyFacts, settings: Settings) -> str:
    """`standard, office hours of Europe/Budapest, until 2026-12-31`."""
    if company.standing != "active":
        return f"{company.standing}: what they write goes to {settings.tickets.billing_team}"
    if not company.service_level:
        return "none: nothing is promised"
    said = [company.service_level, f"calendar {company.calendar}"]
    if company.valid_until:
        said.append(f"until {company.valid_until}")
    if company.excluded:
        said.append(f"without {', '.join(company.excluded)}")
    return ", ".join(said)


def mark_seen(here: Session, ticket: WholeTicket, viewer: str, now: datetime) -> None:
    """The viewer has seen the ticket as it stands. A database that is busy keeps nobody from reading."""
    if not viewer or not ticket.newest:
        return
    from maild.store import sqlite_tickets

    with contextlib.suppress(Temporary):
        if not sqlite_tickets.mark_seen(here.settings, viewer, ticket.number, ticket.newest, now):
            with here.write() as tx:
                tx.seen.mark(viewer, ticket.number, ticket.newest, now)


def searched(
    source: TicketSource, settings: Settings, words: Sequence[str], viewer: str, now: datetime, limit: int
) -> list[SearchRow]:
    """Tickets that answer the words of `search`. Raises `Refused` for what is not understood."""
    query = search_words.parse(words, settings, now, viewer=viewer, companies=source.company_keys())
    hits = source.search(query, limit=limit)
    rows = {row.number: row for row in source.rows([one.number for one in hits])}
    return [SearchRow(rows[one.number], one.hit) for one in hits]
