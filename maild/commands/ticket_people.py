"""people: who is on a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from maild.app.people import PeopleStep
from maild.commands import completing, output
from maild.commands.acting import Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, JsonOpt, NumberArg
from maild.commands.people import mailbox_of
from maild.commands.performing import perform
from maild.commands.session import Session, nonce, session
from maild.model import Mailbox

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.model import Plan, TicketFacts
    from maild.store import Tx


@app.command("people")
def people(
    ctx: typer.Context,
    number: NumberArg,
    part: Annotated[
        PeopleStep | None, typer.Argument(metavar="[add|remove|requester]", help="Without: who is on it.")
    ] = None,
    who: Annotated[
        str,
        typer.Argument(
            metavar="[ADDRESS]", help="An address, or a contact's name.", autocompletion=completing.people
        ),
    ] = "",
    name: Annotated[str, typer.Option("--name", help="Of somebody who is no contact.")] = "",
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Who is on a ticket: its requester and those who get its mails; add, remove, or another requester."""
    from maild.app import people as on_ticket

    here = session(ctx)
    if part is None:
        _shown(here, number, as_json)
        return
    if not who.strip():
        raise typer.BadParameter(f"whom? maild people {number} {part} ADDRESS")
    with here.read() as tx:
        box = mailbox_of(tx, who)
    if name:
        box = Mailbox(box.address, name)

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        person = tx.contacts.find(box.address)
        if part is PeopleStep.REQUESTER:
            by_domain = tx.companies.by_domain(box.address.rpartition("@")[2])
            key = on_ticket.company_of(ticket, box, person, by_domain)
            if key is not None:
                there = (box.address, ticket.requester, *(p.address for p in ticket.participants))
                people = {one: known for one in there if one and (known := tx.contacts.find(one)) is not None}
                return on_ticket.named(act, ticket, box, tx.companies.get(key), people, nonce)
        return on_ticket.change(act, ticket, part, box, person)

    done = {
        PeopleStep.ADD: "is on",
        PeopleStep.REMOVE: "is no longer on",
        PeopleStep.REQUESTER: "is the requester of",
    }[part]
    perform(
        ctx, [number], Manner(agent, dry_run=dry_run), as_json, planner, lambda _: f"{box.address} {done} #{number}"
    )  # fmt: skip


def _shown(here: Session, number: int, as_json: bool) -> None:
    with here.read() as tx:
        ticket = tx.ticket(number)
    asked = {"address": ticket.requester, "name": ticket.requester_name}
    others = [
        {"address": p.address, "name": p.name} for p in ticket.participants if p.address != ticket.requester
    ]
    if as_json:
        output.emit({"number": number, "requester": asked, "participants": others})
        return
    for label, one in (("requester", asked), *(("copied", one) for one in others)):
        shown = f"{one['name']} <{one['address']}>" if one["name"] else one["address"]
        output.fields([(label, shown or "nobody")], 10)
