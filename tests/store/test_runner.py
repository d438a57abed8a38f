"""Statements that wait for the next answer, where the database is PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, func, insert, select

from maild.model import LookupKeys
from maild.store import Store, Tx, Writer, hot, pipeline
from maild.store.statements import Prepared
from maild.store.tables import META
from tests.store.values import NOW, ask

_NEW = Prepared(insert(META))
"""Fails for a key that is there."""


def test_what_was_told_is_seen_by_what_asks_and_by_what_comes_after(store: Store) -> None:
    with store.write() as tx:
        tx.tell(_NEW, {"key": "a", "value": "1"}, {"key": "b", "value": "2"})
        assert tx.meta("b") == "2"
        tx.tell(_NEW, {"key": "c", "value": "3"})
        assert tx.connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'c'").scalar() == "3"
        tx.tell(_NEW, {"key": "d", "value": "4"})
    assert ask(store, lambda tx: tx.meta("d")) == "4"


def test_what_is_told_last_and_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"), store.write() as tx:  # noqa: PT012
        tx.tell(_NEW, {"key": "a", "value": "1"})
        tx.tell(_NEW, {"key": "secret", "value": "no"})
    assert ask(store, lambda tx: tx.meta("a")) is None


def test_a_part_that_fails_takes_nobody_along_however_often(store: Store) -> None:
    """Also the statements that the server has prepared go on: each of the parts runs the same one."""

    def job(number: int, told: bool) -> Callable[[Tx], None]:
        def work(tx: Tx) -> None:
            tx.tell(_NEW, {"key": f"part {number}", "value": "done"})
            if number % 3 == 0:
                tx.tell(_NEW, {"key": "secret", "value": "no"})
            if number % 7 == 0:
                raise RuntimeError("the part itself")
            if told:
                assert tx.meta(f"part {number}") == "done"

        return work

    async def run(told: bool) -> list[Any]:
        jobs = (writer.run(job(number + 100 * told, told)) for number in range(1, 41))
        return await asyncio.gather(*jobs, return_exceptions=True)

    writer = Writer(store, wait_seconds=0.3)
    writer.start()
    try:
        answers = {told: asyncio.run(run(told)) for told in (False, True)}
    finally:
        writer.stop()
    for told, results in answers.items():
        for number, result in enumerate(results, 1):
            key = number + 100 * told
            fails = key % 3 == 0 or key % 7 == 0
            assert isinstance(result, Exception) is fails, (key, result)
            with store.read() as tx:
                assert tx.meta(f"part {key}") == (None if fails else "done")


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many results each round trip brought."""
    seen: list[int] = []
    receive = pipeline.PreparedSession.receive

    def counted(self: pipeline.PreparedSession, results: list[Any]) -> None:
        receive(self, results)
        seen.append(len(results))

    monkeypatch.setattr(pipeline.PreparedSession, "receive", counted)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_statements_that_nobody_waits_for_are_one_round_trip(store: Store, trips: list[int]) -> None:
    for parsed in (1, 0):  # each text is parsed once a connection
        del trips[:]
        with store.write(concurrent=True) as tx:
            assert trips == []
            tx.tell(_NEW, *[{"key": f"k{parsed}.{number}", "value": ""} for number in range(20)])
            assert trips == []
            assert tx.meta(f"k{parsed}.19") == ""
            assert trips == [
                2 + 20 + 1 + 4 * parsed
            ]  # BEGIN, the writers' lock, what was told, what was asked
            tx.tell(_NEW, {"key": f"last {parsed}", "value": ""})
        assert trips[1:] == [2 + parsed]  # the last statement and COMMIT
        with store.read() as tx:
            assert tx.meta(f"last {parsed}") == ""


def test_what_is_going_to_be_asked_comes_with_the_next_answer_once(store: Store, trips: list[int]) -> None:
    with store.write() as tx:
        tx.tell(_NEW, *[{"key": key, "value": key * 2} for key in "abc"])
    with store.write(concurrent=True) as tx:
        assert tx.meta("c") == "cc"
        del trips[:]
        for key in ("a", "b", "none"):
            tx.ahead(hot.META_VALUE, {"key": key})
        assert trips == []
        assert [tx.meta(key) for key in ("c", "b", "none", "a")] == ["cc", "bb", None, "aa"]
        assert len(trips) == (0 if store.is_sqlite else 1)
        tx.ahead(hot.META_VALUE, {"key": "b"})
        assert [tx.meta(key) for key in ("b", "b")] == ["bb", "bb"]
        assert len(trips) == (0 if store.is_sqlite else 3)


