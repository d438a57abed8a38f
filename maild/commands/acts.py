"""take, assign, phase, reply, note, close, done, reopen, set, review: one act each, on one ticket or several.

Over 300 lines: one short verb an act, side by side.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import completing, words
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
)
from maild.commands.session import Session, nonce, now, parse_time, session
from maild.errors import MaildError, Refused
from maild.party import agents
from maild.ticket.queue_json import row_json

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.commands.acting import Done, Manner, Planner, PreviewedMail
    from maild.desk.spans import Line
    from maild.model import Plan, TicketFacts
    from maild.store import Tx


def perform(
    ctx: typer.Context,
    numbers: Sequence[int],
    manner: Manner,
    as_json: bool,
    planner: Planner,
    text: Callable[[Done], str],
) -> None:
    """The act on each ticket, and one line each; exit code 1 when one of them refused."""
    from maild.commands import acting, output

    def tell(done: Done) -> None:
        if as_json:
            output.emit(row_json(done.ticket))
        elif done.dry_run:
            show_dry_run(done)
        else:
            output.say(output.safe_line(text(done)))
        for line in done.told:
            output.warn(f"maild: {output.safe_line(line)}")

    def refuse(error: Refused) -> None:
        output.warn(f"maild: {output.safe_line(str(error))}")

    if not acting.each(session(ctx), numbers, planner, manner, tell, refuse):
        raise typer.Exit(1)


def show_dry_run(done: Done) -> None:
    """What an act would do: the entries, the ticket then, and each mail in full."""
    from maild.commands import output
    from maild.desk.spans import Span, Style, line
    from maild.desk.terminal import safe_line
    from maild.ticket.phase_names import short

    room = output.room()
    t = done.ticket
    made = [
        line(Span(f"nothing was done; this would be done on #{t.number}:", Style.BOLD)),
        line(f"  {short(t.phase)}, {t.kind}, team {t.team}, owner {t.owner or 'nobody'}"),
    ]
    for entry in done.entries:
        first = (entry.text.splitlines() or [""])[0]
        made.append(line(safe_line(f"  {entry.type}: {first}" if first else f"  {entry.type}")[:room]))
    output.write([*made, *show_letters(done.letters)])


def show_letters(letters: Sequence[PreviewedMail]) -> list[Line]:
    """The mails that would go, in full."""
    from maild.commands import output
    from maild.desk.spans import Span, Style, line
    from maild.desk.terminal import safe_line, safe_text, wrapped

    room, made = output.room(), []
    for letter in letters:
        to = ", ".join(box.address for box in letter.to)
        cc = ", ".join(box.address for box in letter.cc)
        made += [
            line(),
            line(Span(safe_line(f"{letter.notice} to {to}" + (f", cc {cc}" if cc else "")), Style.OURS)),
        ]
        made += [line(Span(safe_line(f"Subject: {letter.subject}"), Style.BOLD)), line()]
        made += [line(text) for text in wrapped(safe_text(letter.text.rstrip()), room)]
    if not letters:
        made.append(line("  no mail would go"))
    return made


def _manner(agent: str | None, no_mail: bool = False, dry_run: bool = False) -> Manner:
    from maild.commands.acting import Manner

    return Manner(agent, no_mail, dry_run)


def _phase_of(done: Done) -> str:
    from maild.ticket.phase_names import short

    return short(done.ticket.phase)


def _stands(done: Done) -> str:
    """`#1001 is in progress`"""
    from maild.ticket.phase_names import said

    return f"#{done.ticket.number} is {said(done.ticket.phase)}"


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
        return f"#{done.ticket.number} is yours ({_phase_of(done)})"

    manner = _manner(agent, no_mail, dry_run)
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
    here = session(ctx)
    to = (
        here.agent(agent)
        if whom == "me"
        else agents.agent_or_team(whom, here.settings, agents.teams(here.settings))
    )
    perform(
        ctx, numbers, _manner(agent, dry_run=dry_run), as_json, lambda a, t, _tx: acts.assign(a, t, to, said.text),
        lambda done: f"#{done.ticket.number} -> {to}",
    )  # fmt: skip


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

    def line(done: Done) -> str:
        when = f" for {_when(here, planned)}" if planned is not None else ""
        return f"{_stands(done)}{when}"

    perform(
        ctx, numbers, _manner(agent, no_mail, dry_run), as_json,
        lambda a, t, _tx: approvals.phase(a, t, wanted, said.text, nonce, at=planned), line,
    )  # fmt: skip


def _when(here: Session, at: object) -> str:
    from datetime import datetime

    from maild.ticket import dates

    assert isinstance(at, datetime)
    zone = here.settings.desk.timezone
    return f"{dates.absolute(at, now(), zone)} ({dates.relative(at, now())})"


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
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Write to the requester and the participants; move the ticket and log time in the same go."""
    from maild.commands import replying

    here = session(ctx)
    wanted = replying.ReplyOptions(
        text=words.given(text, file), canned=canned, edit=edit, phase=phase, at=at, log=log,
        attach=tuple(attach or ()), cc=tuple(cc or ()), take=take,
    )  # fmt: skip
    manner = _manner(agent, dry_run=dry_run)

    def line(done: Done) -> str:
        return replying.answered(done.ticket, moved=bool(phase), taken=take)

    said, manner = replying.words_of(here, numbers, wanted, manner)
    _keeping(
        said, f"maild reply {numbers[0]}", manner,
        lambda how: perform(ctx, numbers, how, as_json, replying.planner(here, wanted, said.text), line),
    )  # fmt: skip


