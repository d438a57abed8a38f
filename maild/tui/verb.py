"""`maild desk`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from maild.commands.app import app
from maild.commands.options import AsOpt, ViewArg
from maild.commands.session import session
from maild.desk import filters
from maild.errors import Refused
from maild.ticket.queue import Filter

if TYPE_CHECKING:
    from maild.tui.app import DeskApp


@app.command()
def desk(
    ctx: typer.Context,
    view: ViewArg = None,
    agent: AsOpt = None,
) -> None:
    """The full screen: queue and ticket side by side, keys as in mail programs; ? shows them."""
    here = session(ctx)
    viewer = here.agent(agent)
    wanted = filters.of_view(view, here.settings) if view else Filter()
    from maild.tui.data import DeskReader

    reader = DeskReader(here, viewer, wanted)
    try:
        try:
            reader.queue()  # what is wrong with a view is said here, and not on the screen
        except Refused as error:
            raise Refused(f"[views] {view}: {error}" if view else str(error)) from None
        _app()(reader, view or "").run()
    finally:
        reader.close()


def _app() -> type[DeskApp]:
    """Raises `Refused` where there is no terminal, or no Textual."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused("maild desk fills a terminal, and this is none: maild list and maild show print")
    try:
        from maild.tui.app import DeskApp
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "textual":
            raise
        raise Refused("maild desk needs Textual: pip install 'maild[desk]'") from None
    return DeskApp
