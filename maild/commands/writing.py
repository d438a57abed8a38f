"""reply, note: words of an agent on a ticket. They are kept until the act is done."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from maild.commands import completing, words
from maild.commands.acting import Done, Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, FileOpt, JsonOpt, MessageOpt, NumbersArg
from maild.commands.performing import perform
from maild.commands.session import session
from maild.values import replace


@app.command()
def reply(
    ctx: typer.Context,
    numbers: NumbersArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    canned: Annotated[
        str | None,
        typer.Option(
            "--canned",
            "-c",
            metavar="NAME",
            help="A kept text, below -m; see `maild canned`.",
            autocompletion=completing.canned,
        ),
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", "-e", help="Open the editor with what was given.")] = False,
    phase: Annotated[
        str | None,
        typer.Option(
            "--phase",
            "-p",
            metavar="PHASE",
            help="Move it as well, in one mail.",
            autocompletion=completing.phases,
        ),
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help="With --phase scheduled.")] = None,
    log: Annotated[
        str | None, typer.Option("--log", "-l", metavar="DURATION", help="Log time as well: 20m, 1h20 ...")
    ] = None,
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", "-a", metavar="FILE", help="Repeat; 18 MB in all.")
    ] = None,
    cc: Annotated[
        list[str] | None,
        typer.Option(
            "--cc",
            metavar="WHO",
            help="Repeat; an address or a contact's name.",
            autocompletion=completing.people,
        ),
    ] = None,
    take: Annotated[bool, typer.Option("--take", "-t", help="Make it yours as well.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Though you sent the same words in the last minutes.")
    ] = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Write to the requester and the participants; move the ticket and log time in the same go."""
    from maild.commands import output, replying

    here = session(ctx)
    wanted = replying.ReplyOptions(
        text=words.given(text, file), canned=canned, edit=edit, phase=phase, at=at, log=log,
        attach=tuple(attach or ()), cc=tuple(cc or ()), take=take,
        again=again or not output.on_terminal(),  # a program that writes the same twice means it
    )  # fmt: skip
    manner = Manner(agent, dry_run=dry_run)

    def line(done: Done) -> str:
        return replying.answered(done.ticket, moved=bool(phase), taken=take)

    said, manner = replying.words_of(here, numbers, wanted, manner)
    keeping_words(
        said, manner, lambda how: perform(ctx, numbers, how, as_json, replying.planner(here, wanted, said.text), line)
    )  # fmt: skip


@app.command()
def note(
    ctx: typer.Context,
    numbers: NumbersArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Write a note that only agents see."""
    from maild.app import acts
    from maild.commands import replying

    here = session(ctx)
    first = numbers[0]
    hints = replying.hints(here, first, note=True)
    draft = words.Draft(f"{first}-note", f"maild note {first}", hints=hints)
    said = words.needed(here, text, file, draft)
    manner = Manner(agent, dry_run=dry_run)
    keeping_words(
        said, manner,
        lambda how: perform(
            ctx, numbers, how, as_json, lambda a, t, _tx: acts.note(a, t, said.text),
            lambda done: f"#{done.ticket.number}: noted",
        ),
    )  # fmt: skip


def keeping_words(said: words.TypedText, manner: Manner, act: Callable[[Manner], None]) -> None:
    """The act, with the words kept until it is done. A colleague who was quicker is told; on a terminal one may go
    on all the same."""
    from maild.commands.acting import MeanwhileError

    try:
        with words.keeping(said, dry_run=manner.dry_run):
            try:
                act(manner)
            except MeanwhileError as error:
                if not _go_on(str(error)):
                    raise
                act(replace(manner, seen=None))
    except typer.Exit:
        if kept := said.kept():
            from maild.commands import output

            output.warn(f"maild: not all of it was done{kept}")
        raise


def _go_on(question: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    from maild.desk.terminal import safe_line

    return typer.confirm(f"{safe_line(question)}\nSend it all the same?", default=False, err=True)
