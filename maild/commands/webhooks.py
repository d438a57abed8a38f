"""webhook: the programs that are told of events."""

from __future__ import annotations

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.session import session

webhook = typer.Typer(help="Programs that are told of events.", no_args_is_help=True)
app.add_typer(webhook, name="webhook")


@webhook.command("list")
def list_(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """The hooks of the configuration."""
    rows = [{"url": hook.url, "events": list(hook.events)} for hook in session(ctx).settings.webhooks]
    if as_json:
        output.emit_lines(rows)
        return
    output.table(("URL", "EVENTS"), ((row["url"], " ".join(row["events"])) for row in rows), wide="URL")
