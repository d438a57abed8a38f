"""What the full screen reads, from one open database; each call may come from a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maild.commands import files, listing, reading, replying
from maild.commands.session import Session, now
from maild.desk.ticket_view import TicketContext
from maild.settings import Settings
from maild.store import Store
from maild.ticket.queue import Filter, QueueRow
from maild.ticket.whole import WholeTicket, numbered
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class QueueNow:
    """The queue's rows as they stood at `at`."""

    rows: tuple[QueueRow, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketNow:
    """One ticket whole, with what stands beside it."""

    ticket: WholeTicket
    around: TicketContext


class DeskReader:
    """`viewer`: the agent who looks; `wanted`: which tickets the queue shows."""

    def __init__(self, here: Session, viewer: str, wanted: Filter) -> None:
        self.here, self.viewer, self.wanted = here, viewer, wanted
        self._store = Store.open(here.settings)

    @property
    def settings(self) -> Settings:
        return self.here.settings

    def close(self) -> None:
        self._store.close()

    def stamp(self) -> tuple[int, int]:
        """Another one whenever something happened on the desk."""
        with self._store.read() as tx:
            return tx.stamp()

    def queue(self, words: Sequence[str] = ()) -> QueueNow:
        """The queue, or what a search finds. Raises `Refused` for words that are not understood."""
        at = now()
        with self._store.read() as tx:
            if words:
                hits = reading.searched(tx.queue, self.settings, words, self.viewer, at, 200)
                rows = [one.row for one in hits]
            else:
                rows = [*listing.stream(tx.queue, self.settings, self.wanted, self.viewer, at)]
        return QueueNow(tuple(rows), at)

    def ticket(self, number: int) -> TicketNow:
        """Raises `NotFound`."""
        with self._store.read() as tx:
            ticket = tx.queue.whole(number)
            beside = reading.around(tx.queue, self.settings, ticket.ticket)
        return TicketNow(ticket, beside)

    def kept_texts(self, number: int) -> dict[str, str]:
        """The texts that are used again, filled in for an answer on this ticket. Raises `NotFound`."""
        with self._store.read() as tx:
            return replying.kept_texts(tx, self.here, tx.tickets.brief(number), self.viewer or None)

    def seen(self, page: TicketNow) -> None:
        """The agent has the ticket before their eyes."""
        reading.mark_seen(self.here, page.ticket, self.viewer, now())

    def attachment(self, page: TicketNow, index: int) -> files.AttachedContent:
        """The bytes of an attachment, as `show` numbers it."""
        with self._store.read() as tx:
            return files.of_ticket(tx, page.ticket, index)


def attachments(page: TicketNow) -> list[tuple[int, str, str, int]]:
    """(number, name, type, bytes) of each."""
    return [(number, file.name, file.type, file.size) for number, _, file in numbered(page.ticket)]
