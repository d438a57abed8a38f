"""phase, close, done, reopen, review: a ticket goes on to another phase."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import completing, words
from maild.commands.acting import Manner
from maild.commands.app import app
from maild.commands.options import (
    AsOpt,
    DryRunOpt,
    FileOpt,
    JsonOpt,
    MessageOpt,
    NoMailOpt,
    NumberArg,
    NumbersArg,
    ticket_number,
)  # fmt: skip
from maild.commands.performing import perform, phase_of, stands
from maild.commands.session import Session, nonce, now, parse_time, session

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.model import Plan, TicketFacts
    from maild.store import Tx


@app.command()
def phase(
    ctx: typer.Context,
    numbers: NumbersArg,
    new: Annotated[
        str,
        typer.Argument(
            metavar="PHASE",
            help="accepted, progress, waiting, scheduled, resolved, closed, rejected",
            autocompletion=completing.phases,
        ),
    ],
    text: MessageOpt = None,
    file: FileOpt = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="TIME", help="For scheduled: tomorrow 9:00, fri, in 2h; again moves it."
        ),
    ] = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Move tickets to another phase; the customer gets that phase's mail."""
    from maild.app import approvals
    from maild.ticket import phase_names

    said = words.optional(text, file)
    wanted = phase_names.named(new)
    here = session(ctx)
    planned = parse_time(at, here.settings.desk.timezone)

    when = f" for {_when(here, planned)}" if planned is not None else ""
    perform(
        ctx, numbers, Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, _tx: approvals.phase(a, t, wanted, said.text, nonce, at=planned), lambda done: f"{stands(done)}{when}",
    )  # fmt: skip


def _when(here: Session, at: datetime) -> str:
    from maild.ticket import dates

    zone = here.settings.desk.timezone
    return f"{dates.absolute(at, now(), zone)} ({dates.relative(at, now())})"


@app.command()
def close(
    ctx: typer.Context,
    numbers: NumbersArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Close tickets, with one mail each."""
    from maild.app import complaint_review

    said = words.optional(text, file)
    perform(
        ctx, numbers, Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, _tx: complaint_review.close(a, t, said.text), lambda done: f"#{done.ticket.number} is closed",
    )  # fmt: skip


@app.command()
def done(
    ctx: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(metavar="N... [DURATION]", help="1001 20m", autocompletion=completing.numbers),
    ],
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Done: log the time, close with one mail; what nobody owned becomes yours.

    A complaint that its lead has not reviewed is resolved instead.
    """
    from maild.app import compound
    from maild.ticket import timelog

    said = words.optional(text, file)
    numbers, minutes = _numbers_and_duration(what)

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        already = tx.timelog.sums(ticket.number)[1]
        return compound.done(act, ticket, minutes, said.text, already=already)

    logged = f", {timelog.shown(minutes)} logged" if minutes is not None else ""
    perform(
        ctx, numbers, Manner(agent, no_mail, dry_run), as_json, planner,
        lambda one: f"{stands(one)}{logged}",
    )  # fmt: skip


def _numbers_and_duration(what: Sequence[str]) -> tuple[list[int], int | None]:
    """`1001 1002 20m`: a last word that is no plain number is a duration."""
    from maild.ticket import timelog

    last = what[-1]
    if last.removeprefix("#").isdigit():
        return [ticket_number(one) for one in what], None
    minutes = timelog.parse_duration(last)
    if len(what) == 1:
        raise typer.BadParameter(f"which ticket? maild done N {last}")
    return [ticket_number(one) for one in what[:-1]], minutes


@app.command()
def reopen(
    ctx: typer.Context,
    numbers: NumbersArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Reopen resolved, closed or rejected tickets, with their mail."""
    from maild.app import approvals

    said = words.optional(text, file)
    perform(
        ctx, numbers, Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, _tx: approvals.reopen(a, t, said.text, nonce), stands,
    )  # fmt: skip


@app.command()
def review(
    ctx: typer.Context,
    number: NumberArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Review a complaint, as the lead of its team; a resolved one closes."""
    from maild.app import complaint_review

    said = words.optional(text, file)
    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, _tx: complaint_review.review(a, t, said.text), lambda done: f"#{number} is reviewed ({phase_of(done)})",
    )  # fmt: skip
