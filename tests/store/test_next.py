"""What is next is asked of the database in pieces; it is the one that all open tickets together would give."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from maild.commands import reading
from maild.settings import Agent, Settings
from maild.store import Store
from maild.store.tables import TICKET
from maild.ticket import queue
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import TicketKind
from tests.store.values import HOUR, NOW, new_ticket

DESK = replace(Settings(), agents={"kata": Agent("kata", teams=("L1",)), "lead": Agent("lead")})
#: due times and the like: long late, late, at once, within the hour, later, never
MOMENTS = (NOW - 9 * HOUR, NOW - HOUR, NOW, NOW + HOUR / 2, NOW + 3 * HOUR, None)
DATA: tuple[dict[str, Any], ...] = (
    {}, {}, {"undelivered": ["anna@acme.example"]}, {"scheduled_for": (NOW + 30 * HOUR).isoformat()},
)  # fmt: skip


def anything(chance: random.Random) -> dict[str, Any]:
    """A state of a ticket; also such as no act leaves behind."""
    waits = chance.choice(MOMENTS[:3]) if chance.random() < 0.2 else None
    return {
        "owner": chance.choice(["", "", "kata", "lead"]), "team": chance.choice(["L1", "L2"]),
        "phase": chance.choice([*Phase, Phase.ACCEPTED, Phase.WAITING_CUSTOMER]),
        "kind": TicketKind.COMPLAINT if chance.random() < 0.1 else TicketKind.INCIDENT,
        "due": chance.choice(MOMENTS), "waiting_since": waits, "reply_by": waits and waits + HOUR,
        "data": chance.choice(DATA),
    }  # fmt: skip


def test_what_is_next_is_what_all_open_tickets_give(store: Store) -> None:
    numbers = [new_ticket(store) for _ in range(14)]
    several = 0
    for seed in range(150):
        chance = random.Random(seed)
        with store.write() as tx:
            for number in numbers:
                tx.execute(update(TICKET).where(TICKET.c.number == number).values(**anything(chance)))
            for viewer, teams in (("kata", ("L1",)), ("lead", ()), ("", ())):
                wanted = queue.next_of(tx.tickets.list(), viewer, teams, NOW)
                found = reading.next_ticket(tx.queue, DESK, viewer, NOW)
                assert found == wanted, (seed, viewer)
                several += found is not None
    assert several > 300  # it was not always nothing


def test_no_more_is_read_than_the_first_that_is_ready(store: Store) -> None:
    for at in range(40):
        new_ticket(store, respond_by=NOW + at * timedelta(minutes=1))
    with store.read() as tx:
        queues = tx.tickets.may_be_next("")
        read = [row.number for row in queue.until_ready(queues.ours, NOW)]
        assert len(read) == 1
        assert next(queues.ours, None) is not None  # the rest was left where it is