def _keeping(said: words.TypedText, again: str, manner: Manner, act: Callable[[Manner], None]) -> None:
    """The act, with the words kept until it is done. A colleague who was quicker is told; on a terminal one may go
    on all the same."""
    from maild.commands.acting import MeanwhileError

    try:
        try:
            act(manner)
        except MeanwhileError as error:
            if not _go_on(str(error)):
                raise
            act(replace(manner, seen=None))
    except MaildError as error:
        raise type(error)(f"{error}{said.kept(again)}") from None
    except typer.Exit:
        kept = said.kept(again)
        if kept:
            from maild.commands import output

            output.warn(f"maild: not all of it was done{kept}")
        raise
    if not manner.dry_run:
        said.done()


def _go_on(question: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    from maild.desk.terminal import safe_line

    return typer.confirm(f"{safe_line(question)}\nSend it all the same?", default=False, err=True)


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
    draft = words.Draft(f"{numbers[0]}-note", hints=replying.hints(here, numbers[0], note=True))
    said = words.needed(here, text, file, draft)
    manner = _manner(agent, dry_run=dry_run)
    _keeping(
        said, f"maild note {numbers[0]}", manner,
        lambda how: perform(
            ctx, numbers, how, as_json, lambda a, t, _tx: acts.note(a, t, said.text),
            lambda done: f"#{done.ticket.number}: noted",
        ),
    )  # fmt: skip


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
        ctx, numbers, _manner(agent, no_mail, dry_run), as_json,
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
        ctx, numbers, _manner(agent, no_mail, dry_run), as_json, planner,
        lambda one: f"{_stands(one)}{logged}",
    )  # fmt: skip


def _numbers_and_duration(what: Sequence[str]) -> tuple[list[int], int | None]:
    """`1001 1002 20m`: a last word that is no plain number is a duration."""
    from maild.commands.options import ticket_number
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
        ctx, numbers, _manner(agent, no_mail, dry_run), as_json, lambda a, t, _tx: approvals.reopen(a, t, said.text, nonce),
        _stands,
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
        ctx, [number], _manner(agent, no_mail, dry_run), as_json, lambda a, t, _tx: complaint_review.review(a, t, said.text),
        lambda done: f"#{number} is reviewed ({_phase_of(done)})",
    )  # fmt: skip


@app.command("set")
def set_(
    ctx: typer.Context,
    numbers: NumbersArg,
    kind: Annotated[
        str | None,
        typer.Option(
            help="question, incident, change, permission, device ...", autocompletion=completing.kinds
        ),
    ] = None,
    severity: Annotated[
        str | None, typer.Option(help="user, system, infrastructure", autocompletion=completing.severities)
    ] = None,
    topic: Annotated[str | None, typer.Option(help="What it is about: decides calendar and scope.")] = None,
    subject: Annotated[str | None, typer.Option(help="A better subject.")] = None,
    language: Annotated[
        str | None, typer.Option(help="en, nl, hu, de, fr: of the mails on this ticket.")
    ] = None,
    out_of_scope: Annotated[
        bool | None,
        typer.Option(
            "--out-of-scope/--in-scope", help="Outside the contract: billed after `cost send` only."
        ),
    ] = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Correct kind, severity, topic, subject or language; the promises follow, and each change is an entry.

    A ticket that becomes a permission or an order is held for approval at once.
    """
    from maild.app import acts, approvals

    wanted = acts.correction(
        kind=kind, severity=severity, topic=topic, subject=subject, language=language, out_of_scope=out_of_scope
    )  # fmt: skip
    if not wanted:
        raise typer.BadParameter("say what to set: --kind, --severity, --topic, --subject, --language ...")
    perform(
        ctx, numbers, _manner(agent, dry_run=dry_run), as_json,
        lambda a, t, _tx: approvals.change(a, t, wanted, nonce),
        lambda done: f"#{done.ticket.number} changed ({_phase_of(done)})",
    )  # fmt: skip
