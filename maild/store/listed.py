"""What a list of tickets tells of each, whichever way its rows were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypedDict, Unpack

from maild.errors import NotFound
from maild.ticket.queue import QueueRow

if TYPE_CHECKING:  # the values of mails and tickets are nothing that a list needs
    from maild.fulltext import Query
    from maild.model import CompanyFacts, PersonFacts
    from maild.store.rows import MailIn
    from maild.store.searching import SearchResult
    from maild.ticket.whole import WholeTicket

#: the columns of a ticket that `as_listed` needs
COLUMNS = (
    "number", "subject", "company", "requester", "requester_name", "kind", "severity", "team", "owner", "phase",
    "language", "topic", "created_at", "updated_at", "respond_by", "resolve_by", "last_word", "waiting_since", "due",
    "data",
)  # fmt: skip


class TicketFilter(TypedDict, total=False):
    """Which tickets a list shows: the queue, unless more is said. `all`: those that are over, too; a `phase` that is named
    is shown even where it is an end."""

    all: bool
    limit: int | None
    company: str | None
    phase: str | None
    team: str | None
    owner: str | None


class MailFilter(TypedDict, total=False):
    """Which mails that were taken in are shown: all, unless more is said."""

    state: str | None
    kind: str | None
    ticket: int | None


class UnfiledMail(NamedTuple):
    """A mail that stands on no ticket."""

    id: int
    received_at: datetime
    from_address: str | None
    subject: str | None
    kind: str | None


class NextQueues(NamedTuple):
    """Where to look for what is next, each in the queue's order, to be read one after the other and only as far as need
    be. What waits for the customer alone, or for an approval, is in none."""

    ours: Iterator[QueueRow]  # what we have to do something for
    waiting: Iterator[QueueRow]  # of these such whose customer waits
    theirs: Iterator[QueueRow]  # what waits for the customer, who wrote since or never got our words


def no_ticket(number: int) -> NotFound:
    """That no ticket has this number."""
    return NotFound(f"there is no ticket {number}; `maild list --all` shows them all")


class QueueSource(Protocol):
    """What the queue is read from: a transaction of either database, or a SQLite file looked at without SQLAlchemy."""

    def company_keys(self) -> Sequence[str]:
        """The keys of all companies, in order."""

    def owners(self) -> Sequence[str]:
        """Who owns tickets that are not over."""

    def tickets(self, **wanted: Unpack[TicketFilter]) -> Iterator[QueueRow]:
        """As `TicketLists.stream` gives them."""

    def unread(self, agent: str, numbers: Sequence[int]) -> frozenset[int]:
        """Those of `numbers` on which somebody wrote since the agent looked."""

    def mails_on_no_ticket(self, limit: int) -> Sequence[UnfiledMail]:
        """Those that were judged, oldest first, then the quarantined, newest first; `limit` of each."""


class TicketSource(QueueSource, Protocol):
    """What one ticket is read from, and what is next; as `QueueSource`."""

    def whole(self, number: int) -> WholeTicket:
        """The ticket with all that is kept of it. NotFound."""

    def person(self, address: str) -> PersonFacts | None:
        """Who has this address."""

    def company(self, key: str) -> CompanyFacts | None:
        """The company of this key."""

    def count_open(self, company: str) -> int:
        """Its tickets that are not over."""

    def sent_times(self, number: int) -> dict[int, datetime]:
        """When each mail of a ticket left, or was caused where it has not."""

    def may_be_next(self, owner: str, teams: Sequence[str] = ()) -> NextQueues:
        """Open tickets of an owner ("": those that nobody has, of these teams; of all where none is named)."""

    def search(self, query: Query, *, limit: int) -> list[SearchResult]:
        """Tickets that match, those with the newest words first."""

    def rows(self, numbers: Sequence[int]) -> tuple[QueueRow, ...]:
        """These tickets, newest number first."""

    def mails_in(self, *, limit: int = 100, **wanted: Unpack[MailFilter]) -> tuple[MailIn, ...]:
        """Mails taken in, newest first."""


def as_listed(row: Any) -> QueueRow:
    """A ticket of a list. `row`: `COLUMNS` by name."""
    kept = row.data or {}  # the JSON of `TicketState`: a list of thousands reads two of its words
    scheduled = kept.get("scheduled_for")
    return QueueRow(
        row.number, row.subject, row.company or "", row.requester, row.requester_name, row.phase, row.kind,
        row.severity or "", row.team, row.owner, row.created_at, row.due, row.updated_at, row.last_word or "",
        row.waiting_since, datetime.fromisoformat(scheduled) if scheduled else None,
        tuple(kept.get("undelivered", ())), language=row.language, topic=row.topic, respond_by=row.respond_by,
        resolve_by=row.resolve_by,
    )  # fmt: skip
