"""company: customers, their domains and standing; import from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.commands import output, words
from maild.commands.app import app
from maild.commands.options import JsonOpt
from maild.commands.people import person_json, place_of
from maild.commands.session import Session, now, session
from maild.desk.numbers import how_many
from maild.errors import Refused
from maild.ticket import days
from maild.ticket.prepaid import Balance, has_hours, last_day
from maild.ticket.timelog import shown
from maild.values import replace

if TYPE_CHECKING:
    from maild.model import CompanyFacts, JsonObject, PersonFacts
    from maild.settings import Settings
    from maild.store import Tx

company = typer.Typer(help="Customers: domains, contract, standing.", no_args_is_help=True)
app.add_typer(company, name="company")

KeyArg = Annotated[str, typer.Argument(metavar="KEY")]
DomainOpt = Annotated[
    list[str] | None, typer.Option("--domain", help="Repeat for several; .acme.example is every subdomain.")
]


def hours_number(minutes: int) -> int | float:
    """Minutes as a number of hours: 2, 2.5."""
    return minutes // 60 if minutes % 60 == 0 else minutes / 60


def hours_json(balance: Balance) -> JsonObject:
    """One period of prepaid hours for scripts, in minutes."""
    return {
        "from": balance.span.first.isoformat(), "to": last_day(balance.span).isoformat(),
        "included_minutes": balance.included, "carried_minutes": balance.carried, "used_minutes": balance.used,
        "left_minutes": balance.left, "over_minutes": balance.over, "percent": balance.percent,
    }  # fmt: skip


def hours_line(balance: Balance, period: str) -> str:
    """The same for people."""
    carried = f" and {shown(balance.carried)} carried over" if balance.carried else ""
    rest = f"{shown(balance.over)} over" if balance.over else f"{shown(balance.left)} left"
    allowed = f"{shown(balance.included)} included each {period}{carried}"
    return (
        f"{shown(balance.used)} used of {allowed}, {rest} ({balance.span.first} to {last_day(balance.span)})"
    )


def company_json(facts: CompanyFacts, settings: Settings) -> JsonObject:
    """A company for scripts."""
    from maild.commands.shapes import shape

    return {
        "key": facts.key, "name": facts.name, "domains": list(facts.domains), "language": facts.language,
        "service_level": facts.service_level, "calendar": facts.calendar, "calendars": dict(facts.calendars),
        "standing": facts.standing, "who_may_file": facts.who_may_file, "timezone": facts.timezone,
        "require": facts.require or settings.approval.require, "self_approval": list(facts.self_approval),
        "valid_from": facts.valid_from, "valid_until": facts.valid_until, "covered": list(facts.covered),
        "excluded": list(facts.excluded), "oncall_phone": facts.oncall_phone,
        "oncall_calendar": facts.oncall_calendar, "cost_needs_consent": facts.cost_needs_consent,
        "hours_included": hours_number(facts.included_minutes), "hours_period": facts.hours_period,
        "carry": facts.carry, "hours_in_mail": facts.hours_in_mail,
        "sites": {key: shape(site) for key, site in facts.sites.items()},
        "contacts": [person_json(p, facts.key) for p in facts.people],
    }  # fmt: skip


@company.command("list")
def list_(ctx: typer.Context, as_json: JsonOpt = False) -> None:
    """All companies."""
    here = session(ctx)
    with here.read() as tx:
        rows = tx.companies.list()
    if as_json:
        output.emit_lines(company_json(c, here.settings) for c in rows)
        return
    output.table(
        ("KEY", "STANDING", "LEVEL", "LANGUAGE", "DOMAINS", "NAME"),
        (
            (c.key, c.standing, c.service_level or "none", c.language, " ".join(c.domains), c.name)
            for c in rows
        ),
        wide="NAME",
    )


@company.command()
def show(ctx: typer.Context, key: KeyArg, as_json: JsonOpt = False) -> None:
    """One company with its people."""
    here = session(ctx)
    with here.read() as tx:
        facts = tx.companies.get(key)
        hours = tx.timelog.balance(facts, now()) if has_hours(facts) else None
    row = company_json(facts, here.settings) | {"hours": hours_json(hours) if hours else None}
    if as_json:
        output.emit(row)
        return
    output.heading(f"{facts.key}: {facts.name}")
    if row["require"] == "token":
        row["require"] = "token (the weaker mode: the one-time token alone)"
    apart = ("key", "name", "contacts", "hours", "hours_included", "hours_period")
    shown = [(name, value) for name, value in row.items() if value and name not in apart]
    if hours is not None:
        shown.append(("hours", hours_line(hours, facts.hours_period)))
    output.fields([*shown, *(("person", _person_line(one, facts.key)) for one in facts.people)], 18)


def _person_line(person: PersonFacts, company: str) -> str:
    """`Nagy Béla <boss@acme.example> +36 1 555 0101 (approver, approves permission)`"""
    place = place_of(person, company)
    roles = ", ".join(place.roles) or "contact"
    approves = f", approves {', '.join(place.approves)}" if place.approves else ""
    bounced = ", MAIL BOUNCES" if person.bounced else ""
    who = " ".join(filter(None, [person.name, f"<{person.address}>", person.phone]))
    return f"{who} ({roles}{approves}{bounced})"


def save(here: Session, tx: Tx, known: CompanyFacts | None, wanted: CompanyFacts) -> int:
    """The company as it shall be, with what that does to its open tickets; how many clocks moved."""
    from maild.app import contract
    from maild.model import UpdateTicket

    others = {c.key: c.domains for c in tx.companies.list()}
    counted = contract.moves_clocks(known, wanted)
    tickets = [tx.ticket(row.number or 0) for row in tx.tickets.list(company=wanted.key)] if counted else []
    plan = contract.save(wanted, others, tickets, here.settings, now())
    here.apply(tx, plan)
    return sum(isinstance(change, UpdateTicket) for change in plan.changes)


def clocks_said(moved: int) -> str:
    """What a line about a changed contract ends with."""
    return f"; the clocks of {how_many(moved, 'ticket')} moved" if moved else ""


@company.command()
def add(
    ctx: typer.Context,
    key: KeyArg,
    name: Annotated[str, typer.Option("--name")],
    domain: DomainOpt = None,
    language: Annotated[str, typer.Option()] = "",
    service_level: Annotated[str, typer.Option(help='"" = no contract')] = "",
    calendar: Annotated[str, typer.Option()] = "office",
    standing: Annotated[str, typer.Option(help="active, suspended")] = "active",
    who_may_file: Annotated[str, typer.Option(help="anyone, contacts, reference")] = "anyone",
    timezone: Annotated[str, typer.Option()] = "",
    require: Annotated[str, typer.Option(help="dmarc, token; for this company's approvals")] = "",
    as_json: JsonOpt = False,
) -> None:
    """A new company."""
    from maild.model import CompanyFacts

    here = session(ctx)
    wanted = CompanyFacts(
        key=key, name=name, domains=tuple(domain or ()), language=language, service_level=service_level,
        calendar=calendar, standing=standing, who_may_file=who_may_file, timezone=timezone, require=require,
    )  # fmt: skip

    with here.write() as tx:
        if tx.companies.find(key) is not None:
            raise Refused(f"company {key} exists; `maild company edit {key}` changes it")
        save(here, tx, None, wanted)
    _warn_unsigned(here, wanted)
    _print(here, key, as_json, f"company {key} added")


def _warn_unsigned(here: Session, facts: CompanyFacts) -> None:
    """A customer whose domain publishes no usable DMARC cannot approve by mail under require = "dmarc"."""
    from maild.work.authentication import unsigned_domains

    for domain, why in unsigned_domains(facts, here.settings):
        output.warn(
            f'maild: {domain}: {why}; approvals of {facts.key} need it, or require = "token" (weaker)'
        )


@company.command()
def edit(
    ctx: typer.Context,
    key: KeyArg,
    name: Annotated[str | None, typer.Option("--name")] = None,
    domain: DomainOpt = None,
    language: Annotated[str | None, typer.Option()] = None,
    service_level: Annotated[str | None, typer.Option(help='"" = no contract')] = None,
    calendar: Annotated[str | None, typer.Option()] = None,
    standing: Annotated[str | None, typer.Option(help="active, suspended")] = None,
    who_may_file: Annotated[str | None, typer.Option(help="anyone, contacts, reference")] = None,
    timezone: Annotated[str | None, typer.Option()] = None,
    require: Annotated[str | None, typer.Option(help='dmarc, token, "" = the desk\'s')] = None,
    as_json: JsonOpt = False,
) -> None:
    """Change a company; --domain replaces all its domains."""
    here = session(ctx)
    domains = tuple(dict.fromkeys(domain)) if domain else None
    given = {
        "name": name, "domains": domains, "language": language, "service_level": service_level,
        "calendar": calendar, "standing": standing, "who_may_file": who_may_file, "timezone": timezone, "require": require,
    }  # fmt: skip
    fields: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    if not fields:
        raise typer.BadParameter("say what to change")
    with here.write() as tx:
        known = tx.companies.get(key)
        wanted = replace(known, **fields)
        moved = save(here, tx, known, wanted)
    what = f"changed{clocks_said(moved)}"
    if wanted == known:
        what = "has these values already: nothing was changed"
    _print(here, key, as_json, f"company {key} {what}")


def _print(here: Session, key: str, as_json: bool, text: str) -> None:
    if as_json:
        with here.read() as tx:
            output.emit(company_json(tx.companies.get(key), here.settings))
    else:
        output.say(output.safe_line(text))


@company.command()
def remove(ctx: typer.Context, key: KeyArg) -> None:
    """Remove a company; its tickets and sums stay."""
    from maild.model import Plan, RemoveCompany

    here = session(ctx)
    with here.write() as tx:
        tx.companies.get(key)
        here.apply(tx, Plan((RemoveCompany(key),)))
    output.say(f"company {output.safe_line(key)} removed; its tickets stay")


@company.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=".toml or .csv")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print a CSV file with every column, to begin from.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Only show the difference.")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Companies and contacts from a file: all of it or, with any error, nothing."""
    from maild.party import company_csv
    from maild.party import company_import as rules

    if example:
        output.say(company_csv.example().rstrip())
        return
    if file is None:
        raise typer.BadParameter("which file? --example prints one")
    here = session(ctx)
    text = words.text_of(file)
    with here.store(create=True) as store, store.write() as tx:
        present = {c.key: c for c in tx.companies.list()}
        today = days.local_day(now(), here.settings.desk.timezone)
        specs = rules.read(text, file.name, here.settings, present, today=today)
        lines = rules.difference(present, specs, people={key: tx.contacts.list(key) for key in present})
        if not dry_run:
            here.apply(tx, rules.plan(specs))
    if as_json:
        output.emit({"companies": [s.company.key for s in specs], "changes": lines, "applied": not dry_run})
        return
    for line in lines:
        output.say(output.safe_line(line))
    people = sum(len(s.contacts) for s in specs)
    count = f"{how_many(len(specs), 'company', 'companies')}, {how_many(people, 'contact')}"
    output.say(
        f"{count}: "
        + (
            "nothing to change"
            if not lines
            else how_many(len(lines), "change") + (" (dry run)" if dry_run else "")
        )
    )
