"""explain and why: what maild would do with a mail, what it did, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.commands import output
from maild.commands.act_lines import act_line
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.progress import counted
from maild.commands.session import Session, parse_time, session
from maild.commands.session import now as clock_now
from maild.commands.shapes import shape, shapes
from maild.consent.hiding import hide
from maild.desk.numbers import whole_number
from maild.errors import ConfigError, NotFound

if TYPE_CHECKING:
    from maild.store import Tx


@app.command()
def explain(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE|DIR|MBOX...")],
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="Received then, instead of now.")
    ] = None,
    dns: Annotated[
        bool, typer.Option("--dns", help=r"Check signatures by DNS even without \[authentication] resolver.")
    ] = False,
    as_json: JsonOpt = False,
) -> None:
    """A dry run: what would maild do with these mails, and why. Changes nothing."""
    from maild.commands.explainer import Explainer

    here = _settings_or_shipped(session(ctx))
    received = parse_time(at, here.settings.desk.timezone) or clock_now()
    missing: list[str] = []
    with Explainer(here, received, dns=dns) as explainer:
        rows = explainer.rows(_sources(files, missing))
        for row in counted(rows, "reading", lambda: explainer.total):
            if as_json:
                output.emit(row)
            else:
                _print_row(row)
    for name in missing:
        output.warn(f"maild: {output.safe_line(name)}: no such file or folder")
    if missing:
        raise typer.Exit(1)


def _settings_or_shipped(here: Session) -> Session:
    """Without any configuration the shipped one explains: nothing is written by this verb."""
    from maild import config

    try:
        here.settings  # noqa: B018  (loads it)
    except ConfigError:
        import os

        if here.config or os.environ.get("MAILD_CONFIG") or Path("config.toml").exists():
            raise
        return Session(str(config.shipped_path()), here.agent_option)
    return here


def _sources(names: list[str], missing: list[str]) -> Iterator[tuple[str, Path]]:
    """(name shown, path) of every file, folders with their subfolders in order of paths."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            yield from ((str(p), p) for p in sorted(path.rglob("*")) if p.is_file())
        elif path.exists():
            yield name, path
        else:
            missing.append(name)


def _print_row(row: dict[str, Any]) -> None:
    line = output.safe_line
    output.heading(f"{row['file']}: {row['kind']}")
    output.say(
        f"  from      {line(row['from'] or '-')}  ({row['sender']['how']}, {row['sender']['company'] or 'no company'})"
    )
    output.say(f"  subject   {line(row['subject'] or '-')}")
    _print_body(row)
    output.say()


def _print_body(row: dict[str, Any]) -> None:
    line = output.safe_line
    for reason in row["reasons"]:
        output.say(f"  because   {line(reason['code'])}: {line(reason['evidence'])}")
    thread = row["thread"] or {}
    for match in thread.get("candidates") or []:
        pointed_at = f"#{match['ticket']}" if match["ticket"] else "nothing"
        output.say(f"  rule      {match['rule']}: {pointed_at}, {line(match['because'])}")
    for check in row.get("checks") or []:
        output.say(
            f"  check     {'yes' if check['ok'] else 'NO '}  {check['name']}: {line(str(check['evidence']))}"
        )
    if row.get("ticket"):
        output.say("  ticket    " + line(", ".join(f"{k} {v}" for k, v in row["ticket"].items() if v)))
    for act in row["would"]:
        output.say(f"  would     {line(act_line(act))}")


def print_decision(decision: dict[str, Any]) -> None:
    """A stored decision for people."""
    output.say(f"  kind      {decision['kind']}")
    _print_body(decision)


def _decisions(tx: Tx, which: str) -> Sequence[dict[str, Any]]:
    if (number := whole_number(which.removeprefix("#"))) is not None:
        ticket = tx.tickets.brief(number)
        rows = [shape(tx.inbound.get(one)) for one in dict.fromkeys(tx.tickets.mails(ticket.number))]
        if not rows:
            raise NotFound(f"#{number} has no mail that came in: an agent opened it")
        return rows
    wanted = which if which.startswith("<") else f"<{which}>"
    made = shapes(tx.inbound.by_message_id(hide(wanted)))
    if not made:
        raise NotFound(f"no mail with Message-ID {wanted} came in; `maild mail list` shows what did")
    return made


@app.command()
def why(
    ctx: typer.Context,
    which: Annotated[
        str,
        typer.Argument(metavar="MESSAGE-ID|N", help="With or without angle brackets; or a ticket's number."),
    ],
    as_json: JsonOpt = False,
) -> None:
    """The stored decision on a mail that came in, or on all mails of a ticket."""
    here = session(ctx)
    with here.read() as tx:
        rows = _decisions(tx, which.strip())
    if as_json:
        output.emit_lines(rows)
        return
    for row in rows:
        at = output.when(row["received_at"], here.settings.desk.timezone)
        output.heading(f"mail {row['id']} by {row['source']} at {at}: {row['state']}")
        if row.get("error"):
            output.say(f"  error     {output.safe_line(row['error'])}")
        if row.get("decision"):
            print_decision(row["decision"])
