"""What is read of the desk, for the verbs and the full screen: the queue, one ticket, what is next."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from maild.commands.session import Session
from maild.commands.shapes import shapes
from maild.desk import filters, search_words
from maild.desk.ticket_view import Around
from maild.errors import Temporary
from maild.fulltext import Excerpt
from maild.model import CompanyFacts, Json
from maild.ticket import phases, queue
from maild.ticket.queue import Filter, QueueRow, row_of

if TYPE_CHECKING:
    from maild.commands.session import Session
    from maild.settings import Settings
    from maild.store import Tx

#: what of a filter the database looks for, where one value is wanted
_IN_THE_DATABASE = ("company", "team", "owner", "phase")
#: mails on no ticket that are listed at once
_UNFILED = 200


class SearchRow(NamedTuple):
    """A ticket that a search found, and where."""

    json: Json
    hit: Excerpt | None


class ListRow(NamedTuple):
    """A row for programs, and the same for people."""

    json: Json
    row: QueueRow


def listed(tx: Tx, settings: Settings, wanted: Filter, viewer: str, now: datetime) -> list[ListRow]:
    """All that `stream` yields."""
    return list(stream(tx, settings, wanted, viewer, now))


def stream(tx: Tx, settings: Settings, wanted: Filter, viewer: str, now: datetime) -> Iterator[ListRow]:
    """The tickets that the filter lets through, as the database gives them: only an order of one's own needs all of
    them at once. Raises `Refused` for a name that is not known."""
    from maild.party.agents import teams

    look = filters.looked(
        wanted, settings, now, viewer=viewer, companies=[c.key for c in tx.companies.list()], teams=teams(settings),
        owners=tx.tickets.owners(),
    )  # fmt: skip
    wide = wanted.all or bool(look.choices.get("phase", frozenset()) & phases.ENDED)

    def only(name: str) -> str | None:
        """The one value that is wanted, which the database can look for."""
        values = look.choices.get(name, frozenset())
        return next(iter(values)) if len(values) == 1 else None

    told = {name: only(name) for name in _IN_THE_DATABASE}
    exact = wanted.set().keys() <= {"all", "limit", *_IN_THE_DATABASE} and all(map(only, look.choices))
    found = tx.tickets.stream(all=wide, limit=wanted.limit if exact else None, **told)
    rows = (row for some in _in_groups(found) for row in _with_unread(tx, some, viewer))
    yield from queue.shown(rows, look, lambda one: one.row)


def _in_groups(rows: Iterator[Json]) -> Iterator[list[Json]]:
    """Small ones first: who asks for a screen of tickets does not wait for more."""
    size = 64
    while some := list(islice(rows, size)):
        yield some
        size = min(2 * size, 1024)


def _with_unread(tx: Tx, found: Sequence[Json], viewer: str) -> list[ListRow]:
    open_ = [row["number"] for row in found if row["phase"] not in phases.ENDED]
    new = tx.seen.unread(viewer, open_) if viewer else frozenset()
    return [ListRow(row, row_of(row, unread=row["number"] in new)) for row in found]


def unfiled(tx: Tx, settings: Settings) -> list[ListRow]:
    """Mails that are neither answered nor on a ticket, the quarantined too, as rows of the review team."""
    found: list[Json] = [
        {
            "number": None, "subject": m["subject"], "company": None, "requester": m["from"], "phase": "received",
            "kind": m["kind"] or "hostile", "severity": None, "team": settings.tickets.review_team, "owner": None,
            "language": None, "created": m["received_at"], "respond_by": None, "resolve_by": None, "due": None,
            "overdue": False, "last_word": None, "waiting_since": None, "mail": m["id"],
        }
        for m in shapes((*tx.inbound.unfiled(_UNFILED), *tx.inbound.list(state="quarantined", limit=_UNFILED)))
    ]  # fmt: skip
    return [ListRow(row, row_of(row)) for row in found]


def next_ticket(tx: Tx, settings: Settings, viewer: str, now: datetime) -> queue.Next | None:
    """What the viewer does next, and why."""
    rows = [one.row for one in _with_unread(tx, tx.tickets.list(), viewer)]
    agent = settings.agents.get(viewer)
    return queue.next_of(rows, viewer, agent.teams if agent is not None else (), now)


def around(tx: Tx, settings: Settings, ticket: Json) -> Around:
    """What `show` says beside the ticket: person, company, contract, other open tickets."""
    person = tx.contacts.find(ticket["requester"]) if ticket["requester"] else None
    company = tx.companies.find(ticket["company"]) if ticket["company"] else None
    others: tuple[QueueRow, ...] = ()
    if company is not None:
        found = [row for row in tx.tickets.list(company=company.key) if row["number"] != ticket["number"]]
        others = tuple(row_of(row) for row in found)
    return Around(
        phone=person.phone if person is not None else "",
        company_name=company.name if company is not None else "",
        contract=_contract(company, settings) if company is not None else "",
        others=others,
        sent_at=tx.outbound.times(ticket["number"]),
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


def mark_seen(here: Session, number: int, entries: Sequence[Json], viewer: str, now: datetime) -> None:
    """The viewer has seen the ticket as it stands. A database that is busy keeps nobody from reading."""
    if not viewer or not entries:
        return
    with contextlib.suppress(Temporary), here.write() as tx:
        tx.seen.mark(viewer, number, max(entry["id"] for entry in entries), now)


def with_overdue(row: Json, now: datetime) -> Json:
    """The row with what depends on the moment it is read."""
    return row | {"overdue": row_of(row).overdue(now)}


def searched(
    tx: Tx, settings: Settings, words: Sequence[str], viewer: str, now: datetime, limit: int
) -> list[SearchRow]:
    """Tickets that answer the words of `search`. Raises `Refused` for what is not understood."""
    query = search_words.parse(
        words, settings, now, viewer=viewer, companies=[c.key for c in tx.companies.list()]
    )
    found = tx.search(query, limit=limit)
    rows = {row["number"]: row for row in tx.tickets.rows([one.number for one in found])}
    return [SearchRow(with_overdue(rows[one.number], now), one.hit) for one in found]
