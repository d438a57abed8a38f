"""outage: known disturbances; whoever reports one is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output, words
from maild.commands.acting import Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, FileOpt, IdArg, JsonOpt, MessageOpt, NoMailOpt
from maild.commands.session import Session, now, parse_time, session
from maild.commands.shapes import shapes
from maild.desk.numbers import how_many
from maild.ticket.phases import ENDED

if TYPE_CHECKING:
    from maild.model import ActFacts, JsonObject, OutageFacts, Plan, TicketFacts
    from maild.store import Tx

outage = typer.Typer(
    help="Known disturbances: matching mails get them in their acknowledgement.", no_args_is_help=True
)
app.add_typer(outage, name="outage")


def outage_json(facts: OutageFacts, tickets: Sequence[int]) -> JsonObject:
    return {
        "id": facts.id, "title": facts.title, "state": _state(facts),
        "companies": list(facts.companies), "words": list(facts.words), "eta": output.seconds(facts.eta),
        "opened_at": output.seconds(facts.opened_at), "resolved_at": output.seconds(facts.resolved_at),
        "text": facts.text, "tickets": list(tickets),
    }  # fmt: skip


def _state(facts: OutageFacts) -> str:
    return "resolved" if facts.resolved_at else "open"


def _publish(here: Session, tx: Tx) -> None:
    """The status page's files, where a folder is configured."""
    from maild.work.statuspage import publish

    publish(here.settings, tx.outages.list(all=True), now())


def _print(here: Session, tx: Tx, outage_id: int, as_json: bool, text: str, *, publish: bool = True) -> None:
    if publish:
        _publish(here, tx)
    if as_json:
        output.emit(outage_json(tx.outages.get(outage_id), tx.outages.tickets(outage_id)))
    else:
        output.say(output.safe_line(text))


