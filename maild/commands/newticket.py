"""new: a ticket by an agent, for example from a phone call."""

from __future__ import annotations

from typing import Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.session import AsOpt, FileOpt, JsonOpt, MessageOpt, message, nonce, now, session


@app.command()
def new(
    ctx: typer.Context,
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="Whose request it is.")],
    subject: Annotated[str, typer.Option("--subject", "-s", metavar="S")],
    text: MessageOpt = None,
    file: FileOpt = None,
    kind: Annotated[
        str | None, typer.Option(help="question, incident, change, permission, device ...")
    ] = None,
    severity: Annotated[str | None, typer.Option(help="user, system, infrastructure")] = None,
    channel: Annotated[str, typer.Option(help="phone, or how else it came: visit, chat ...")] = "desk",
    called: Annotated[
        str, typer.Option("--called", metavar="NUMBER", help="The number that was called.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="The caller's name, when not on file.")] = "",
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Open a ticket for somebody, from a phone call for example; they are told by mail."""
    from maild.app import approvals, new_by_agent
    from maild.mail.text.addresses import normalise
    from maild.model import LookupKeys

    address = normalise(sender)
    if address is None:
        raise typer.BadParameter(f"{sender!r} is no mail address", param_hint="--from")
    words = message(text, file, needed=True)
    here = session(ctx)
    with here.write() as tx:
        facts = tx.facts(LookupKeys(sender=address, addresses=(address,)), now())
        plan = new_by_agent.new(
            facts, here.settings, now(), here.agent(agent), address=address, name=name, subject=subject, text=words,
            kind=kind, severity=severity, channel=channel, called=called,
        )  # fmt: skip
        number = here.apply(tx, plan).tickets[0]
        ticket = tx.ticket(number)
        if new_by_agent.to_hold(ticket, here.settings):
            held = approvals.request(here.act(tx, ticket, agent), ticket, None, ticket.kind, "", nonce)
            here.apply(tx, held)
        if as_json:
            output.emit(tx.tickets.as_json(number))
        else:
            output.say(f"#{number} opened")
