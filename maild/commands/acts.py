"""take, assign, phase, reply, note, close, reopen, set: one act each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands.app import app
from maild.commands.session import (
    AsOpt,
    FileOpt,
    JsonOpt,
    MessageOpt,
    NumberArg,
    done,
    message,
    nonce,
    parse_time,
    session,
)

if TYPE_CHECKING:
    from maild.app.acts import Act
    from maild.model import Plan, TicketFacts


def perform(
    ctx: typer.Context,
    number: int,
    agent: str | None,
    as_json: bool,
    plan: Callable[[Act, TicketFacts], Plan],
    text: str,
) -> None:
    """Read the ticket, make the plan and apply it in one transaction."""
    here = session(ctx)
    with here.write() as tx:
        ticket = tx.ticket(number)
        here.apply(tx, plan(here.act(tx, ticket, agent), ticket))
        done(ctx, tx, number, as_json, text.format(number=number, phase=tx.tickets.brief(number).phase))


@app.command()
def take(ctx: typer.Context, number: NumberArg, as_json: JsonOpt = False, agent: AsOpt = None) -> None:
    """Make a ticket yours; a received one is accepted, and the customer told."""
    from maild.app import acts

    perform(ctx, number, agent, as_json, acts.take, "#{number} is yours ({phase})")


@app.command()
def assign(
    ctx: typer.Context,
    number: NumberArg,
    whom: Annotated[str, typer.Argument(metavar="AGENT|TEAM")],
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Give a ticket to an agent or a team."""
    from maild.app import acts

    words = message(text, file, needed=False)
    perform(
        ctx,
        number,
        agent,
        as_json,
        lambda a, t: acts.assign(a, t, whom, words),
        f"#{{number}} -> {_braces(whom)}",
    )


@app.command()
def phase(
    ctx: typer.Context,
    number: NumberArg,
    new: Annotated[str, typer.Argument(metavar="PHASE")],
    text: MessageOpt = None,
    file: FileOpt = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="For scheduled: when the work is planned.")
    ] = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Move a ticket to another phase; the customer gets that phase's mail."""
    from maild.app import complaint_review
    from maild.ticket.phases import phase_named

    words = message(text, file, needed=False)
    planned = parse_time(at, session(ctx).settings.desk.timezone)
    perform(
        ctx,
        number,
        agent,
        as_json,
        lambda a, t: complaint_review.phase(a, t, phase_named(new), words, at=planned),
        "#{number} is {phase}",
    )


@app.command()
def reply(
    ctx: typer.Context,
    number: NumberArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Write to the requester and the participants."""
    from maild.app import acts

    words = message(text, file, needed=True, template=f"# reply on #{number}\n")
    perform(ctx, number, agent, as_json, lambda a, t: acts.reply(a, t, words), "#{number}: reply queued")


@app.command()
def note(
    ctx: typer.Context,
    number: NumberArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Write a note that only agents see."""
    from maild.app import acts

    words = message(text, file, needed=True, template=f"# note on #{number}\n")
    perform(ctx, number, agent, as_json, lambda a, t: acts.note(a, t, words), "#{number}: noted")


@app.command()
def close(
    ctx: typer.Context,
    number: NumberArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Close a ticket, with one mail."""
    from maild.app import complaint_review

    words = message(text, file, needed=False)
    perform(
        ctx, number, agent, as_json, lambda a, t: complaint_review.close(a, t, words), "#{number} is closed"
    )


@app.command()
def reopen(
    ctx: typer.Context,
    number: NumberArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Reopen a resolved, closed or rejected ticket, with its mail."""
    from maild.app import acts

    words = message(text, file, needed=False)
    perform(ctx, number, agent, as_json, lambda a, t: acts.reopen(a, t, words), "#{number} is {phase}")


@app.command()
def review(
    ctx: typer.Context,
    number: NumberArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Review a complaint, as the lead of its team; a resolved one closes."""
    from maild.app import complaint_review

    words = message(text, file, needed=False)
    perform(
        ctx,
        number,
        agent,
        as_json,
        lambda a, t: complaint_review.review(a, t, words),
        "#{number} is reviewed ({phase})",
    )


@app.command("set")
def set_(
    ctx: typer.Context,
    number: NumberArg,
    kind: Annotated[
        str | None, typer.Option(help="question, incident, change, permission, device ...")
    ] = None,
    severity: Annotated[str | None, typer.Option(help="user, system, infrastructure")] = None,
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
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Correct kind, severity, topic, subject or language; the promises follow, and each change is an entry.

    A ticket that becomes a permission or an order is held for approval at once.
    """
    from maild.app import acts, approvals

    given = (kind, severity, topic, subject, language, out_of_scope)
    if all(one is None for one in given):
        raise typer.BadParameter("say what to set: --kind, --severity, --topic, --subject, --language ...")
    wanted = acts.correction(
        kind=kind, severity=severity, topic=topic, subject=subject, language=language,
        out_of_scope=out_of_scope,
    )  # fmt: skip
    perform(
        ctx,
        number,
        agent,
        as_json,
        lambda a, t: approvals.change(a, t, wanted, nonce),
        "#{number} changed ({phase})",
    )


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
