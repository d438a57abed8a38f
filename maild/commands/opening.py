"""Opening a ticket for somebody, for the verb `new` and the full screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from maild.commands.acting import Done, TakeBack, letters_of
from maild.commands.session import Session, now
from maild.model import AddEntry, LookupKeys, Plan


@dataclass(frozen=True, slots=True)
class Wanted:
    """The request as the agent heard it; `address` is normalised."""

    address: str
    subject: str
    name: str = ""
    kind: str | None = None
    severity: str | None = None
    channel: str = "email"
    called: str = ""
    take: bool = False


def do(
    here: Session,
    wanted: Wanted,
    text: str,
    agent: str | None,
    *,
    no_mail: bool = False,
    dry_run: bool = False,
    nonce: Callable[[], str],
) -> Done:
    """The ticket, held for approval at once where its kind asks for that. Raises `Refused`."""
    from maild.app import acts, approvals, new_by_agent
    from maild.app.compound import quiet

    made: list[Done] = []
    try:
        with here.write() as tx:
            facts = tx.facts(LookupKeys(sender=wanted.address, addresses=(wanted.address,)), now())
            plan = new_by_agent.new(
                facts, here.settings, now(), here.agent(agent), address=wanted.address, name=wanted.name,
                subject=wanted.subject, text=text, kind=wanted.kind, severity=wanted.severity, channel=wanted.channel,
                called=wanted.called,
            )  # fmt: skip
            plans = [quiet(plan) if no_mail else plan]
            number = here.apply(tx, plans[0]).tickets[0]
            ticket = tx.ticket(number)
            if new_by_agent.to_hold(ticket, here.settings):
                plans.append(
                    approvals.request(here.act(tx, ticket, agent), ticket, None, ticket.kind, "", nonce)
                )
                here.apply(tx, plans[-1])
            elif wanted.take:
                # the acknowledgement says enough: no second mail a moment later
                plans.append(quiet(acts.take(here.act(tx, ticket, agent), ticket)))
                here.apply(tx, plans[-1])
            changes = tuple(change for one in plans for change in one.changes)
            letters = letters_of(here, Plan(changes), number) if dry_run else ()
            entries = tuple(change for change in changes if isinstance(change, AddEntry))
            made.append(Done(tx.tickets.as_json(number), letters, entries, dry_run=dry_run))
            if dry_run:
                raise TakeBack
    except TakeBack:
        pass
    return made[0]
