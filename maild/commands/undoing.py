"""undo: the last act taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import completing
from maild.commands.acting import Done, Manner, do
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, JsonOpt, ticket_number
from maild.commands.session import Session, session
from maild.errors import NotFound
from maild.ticket.queue_json import row_json

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.commands.acting import Planner
    from maild.model import ActFacts, Plan, TicketFacts
    from maild.store import Tx


@app.command()
def undo(
    ctx: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(
            parser=ticket_number, metavar="[N]", help="Your last act on this ticket; else on any.",
            autocompletion=completing.numbers,
        ),
    ] = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:  # fmt: skip
    """Take your last act back, while its mails have not left: they do not go, and the ticket is as it was."""
    from maild.commands import output
    from maild.commands.performing import show_dry_run

    here = session(ctx)
    who = here.agent(agent)
    last, planner = taking_back(here, who, number)
    if last.outage is not None:
        from maild.commands import outage

        outage.taken_back(here, last, dry_run=dry_run, as_json=as_json)
        return
    done: Done = do(here, last.ticket, planner, Manner(agent, dry_run=dry_run), recorded=False)
    if as_json:
        output.emit(row_json(done.ticket))
    elif dry_run:
        show_dry_run(done)
    else:
        for line in taken_back(last):
            output.say(output.safe_line(line))


def taking_back(here: Session, who: str, number: int | None) -> tuple[ActFacts, Planner]:
    """The last act of `who`, on the ticket or anywhere, and what takes it back. NotFound where there is none."""
    from maild.app import undoable_act

    with here.read() as tx:
        last = tx.acts.last(who, number)
    if last is None:
        where = f" on #{number}" if number is not None else ""
        raise NotFound(f"{who} did nothing{where} in the last day that could be taken back")
    last_act = last

    def planner(act: ActContext, _ticket: TicketFacts, tx: Tx) -> Plan:
        newest = tx.acts.last(act.agent, number)
        if newest is None or newest.id != last_act.id:
            raise NotFound(f"somebody who acts as {who} was quicker; `maild show {last_act.ticket}`")
        return undoable_act.undo(act.agent, newest)

    return last_act, planner


def taken_back(last: ActFacts) -> list[str]:
    """What is said when it was: that it was, with its mails; then each step on a line."""
    from maild.app import undoable_act

    stopped = sum(one.state == "queued" for one in last.mails)
    whose = "its mail" if stopped == 1 else f"its {stopped} mails"
    mails = f", and {whose} will not be sent" if stopped else ""
    where = f"outage {last.outage}" if last.outage is not None else f"#{last.ticket}"
    lines = [f"{where}: taken back{mails}:", *(f"  - {step}" for step in undoable_act.steps(last))]
    return lines + [f"  #{number} is closed and empty" for number in last.opened]
