"""A ticket with all that is kept of it, for whoever looks at it whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from maild.model import ConsentFacts, EntryFacts, Linked, MailOut, TicketFacts, TimeRow
from maild.ticket.entries import FileRow, MailDetails, ReplyDetails
from maild.ticket.queue import QueueRow
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class WholeTicket:
    """`row`: as the queue tells of it; `ticket`: with its log; `mails`: that went out, oldest first."""

    row: QueueRow
    ticket: TicketFacts
    worked: tuple[TimeRow, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    links: tuple[Linked, ...] = ()
    mails: tuple[MailOut, ...] = ()

    @property
    def number(self) -> int:
        return self.ticket.number

    @property
    def newest(self) -> int:
        """The id of its last entry, 0 for none."""
        return max((entry.id for entry in self.ticket.entries), default=0)

    @property
    def people(self) -> dict[str, str]:
        """Address and name of who takes part: the requester first."""
        boxes = {self.ticket.requester: self.ticket.requester_name}
        for box in self.ticket.participants:
            boxes.setdefault(box.address, box.name)
        return {address: name for address, name in boxes.items() if address}


def files_of(entry: EntryFacts) -> Sequence[FileRow]:
    """The files of an entry."""
    return entry.details.attachments if isinstance(entry.details, MailDetails | ReplyDetails) else ()


def numbered(ticket: WholeTicket) -> list[tuple[int, EntryFacts, FileRow]]:
    """The files of a ticket in order of arrival, counted from 1."""
    every = [(entry, file) for entry in ticket.ticket.entries for file in files_of(entry)]
    return [(number, entry, file) for number, (entry, file) in enumerate(every, 1)]
