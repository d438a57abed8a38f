"""Tickets, people, companies and searches are the same by the driver alone as in a transaction, whatever the rows hold."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table

from maild.errors import NotFound, StoreBusy
from maild.fulltext import Query, Term
from maild.settings import Database, Settings
from maild.store import Store, sqlite_queue, sqlite_tickets, tables
from maild.store.driver import sqlite_driver
from maild.store.types import Choice, JsonText, Moment, Stored
from maild.ticket.vocabulary import EntryType
from tests.store.values import HOUR, NOW, ask, new_ticket

NUMBERS = range(1, 9)
ADDRESSES = [f"{name}@acme.example" for name in ("anna", "bela", "cili", "dora")]
WORDS = ("Printer", "nyomtató 100%", "It burns_now.", "Øre", "", "paper jam", "x" * 30)
#: what stands in columns that name rows of other tables, or something that must be there once
NAMED: dict[str, Sequence[Any]] = {
    "ticket": NUMBERS, "other": NUMBERS, "contact_id": range(1, 5), "company": ("acme", "globex"), "address": ADDRESSES,
    "requester": (*ADDRESSES, ""), "outbound_id": range(1, 20), "consent_id": range(1, 9), "outage_id": range(1, 4),
    "author": ADDRESSES, "owner": ("kata", ""), "notice": ("received", "agent_alert"), "key": ("acme", "globex"),
    "merged_into": NUMBERS, "type": tuple(EntryType), "inbound_id": (None,), "corrects": (None,),
}  # fmt: skip
#: in an order in which no row misses what it names
FILLED = (
    tables.COMPANY, tables.COMPANY_DOMAIN, tables.SITE, tables.CONTACT, tables.CONTACT_ADDRESS, tables.BOUNCED_ADDRESS,
    tables.MEMBERSHIP, tables.TICKET, tables.PARTICIPANT, tables.ENTRY, tables.TIME_ENTRY, tables.LINK, tables.OUTAGE,
    tables.OUTAGE_TICKET, tables.CONSENT, tables.CONSENT_TOKEN, tables.OUTBOUND, tables.OUTBOUND_BYTES,
    tables.OUTBOUND_DATA, tables.OUTBOUND_RECIPIENT, tables.INBOUND,
)  # fmt: skip
HOW_MANY = {"company": 2, "contact": 4, "ticket": 8, "outbound": 19, "consent": 8, "outage": 3}
STATES: tuple[dict[str, Any], ...] = (
    {}, {"undelivered": ["anna@acme.example"]}, {"scheduled_for": (NOW + HOUR).isoformat()}, {"alert": "new"},
    {"attachments": [{"name": "kép.png", "size": 3}]}, {"clock": {"received_at": NOW.isoformat(), "pauses": []}},
)  # fmt: skip


def value(column: Column[Any], place: int, chance: random.Random) -> Any:
    """Anything that the column may hold."""
    if column.nullable and chance.random() < 0.3:
        return None
    if column.primary_key and column.name in ("id", "number"):
        return place + 1
    if column.primary_key and column.name == "key":
        return NAMED["key"][place % 2]
    kind = column.type
    if isinstance(kind, Choice):
        return chance.choice([*kind.enum])
    if column.name in NAMED:
        return chance.choice(NAMED[column.name])
    if isinstance(kind, Moment):
        return NOW + chance.randrange(-90, 90) * HOUR / 2
    if isinstance(kind, JsonText):
        several: Any = {} if column.name == "calendars" else ["a", "b"][: place % 3]
        return chance.choice(STATES) if column.name == "data" else several
    if isinstance(kind, Boolean):
        return chance.random() < 0.5
    if isinstance(kind, Integer):
        return chance.randrange(5)
    if isinstance(kind, LargeBinary):
        return b"x"
    words = chance.choice(WORDS)
    return f"{words}{place}" if column.primary_key or column.unique else words


def fill(connection: Any, table: Table, chance: random.Random) -> None:
    """Rows of a table; those that come twice are left out."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    text = f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({', '.join('?' * len(table.columns))})"  # noqa: S608 (our own names)
    for place in range(HOW_MANY.get(table.name, 40)):
        values = [(column, value(column, place, chance)) for column in table.columns]
        connection.execute(text, [
            one if one is None or not isinstance(column.type, Stored) else column.type.to_plain(one)
            for column, one in values
        ])  # fmt: skip


@pytest.fixture
def desk(sqlite_settings: Settings) -> Settings:
    """Of rows that need not fit each other."""
    chance = random.Random(9)
    connection = sqlite_driver().connect(str(sqlite_settings.base / "maild.db"))
    for table in FILLED:
        fill(connection, table, chance)
    connection.commit()
    connection.close()
    return sqlite_settings


def both(settings: Settings, question: Any) -> list[Any]:
    """What a transaction answers, and the driver alone."""
    with Store.open(settings) as store, store.read() as tx:
        slow = question(tx.queue)
    with sqlite_tickets.looking(settings) as source:
        assert source is not None
        return [slow, question(source)]


