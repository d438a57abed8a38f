"""The typer application: global options, and the groups of verbs."""

from __future__ import annotations

import importlib
from typing import Annotated

import typer

from maild.commands.session import Session

app = typer.Typer(
    name="maild",
    help="The e-mail ticketing daemon: customers write mail, agents work here.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: modules that add their verbs to `app`, in the order of `maild --help`
VERBS = (
    "operate", "queue", "acts", "outcomes", "newticket", "timelog", "approval", "offers", "companies", "contacts",
    "contracts", "outage", "templates", "reports", "explain", "mails",
)  # fmt: skip


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"maild {version('maild')}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="The configuration file.")
    ] = None,
    agent: Annotated[str | None, typer.Option("--as", metavar="NAME", help="The agent who acts.")] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """maild: customers only ever write mail; agents work and close tickets here."""
    ctx.obj = Session(config, agent)


for _name in VERBS:
    importlib.import_module(f"maild.commands.{_name}")
