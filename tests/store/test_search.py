"""The same question has the same answer on both databases, whether the index has caught up or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from maild.desk import search_words
from maild.fulltext import Query
from maild.model import NEW, AddParticipant, Plan, UpdateTicket
from maild.settings import Agent, Settings
from maild.store import Store
from maild.store.search import heads_changed
from maild.store.tables import TICKET
from maild.ticket.entries import FileRow, MailDetails
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from tests.store.values import NOW, apply, ask, entry, new_ticket

DESK = replace(Settings(), agents={"kata": Agent("kata")})


def query(*words: str) -> Query:
    return search_words.parse(words, DESK, NOW, viewer="kata", companies=("acme", "globex"))


def found(store: Store, *words: str, limit: int = 50) -> list[int]:
    return [one.number for one in ask(store, lambda tx: tx.search(query(*words), limit=limit))]


def indexed(store: Store) -> None:
    with store.write() as tx:
        while tx.housekeeping(NOW):
            pass


@pytest.mark.parametrize("index", [True, False], ids=["indexed", "not yet"])
def test_words_without_case_and_accents_in_parts_and_in_any_order(store: Store, index: bool) -> None:
    first = new_ticket(
        store,
        entry(text="A nyomtató 100%-ban papírt gyűr.\nAz ETIKETTNYOMTATÓ is."),
        subject="Printer_1 broken",
    )
    second = new_ticket(store, entry(text="Ordinary text about printing, in the Straße"), subject="Øre")
    if index:
        indexed(store)
    for words, wanted in (
        ("printer", [first]), ("PRINT", [second, first]), ("papír nyomt", [first]), ("100%", [first]),
        ("r_1", [first]), ("it", [second, first]), (str(first), [first]), (f"#{second}", [second]),
        ("papír ordinary", []), ("'", []), ("nowhere", []), ("nyomtato", [first]), ("NYOMTATÓ", [first]),
        ("etiket*", [first]), ("nyomtató*", [first]), ("tnyomtato", [first]), ("tnyomtato*", []), ("strasse", [second]),
        ("ore", [second]), ("anna", [second, first]), ("kovacs", [second, first]), ("gyűr etikett", [first]),
    ):  # fmt: skip
        assert found(store, *words.split()) == wanted, words


@pytest.mark.parametrize("index", [True, False], ids=["indexed", "not yet"])
def test_phrases_stand_as_whole_words_one_after_the_other(store: Store, index: bool) -> None:
    number = new_ticket(
        store, entry(text="There is a paper\njam; the printer's tray is empty."), subject="Help"
    )
    if index:
        indexed(store)
    for words, wanted in (
        ('"paper jam"', [number]), ('"Paper  JAM"', [number]), ('"jam paper"', []), ('"aper jam"', []),
        ('"paper ja"', []), ('"paper ja"*', [number]), ('"tray is empty" jam', [number]), ('"jam the"', [number]),
        ("paper jam", [number]),
    ):  # fmt: skip
        assert found(store, words) == wanted, words


def test_fields_narrow_down(store: Store) -> None:
    one = new_ticket(
        store, entry(text="The printer is silent."), subject="Printer", created_at=NOW - timedelta(days=9)
    )
    two = new_ticket(
        store, entry(text="The printer is loud."), AddParticipant(NEW, "bela@globex.example", "Szűcs Béla"),
        subject="Printer", company="globex", requester="carl@globex.example", requester_name="Carl",
    )  # fmt: skip
    apply(store, Plan((UpdateTicket(two, TicketChange(phase=Phase.WAITING_CUSTOMER, owner="kata")),)))
    for words, wanted in (
        (["printer"], [two, one]), (["printer", "company:acme"], [one]), (["company:GLOBEX"], [two]),
        (["from:anna"], [one]), (["from:kovacs"], [one]), (["from:szucs", "printer"], [two]), (["from:nobody"], []),
        (["phase:waiting"], [two]), (["phase:waiting", "silent"], []), (["owner:me"], [two]), (["owner:kata"], [two]),
        (["printer", "before:2026-10-30"], [one]), (["after:2026-10-30"], [two]), (["before:yesterday"], [one]),
    ):  # fmt: skip
        assert found(store, *words) == wanted, words


@pytest.mark.parametrize("index", [True, False], ids=["indexed", "not yet"])
def test_names_of_attachments_are_found_and_shown(store: Store, index: bool) -> None:
    file = FileRow(1, "Számla_2026-10.pdf", "application/pdf", 9, False)
    files = MailDetails(attachments=(file,))
    number = new_ticket(store, entry(text="See the file.", details=files), subject="Invoice")
    other = new_ticket(store, entry(text="No file."), subject="Other")
    if index:
        indexed(store)
    assert found(store, "szamla_2026") == [number]
    assert found(store, "has:attachment") == [number]
    assert found(store, "file") == [other, number]
    assert found(store, "file", "has:attachment") == [number]
    (only,) = ask(store, lambda tx: tx.search(query("szamla")))
    assert only.hit is not None
    assert only.hit.text == "attachment Számla_2026-10.pdf"


def test_hit_shows_its_words_marked_with_the_text_around(store: Store) -> None:
    long = "Good morning. " * 30 + "The blue nyomtató on the second floor is silent. " + "Regards. " * 30
    new_ticket(store, entry(text=long), subject="Nyomtató")
    (one,) = ask(store, lambda tx: tx.search(query("nyomtato", "floor")))
    assert one.hit is not None
    assert [piece for piece, marked in one.hit.pieces if marked] == ["nyomtató", "floor"]
    assert one.hit.text.startswith("… ")
    assert one.hit.text.endswith(" …")
    assert len(one.hit.text) < 180


def test_changed_head_is_found_by_its_new_words_alone(store: Store) -> None:
    number = new_ticket(store, entry(text="It is silent."), subject="Printer")
    other = new_ticket(store, entry(text="It is loud."), subject="Screen")
    indexed(store)
    change = TicketChange(subject="Scanner", requester="bela@acme.example", requester_name="Szűcs Béla")
    apply(store, Plan((UpdateTicket(number, change),)))
    for words, wanted in (("printer", []), ("scanner", [number]), ("szucs", [number]), ("screen", [other])):
        assert found(store, words) == wanted, words


def test_heads_in_the_index_are_not_looked_through(store: Store) -> None:
    """What is changed behind the index is not found by it: a search reads no ticket but those that may answer."""
    number = new_ticket(store, entry(text="It is silent."), subject="Printer")
    indexed(store)
    later = new_ticket(store, entry(text="It is loud."), subject="Screen")
    with store.write() as tx:
        tx.execute(update(TICKET).values(subject="Zebra"))
    assert found(store, "zebra") == [later]
    assert found(store, "ze") == [later, number]  # no index of three letters can be asked
    with store.write() as tx:
        heads_changed(tx, [number, later])
    assert found(store, "zebra") == [later, number]


def test_newest_of_many_are_found_first(store: Store) -> None:
    numbers = [new_ticket(store, entry(text=f"Thing {i}"), subject="Thing") for i in range(60)]
    indexed(store)
    assert found(store, "thing", limit=5) == numbers[:-6:-1]
    assert len(found(store, "thing", limit=100)) == 60


def test_changed_text_is_found_by_its_new_words_only(store: Store) -> None:
    from sqlalchemy import update

    from maild.store.tables import ENTRY

    number = new_ticket(store, entry(text="Régi szöveg"))
    indexed(store)
    with store.write() as tx:
        first = next(e for e in tx.ticket(number).entries if e.text == "Régi szöveg")
        tx.search.forget(first.id)
        tx.connection.execute(update(ENTRY).where(ENTRY.c.id == first.id).values(text="Új szöveg"))
        tx.search.again(first.id)
    assert found(store, "regi") == []
    assert found(store, "uj") == [number]
