"""merge, split, link, move, project: tickets and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output, words
from maild.commands.acting import Manner
from maild.commands.app import app
from maild.commands.options import (
    AsOpt,
    DryRunOpt,
    FileOpt,
    JsonOpt,
    KindOpt,
    MessageOpt,
    NoMailOpt,
    NumberArg,
    SeverityOpt,
    row_id,
    ticket_number,
)  # fmt: skip
from maild.commands.performing import perform, phase_of
from maild.commands.session import nonce
from maild.errors import Refused

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.model import Plan, TicketFacts
    from maild.store import Tx


@app.command()
def merge(
    ctx: typer.Context,
    number: NumberArg,
    into: Annotated[int, typer.Argument(parser=ticket_number, metavar="INTO", help="The one that goes on.")],
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Join a ticket to another; its requester gets the new number, and replies to either land there."""
    from maild.app import merging

    said = words.optional(text, file).text

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        return merging.merge(act, ticket, tx.ticket(into), tx.outages.of_ticket(number), said)

    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json, planner,
        lambda _: f"#{number} is merged into #{into}",
    )  # fmt: skip


@app.command()
def split(
    ctx: typer.Context,
    number: NumberArg,
    subject: Annotated[str, typer.Option("--subject", "-s", metavar="S", help="Of the new ticket.")],
    entry: Annotated[
        list[int] | None,
        typer.Option("--entry", parser=row_id, metavar="ID", help="Repeat; as `show N` numbers them."),
    ] = None,
    text: MessageOpt = None,
    file: FileOpt = None,
    kind: KindOpt = None,
    severity: SeverityOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Make entries, or a part of one mail (-m TEXT), a ticket of its own."""
    from maild.app import splitting

    part = splitting.SplitPart(subject, tuple(entry or ()), words.optional(text, file).text, kind, severity)
    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, tx: splitting.split(a, t, part, tx.counters.next_number(), nonce),
        lambda done: f"#{done.ticket.number} is split off #{number}",
    )  # fmt: skip


@app.command()
def link(
    ctx: typer.Context,
    number: NumberArg,
    type_: Annotated[
        str, typer.Argument(metavar="TYPE", help="related, duplicate, project, follow_up, outage")
    ],
    other: Annotated[
        int, typer.Argument(parser=ticket_number, metavar="M", help="The other ticket; with outage: its id.")
    ],
    remove: Annotated[bool, typer.Option("--remove", help="Take the link away.")] = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Tie tickets together, or a ticket to a known outage."""
    from maild.app import merging
    from maild.ticket.vocabulary import LinkType

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        if type_ == "outage":
            return merging.link_outage(act, ticket, other, tx.outages.get(other).title, linked=not remove)
        if not remove:
            return merging.link(act, ticket, type_, tx.ticket(other))
        if not any(one.type == type_ and one.ticket == other for one in tx.tickets.links(number)):
            raise Refused(f"#{number} has no link {type_} #{other}; `maild show {number}` lists them")
        return merging.unlink(act, ticket, LinkType(type_), other)

    shown = f"{other}" if type_ == "outage" else f"#{other}"
    perform(
        ctx, [number], Manner(agent, dry_run=dry_run), as_json, planner,
        lambda _: f"#{number} {'no longer ' if remove else ''}{type_} {shown}",
    )  # fmt: skip


@app.command()
def move(
    ctx: typer.Context,
    number: NumberArg,
    company: Annotated[str, typer.Argument(metavar="COMPANY", help='The key; "none" is no company.')],
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Give a ticket to another company: its people, promises and approvals are that company's then."""
    from maild.app import change_company
    from maild.party import entitlement

    strangers: list[tuple[str, str]] = []
    nowhere = company in ("none", "-")

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        target = None if nowhere else tx.companies.get(company)
        boxes = (ticket.requester, *(p.address for p in ticket.participants))
        people = {a: p for a in boxes if a and (p := tx.contacts.find(a)) is not None}
        requester = ticket.requester
        if target is not None and not entitlement.belongs(people.get(requester), target, requester):
            strangers.append((requester, target.key))
        return change_company.move(act, ticket, target, people, nonce)

    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json, planner,
        lambda done: f"#{number} is of {'no company' if nowhere else done.ticket.company} ({phase_of(done)})",
    )  # fmt: skip
    for requester, key in strangers:
        output.warn(
            output.safe_line(
                f"maild: {requester} is not a contact of {key}; `maild contact add {requester} "
                f"--company {key}` if they belong there"
            )
        )


@app.command()
def project(
    ctx: typer.Context,
    number: NumberArg,
    subject: Annotated[
        str, typer.Option("--subject", "-s", metavar="S", help="Of the project; else the ticket's.")
    ] = "",
    keep_open: Annotated[bool, typer.Option("--keep-open", help="The request itself goes on too.")] = False,
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Turn a request into a project: a linked ticket; the customer is told."""
    from maild.app import merging

    said = words.optional(text, file).text
    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, tx: merging.project(a, t, subject, said, tx.counters.next_number(), keep_open=keep_open),
        lambda done: f"#{done.ticket.number} is the project of #{number}",
    )  # fmt: skip