@outage.command("open")
def open_(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE")],
    company: Annotated[
        list[str] | None, typer.Option("--company", metavar="KEY", help="Repeat; none = all.")
    ] = None,
    word: Annotated[
        list[str] | None,
        typer.Option("--word", metavar="W", help="Repeat; print* by beginning; none = all mail."),
    ] = None,
    eta: Annotated[str | None, typer.Option("--eta", metavar="TIME", help="tomorrow 9:00, in 2h ...")] = None,
    link: Annotated[
        bool, typer.Option("--link/--no-link", help="Link the open tickets that match; nobody is mailed yet.")
    ] = True,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """A new outage; open tickets that match its words are linked and listed."""
    from maild.app import outage_update, undoable_act
    from maild.app.acts import ActContext
    from maild.model import NEW, OutageFacts

    here = session(ctx)
    until, at = parse_time(eta, here.settings.desk.timezone), now()
    with here.write(dry_run=dry_run) as tx:
        for key in company or ():
            tx.companies.get(key)
        facts = OutageFacts(
            tx.outages.next_id(), " ".join(title.split()), tuple(company or ()), tuple(word or ()), until, at
        )
        candidates = (tx.ticket(row.number or 0) for row in tx.tickets.list()) if link and word else ()
        act = ActContext(here.settings, at, here.agent(agent))
        plan, linked = outage_update.opened(act, facts, candidates)
        here.apply(tx, undoable_act.recorded(act, NEW, plan, facts=linked, outage=facts.id))
        if dry_run and not as_json:
            _show_dry_run(here, facts.id, plan)
            return
        _print(here, tx, facts.id, as_json, f"outage {facts.id} is open", publish=not dry_run)
        if not as_json:
            _tell_linked(facts.id, linked, by_words=bool(word))


def _tell_linked(outage_id: int, linked: Sequence[TicketFacts], *, by_words: bool) -> None:
    for ticket in linked:
        output.say(output.safe_line(f"  linked #{ticket.number} {ticket.company or '?'}: {ticket.subject}"))
    if linked:
        output.say(f"  not this one: maild link N outage {outage_id} --remove")
        output.say(f"  tell their people: maild outage update {outage_id} -m TEXT")
    elif not by_words:
        output.say(f"  no --word: no open ticket is linked by itself; maild link N outage {outage_id}")


@outage.command()
def update(
    ctx: typer.Context,
    outage_id: IdArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    eta: Annotated[str | None, typer.Option("--eta", metavar="TIME")] = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """News: each linked ticket gets one mail."""
    hints = ("news of the outage, for the people of all linked tickets",)
    draft = words.Draft(f"{outage_id}-outage", f"maild outage update {outage_id}", hints=hints)
    said = words.needed(session(ctx), text, file, draft)
    with words.keeping(said, dry_run=dry_run):
        _news(ctx, outage_id, said.text, Manner(agent, no_mail, dry_run), as_json, eta=eta, resolved=False)


@outage.command()
def resolve(
    ctx: typer.Context,
    outage_id: IdArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """It is over: all affected are told, and asked to reply if it still fails for them."""
    said = words.optional(text, file).text
    _news(ctx, outage_id, said, Manner(agent, no_mail, dry_run), as_json, resolved=True)


def _news(
    ctx: typer.Context, outage_id: int, said: str, manner: Manner, as_json: bool, *, eta: str | None = None,
    resolved: bool,
) -> None:  # fmt: skip
    from maild.app import outage_update, undoable_act
    from maild.app.acts import ActContext
    from maild.model import NEW

    here = session(ctx)
    until = parse_time(eta, here.settings.desk.timezone)
    with here.write(dry_run=manner.dry_run) as tx:
        touched = [tx.ticket(number) for number in tx.outages.tickets(outage_id)]
        companies = {t.company: tx.companies.find(t.company) for t in touched if t.company}
        agent, at = here.agent(manner.agent), now()
        plan = outage_update.news(
            tx.outages.get(outage_id), [(t, companies.get(t.company or "")) for t in touched], here.settings, at, agent,
            said, eta=until, resolved=resolved,
        )  # fmt: skip
        waiting = tx.acts.waiting(agent, NEW, at, outage=outage_id)
        act = ActContext(here.settings, at, agent, waiting=waiting)
        plan = undoable_act.recorded(act, NEW, plan, no_mail=manner.no_mail, facts=touched, outage=outage_id)
        here.apply(tx, plan)
        if manner.dry_run and not as_json:
            _show_dry_run(here, outage_id, plan)
            return
        count = sum(not manner.no_mail and ticket.phase not in ENDED for ticket in touched)
        told = f"outage {outage_id}: {how_many(count, 'ticket')} told"
        _print(here, tx, outage_id, as_json, told, publish=not manner.dry_run)


def _show_dry_run(here: Session, outage_id: int, plan: Plan) -> None:
    """What the act would do to each ticket, and each mail in full."""
    from maild.commands.acting import letters_of
    from maild.commands.performing import show_letters
    from maild.model import NEW, AddEntry

    output.heading(f"nothing was done; this would be done on outage {outage_id}:")
    for change in plan.changes:
        if isinstance(change, AddEntry):
            first = (change.text.splitlines() or [""])[0]
            output.say(output.safe_line(f"  #{change.ticket} {change.type}: {first}"))
    output.write(show_letters(letters_of(here, plan, NEW)))


def taken_back(here: Session, last: ActFacts, *, dry_run: bool, as_json: bool) -> None:
    """`maild undo` of an act on an outage: it and its tickets are as they were."""
    from maild.app import undoable_act
    from maild.commands import undoing
    from maild.errors import NotFound

    assert last.outage is not None
    with here.write(dry_run=dry_run) as tx:
        newest = tx.acts.last(last.agent)
        if newest is None or newest.id != last.id:
            raise NotFound(
                f"somebody who acts as {last.agent} was quicker; `maild outage show {last.outage}`"
            )
        plan = undoable_act.undo(last.agent, newest)
        here.apply(tx, plan)
        if not dry_run:
            _publish(here, tx)
        rows = [outage_json(one, tx.outages.tickets(one.id)) for one in tx.outages.list(all=True)]
    if dry_run and not as_json:
        _show_dry_run(here, last.outage, plan)
    elif as_json:
        output.emit(
            next((row for row in rows if row["id"] == last.outage), {"id": last.outage, "state": "none"})
        )
    else:
        for said in undoing.taken_back(last):
            output.say(output.safe_line(said))


@outage.command("list")
def list_(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", "-a")] = False,
    as_json: JsonOpt = False,
) -> None:
    """Open outages; --all for those that ended too."""
    here = session(ctx)
    with here.read() as tx:
        rows = [(one, tx.outages.tickets(one.id)) for one in tx.outages.list(all=everything)]
    if as_json:
        output.emit_lines(outage_json(one, tickets) for one, tickets in rows)
        return
    zone = here.settings.desk.timezone
    output.table(
        ("ID", "STATE", "SINCE", "ETA", "TICKETS", "COMPANIES", "TITLE"),
        (
            (
                one.id, _state(one), output.when(one.opened_at, zone), output.when(one.eta, zone), len(tickets),
                " ".join(one.companies) or "all", one.title,
            )
            for one, tickets in rows
        ),
        wide="TITLE",
    )  # fmt: skip


@outage.command("show")
def show_(ctx: typer.Context, outage_id: IdArg, as_json: JsonOpt = False) -> None:
    """One outage with its news and tickets."""
    here = session(ctx)
    with here.read() as tx:
        facts = tx.outages.get(outage_id)
        tickets, news = tx.outages.tickets(outage_id), list(tx.outages.updates(outage_id))
    if as_json:
        output.emit({**outage_json(facts, tickets), "updates": shapes(news)})
        return
    output.heading(f"outage {facts.id}: {facts.title} ({_state(facts)})")
    zone = here.settings.desk.timezone
    output.say(f"  since {output.when(facts.opened_at, zone)}, eta {output.when(facts.eta, zone) or '-'}")
    output.say(
        output.safe_line(
            f"  companies {' '.join(facts.companies) or 'all'}; words {' '.join(facts.words) or 'all mail'}"
        )
    )
    output.say("  tickets " + (" ".join(f"#{n}" for n in tickets) or "none"))
    for item in news:
        output.say(output.safe_line(f"  {output.when(item.at, zone)}  {item.text}"))
