"""mail: mails that came in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output, showing
from maild.commands.app import app
from maild.commands.fresh_file import fresh_file
from maild.commands.options import IdArg, JsonOpt, one_or_all, row_count, row_id, ticket_number
from maild.commands.session import now, session
from maild.commands.shapes import shape, shapes
from maild.desk.numbers import how_many
from maild.errors import NotFound, Refused
from maild.ticket.phases import ConsentState, InboundState

if TYPE_CHECKING:
    from maild.store import Tx
    from maild.store.rows import MailInWhole

mail = typer.Typer(help="Mails that came in.", no_args_is_help=True)
app.add_typer(mail, name="mail")


@mail.command("list")
def mail_list(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="received, done, duplicate, quarantined")] = None,
    kind: Annotated[
        str | None, typer.Option(help="request, reply, auto_reply, bounce, list, spam ...")
    ] = None,
    ticket: Annotated[int | None, typer.Option(parser=ticket_number, metavar="N")] = None,
    limit: Annotated[
        int | None,
        typer.Option(parser=row_count, metavar="ROWS", help="Newest first; all when not given with --json."),
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Every mail taken, newest first."""
    showing.run_mail_list(session(ctx), state=state, kind=kind, ticket=ticket, limit=limit, as_json=as_json)


@mail.command("show")
def mail_show(
    ctx: typer.Context,
    mail_id: IdArg,
    raw: Annotated[bool, typer.Option("--raw", help="The exact bytes.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """One mail: what is known of it, or its bytes."""
    import sys

    with session(ctx).read() as tx:
        if raw:
            sys.stdout.buffer.write(_exact(tx, mail_id))
            return
        mail = tx.inbound.get(mail_id)
    row = shape(mail)
    if as_json:
        output.emit(row)
        return
    row["trace"] = " ".join(mail.trace.split())
    apart = ("decision", "traceback", "events")
    output.fields(((k, v) for k, v in row.items() if v not in (None, "", []) and k not in apart), 14)
    if mail.traceback:
        output.say(output.safe_text(mail.traceback))
    if mail.decision:
        from maild.commands.explain import print_decision

        print_decision(mail.decision)


def _exact(tx: Tx, mail_id: int) -> bytes:
    """The bytes of a mail; an answer that quotes a token which somebody may still use is not shown."""
    from maild.app.lookup import tokens_in
    from maild.consent.hiding import token_hash

    raw = tx.inbound.raw(mail_id)
    for token in tokens_in(raw):
        consent = tx.consents.by_token(token_hash(token))
        if consent is not None and consent.state == ConsentState.WAITING:
            raise Refused(
                f"mail {mail_id} quotes the token of C{consent.id}, which waits for its answer; "
                f"its bytes are shown when that is decided: maild approval show C{consent.id}"
            )
    return raw


@mail.command()
def quarantine(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """Mails that could not be processed: `mail show`, `mail export`, then `mail retry`."""
    here = session(ctx)
    with here.read() as tx:
        rows = [tx.inbound.get(m.id) for m in tx.inbound.list(state=InboundState.QUARANTINED, limit=1000)]
    if as_json:
        output.emit_lines(
            {k: v for k, v in r.items() if k not in ("decision", "events")} for r in shapes(rows)
        )
        return
    if not rows:
        output.say("the quarantine is empty")
        return
    output.table(
        ("ID", "AT", "FROM", "SUBJECT", "REASON"),
        (
            (
                one.id, output.when(one.received_at, here.settings.desk.timezone), one.from_address, one.subject,
                one.error,
            )
            for one in (whole.mail for whole in rows)
        ),
        wide="REASON",
    )  # fmt: skip


@mail.command("retry")
def mail_retry(
    ctx: typer.Context,
    mail_id: Annotated[int | None, typer.Argument(parser=row_id, metavar="ID")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that is in the quarantine.")] = False,
) -> None:
    """Process a quarantined mail again."""
    one_or_all(mail_id, every)
    with session(ctx).write() as tx:
        if mail_id is not None:
            _retry_one(tx, mail_id)
            count = 1
        else:
            held = [tx.inbound.get(m.id) for m in tx.inbound.list(state=InboundState.QUARANTINED, limit=None)]
            taken = [one.mail.id for one in held if not _left(one)]
            for one in taken:
                tx.inbound.retry(one, now())
            count = len(taken)
    output.say(f"{how_many(count, 'mail')} will be processed again")


def _retry_one(tx: Tx, mail_id: int) -> None:
    if _left(tx.inbound.get(mail_id)):
        raise Refused(
            f"mail {mail_id} is still in its mailbox; only its header was taken: see `maild mail show "
            f"{mail_id}`, remove the reason (too big: [smtp] max_bytes), then `maild mail resync`"
        )
    tx.inbound.retry(mail_id, now())


def _left(whole: MailInWhole) -> bool:
    """A mail that stayed in its IMAP mailbox (work/imap.py)."""
    return (whole.source_key or "").startswith("left:")


@mail.command()
def export(
    ctx: typer.Context,
    mail_id: IdArg,
    out: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="A new .eml file, or an .mbox to add to.")
    ],
) -> None:
    """Write a mail's exact bytes to a file."""
    with session(ctx).read() as tx:
        raw = _exact(tx, mail_id)
    if out.suffix == ".mbox":
        import mailbox

        box = mailbox.mbox(out)
        box.add(raw)
        box.close()
    else:
        try:
            with fresh_file(out) as file:
                file.write(raw)
        except FileExistsError:
            raise Refused(f"{out} exists; name another file") from None
    output.say(f"{out}: {len(raw)} bytes")


@mail.command("file")
def mail_file(
    ctx: typer.Context,
    mail_id: IdArg,
    ticket: Annotated[int, typer.Argument(parser=ticket_number, metavar="N")],
) -> None:
    """Put a mail from `list --team review` on a ticket, without effect."""
    from maild.app import automatic_mail
    from maild.mail.parse import parse_mail

    here = session(ctx)
    with here.write() as tx:
        tx.tickets.brief(ticket)
        row = tx.inbound.get(mail_id).mail
        parsed = parse_mail(tx.inbound.raw(mail_id), desk_addresses=here.settings.desk.addresses)
        here.apply(
            tx,
            automatic_mail.filed_by_hand(
                mail_id, row.kind, row.from_address or "", parsed, ticket, here.agent()
            ),
        )
    output.say(f"mail {mail_id} stands on #{ticket}")


@mail.command("dismiss")
def mail_dismiss(ctx: typer.Context, mail_id: IdArg) -> None:
    """Take a mail out of `list --team review`; it stays in `mail list`."""
    here = session(ctx)
    with here.write() as tx:
        tx.inbound.dismiss(mail_id, here.agent(), now())
    output.say(f"mail {mail_id} dismissed")


@mail.command()
def resync(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="MAILBOX", help=r"As in \[\[imap]] name; all when not given.")
    ] = None,
) -> None:
    """Look through whole IMAP folders again within `poll_seconds`; nothing known is taken twice."""
    here = session(ctx)
    boxes = [b for b in here.settings.imap if name in (None, b.name)]
    if not boxes:
        raise NotFound(f"no [[imap]] named {name!r}" if name else "no [[imap]] is configured")
    with here.write() as tx:
        for box in boxes:
            place = tx.imap.get(box.name, box.folder)
            if place is None:
                output.say(
                    f"{box.name}: was never connected; start = {box.start!r} decides at the first time"
                )
                continue
            tx.imap.set(box.name, box.folder, place[0], 0)
            output.say(f"{box.name}: {box.folder} will be looked through again within {box.poll_seconds:g} s")
