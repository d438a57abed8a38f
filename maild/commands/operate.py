"""init, check, serve, demo: an operator's verbs."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.fresh_file import fresh_file
from maild.commands.options import JsonOpt
from maild.commands.session import session
from maild.errors import ConfigError


@app.command()
def init(ctx: typer.Context) -> None:
    """Write a commented config.toml where there is none, and an empty database. May be repeated."""
    from maild import config
    from maild.commands.private_files import mend
    from maild.store import Store

    here = session(ctx)
    file = config.find(here.config, os.environ)
    if file.exists():
        output.say(f"{file} exists already and was left as it is")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with fresh_file(file) as target:
                target.write(config.shipped_path().read_bytes())
        except OSError as error:
            raise ConfigError(
                f"{file}: cannot be written ({error.strerror}); check the folder's rights"
            ) from None
        output.say(f"{file} written")
    settings = here.settings
    store = Store.open(settings, create=True, check=False)
    try:
        revision = store.migrate()
        output.say(f"database {settings.database.url} is at {revision} ({store.engine_name})")
    finally:
        store.close()
    if settings.delivery.kind == "maildir":
        for part in ("tmp", "new", "cur"):
            (settings.path(settings.delivery.maildir) / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in mend(settings, file):
        output.say(f"{path}: every user of this machine could read it; now only you can")


@app.command()
def check(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """Is everything reachable, valid, safe? Exit code 1 when something is broken."""
    from maild.commands.checks import run

    rows = run(session(ctx))
    if as_json:
        output.emit_lines({"state": r.state, "what": r.what, "text": r.text} for r in rows)
    else:
        for row in rows:
            output.say(f"{row.state:<5} {row.what:<14} {output.safe_line(row.text)}")
    if any(r.state == "error" for r in rows):
        raise typer.Exit(1)


@app.command()
def serve(
    ctx: typer.Context,
    processes: Annotated[
        int,
        typer.Option(
            "--processes", metavar="N", min=1, max=64, help="Daemons that share the work, under one parent."
        ),
    ] = 1,
) -> None:
    """The daemon: SMTP, IMAP, ingest, outbox, deadlines, the page.

    Stops cleanly on SIGTERM; SIGHUP reads the configuration again. On a terminal one line a mail, else JSON.
    """
    from maild import config

    here = session(ctx)
    if processes > 1:
        from maild import parent

        raise typer.Exit(parent.serve(config.find(here.config, os.environ), here.settings, processes))
    from maild.serving import serve as run

    raise typer.Exit(run(here.settings, lambda: config.load(here.config)))
