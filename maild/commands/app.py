"""The typer application: global options, and the groups of verbs."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
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

#: module -> the verbs that it adds to `app`, in the order of `maild --help`; of `maild.commands` where no room is named
VERBS: dict[str, tuple[str, ...]] = {
    "operate": ("serve", "init", "check"),
    "maild.demo.verb": ("demo",),
    "queue": ("list", "next", "show", "search"),
    "maild.tui.verb": ("desk",),
    "assignment": ("take", "assign"),
    "phase": ("phase", "close", "done", "reopen", "review"),
    "writing": ("reply", "note"),
    "correction": ("set",),
    "undoing": ("undo",),
    "ticket_people": ("people",),
    "canned": ("canned",),
    "linking": ("merge", "split", "link", "move", "project"),
    "newticket": ("new",),
    "timelog": ("log",),
    "approval": ("approval",),
    "offers": ("quote", "cost"),
    "companies": ("company",),
    "contacts": ("contact",),
    "contracts": ("contract", "calendar"),
    "outage": ("outage",),
    "templates": ("template",),
    "reports": ("report",),
    "explain": ("explain", "why"),
    "mails": ("mail",),
    "outbox": ("outbox",),
    "tracing": ("trace",),
    "webhooks": ("webhook",),
    "retaining": ("retention",),
    "importing": ("import",),
    "backup": ("backup", "restore", "copy"),
}
#: global options that are followed by a value
_VALUED = frozenset({"--config", "--as"})


def load(*modules: str) -> None:
    """Add the verbs of these modules to `app`; of all of them when none is named."""
    for name in modules or VERBS:
        importlib.import_module(name if "." in name else f"maild.commands.{name}")


def load_for(words: Sequence[str]) -> None:
    """Add what a command line needs: typer builds every verb that it knows at each start, and that costs more
    than most verbs do. For help, completion and unknown verbs: all of them."""
    rest = iter(words)
    for word in rest:
        if word in _VALUED:
            next(rest, None)
        elif not word.startswith("--config=") and not word.startswith("--as="):
            load(*(module for module, verbs in VERBS.items() if word in verbs))
            return
    load()


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
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,  # noqa: ARG001 (its callback answers)
) -> None:
    """maild: customers only ever write mail; agents work and close tickets here."""
    ctx.obj = Session(config, agent)
