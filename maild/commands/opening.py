"""Opening a ticket for somebody, for the verb `new` and the full screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maild.commands.acting import Done, letters_of
from maild.commands.session import Session, now
from maild.model import NEW, AddEntry, LookupKeys, OpenTicket, Plan

if TYPE_CHECKING:
    from maild.app.new_by_agent import Call


def do(
    here: Session,
    call: Call,
    agent: str | None,
    *,
    take: bool = False,
    no_mail: bool = False,
    dry_run: bool = False,
    nonce: Callable[[], str],
) -> Done:
    """The ticket, held for approval at once where its kind asks for that; `take`: the agent's own, else. Refused."""
    from maild.app import acts, new_by_agent, undoable_act
    from maild.app.compound import quiet
    from maild.ticket.phases import Phase

    with here.write(dry_run=dry_run) as tx:
        facts = tx.facts(LookupKeys(sender=call.address, addresses=(call.address,)), now())
        plan = new_by_agent.new(facts, here.settings, now(), here.agent(agent), call, nonce)
        ticket = next(c.ticket for c in plan.changes if isinstance(c, OpenTicket))
        if take and ticket.phase is Phase.RECEIVED:
            # the acknowledgement says enough: no second mail a moment later
            taken = quiet(acts.take(here.act(tx, ticket, agent), ticket))
            plan = Plan((*plan.changes, *taken.changes), inbound_ticket=plan.inbound_ticket)
        act = acts.ActContext(
            here.settings, now(), here.agent(agent), new_by_agent.company_of(facts, facts.people.get(call.address)),
            facts.people.get(call.address),
        )  # fmt: skip
        plan = undoable_act.recorded(act, NEW, plan, no_mail=no_mail)
        number = here.apply(tx, plan).tickets[0]
        letters = letters_of(here, plan, number) if dry_run else ()
        entries = tuple(change for change in plan.changes if isinstance(change, AddEntry))
        return Done(tx.tickets.row(number), letters, entries, dry_run=dry_run)
