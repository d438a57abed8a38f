"""A transaction of several parts, each of which can fail alone: what is gathered for all of them follows its part."""

from __future__ import annotations

from datetime import timedelta

from maild.model import LookupKeys
from maild.store import Store
from tests.store.values import NOW, ask


def notes(store: Store) -> list[str]:
    return [one.note for one in ask(store, lambda tx: tx.events("ticket", 7))]


def test_events_stay_with_the_part_that_caused_them(store: Store) -> None:
    with store.write() as tx:
        for note, fails in (("one", False), ("two", True), ("three", False), ("four", True)):
            tx.savepoint()
            tx.add_events([("ticket", 7, "", "received", note)], NOW)
            if note in ("two", "three", "four"):  # reads, and so writes what is gathered
                assert tx.events("ticket", 7)[-1].note == note
            tx.roll_back_to_savepoint() if fails else tx.release()
        tx.add_events([("ticket", 7, "", "received", "last")], NOW)
    assert notes(store) == ["one", "three", "last"]


def test_events_of_parts_that_fail_without_a_look_at_them_are_not_written(store: Store) -> None:
    with store.write() as tx:
        for note, fails in (("one", False), ("two", True), ("three", False)):
            tx.savepoint()
            tx.add_events([("ticket", 7, "", "received", note)], NOW)
            tx.roll_back_to_savepoint() if fails else tx.release()
    assert notes(store) == ["one", "three"]


def test_answers_of_the_hour_are_summed_over_the_parts_that_hold(store: Store) -> None:
    keys = LookupKeys("a@acme.example")
    with store.write() as tx:
        tx.counters.add({"desk": 2, "a:a@acme.example": 1}, NOW - timedelta(minutes=61))
        tx.counters.add({"desk": 4}, NOW - timedelta(minutes=30))
        for count, fails in ((8, False), (16, True), (32, False)):
            tx.savepoint()
            before = tx.facts(keys, NOW).automatic_desk_last_hour
            tx.counters.add({"desk": count, "a:a@acme.example": 1}, NOW)
            assert tx.facts(keys, NOW).automatic_desk_last_hour == before + count
            tx.roll_back_to_savepoint() if fails else tx.release()
        found = tx.facts(keys, NOW)
        assert (found.automatic_desk_last_hour, found.automatic_last_hour) == (44, 2)
        later = tx.facts(keys, NOW + timedelta(minutes=31))
        assert (later.automatic_desk_last_hour, later.automatic_last_hour) == (40, 2)
    again = ask(store, lambda tx: tx.facts(keys, NOW))
    assert (again.automatic_desk_last_hour, again.automatic_last_hour) == (44, 2)
