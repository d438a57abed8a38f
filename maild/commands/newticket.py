"""new: a ticket by an agent, for example from a phone call."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from maild.commands import completing, output, words
from maild.commands.app import app
from maild.commands.options import (
    AsOpt,
    DryRunOpt,
    FileOpt,
    JsonOpt,
    KindOpt,
    MessageOpt,
    NoMailOpt,
    SeverityOpt,
)  # fmt: skip
from maild.commands.people import mailbox_of
from maild.commands.session import Session, nonce, session
from maild.errors import Refused
from maild.ticket.queue_json import row_json
from maild.values import replace


@app.command()
def new(
    ctx: typer.Context,
    sender: Annotated[
        str,
        typer.Option(
            "--from",
            "-f",
            metavar="WHO",
            help="Whose request it is: an address, or a contact's name.",
            autocompletion=completing.people,
        ),
    ],
    subject: Annotated[str, typer.Option("--subject", "-s", metavar="S")],
    text: MessageOpt = None,
    file: FileOpt = None,
    kind: KindOpt = None,
    severity: SeverityOpt = None,
    channel: Annotated[str, typer.Option(help="How it came: email, phone, visit, chat ...")] = "email",
    called: Annotated[
        str, typer.Option("--called", metavar="NUMBER", help="The number that was called.")
    ] = "",
    name: Annotated[str, typer.Option("--name", help="The caller's name, when not on file.")] = "",
    somebody_new: Annotated[
        bool, typer.Option("--somebody-new", help="The address is right though it is like a contact's.")
    ] = False,
    mine: Annotated[bool, typer.Option("--take", "-t", help="Take it at once.")] = False,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Open a ticket for somebody, from a phone call for example; they are told by mail."""
    from maild.app.new_by_agent import Call
    from maild.commands import opening

    here = session(ctx)
    call = Call(
        address=_whose(here, sender, sure=somebody_new), name=name, subject=subject, kind=kind, severity=severity,
        channel=channel.strip().lower(), called=called,
    )  # fmt: skip
    hints = (f"a new ticket of {call.address}: {subject}", "what they want")
    said = words.needed(here, text, file, words.Draft("new", "maild new", hints=hints))
    with words.keeping(said, dry_run=dry_run):
        done = opening.do(
            here,
            replace(call, text=said.text),
            agent,
            take=mine,
            no_mail=no_mail,
            dry_run=dry_run,
            nonce=nonce,
        )
    if dry_run:
        from maild.commands.performing import show_dry_run

        show_dry_run(done)
    elif as_json:
        output.emit(row_json(done.ticket))
    else:
        output.say(f"#{done.ticket.number} opened for {output.safe_line(call.address)}")


def _whose(here: Session, text: str, *, sure: bool) -> str:
    """The address that was meant. A name is looked for; an unknown address that is nearly a contact's is asked about."""
    from maild.party import finding

    with here.read() as tx:
        address = mailbox_of(tx, text, "--from ").address
        if sure or tx.contacts.find(address) is not None:
            return address
        domains = [domain for company in tx.companies.list() for domain in company.domains]
        meant = finding.near(address, tx.contacts.list(), domains)
    if meant is None:
        return address
    question = f"{address} is nobody's; did you mean {finding.shown(meant)}?"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(f"{question} --from {meant.address}, or --somebody-new when it is right")
    return meant.address if typer.confirm(output.safe_line(question), default=True, err=True) else address
