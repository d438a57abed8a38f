"""Statements that wait for the next answer, where the database is on another host."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import insert, make_url

from maild.store import Store, Tx, Writer
from maild.store.engine import is_far
from maild.store.statements import Prepared
from maild.store.tables import META
from tests.cases import cases
from tests.store.values import ask

_NEW = Prepared(insert(META))
"""Fails for a key that is there."""


@cases("url, far", [
    ("sqlite:////var/lib/maild/maild.db", False),
    ("postgresql+psycopg://maild@/desk", False),
    ("postgresql+psycopg://maild@%2Fvar%2Frun%2Fpostgresql/desk", False),
    ("postgresql+psycopg:///desk?host=/var/run/postgresql", False),
    ("postgresql+psycopg:///desk?host=db.example", True),
    ("postgresql+psycopg://maild@localhost/desk", False),
    ("postgresql+psycopg://maild@127.0.0.5/desk", False),
    ("postgresql+psycopg://maild@[::1]/desk", False),
    ("postgresql+psycopg://maild@10.0.0.5/desk", True),
    ("postgresql+psycopg://maild@db.example/desk", True),
])  # fmt: skip
def test_what_is_reached_over_a_network(url: str, far: bool) -> None:
    assert is_far(make_url(url)) is far


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


@pytest.mark.slow
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_statements_that_nobody_waits_for_are_one_round_trip(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipelines = 0
    pipeline = Connection.pipeline

    def counted(self: Connection[Any]) -> Any:
        nonlocal pipelines
        pipelines += 1
        return pipeline(self)

    monkeypatch.setattr(Connection, "pipeline", counted)
    with store.write() as tx:
        tx.tell(_NEW, *[{"key": f"k{number}", "value": ""} for number in range(20)])
        assert pipelines == 0
        assert tx.meta("k19") == ""
        assert pipelines == 1
        assert tx.meta("k3") == ""
        assert pipelines == 1


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
