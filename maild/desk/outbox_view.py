"""One outgoing mail for people: which, to whom, what became of it at each recipient, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from maild.desk.numbers import how_many
from maild.desk.spans import Line, Span, Style, line
from maild.desk.terminal import safe_line, safe_text, wrapped
from maild.model import MailOut, Recipient
from maild.ticket import dates
from maild.ticket.phases import OutboundState

_STYLES = {"failed": Style.LATE, "queued": Style.SOON, "sending": Style.SOON, "sent": Style.OURS}


def view(row: MailOut, raw: bytes | None, now: datetime, zone: str, room: int) -> Iterator[Line]:
    """Every line of `outbox show ID`. `raw`: its bytes, None where they are not shown."""
    where = f" on #{row.ticket}" if row.ticket else ""
    state = row.state.value
    yield (
        Span(f"{row.id} {row.notice}{where}: ", Style.BOLD),
        Span(state, _STYLES.get(state, Style.DIM)),
    )
    tries = how_many(row.attempts, "attempt")
    if row.state is OutboundState.QUEUED:
        at = row.next_attempt_at
        tries += f"; next {dates.absolute(at, now, zone)}, {dates.relative(at, now)}"
    if row.maybe_sent:
        tries += "; the last answer was lost, so it may have arrived"
    yield line(Span(tries, Style.DIM))
    for person in row.recipients:
        what = f"{person.field:<3} {_person(person)}: {person.state}"
        answer = f" ({person.answer})" if person.answer else ""
        when = f", {dates.absolute(person.at, now, zone)}" if person.at is not None else ""
        for text in wrapped(safe_line(what + when + answer), room):
            yield line(text)
    yield line(Span(safe_line(f"Subject: {row.subject or '(made when it is sent)'}"), Style.BOLD))
    if not row.secret:
        yield line(Span(safe_line(f"Message-ID: {row.message_id}"), Style.DIM))
    yield line()
    if row.secret:
        yield line("It carries an approval token or a link to sign in: what it says is not shown.")
    elif raw is None:
        yield line("Its text is made when it is sent.")
    else:
        yield from (line(text) for text in wrapped(safe_text(plain_text(raw).rstrip()), room))


def plain_text(raw: bytes) -> str:
    """The text part of a mail that we made."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _person(row: Recipient) -> str:
    return f"{row.name} <{row.address}>" if row.name else row.address
