"""outbox: mails that go out."""

from __future__ import annotations

from typing import Annotated

import typer

from maild.commands import output, showing
from maild.commands.app import app
from maild.commands.options import IdArg, JsonOpt, one_or_all, row_count, row_id, ticket_number
from maild.commands.session import now, session
from maild.commands.shapes import shape, shapes
from maild.desk.numbers import how_many
from maild.errors import Refused
from maild.ticket.phases import OutboundState

outbox = typer.Typer(help="Mails that go out.", no_args_is_help=True)
app.add_typer(outbox, name="outbox")


@outbox.command("list")
def outbox_list(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="queued, sending, sent, failed")] = None,
    ticket: Annotated[int | None, typer.Option(parser=ticket_number, metavar="N")] = None,
    limit: Annotated[int | None, typer.Option(parser=row_count, metavar="ROWS")] = None,
    as_json: JsonOpt = False,
) -> None:
    """Mails that go out, newest first."""
    here = session(ctx)
    showing.known("state", state, tuple(OutboundState))
    with here.read() as tx:
        rows = tx.outbound.list(state=state, ticket=ticket, limit=limit or (10_000_000 if as_json else 100))
    if as_json:
        output.emit_lines(shapes(rows))
        return
    if not rows:
        output.say("none")
        return
    zone = here.settings.desk.timezone
    output.table(
        ("ID", "STATE", "NOTICE", "TICKET", "TRIES", "NEXT", "TO", "ANSWER"),
        (
            (
                one.id, one.state, one.notice, f"#{one.ticket}" if one.ticket else "", one.attempts,
                output.when(one.next_attempt_at, zone) if one.state is OutboundState.QUEUED else "",
                ", ".join(to.address for to in one.recipients), one.answer,
            )
            for one in rows
        ),
        wide="ANSWER",
    )  # fmt: skip


@outbox.command("show")
def outbox_show(
    ctx: typer.Context,
    mail_id: IdArg,
    raw: Annotated[
        bool, typer.Option("--raw", help="The exact bytes, where it holds no approval token.")
    ] = False,
    as_json: JsonOpt = False,
) -> None:
    """One outgoing mail: to whom, what became of it, and what it says."""
    import sys

    here = session(ctx)
    with here.read() as tx:
        sent = tx.outbound.get(mail_id)
        content = tx.outbound.raw(mail_id) if not sent.mail.secret else None
    if raw:
        if sent.mail.secret:
            raise Refused("this mail carries an approval token or a link to sign in; its bytes are not shown")
        if content is None:
            raise Refused("not rendered yet: the daemon does it when it sends")
        sys.stdout.buffer.write(content)
    elif as_json:
        output.emit(shape(sent))
    else:
        from maild.desk import outbox_view

        output.write(outbox_view.view(sent.mail, content, now(), here.settings.desk.timezone, output.room()))


@outbox.command("retry")
def outbox_retry(
    ctx: typer.Context,
    mail_id: Annotated[int | None, typer.Argument(parser=row_id, metavar="ID")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that failed or waits.")] = False,
) -> None:
    """Send again now."""
    one_or_all(mail_id, every)
    with session(ctx).write() as tx:
        if mail_id is not None:
            tx.outbound.retry(mail_id, now())
            count, busy = 1, 0
        else:
            count, busy = tx.outbound.retry_all(now()), tx.outbound.counts()["sending"]
    output.say(f"{how_many(count, 'mail')} will be tried now" + (f"; {busy} being sent" if busy else ""))