def test_a_ticket_is_the_same_by_the_driver_alone(desk: Settings) -> None:
    seen: set[str] = set()
    for number in NUMBERS:
        slow, quick = both(desk, lambda source, number=number: source.whole(number))
        assert quick == slow
        seen |= {name for name in ("worked", "consents", "links", "mails") if getattr(slow, name)}
        seen |= {f"ticket {name}" for name in ("entries", "participants") if getattr(slow.ticket, name)}
        seen |= {
            f"mail {name}"
            for one in slow.mails
            for name in ("recipients", "subject", "alert")
            if getattr(one, name)
        }
        seen |= {"tokens" for one in slow.consents if one.tokens} | {
            "outage" for one in slow.links if one.outage
        }
        slow, quick = both(desk, lambda source, number=number: source.sent_times(number))
        assert quick == slow
    assert len(seen) == 11, seen  # of everything something


def test_people_and_companies_are_the_same_by_the_driver_alone(desk: Settings) -> None:
    known = 0
    for address in (*ADDRESSES, "nobody@acme.example"):
        slow, quick = both(desk, lambda source, address=address: source.person(address))
        assert quick == slow
        known += slow is not None and bool(slow.memberships)
    assert known > 1
    for key in ("acme", "globex", "nowhere"):
        slow, quick = both(desk, lambda source, key=key: (source.company(key), source.count_open(key)))
        assert quick == slow
    assert both(desk, lambda source: source.company("acme"))[0].people


def test_what_may_be_next_is_the_same_by_the_driver_alone(desk: Settings) -> None:
    for owner, teams in (("kata", ()), ("", ()), ("", (WORDS[0],)), ("", (WORDS[0], WORDS[1]))):
        slow, quick = both(
            desk,
            lambda source, owner=owner, teams=teams: [[*rows] for rows in source.may_be_next(owner, teams)],
        )
        assert quick == slow
    assert any(both(desk, lambda source: [[*rows] for rows in source.may_be_next("")])[0])


def test_mails_are_the_same_by_the_driver_alone(desk: Settings) -> None:
    for wanted in (
        {},
        {"state": "done"},
        {"kind": "Printer"},
        {"ticket": 3},
        {"ticket": 3, "state": "done"},
        {"limit": 2},
    ):
        slow, quick = both(desk, lambda source, wanted=wanted: source.mails_in(**wanted))
        assert quick == slow
    assert both(desk, lambda source: source.mails_in())[0]


QUERIES = (
    *(Query((Term(word),)) for word in ("printer", "nyomtato", "100%", "ore", "a", "it", "3", "#5", "burns_", "kep")),
    *(Query((Term(word),)) for word in ("'", '"', "%")),
    Query((Term("paper jam", phrase=True),)), Query((Term("print", beginning=True), Term("jam"))),
    Query(companies=("acme",)), Query(phases=("closed", "received")), Query(owners=("kata",)), Query(people=("anna",)),
    Query(before=NOW), Query(after=NOW), Query(has_attachment=True),
    Query((Term("p"),), companies=("acme",), people=("bela",), before=NOW + HOUR, has_attachment=True),
)  # fmt: skip


@pytest.mark.parametrize("index", [False, True], ids=["not yet", "indexed"])
def test_a_search_finds_the_same_by_the_driver_alone(desk: Settings, index: bool) -> None:
    if index:
        with Store.open(desk) as store:
            with store.write() as tx:
                while tx.search.index(50):
                    pass
            new_ticket(store)
    found = 0
    for query in QUERIES:
        for limit in (2, 50):
            slow, quick = both(
                desk, lambda source, query=query, limit=limit: source.search(query, limit=limit)
            )
            assert quick == slow, query
        numbers = [one.number for one in slow]
        slow, quick = both(desk, lambda source, numbers=numbers: source.rows(numbers))
        assert quick == slow
        found += bool(numbers)
    assert found > len(QUERIES) / 2


def test_nobody_has_the_number(desk: Settings) -> None:
    for number in (99, 2**70):
        with Store.open(desk) as store, store.read() as tx, pytest.raises(NotFound) as slow:
            tx.queue.whole(number)
        with sqlite_tickets.looking(desk) as source, pytest.raises(NotFound) as quick:
            source.whole(number)  # type: ignore[union-attr]
        assert str(quick.value) == str(slow.value)


def test_that_a_ticket_was_seen_is_kept_and_moves_on(desk: Settings) -> None:
    with Store.open(desk) as store:
        for entry in (3, 5):
            assert sqlite_tickets.mark_seen(desk, "kata", 1, entry, NOW)
            assert ask(store, lambda tx: tx.seen.newest("kata", 1)) == entry
    assert not sqlite_tickets.mark_seen(
        replace(desk, database=replace(Database(), url="postgresql://maild@host/db")), "kata", 1, 3, NOW
    )


def test_a_busy_database_says_so(desk: Settings) -> None:
    hurried = replace(desk, database=replace(desk.database, busy_timeout_seconds=0.05))
    other = sqlite_driver().connect(str(sqlite_queue.file_of(desk)), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreBusy, match="locked"):
            sqlite_tickets.mark_seen(hurried, "kata", 1, 3, NOW)
    finally:
        other.close()
