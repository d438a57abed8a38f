"""merge, split, link, move, project: tickets and each other."""

from __future__ import annotations

from typing import Annotated

import typer

from maild.commands import words
from maild.commands.app import app
from maild.commands.options import AsOpt, FileOpt, JsonOpt, MessageOpt, NumberArg, ticket_number
from maild.commands.session import done, nonce, session
from maild.errors import Refused


@app.command()
def merge(
    ctx: typer.Context,
    number: NumberArg,
    into: Annotated[int, typer.Argument(parser=ticket_number, metavar="INTO", help="The one that goes on.")],
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Join a ticket to another; its requester gets the new number, and replies to either land there."""
    from maild.app import merging

    said = words.optional(text, file).text
    here = session(ctx)
    with here.write() as tx:
        ticket, survivor = tx.ticket(number), tx.ticket(into)
        plan = merging.merge(
            here.act(tx, ticket, agent), ticket, survivor, tx.outages.of_ticket(number), said
        )
        here.apply(tx, plan)
        done(tx, number, as_json, f"#{number} is merged into #{into}")


@app.command()
def split(
    ctx: typer.Context,
    number: NumberArg,
    subject: Annotated[str, typer.Option("--subject", "-s", metavar="S", help="Of the new ticket.")],
    entry: Annotated[
        list[int] | None, typer.Option("--entry", metavar="ID", help="Repeat; as `show N` numbers them.")
    ] = None,
    text: MessageOpt = None,
    file: FileOpt = None,
    kind: Annotated[str | None, typer.Option(help="question, incident, change ...")] = None,
    severity: Annotated[str | None, typer.Option(help="user, system, infrastructure")] = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Make entries, or a part of one mail (-m TEXT), a ticket of its own."""
    from maild.app import splitting

    part = splitting.SplitPart(subject, tuple(entry or ()), words.optional(text, file).text, kind, severity)
    here = session(ctx)
    with here.write() as tx:
        ticket = tx.ticket(number)
        act = here.act(tx, ticket, agent)
        made = tx.counters.next_number()
        here.apply(tx, splitting.split(act, ticket, part, made))
        done(tx, made, as_json, f"#{made} is split off #{number}")


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
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Tie tickets together, or a ticket to a known outage."""
    from maild.app import merging
    from maild.ticket.vocabulary import LinkType

    here = session(ctx)
    with here.write() as tx:
        ticket = tx.ticket(number)
        act = here.act(tx, ticket, agent)
        shown = f"#{other}"
        if type_ == "outage":
            facts, shown = tx.outages.get(other), f"{other}"
            here.apply(tx, merging.link_outage(act, ticket, other, facts.title, linked=not remove))
        elif remove:
            if not any(one.type == type_ and one.ticket == other for one in tx.tickets.links(number)):
                raise Refused(f"#{number} has no link {type_} #{other}; `maild show {number}` lists them")
            here.apply(tx, merging.unlink(act, ticket, LinkType(type_), other))
        else:
            here.apply(tx, merging.link(act, ticket, type_, tx.ticket(other)))
        done(tx, number, as_json, f"#{number} {'no longer ' if remove else ''}{type_} {shown}")


@app.command()
def move(
    ctx: typer.Context,
    number: NumberArg,
    company: Annotated[str, typer.Argument(metavar="COMPANY", help='The key; "none" is no company.')],
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Give a ticket to another company: its people, promises and approvals are that company's then."""
    from maild.app import change_company
    from maild.commands import output
    from maild.party import entitlement

    here = session(ctx)
    with here.write() as tx:
        ticket = tx.ticket(number)
        target = None if company in ("none", "-", "") else tx.companies.get(company)
        boxes = (ticket.requester, *(p.address for p in ticket.participants))
        people = {a: p for a in boxes if a and (p := tx.contacts.find(a)) is not None}
        act = here.act(tx, ticket, agent)
        here.apply(tx, change_company.move(act, ticket, target, people, nonce))
        requester = ticket.requester
        if target is not None and not entitlement.belongs(people.get(requester), target, requester):
            output.warn(
                output.safe_line(
                    f"maild: {requester} is not a contact of {target.key}; `maild contact add {requester} "
                    f"--company {target.key}` if they belong there"
                )
            )
        done(tx, number, as_json, f"#{number} is of {target.key if target else 'no company'}")


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
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Turn a request into a project: a linked ticket; the customer is told."""
    from maild.app import merging

    said = words.optional(text, file).text
    here = session(ctx)
    with here.write() as tx:
        ticket = tx.ticket(number)
        act = here.act(tx, ticket, agent)
        made = tx.counters.next_number()
        here.apply(tx, merging.project(act, ticket, subject, said, made, keep_open=keep_open))
        done(tx, made, as_json, f"#{made} is the project of #{number}")
