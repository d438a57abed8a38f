"""The texts that are written out are those of Core, and both ways of reading the queue give the same."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from maild.errors import ConfigError, StoreBusy
from maild.model import AddEntry, Plan, UpdateTicket
from maild.settings import Database, Settings
from maild.store import Store, companies, lists, mails_in, seen, sqlite_queue
from maild.store.driver import sqlite_driver
from maild.ticket.phases import InboundState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import EntryType
from tests.cases import cases
from tests.store.values import HOUR, NOW, accept, apply, ask, mail, new_ticket, plan


def of_core(statement: Any) -> sqlite_queue.Query:
    made = statement.compile(
        dialect=sqlite.dialect(paramstyle="qmark"), compile_kwargs={"render_postcompile": True}
    )
    return " ".join(str(made).split()), tuple(made.params[name] for name in made.positiontup or ())


def one_line(query: sqlite_queue.Query) -> sqlite_queue.Query:
    return " ".join(query[0].split()), query[1]


@cases("wide", [False, True])
@cases("limit", [None, 7])
@cases("phase", [None, "closed"])
@cases("named", list(itertools.product([False, True], repeat=3)))
def test_tickets_are_asked_for_in_the_words_of_core(
    wide: bool, limit: int | None, phase: str | None, named: tuple[bool, ...]
) -> None:
    wanted = {
        name: f"a {name}" for name, given in zip(("company", "team", "owner"), named, strict=True) if given
    }
    told: dict[str, Any] = {"all": wide, "limit": limit, "phase": phase, **wanted}
    assert one_line(sqlite_queue.tickets(**told)) == of_core(lists.queue_query(**told))


def test_the_other_texts_are_those_of_core() -> None:
    assert one_line(sqlite_queue.owners()) == of_core(lists.owners_query())
    assert one_line(sqlite_queue.company_keys()) == of_core(companies.keys_query())
    assert one_line(sqlite_queue.looked_at("kata", [1, 2, 3])) == of_core(
        seen.looked_at_query("kata", [1, 2, 3])
    )
    assert one_line(sqlite_queue.newest_of_others("kata", [4])) == of_core(seen.newest_query("kata", [4]))


def test_mails_on_no_ticket_are_found_by_the_conditions_of_core() -> None:
    """The columns are fewer; the rest is the same."""
    for ours, theirs in (
        (sqlite_queue.unfiled(9), mails_in.unfiled_query(9)),
        (sqlite_queue.quarantined(9), mails_in.listed_query(9, state=InboundState.QUARANTINED)),
    ):
        (text, values), (wanted, params) = one_line(ours), of_core(theirs)
        assert text.partition(" FROM ")[2] == wanted.partition(" FROM ")[2]
        assert values == params


def test_the_queue_of_a_file_gives_what_a_transaction_gives(sqlite_settings: Settings) -> None:
    with Store.open(sqlite_settings) as store:
        new_ticket(store)
        theirs = new_ticket(store, company="acme", owner="kata", respond_by=NOW + HOUR, kind="complaint")
        closed = new_ticket(store, company="acme", team="L2", owner="bela")
        apply(store, Plan((UpdateTicket(closed, TicketChange(phase=Phase.CLOSED)),)))
        said = AddEntry(theirs, EntryType.MAIL, "anna@acme.example", "email", "It burns", True)
        apply(store, Plan((said,)))
        apply(store, plan(), inbound_id=accept(store), mail=mail())
        bad = accept(store, raw=b"Subject: bad\r\n\r\n")
        with store.write() as tx:
            tx.inbound.quarantine(bad, "cannot be read", "", NOW)
            tx.seen.mark("kata", theirs, 0, NOW)
        for told in (
            {},
            {"all": True},
            {"company": "acme", "limit": 1},
            {"phase": "closed"},
            {"owner": "bela"},
        ):
            slow = ask(store, lambda tx, told=told: [*tx.queue.tickets(**told)])  # type: ignore[misc]
            with sqlite_queue.looking(sqlite_settings) as quick:
                assert quick is not None
                assert [*quick.tickets(**told)] == slow
        with sqlite_queue.looking(sqlite_settings) as quick:
            assert quick is not None
            for agent in ("kata", "bela"):
                numbers = [row.number or 0 for row in quick.tickets(all=True)]
                assert quick.unread(agent, numbers) == ask(store, lambda tx: tx.queue.unread(agent, numbers))  # noqa: B023
            assert theirs in quick.unread("bela", [theirs])
            assert [*quick.owners()] == [*ask(store, lambda tx: tx.queue.owners())] == ["kata"]
            assert [*quick.mails_on_no_ticket(5)] == ask(store, lambda tx: [*tx.queue.mails_on_no_ticket(5)])
            assert [one.id for one in quick.mails_on_no_ticket(5)][-1] == bad
            assert [*quick.company_keys()] == [*ask(store, lambda tx: tx.queue.company_keys())]


def test_reading_the_queue_of_a_file_writes_nothing(sqlite_settings: Settings) -> None:
    with pytest.raises(StoreBusy, match="cannot be written"), sqlite_queue.looking(sqlite_settings) as quick:
        quick._run(("DELETE FROM ticket", ()))  # type: ignore[union-attr]


def test_other_databases_and_other_versions_are_left_to_the_store(sqlite_settings: Settings) -> None:
    def url(text: str) -> Settings:
        return replace(sqlite_settings, database=replace(Database(), url=text))

    for text in ("postgresql://maild@host/db", "sqlite:///nowhere.db", "sqlite:///maild.db?mode=ro"):
        with sqlite_queue.looking(url(text)) as quick:
            assert quick is None
    (sqlite_settings.base / "empty.db").touch()
    with sqlite_queue.looking(url("sqlite:///empty.db")) as quick:
        assert quick is None
    connection = sqlite_driver().connect(str(sqlite_settings.base / "maild.db"), isolation_level=None)
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    with sqlite_queue.looking(sqlite_settings) as quick:
        assert quick is None
    (sqlite_settings.base / "letter.db").write_bytes(b"Dear Sir or Madam, " * 100)
    with (
        pytest.raises(ConfigError, match="not a SQLite database"),
        sqlite_queue.looking(url("sqlite:///letter.db")),
    ):
        pass


def test_a_ticket_says_when_it_changed_last(store: Store) -> None:
    number = new_ticket(store)
    with store.write() as tx:
        tx.tickets.touch([number], NOW + timedelta(hours=5))
    (row,) = ask(store, lambda tx: tx.tickets.list())
    assert row.changed == NOW + timedelta(hours=5)
