"""Several processes on one database, as the daemon and agents' commands are."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import timedelta

from maild.model import Plan, UpdateTicket
from maild.settings import Settings
from maild.store import Store
from tests.store.values import NOW, accept, apply, ask, new_ticket, notice

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
                number = row["number"]
                seen = tx.tickets.brief(number).data.get("seen", 0)
                tx.tickets.update(number, {"data": {"seen": seen + 1}}, NOW)
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


def close_ticket(settings: Settings) -> list[int]:
    """Eight answers racing: how many of them moved the ticket."""
    moved = 0
    with Store.open(settings) as store:
        (row,) = ask(store, lambda tx: tx.tickets.list(all=True))
        try:
            apply(
                store,
                Plan((UpdateTicket(row["number"], {"phase": "merged"}), notice(row["number"], "merged"))),
            )
            moved += 1
        except Exception as error:
            assert "cannot go from merged" in str(error) or "merged" in str(error)
    return [moved]


def test_numbers_are_unique_under_three_processes(settings: Settings) -> None:
    numbers = [number for one in _in_processes(open_tickets, settings) for number in one]
    assert sorted(numbers) == list(range(15789, 15789 + 3 * ROUNDS))


def test_no_update_is_lost_under_three_processes(settings: Settings) -> None:
    with Store.open(settings) as store:
        number = new_ticket(store)
        _in_processes(add_one, settings)
        assert ask(store, lambda tx: tx.tickets.brief(number)).data == {"seen": 3 * ROUNDS}


def test_each_mail_is_claimed_by_one_process(settings: Settings) -> None:
    with Store.open(settings) as store:
        keys = [accept(store) for _ in range(40)]
    claimed = [key for one in _in_processes(claim_all, settings) for key in one]
    assert sorted(claimed) == keys


def test_racing_changes_of_one_ticket_give_one_change(settings: Settings) -> None:
    with Store.open(settings) as store:
        new_ticket(store)
        assert sum(sum(one) for one in _in_processes(close_ticket, settings)) == 1
        assert len(ask(store, lambda tx: tx.outbound.list())) == 1
