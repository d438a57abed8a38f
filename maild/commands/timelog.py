"""log: time worked on a ticket."""

from __future__ import annotations

from typing import Annotated

import typer

from maild.commands.app import app
from maild.commands.session import AsOpt, FileOpt, JsonOpt, MessageOpt, NumberArg, done, message, session
from maild.errors import Refused


@app.command(context_settings={"ignore_unknown_options": True})  # -5 is a wrong duration, no option
def log(
    ctx: typer.Context,
    number: NumberArg,
    duration: Annotated[str, typer.Argument(metavar="DURATION", help="20m 1h20 0.5h 1:20 90 (minutes)")],
    text: MessageOpt = None,
    file: FileOpt = None,
    courtesy: Annotated[bool, typer.Option("--courtesy", help="Not billed; needs a reason.")] = False,
    own_fault: Annotated[
        bool, typer.Option("--own-fault", help="Our own error: recorded, never billed.")
    ] = False,
    correct: Annotated[
        int | None, typer.Option("--correct", metavar="ENTRY", help="Replaces this time entry.")
    ] = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Log time; billed minutes are rounded, raw minutes kept."""
    from maild.app import acts
    from maild.commands import output
    from maild.model import AddEntry
    from maild.ticket import timelog

    words = message(text, file, needed=False)
    minutes = timelog.parse_duration(duration)
    here = session(ctx)
    with here.write() as tx:
        ticket = tx.ticket(number)
        reversed_ = None
        if correct is not None:
            old = tx.timelog.get(correct)
            if old.ticket != number:
                raise Refused(f"time entry {correct} belongs to #{old.ticket}")
            reversed_ = (correct, old.raw_minutes, old.billed_minutes)
        act = here.act(tx, ticket, agent)
        plan = acts.log_time(
            act, ticket, minutes, words, courtesy=courtesy, own_fault=own_fault, correct=reversed_,
            already=tx.timelog.sums(number)[1],
        )  # fmt: skip
        here.apply(tx, plan)
        for warning in (c.text for c in plan.changes if isinstance(c, AddEntry) and c.type == "alert"):
            output.warn(output.safe_line(f"maild: {warning}"))
        raw, billed = tx.timelog.sums(number)
        text_ = f"#{number}: {minutes} min logged; in all {raw} min, billed {billed} min"
        done(ctx, tx, number, as_json, text_)
