"""Daemons that live and die, and the duties that they have, on both databases."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection

import pytest

from maild.errors import StoreBusy
from maild.settings import Settings
from maild.store import Store
from maild.store.presence import fresh_id, place_here, surely_gone
from maild.store.processes import LeaseLost
from tests.store.values import NOW, accept, apply, ask, entry, mail, notice, opening, plan
from tests.timing import PATIENCE

LEASE = timedelta(minutes=10)


def live(settings: Settings, key: str, pipe: Connection) -> None:
    """A process that lives until it is killed."""
    with Store.open(settings) as store:
        presence = store.presence()
        presence.enter(key)
        pipe.send("here")
        time.sleep(60)


def died(settings: Settings, key: str) -> Callable[[], None]:
    """Starts such a process; to be called for its death."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=live, args=(settings, key, theirs))
    child.start()
    assert ours.poll(60)
    assert child.pid is not None
    pid = child.pid

    def kill() -> None:
        os.kill(pid, signal.SIGKILL)
        child.join(PATIENCE)

    return kill


@pytest.mark.slow
def test_a_killed_process_lives_no_more(store: Store, settings: Settings) -> None:
    ours, other = fresh_id(), fresh_id()
    presence = store.presence()
    presence.enter(ours)
    kill = died(settings, other)
    assert presence.living([ours, other, "0123456789abcdef"]) == {ours, other}
    kill()
    begun = time.monotonic()
    while other in presence.living([ours, other]):
        assert time.monotonic() < begun + PATIENCE
        time.sleep(0.05)
    presence.leave()


def test_two_processes_see_each_other(store: Store, reopened: Callable[[], Store]) -> None:
    one, two = fresh_id(), fresh_id()
    with reopened() as other:
        first, second = store.presence(), other.presence()
        first.enter(one)
        second.enter(two)
        assert first.living([one, two]) == second.living([one, two]) == {one, two}
        second.leave()
        assert first.living([one, two]) == {one}
    first.leave()


def test_a_server_that_ends_every_session_makes_a_process_begin_to_live_anew(store: Store) -> None:
    if store.is_sqlite:
        return  # nobody but the kernel ends a lock on a file
    presence, key = store.presence(), fresh_id()
    presence.enter(key)
    with store.write() as tx:
        tx.connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(StoreBusy):
        presence.living([key])
    with pytest.raises(StoreBusy, match="lost"):
        presence.living([key])
    presence.enter(key)
    assert presence.living([key]) == {key}
    presence.leave()


def test_a_process_of_this_machine_that_is_gone_is_known() -> None:
    assert not surely_gone(place_here())
    host, _, rest = place_here().partition(":")
    assert surely_gone(f"{host}:{rest.partition(':')[0]}:1")
    assert not surely_gone(f"elsewhere.example:{rest}")
    assert not surely_gone("")


def test_what_a_dead_process_had_is_given_back_once(store: Store) -> None:
    key = accept(store)
    apply(store, plan(opening(), entry(from_mail=True), notice()), inbound_id=accept(store), mail=mail())
    with store.write() as tx:
        tx.processes.enter("dead", "elsewhere:1:1", NOW)
        tx.processes.enter("living", "elsewhere:2:1", NOW)
        assert tx.processes.take("mailbox:support", "dead", None) == 1
        (work,) = tx.inbound.claim(9, NOW, LEASE, "dead")
        assert len(tx.outbound.claim(9, NOW, "dead", LEASE)) == 1
        tx.hooks.add(["https://chat.example/hook"], "new", "e1", None, "{}", NOW)
        assert len(tx.hooks.claim("https://chat.example/hook", 9, NOW, "dead", LEASE)) == 1
    with store.write() as tx:
        assert tx.inbound.claim(9, NOW, LEASE, "living") == []
        assert tx.processes.take("mailbox:support", "living", None) is None
        assert tx.processes.bury("dead", NOW) == (1, 1)
        assert tx.processes.bury("dead", NOW) == (0, 0)
        assert [one.id for one in tx.processes.all()] == ["living"]
        assert tx.processes.take("mailbox:support", "living", None) == 2
        (again,) = tx.inbound.claim(9, NOW, LEASE, "living")
        assert (again.id, again.attempts) == (work.id, 2) == (key, 2)
        (sending,) = tx.outbound.claim(9, NOW, "living", LEASE)
        assert sending.maybe_sent
        assert len(tx.hooks.claim("https://chat.example/hook", 9, NOW, "living", LEASE)) == 1


def test_a_duty_has_one_holder_and_a_new_number_for_each(store: Store) -> None:
    with store.write() as tx:
        assert tx.processes.take("deadlines", "one", None) == 1
        assert tx.processes.take("deadlines", "one", None) == 1
        assert tx.processes.take("deadlines", "two", None) is None
        tx.processes.check("deadlines", 1)
        tx.processes.leave("one")
        assert tx.processes.take("deadlines", "two", None) == 2
        with pytest.raises(LeaseLost):
            tx.processes.check("deadlines", 1)
        with pytest.raises(LeaseLost):
            tx.processes.check("never heard of", 1)


def test_a_duty_for_a_time_is_anybodys_when_it_is_over(store: Store) -> None:
    second = timedelta(seconds=1)
    with store.write() as tx:
        assert tx.processes.take("deadlines", "one", 60 * second) == 1
        assert tx.processes.take("deadlines", "two", 60 * second) is None
        assert tx.processes.take("deadlines", "one", -second) == 1
        assert tx.processes.take("deadlines", "two", 60 * second) == 2
        assert tx.processes.take("deadlines", "one", second) is None


def test_the_databases_clock_goes_right(store: Store) -> None:
    found = ask(store, lambda tx: tx.processes.now())
    assert abs(found.timestamp() - time.time()) < 60


def test_counts_of_all_daemons_are_summed(store: Store) -> None:
    for process in ("one", "two"):
        store.process = process
        with store.write(concurrent=True) as tx:
            tx.counters.add({"desk": 3}, NOW)
    assert ask(store, lambda tx: tx.counters.last_hour(["desk"], NOW)) == {"desk": 6}
