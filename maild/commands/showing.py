"""What `next`, `show`, `search` and `mail list` do, for the verbs and for `quick`.

What stands here is imported at each of them: nothing of SQLAlchemy, typer or pydantic.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import get_args

from maild.commands import output, reading
from maild.commands.session import Session, now
from maild.commands.shapes import shapes, whole_json
from maild.desk import search_view, ticket_view
from maild.desk.spans import Line, Span, Style, line
from maild.desk.ticket_view import TicketContext
from maild.errors import Refused
from maild.model.basics import Kind
from maild.store.rows import MailIn
from maild.ticket.phases import InboundState
from maild.ticket.queue_json import row_json
from maild.ticket.whole import WholeTicket


def run_next(here: Session, *, as_json: bool, agent: str | None) -> None:
    """`maild next`. Raises `Refused`."""
    viewer = here.agent(agent)
    with here.tickets() as source:
        offer = reading.next_ticket(source, here.settings, viewer, now())
        if offer is None:
            if as_json:
                output.emit(None)
            else:
                output.say("nothing to do: maild list shows what waits for others")
            return
        ticket = source.whole(offer.row.number or 0)
        beside = reading.around(source, here.settings, ticket.ticket)
    if as_json:
        output.emit(whole_json(ticket, now()) | {"why": offer.why})
        return
    why = line(Span(f"next: {offer.why}", Style.BOLD))
    output.write([why, line(), *_lines(here, ticket, beside, full=False)])
    reading.mark_seen(here, ticket, viewer, now())


def run_show(here: Session, number: int, *, full: bool, as_json: bool, agent: str | None) -> None:
    """`maild show N`. Raises `Refused`, NotFound."""
    viewer = here.viewer(agent)
    with here.tickets() as source:
        ticket = source.whole(number)
        beside = reading.around(source, here.settings, ticket.ticket) if not as_json else None
    if beside is None:
        output.emit(whole_json(ticket, now()))
        return
    output.write(_lines(here, ticket, beside, full=full))
    reading.mark_seen(here, ticket, viewer, now())


def _lines(here: Session, ticket: WholeTicket, beside: TicketContext, *, full: bool) -> list[Line]:
    screen = ticket_view.Screen(now(), here.settings.desk.timezone, output.room())
    return ticket_view.view(ticket, beside, screen, full=full)


def run_search(here: Session, words: Sequence[str], *, limit: int, as_json: bool, agent: str | None) -> None:
    """`maild search WORDS`. Raises `Refused`."""
    with here.tickets() as source:
        hits = reading.searched(source, here.settings, words, here.viewer(agent), now(), limit)
    if as_json:
        output.emit_lines(
            row_json(one.row, now()) | {"hit": one.hit.text if one.hit is not None else one.row.subject}
            for one in hits
        )
    elif hits:
        output.write(search_view.view([(one.row, one.hit) for one in hits], output.room()))
    else:
        output.say("nothing found")


def run_mail_list(
    here: Session,
    *,
    state: str | None,
    kind: str | None,
    ticket: int | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """`maild mail list`. Raises `Refused`."""
    known("state", state, tuple(InboundState))
    known("kind", kind, get_args(Kind))
    most = limit or (10_000_000 if as_json else 100)
    with here.tickets() as source:
        rows = source.mails_in(state=state, kind=kind, ticket=ticket, limit=most)
    if as_json:
        output.emit_lines(shapes(rows))
    else:
        _print_mails(rows, here.settings.desk.timezone)


def known(what: str, value: str | None, table: Collection[str]) -> None:
    """A typing mistake in a filter is no empty list."""
    if value is not None and value not in table:
        raise Refused(f"no {what} {value!r}; there are: {', '.join(table)}")


def _print_mails(rows: Sequence[MailIn], zone: str) -> None:
    if not rows:
        output.say("none")
        return
    output.table(
        ("ID", "AT", "STATE", "KIND", "TICKET", "FROM", "SUBJECT"),
        (
            (
                one.id, output.when(one.received_at, zone), one.state, one.kind, f"#{one.ticket}" if one.ticket else "",
                one.from_address, one.subject,
            )
            for one in rows
        ),
        wide="SUBJECT",
    )  # fmt: skip
