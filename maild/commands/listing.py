"""The queue, listed: what `list` does, for the verb, for `quick`, and for the full screen.

What stands here is imported at each `maild list`: nothing of SQLAlchemy, typer or the mails' own values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING

from maild.commands import output
from maild.commands.session import Session, now
from maild.desk import filters, queue_table
from maild.desk.numbers import how_many
from maild.party.agents import teams
from maild.ticket import phases, queue
from maild.ticket.phases import Phase
from maild.ticket.queue import Filter, QueueRow
from maild.ticket.queue_json import row_json
from maild.values import replace

if TYPE_CHECKING:
    from maild.settings import Settings
    from maild.store.listed import QueueSource

#: what of a filter the database looks for, where one value is wanted
_IN_THE_DATABASE = ("company", "team", "owner", "phase")
#: mails on no ticket that are listed at once
_UNFILED = 200


def run(here: Session, view: str | None, given: Filter, *, as_json: bool, agent: str | None) -> None:
    """`maild list`: what of the queue is asked for, on standard output. Raises `Refused`."""
    wanted = filters.over(filters.of_view(view, here.settings), given) if view else given
    viewer = here.viewer(agent)
    review = here.settings.tickets.review_team
    whole = {*wanted.given()} <= {"all", "limit", "sort"}
    with here.queue() as source:
        waits = unfiled(source, here.settings) if whole or wanted.team == review else []
        every = stream(source, here.settings, wanted, viewer, now())
        rows = chain(every, waits) if wanted.team == review else every
        if as_json:
            at = now()
            output.emit_lines(row_json(one, at) for one in rows)
            return
        _print(rows, here, wanted)
    if waits and whole:
        output.warn(f"{how_many(len(waits), 'mail')} on no ticket: maild list --team {review}")


def _print(rows: Iterator[QueueRow], here: Session, wanted: Filter) -> None:
    """A table on a terminal; for all others a line a ticket, as they come."""
    zone, at = here.settings.desk.timezone, now()
    first = next(rows, None)
    if first is None:
        output.say(
            "nothing to do" if not wanted.given() else "nothing that fits: maild list shows all that is open"
        )
    elif not output.on_terminal():
        for row in chain((first,), rows):
            output.say(queue_table.tabbed(row, at, zone))
    else:
        shown = [first, *rows]
        # a column that says the same in each row has nothing to say
        same = [
            name for name, column in queue_table.OPTIONAL.items()
            if len(shown) > 1 and len({column.text(row) for row in shown}) == 1 and name in wanted.given()
        ]  # fmt: skip
        if wanted.mine:
            same.append("owner")
        output.write(queue_table.table(shown, at, zone, output.room(), same=same))


def stream(
    source: QueueSource, settings: Settings, wanted: Filter, viewer: str, now: datetime
) -> Iterator[QueueRow]:
    """The tickets that the filter lets through, as the database gives them: only an order of one's own needs all of
    them at once. Raises `Refused` for a name that is not known."""
    look = filters.looked(
        wanted, settings, now, viewer=viewer, companies=source.company_keys(), teams=teams(settings),
        owners=source.owners(),
    )  # fmt: skip
    wide = wanted.all or bool(look.choices.get("phase", frozenset()) & phases.ENDED)

    def only(name: str) -> str | None:
        """The one value that is wanted, which the database can look for."""
        values = look.choices.get(name, frozenset())
        return next(iter(values)) if len(values) == 1 else None

    told = {name: only(name) for name in _IN_THE_DATABASE}
    exact = {*wanted.given()} <= {"all", "limit", *_IN_THE_DATABASE} and all(map(only, look.choices))
    tickets = source.tickets(all=wide, limit=wanted.limit if exact else None, **told)
    rows = (row for some in _in_groups(tickets) for row in with_unread(source, some, viewer))
    yield from queue.shown(rows, look)


def _in_groups(rows: Iterator[QueueRow]) -> Iterator[list[QueueRow]]:
    """Small ones first: who asks for a screen of tickets does not wait for more."""
    size = 64
    while some := list(islice(rows, size)):
        yield some
        size = min(2 * size, 1024)


def with_unread(source: QueueSource, rows: Sequence[QueueRow], viewer: str) -> list[QueueRow]:
    """The rows, with what is new to the viewer."""
    open_ = [row.number for row in rows if row.number is not None and row.phase not in phases.ENDED]
    new = source.unread(viewer, open_) if viewer else frozenset()
    return [replace(row, unread=True) if row.number in new else row for row in rows]


def unfiled(source: QueueSource, settings: Settings) -> list[QueueRow]:
    """Mails that are neither answered nor on a ticket, the quarantined too, as rows of the review team."""
    return [
        QueueRow(
            None, m.subject or "", "", m.from_address or "", "", Phase.RECEIVED, m.kind or "hostile", "",
            settings.tickets.review_team, "", m.received_at, mail=m.id,
        )
        for m in source.mails_on_no_ticket(_UNFILED)
    ]  # fmt: skip
