"""quote, cost: an amount or an effort that the customer accepts by mail."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import sent_files, words
from maild.commands.acting import Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, JsonOpt, MessageOpt, NoMailOpt, NumberArg
from maild.commands.performing import perform
from maild.commands.session import nonce, now
from maild.errors import Refused

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.commands.acting import Done
    from maild.model import Plan, TicketFacts
    from maild.store import Tx

quote = typer.Typer(help="Offers that the customer accepts by mail.", no_args_is_help=True)
cost = typer.Typer(
    help="Work outside the contract: told, or asked, before it is billed.", no_args_is_help=True
)
app.add_typer(quote, name="quote")
app.add_typer(cost, name="cost")


@quote.callback()
def _quote() -> None:
    """Offers that the customer accepts by mail."""


@cost.callback()
def _cost() -> None:
    """Work outside the contract: told, or asked, before it is billed."""


@quote.command("send")
def quote_send(
    ctx: typer.Context,
    number: NumberArg,
    currency: Annotated[str, typer.Option("--currency", metavar="EUR", help="ISO 4217.")],
    amount: Annotated[
        str,
        typer.Option("--amount", metavar="450.00", help="Exact, without thousands marks; or lines: --item."),
    ] = "",
    items: Annotated[
        list[str] | None,
        typer.Option("--item", metavar="TEXT=AMOUNT", help="A line of the offer; they add up to its amount."),
    ] = None,
    vat: Annotated[
        str, typer.Option("--vat", metavar="TEXT", help='As it is to be said: "plus 27 % VAT".')
    ] = "",
    valid: Annotated[
        str, typer.Option("--valid", metavar="14d", help="14d, 2w, or the last day: 2026-12-31.")
    ] = "14d",
    file: Annotated[
        list[Path] | None,
        typer.Option("--file", "-F", metavar="OFFER.pdf", help="Goes with the mail; 10 MB at most."),
    ] = None,
    text: MessageOpt = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Send an offer; the ticket is held until an approver of the company accepts it by mail."""
    from maild.app import offers

    said = words.optional(text, None).text
    _not_too_large(file or ())
    lines, tax = tuple(map(offers.item, items or ())), " ".join(vat.split())

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        attached = tuple((one.name, one.sha256) for one in sent_files.stored(tx, file or (), now()))
        offer = offers.Quote(amount, currency, valid, said, lines, tax, attached)
        return offers.quote(act, ticket, offer, nonce)

    perform(
        ctx, [number], Manner(agent, dry_run=dry_run), as_json, planner,
        lambda done: f"#{number}: offer sent; asked: {asked(done)}",
    )  # fmt: skip


@cost.command("send")
def cost_send(
    ctx: typer.Context,
    number: NumberArg,
    estimate: Annotated[str, typer.Option("--estimate", metavar="1h30", help="For the whole ticket.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="WHY", help="Why it is outside the contract.")
    ] = "",
    text: MessageOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Tell the customer what work outside their contract costs; asks where the contract says so."""
    from maild.app import offers
    from maild.ticket import timelog

    said = "\n\n".join(filter(None, [reason.strip(), words.optional(text, None).text]))
    minutes = timelog.parse_duration(estimate, offers.MOST_ESTIMATE)

    def line(done: Done) -> str:
        held = done.ticket.phase == "awaiting_approval"
        return f"#{number}: " + (f"asked: {asked(done)}" if held else "the customer is told")

    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, _tx: offers.cost(a, t, minutes, said, nonce), line,
    )  # fmt: skip


def asked(done: Done) -> str:
    """Whom an act asked for a consent."""
    from maild.model import OpenConsent

    who = [address for c in done.changes if isinstance(c, OpenConsent) for address in c.approvers]
    return ", ".join(who) or "nobody, no approver is known"


def _not_too_large(files: Sequence[Path]) -> None:
    """Refused where the files together are more than a relay takes."""
    from maild.app.offers import MOST_FILE

    if sent_files.size_together(files) > MOST_FILE:
        what = str(files[0]) + (" is" if len(files) == 1 else " and the others are")
        raise Refused(f"{what} larger than {MOST_FILE // 1024**2} MB; send a link, or a smaller file")