def test_what_was_told_meanwhile_is_seen_by_what_was_going_to_be_asked(store: Store) -> None:
    with store.write(concurrent=True) as tx:
        # what the first round told is rolled back with what is known of it
        for begin in (tx.savepoint, tx.roll_back_to_savepoint):
            begin()
            assert tx.meta("new") is None
            tx.ahead(hot.META_VALUE, {"key": "new"})
            assert tx.meta("old") is None
            tx.tell(_NEW, {"key": "new", "value": "1"})
            assert tx.meta("new") == "1"
            tx.ahead(hot.META_VALUE, {"key": "new"})
            assert tx.meta("old") is None
        tx.forget_ahead()
        assert tx.meta("new") == "1"


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_all_that_is_looked_up_for_a_new_mail_is_one_round_trip(store: Store, trips: list[int]) -> None:
    keys = LookupKeys(
        "bea@acme.example", ("bea@acme.example", "help@desk.example"), own_message_id="<n@acme.example>",
        fingerprint="f",
    )  # fmt: skip
    for _ in range(2):  # the first one reads whom it may be about
        with store.write(concurrent=True) as tx:
            del trips[:]
            found = tx.facts(keys, NOW, inbound_id=1)
            assert (found.tickets, found.duplicate_of, found.people) == ({}, None, {})
            brought = list(trips)
    assert len(brought) == 1


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_transaction_in_which_nothing_is_done_is_none(store: Store, trips: list[int]) -> None:
    with store.write(concurrent=True), store.read():
        pass
    assert trips == []


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_more_statements_than_are_kept_prepared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "KEPT", 3)
    for number in range(3):
        with store.write(concurrent=True) as tx:
            tx.tell(_NEW, {"key": f"k{number}", "value": "ő\n'%$1"})
            assert tx.meta(f"k{number}") == "ő\n'%$1"
        assert ask(store, lambda tx: tx.meta(f"k{number}")) == "ő\n'%$1"  # noqa: B023


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_what_is_told_may_be_larger_than_all_buffers(store: Store) -> None:
    """Also where the server answers before it has read everything: both sides go on."""
    with store.write(concurrent=True) as tx:
        tx.tell(_NEW, *[{"key": f"k{number}", "value": "x" * 100_000} for number in range(200)])
        tx.tell(hot.META_VALUE, *[{"key": f"k{number}"} for number in range(200)])
        assert tx.meta("k199") == "x" * 100_000
    assert ask(store, lambda tx: tx.meta("k0")) == "x" * 100_000


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_commit_that_undoes_is_an_error(store: Store) -> None:
    """PostgreSQL answers COMMIT with ROLLBACK where a statement failed before and somebody went on."""
    with pytest.raises(Exception, match=r"not committed|cannot be reached"), store.write() as tx:  # noqa: PT012
        tx.tell(_NEW, {"key": "secret", "value": "no"})
        with suppress(Exception):
            tx.send()


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_a_person_who_interrupts_a_statement_finds_the_connection_as_it_was(store: Store) -> None:
    def interrupt() -> None:
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)

    waits = Prepared(select(func.pg_sleep(bindparam("seconds", type_=Integer)).label("slept")))
    with store.read() as tx:
        pid = tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    thread = threading.Thread(target=interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    with pytest.raises(KeyboardInterrupt), store.write(concurrent=True) as tx:  # noqa: PT012
        thread.start()
        tx.tell(_NEW, {"key": "a", "value": "1"})
        tx.row(waits, {"seconds": 600})
    thread.join()
    signal.signal(signal.SIGINT, before)
    with store.read() as tx:
        assert tx.meta("a") is None
        assert tx.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() == pid


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_an_idle_connection_that_died_is_replaced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def end_all_others(tx: Tx) -> None:
        tx.connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
                                      "pg_backend_pid() AND datname = current_database()")  # fmt: skip

    ask(store, lambda tx: tx.meta("secret"))
    with Store.open(store.settings) as other, other.write(if_free=True) as tx:
        end_all_others(tx)
    monkeypatch.setattr("maild.store.engine._LATELY", 0.0)
    assert ask(store, lambda tx: tx.meta("secret"))
