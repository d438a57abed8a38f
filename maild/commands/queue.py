"""list, next, show, search: the queue by due time; what to do next; one ticket whole; full text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import completing
from maild.commands.app import app
from maild.commands.options import AsOpt, JsonOpt, NumberArg, ViewArg, row_count, row_id
from maild.commands.session import session
from maild.ticket.queue import Filter

if TYPE_CHECKING:
    from maild.store import Tx
    from maild.ticket.whole import WholeTicket


@app.command("list")
def list_(
    ctx: typer.Context,
    view: ViewArg = None,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help="Closed, rejected and merged ones too.")
    ] = False,
    mine: Annotated[bool, typer.Option("--mine", "-m", help="What I own.")] = False,
    unassigned: Annotated[bool, typer.Option("--unassigned", "-u", help="What nobody owns.")] = False,
    late: Annotated[bool, typer.Option("--late", "-l", help="What is overdue.")] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", "-w", help="Where the customer wrote last and waits.")
    ] = False,
    unread: Annotated[bool, typer.Option("--unread", help="Where somebody wrote since I looked.")] = False,
    company: Annotated[
        str,
        typer.Option(
            help="Company key; several with commas, as in the next ones.", autocompletion=completing.companies
        ),
    ] = "",
    phase: Annotated[
        str,
        typer.Option(
            help="received, accepted, progress, waiting, approval ...", autocompletion=completing.every_phase
        ),
    ] = "",
    team: Annotated[str, typer.Option(help="L1, L2, sales, review ...")] = "",
    owner: Annotated[str, typer.Option(help="An agent, or me.", autocompletion=completing.agents)] = "",
    kind: Annotated[
        str,
        typer.Option(
            help="question, incident, change, permission, device ...", autocompletion=completing.kinds
        ),
    ] = "",
    severity: Annotated[
        str, typer.Option(help="user, system, infrastructure", autocompletion=completing.severities)
    ] = "",
    changed_since: Annotated[
        str, typer.Option("--changed-since", metavar="TIME", help="2h, yesterday, mon 9:00 ...")
    ] = "",
    sort: Annotated[str, typer.Option(help="due, new, changed, waiting, company, severity, number")] = "",
    limit: Annotated[int | None, typer.Option(parser=row_count, metavar="ROWS")] = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """The queue: what is due first stands first.

    Marks: ! late, ~ due within the hour, < the customer waits, * new to you.
    """
    from maild.commands import listing

    wanted = Filter(
        all=everything, limit=limit, company=company, phase=phase, team=team, owner=owner, kind=kind, severity=severity,
        mine=mine, late=late, waiting=waiting, unassigned=unassigned, unread=unread, changed_since=changed_since,
        sort=sort,
    )  # fmt: skip
    listing.run(session(ctx), view, wanted, as_json=as_json, agent=agent)


@app.command("next")
def next_(ctx: typer.Context, as_json: JsonOpt = False, agent: AsOpt = None) -> None:
    """What to do next, and why: yours first, then what nobody has in your teams."""
    from maild.commands import showing

    showing.run_next(session(ctx), as_json=as_json, agent=agent)


@app.command()
def show(
    ctx: typer.Context,
    number: NumberArg,
    full: Annotated[bool, typer.Option("--full", help="Whole mails: quotes and signatures too.")] = False,
    attachment: Annotated[
        int | None, typer.Option("--attachment", min=1, help="Write out this attachment.")
    ] = None,
    mail: Annotated[
        int | None,
        typer.Option("--mail", parser=row_id, metavar="ID", help="... of this mail (id as in `mail list`)."),
    ] = None,
    out: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help='Where to; "-" is standard output.')
    ] = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """One ticket whole: who, what, the log, time, consents, links, mails."""
    from maild.commands import showing

    here = session(ctx)
    if attachment is None:
        showing.run_show(here, number, full=full, as_json=as_json, agent=agent)
        return
    here.viewer(agent)
    with here.read() as tx:
        _write_attachment(tx, tx.queue.whole(number), attachment, mail, out)


def _write_attachment(tx: Tx, ticket: WholeTicket, index: int, mail: int | None, out: str | None) -> None:
    from maild.commands import files, output

    attached = files.of_ticket(tx, ticket, index) if mail is None else files.of_mail(tx, ticket, mail, index)
    if out == "-":
        import sys

        sys.stdout.buffer.write(attached.content)
        return
    target = files.save(attached, out)
    output.say(output.safe_line(f"{target}: {len(attached.content)} bytes"))


@app.command()
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...")],
    limit: Annotated[int, typer.Option(parser=row_count, metavar="ROWS")] = 50,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Full text, without regard to case and accents: printer, print*, "paper jam", company:acme from:anna ...

    phase:waiting owner:me before:2026-10-30 after:mon has:attachment narrow down. Subjects, mails, replies, notes and
    names of attachments are looked through.
    """
    from maild.commands import showing

    showing.run_search(session(ctx), words, limit=limit, as_json=as_json, agent=agent)
