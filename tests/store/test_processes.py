"""Several processes on one database, as the daemon and agents' commands are."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable
from datetime import timedelta

import pytest

from maild.errors import Refused
from maild.model import DecideConsent, Plan
from maild.settings import Settings
from maild.store import Store
from maild.ticket.phases import ConsentState
from maild.ticket.state import TicketChange
from tests.shapes import shapes
from tests.store.values import BOSS, NOW, accept, apply, ask, consent, new_ticket, notice

#: real processes, seconds each
pytestmark = pytest.mark.slow

ROUNDS = 25


def _in_processes(
    work: Callable[[Settings], list[int]], settings: Settings, count: int = 3
) -> list[list[int]]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(count) as pool:
        return pool.map(work, [settings] * count)


def open_tickets(settings: Settings) -> list[int]:
    with Store.open(settings) as store:
        return [new_ticket(store, notice()) for _ in range(ROUNDS)]


def add_one(settings: Settings) -> list[int]:
    """Reads, then writes what it read plus one: lost updates would show."""
    with Store.open(settings) as store:
        for _ in range(ROUNDS):
            with store.write() as tx:
                (row,) = tx.tickets.list()
                number = row.number or 0
                seen = tx.tickets.brief(number).state.outages
                tx.tickets.update(number, TicketChange(outages=(*seen, len(seen))), NOW)
    return []


def claim_all(settings: Settings) -> list[int]:
    found: list[int] = []
    with Store.open(settings) as store:
        while True:
            with store.write() as tx:
                works = tx.inbound.claim(3, NOW, timedelta(hours=1), "w")
            if not works:
                return found
            found += [work.id for work in works]


def answer(settings: Settings) -> list[int]:
    """Several answers racing: how many of them decided."""
    decided = 0
    with Store.open(settings) as store:
        for _ in range(5):
            with contextlib.suppress(Refused):
                apply(
                    store,
                    Plan(
                        (
                            DecideConsent(1, ConsentState.GRANTED, BOSS.address),
                            notice(15789, "approval_result"),
                        )
                    ),
                )
                decided += 1
    return [decided]


def test_numbers_are_unique_under_three_processes(settings: Settings) -> None:
    numbers = [number for one in _in_processes(open_tickets, settings) for number in one]
    assert sorted(numbers) == list(range(15789, 15789 + 3 * ROUNDS))


def test_no_update_is_lost_under_three_processes(settings: Settings) -> None:
    with Store.open(settings) as store:
        number = new_ticket(store)
        _in_processes(add_one, settings)
        assert ask(store, lambda tx: tx.tickets.brief(number)).state.outages == tuple(range(3 * ROUNDS))


def test_each_mail_is_claimed_by_one_process(settings: Settings) -> None:
    with Store.open(settings) as store:
        keys = [accept(store) for _ in range(40)]
    claimed = [key for one in _in_processes(claim_all, settings) for key in one]
    assert sorted(claimed) == keys


def test_racing_answers_give_one_decision_and_one_mail(settings: Settings) -> None:
    with Store.open(settings) as store:
        new_ticket(store, consent())
        assert sum(sum(one) for one in _in_processes(answer, settings)) == 1
        assert len(ask(store, lambda tx: shapes(tx.outbound.list()))) == 1
