"""take, assign: whose a ticket is."""

from __future__ import annotations

from typing import Annotated

import typer

from maild.commands import completing, words
from maild.commands.acting import Done, Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, FileOpt, JsonOpt, MessageOpt, NoMailOpt, NumbersArg
from maild.commands.performing import perform, phase_of
from maild.commands.session import session


@app.command()
def take(
    ctx: typer.Context,
    numbers: NumbersArg,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Make tickets yours; a received one is accepted, and the customer told."""
    from maild.app import acts

    def text(done: Done) -> str:
        return f"#{done.ticket.number} is yours ({phase_of(done)})"

    manner = Manner(agent, no_mail, dry_run)
    perform(ctx, numbers, manner, as_json, lambda a, t, _tx: acts.take(a, t), text)


@app.command()
def assign(
    ctx: typer.Context,
    numbers: NumbersArg,
    whom: Annotated[
        str, typer.Argument(metavar="AGENT|TEAM", help="me is you.", autocompletion=completing.whom)
    ],
    text: MessageOpt = None,
    file: FileOpt = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Give tickets to an agent or a team."""
    from maild.app import acts

    said = words.optional(text, file)
    to = session(ctx).assignee(whom, agent)
    perform(
        ctx, numbers, Manner(agent, dry_run=dry_run), as_json, lambda a, t, _tx: acts.assign(a, t, to, said.text),
        lambda done: f"#{done.ticket.number} -> {to}",
    )  # fmt: skip
