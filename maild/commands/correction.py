"""set: what a ticket is, corrected."""

from __future__ import annotations

from typing import Annotated

import typer

from maild.commands.acting import Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, JsonOpt, KindOpt, NumbersArg, SeverityOpt
from maild.commands.performing import perform, phase_of
from maild.commands.session import nonce


@app.command("set")
def set_(
    ctx: typer.Context,
    numbers: NumbersArg,
    kind: KindOpt = None,
    severity: SeverityOpt = None,
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
    from maild.app import approvals, correction

    wanted = correction.wanted(
        kind=kind, severity=severity, topic=topic, subject=subject, language=language, out_of_scope=out_of_scope
    )  # fmt: skip
    if not wanted:
        raise typer.BadParameter("say what to set: --kind, --severity, --topic, --subject, --language ...")
    perform(
        ctx, numbers, Manner(agent, dry_run=dry_run), as_json,
        lambda a, t, _tx: approvals.change(a, t, wanted, nonce),
        lambda done: f"#{done.ticket.number} changed ({phase_of(done)})",
    )  # fmt: skip
