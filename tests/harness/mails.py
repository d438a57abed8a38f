"""The bytes of a mail, as a person's program writes one."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count

HELP = "help@desk.example"
MORNING = "Mon, 02 Nov 2026 09:30:00 +0100"
PLAIN = "text/plain; charset=utf-8"
_numbers = count(1)


def new_id() -> str:
    """A Message-ID that no other mail of this process has."""
    return f"<m{next(_numbers)}@mail.example>"


def mail(
    sender: str, subject: str, text: str, *, to: str = HELP, date: datetime | str | None = None, message_id: str = "",
    parent: str = "", more: str = "", kind: str = PLAIN,
) -> bytes:  # fmt: skip
    """Unsigned, of now unless `date` says otherwise. `parent`: the id that it answers; `more`: header lines at the end
    of the block; `kind`: its Content-Type, "" for none."""
    when = date if isinstance(date, str) else format_datetime(date or datetime.now(UTC))
    thread = f"In-Reply-To: {parent}\r\nReferences: {parent}\r\n" if parent else ""
    content = f"Content-Type: {kind}\r\n" if kind else ""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {when}\r\n"
        f"Message-ID: {message_id or new_id()}\r\n{thread}MIME-Version: 1.0\r\n{content}{more}\r\n{text}"
    ).encode()
