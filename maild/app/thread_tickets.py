"""One thread, several tickets: a customer and a third party who answer each other with the desk in copy.

Each has a ticket of their own, and what one writes answers a mail that stands on the other's. The link that was
made when the second ticket opened (`claims`, `related`) ties them: evidence for one of them is evidence for
the sender's own. Rights stay with the table: a ticket that this mail's thread began on may be joined as if the
evidence named it, any other of the thread only by who takes part in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from maild.app.relation import merged_chain, takes_part
from maild.model import Facts, TicketFacts
from maild.ticket.phases import DONE

#: a thread of more tickets than this is none of people who write to each other
MOST = 50


def others(chain: tuple[TicketFacts, ...], own: frozenset[str], facts: Facts) -> Iterator[tuple[int, str]]:
    """(number, why) of the other tickets of the thread that evidence points to by `chain`, a ticket and those it was
    merged into: first those in whose thread it was opened, nearest first, then the sender's own, open ones and newer
    ones first."""
    if not facts.answers:
        return
    visited = {ticket.number for ticket in chain}
    origins: list[int] = []
    around = [ticket.number for ticket in chain]
    for number in around:  # grows as it goes
        for ticket, other in facts.answers:
            if ticket == number and other not in visited and other in facts.tickets and len(visited) < MOST:
                visited.add(other)
                around.append(other)
                origins.append(other)
    for number in origins:
        yield number, f"#{around[0]} was opened in its thread"
    for number in around:
        for ticket, other in facts.answers:
            if other == number and ticket not in visited and ticket in facts.tickets and len(visited) < MOST:
                visited.add(ticket)
                around.append(ticket)
    chains = {n: merged_chain(n, facts) for n in around[len(chain) + len(origins) :]}
    theirs = [n for n, merged in chains.items() if any(takes_part(one, own) for one in merged)]
    for number in sorted(theirs, key=lambda n: (chains[n][-1].phase in DONE, -n)):
        yield number, "it is the sender's own ticket of this thread"
