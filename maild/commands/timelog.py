"""log: time worked on tickets."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from maild.commands import words
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, FileOpt, JsonOpt, MessageOpt, NumbersArg, row_id
from maild.commands.performing import perform
from maild.commands.session import Session, now, session
from maild.desk.numbers import whole_number
from maild.errors import Refused
from maild.ticket import days

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.app.time_log import LoggedTime
    from maild.commands.acting import Done
    from maild.model import Plan, TicketFacts
    from maild.store import Tx

_OLDEST = 10
"""How many calendar years back a day of work may lie; one of long before is a slip of the keyboard."""


@app.command(context_settings={"ignore_unknown_options": True})  # -5 is a wrong duration, no option
def log(
    ctx: typer.Context,
    numbers: NumbersArg,
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="20m 1h20 0.5h 1:20 90 (minutes)")],
    text: MessageOpt = None,
    file: FileOpt = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="When it was done: yesterday, mon, 2.11. ...")
    ] = None,
    courtesy: Annotated[bool, typer.Option("--courtesy", help="Not billed; needs a reason.")] = False,
    own_fault: Annotated[
        bool, typer.Option("--own-fault", help="Our own error: recorded, never billed.")
    ] = False,
    correct: Annotated[
        int | None,
        typer.Option("--correct", parser=row_id, metavar="ENTRY", help="Replaces this time entry."),
    ] = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Log time; billed minutes are rounded, raw minutes kept."""
    from maild.app import time_log
    from maild.commands.acting import Manner
    from maild.ticket import timelog

    said = words.optional(text, file).text
    minutes = timelog.parse_duration(duration)
    here = session(ctx)
    at = _at(here, on)
    if correct is not None and len(numbers) > 1:
        raise Refused("--correct goes with one ticket")
    _not_a_ticket(here, duration)

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        return time_log.log(
            act, ticket, minutes, said, courtesy=courtesy, own_fault=own_fault, correct=_corrected(tx, ticket, correct),
            already=tx.timelog.sums(ticket.number)[1], at=at,
        )  # fmt: skip

    def text_of(done: Done) -> str:
        number = done.ticket.number or 0
        with here.read() as tx:
            raw, billed = map(timelog.shown, tx.timelog.sums(number))
        return f"#{number}: {timelog.shown(minutes)} logged; in all {raw}, billed {billed}"

    perform(ctx, numbers, Manner(agent, dry_run=dry_run), as_json, planner, text_of)


def _at(here: Session, on: str | None) -> datetime | None:
    """Noon of the day, so that no time zone moves it into another month; None for today."""
    if on is None:
        return None
    from maild.ticket import dates

    zone = here.settings.desk.timezone
    day = dates.parse_day(on, now(), zone)
    today = days.local_day(now(), zone)
    if day > today:
        raise Refused(f"{day} is in the future: --on DATE says when the work was done")
    if day.year < today.year - _OLDEST:
        raise Refused(f"{day} is more than {_OLDEST} years ago: is the year right?")
    return None if day == today else datetime.combine(day, time(12), tzinfo=ZoneInfo(zone))


def _corrected(tx: Tx, ticket: TicketFacts, entry: int | None) -> LoggedTime | None:
    if entry is None:
        return None
    from maild.app.time_log import LoggedTime

    old = tx.timelog.get(entry)
    if old.ticket != ticket.number:
        raise Refused(f"time entry {entry} belongs to #{old.ticket}")
    if old.raw_minutes < 0:
        raise Refused(
            f"time entry {entry} takes {old.corrects} back itself; correct the one that followed it"
        )
    if (later := tx.timelog.corrected_by(entry)) is not None:
        raise Refused(
            f"time entry {entry} was taken back already, by {later}; `maild show {ticket.number}` lists what stands"
        )
    return LoggedTime(entry, old.raw_minutes, old.billed_minutes, old.courtesy, old.own_fault, old.outside)


def _not_a_ticket(here: Session, duration: str) -> None:
    """`log 1001 1002` with the duration forgotten would log seventeen hours."""
    number = whole_number(duration.strip())
    if number is None:
        return
    with here.read() as tx:
        if tx.tickets.exists(number):
            raise Refused(f"{number} is a ticket, too: for time write {number}m")
