"""contact: the people of the customers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import AsOpt, CompanyOpt, JsonOpt
from maild.commands.people import person_json, place_of
from maild.commands.session import now, session
from maild.desk.numbers import how_many

if TYPE_CHECKING:
    from maild.model import PersonFacts

contact = typer.Typer(help="People of the customers, their addresses and roles.", no_args_is_help=True)
app.add_typer(contact, name="contact")

AddressArg = Annotated[str, typer.Argument(metavar="ADDRESS")]
RoleOpt = Annotated[
    list[str] | None, typer.Option("--role", help="reference, approver, billing; repeat for several")
]
ApprovesOpt = Annotated[
    list[str] | None, typer.Option("--approves", help="permission, device, quote, cost; repeat")
]


def _address(text: str) -> str:
    from maild.mail.text.addresses import normalise

    address = normalise(text)
    if address is None:
        raise typer.BadParameter(f"{text!r} is not a mail address")
    return address


@contact.command("list")
def list_(ctx: typer.Context, company: CompanyOpt = None, as_json: JsonOpt = False) -> None:
    """All contacts, or those of a company."""
    with session(ctx).read() as tx:
        if company is not None:
            tx.companies.get(company)
        rows = tx.contacts.list(company)
    if as_json:
        output.emit_lines(person_json(p, company) for p in rows)
        return
    output.table(
        ("ADDRESS", "NAME", "COMPANY", "ROLES", "PHONE"),
        (
            (
                p.address + (" (bounces)" if p.bounced else ""),
                p.name,
                " ".join(m.company for m in p.memberships),
                " ".join(place_of(p, company).roles),
                p.phone,
            )
            for p in rows
        ),
        wide="NAME",
    )


@contact.command()
def show(
    ctx: typer.Context,
    address: AddressArg,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="DIR", help="Write everything that is held of them there."),
    ] = None,
    end_sessions: Annotated[
        bool, typer.Option("--end-sessions", help="Sign all their browsers out of the customers' page.")
    ] = False,
    as_json: JsonOpt = False,
) -> None:
    """One contact, and the browsers that are signed in; everything that is held of them with --export."""
    here = session(ctx)
    if end_sessions:
        with here.write() as tx:
            ended = tx.web.end_sessions(tx.contacts.get(_address(address)).contact_id)
        output.warn(f"{how_many(ended, 'session')} ended")
    with here.read() as tx:
        person = tx.contacts.get(_address(address))
        sessions = tx.web.sessions(person.contact_id, now())
        if export is not None:
            from maild.commands.exporting import export_person

            files = export_person(tx, person, export)
    row = person_json(person) | {
        "sessions": [
            {"signed_in": s.created_at.isoformat(), "used": s.used_at.isoformat(), "address": s.address} for s in sessions
        ]
    }  # fmt: skip
    if as_json:
        output.emit(row | ({"exported": files} if export is not None else {}))
        return
    _print(person, False)
    zone = here.settings.desk.timezone
    for one in sessions:
        said = f"signed in {output.when(one.created_at, zone)}, last used {output.when(one.used_at, zone)}"
        output.fields([("page", said)], 10)
    if export is not None:
        output.say(output.safe_line(f"{how_many(len(files), 'file')} written to {export}"))


def _print(person: PersonFacts, as_json: bool, company: str | None = None) -> None:
    row = person_json(person, company)
    if as_json:
        output.emit(row)
        return
    output.fields(((name, value) for name, value in row.items() if value), 10)


@contact.command()
def add(
    ctx: typer.Context,
    address: AddressArg,
    company: CompanyOpt = None,
    name: Annotated[str, typer.Option("--name")] = "",
    phone: Annotated[str, typer.Option("--phone")] = "",
    language: Annotated[str, typer.Option("--language")] = "",
    role: RoleOpt = None,
    approves: ApprovesOpt = None,
    also: Annotated[
        list[str] | None, typer.Option("--also", help="A further address of the same person.")
    ] = None,
    site: Annotated[str, typer.Option("--site")] = "",
    desk_address: Annotated[
        str, typer.Option("--desk-address", help="This company counts when that address was written to.")
    ] = "",
    as_json: JsonOpt = False,
) -> None:
    """A new contact, or a known one at one more company."""
    from maild.app import contacts
    from maild.model import ContactInput

    here = session(ctx)
    addresses = (_address(address), *(_address(a) for a in also or ()))
    wanted = ContactInput(
        addresses, name, phone, language, tuple(role or ()), tuple(approves or ()), site, desk_address
    )
    with here.write() as tx:
        if company is not None:
            tx.companies.get(company)
        here.apply(tx, contacts.add(tx.contacts.find(addresses[0]), company, wanted))
        person = tx.contacts.get(addresses[0])
    _print(person, as_json, company)


@contact.command()
def edit(
    ctx: typer.Context,
    address: AddressArg,
    company: CompanyOpt = None,
    name: Annotated[str | None, typer.Option("--name")] = None,
    phone: Annotated[str | None, typer.Option("--phone")] = None,
    language: Annotated[str | None, typer.Option("--language")] = None,
    role: RoleOpt = None,
    approves: ApprovesOpt = None,
    no_roles: Annotated[bool, typer.Option("--no-roles", help="Take all roles away.")] = False,
    also: Annotated[
        list[str] | None, typer.Option("--also", help="A further address of the same person.")
    ] = None,
    site: Annotated[str | None, typer.Option("--site")] = None,
    works: Annotated[
        bool, typer.Option("--works", help="The address works again: forget its bounce.")
    ] = False,
    as_json: JsonOpt = False,
) -> None:
    """Change a contact; --role and --approves replace what was there."""
    from maild.app import contacts

    here = session(ctx)
    main = _address(address)
    said = contacts.ContactEdit(
        name=name, phone=phone, language=language, site=site, works=works,
        roles=() if no_roles else None if role is None else tuple(role),
        approves=() if no_roles else None if approves is None else tuple(approves),
        also=tuple(_address(a) for a in also or ()),
    )  # fmt: skip
    with here.write() as tx:
        here.apply(tx, contacts.edit(tx.contacts.get(main), main, company, said))
        person = tx.contacts.get(main)
    _print(person, as_json, company)


@contact.command()
def move(
    ctx: typer.Context,
    address: AddressArg,
    to: Annotated[str, typer.Argument(metavar="COMPANY")],
    as_json: JsonOpt = False,
) -> None:
    """The person works for another company now; old tickets stay where they are."""
    from maild.app import contacts

    here = session(ctx)
    main = _address(address)
    with here.write() as tx:
        tx.companies.get(to)
        here.apply(tx, contacts.move(tx.contacts.get(main), main, to))
        person = tx.contacts.get(main)
    _print(person, as_json, to)


@contact.command()
def remove(
    ctx: typer.Context,
    address: AddressArg,
    company: CompanyOpt = None,
    erase: Annotated[
        bool,
        typer.Option("--erase", help="All of the person's data: name, addresses, mails' text and bytes."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Remove a contact (from one company with --company); with --erase all data of the person."""
    from functools import partial

    from maild.app import contacts
    from maild.commands.shapes import shape
    from maild.party.persons import identity_of, scrub_json
    from maild.ticket.days import local_day

    here = session(ctx)
    main = _address(address)
    if erase:
        if not yes:
            typer.confirm(f"Erase all data of {main}? Tickets and sums stay, texts and mails go", abort=True)
        with here.write() as tx:
            scrub = partial(scrub_json, person=identity_of(main, tx.contacts.get(main)))
            erasure = tx.erase(main, now(), here.agent(agent), here.settings.approval.retain_days, scrub)
        if as_json:
            output.emit(shape(erasure))
            return
        mails, tickets = how_many(erasure.mails, "mail"), how_many(len(erasure.tickets), "ticket")
        output.say(f"erased: {mails} on {tickets}")
        if erasure.until is not None:
            names, last = (
                ", ".join(erasure.kept_evidence),
                local_day(erasure.until, here.settings.desk.timezone),
            )
            output.say(f"evidence of {names} stays until {last}: a consent must be provable")
        return
    with here.write() as tx:
        tx.contacts.get(main)
        here.apply(tx, contacts.remove(main, company))
    output.say(f"{main} removed" + (f" from {company}" if company else ""))
