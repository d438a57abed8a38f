"""Attachments of a ticket: found by the number that `show` gives them, and written where one says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from maild.commands.fresh_file import fresh_file
from maild.errors import NotFound, Refused
from maild.ticket.whole import WholeTicket, numbered
from maild.values import dataclass

if TYPE_CHECKING:
    from maild.store import Tx


@dataclass(frozen=True, slots=True)
class AttachedContent:
    """`name` is the sender's word for it: nothing to build a path of."""

    name: str
    content: bytes


def of_ticket(tx: Tx, ticket: WholeTicket, index: int) -> AttachedContent:
    """The attachment that `show` numbers `index`. NotFound."""
    from maild.mail.parse import attachment_bytes

    rows = numbered(ticket)
    if not 0 < index <= len(rows):
        has = "1 attachment" if len(rows) == 1 else f"{len(rows) or 'no'} attachments"
        raise NotFound(f"#{ticket.number} has {has}; `maild show {ticket.number}` numbers them")
    _, entry, row = rows[index - 1]
    if row.sha256:  # a file that an agent sent
        name, _, content = tx.blobs.get(row.sha256)
        return AttachedContent(name, content)
    if entry.mail_id is None:
        raise NotFound("the mail of this attachment was erased")
    attachment, content = attachment_bytes(tx.inbound.raw(entry.mail_id), row.index)
    return AttachedContent(attachment.name, content)


def of_mail(tx: Tx, ticket: WholeTicket, mail: int, index: int) -> AttachedContent:
    """The attachment `index` of one mail on the ticket. NotFound."""
    from maild.mail.parse import attachment_bytes

    if mail not in tx.tickets.mails(ticket.number):
        raise NotFound(f"mail {mail} is not on #{ticket.number}")
    attachment, content = attachment_bytes(tx.inbound.raw(mail), index)
    return AttachedContent(attachment.name, content)


def save(attached: AttachedContent, out: str | None) -> Path:
    """Write it: under its own name into the working folder or the folder `out`, never over a file that is there;
    to the file `out`, whose name is ours, whatever is there. Raises `Refused`."""
    target = Path(out) if out else Path(safe_name(attached.name))
    into = target.is_dir()
    if into:
        target = target / safe_name(attached.name)
    try:
        with target.open("wb") if out and not into else fresh_file(target) as file:
            file.write(attached.content)
    except FileExistsError:
        raise Refused(f"{target} exists; -o FILE names another") from None
    except OSError as error:
        raise Refused(f"{target}: {error.strerror}") from None
    return target


def safe_name(name: str) -> str:
    """Neither an option to the next command (`-rf`) nor a file that a shell reads and `ls` hides (`.bashrc`)."""
    return Path(name).name.lstrip(".-~ ") or "attachment"
