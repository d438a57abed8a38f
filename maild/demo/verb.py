"""demo: a throw-away desk and what happens on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from maild.commands.app import app


@app.command()
def demo(
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Leave the desk's files in this new folder.")
    ] = None,
    week: Annotated[
        bool, typer.Option("--week", help="A whole week of six companies on a simulated clock.")
    ] = False,
    month: Annotated[
        bool, typer.Option("--month", help="Two months of them, and the report that a manager gets by mail.")
    ] = False,
) -> None:
    """A throw-away desk: real mails through its SMTP port, and the whole conversation shown."""
    if month:
        from maild.demo.month import run as run_month

        run_month(keep)
    elif week:
        from maild.demo.week import run as run_week

        run_week(keep)
    else:
        from maild.demo.conversation import run

        run(keep)
