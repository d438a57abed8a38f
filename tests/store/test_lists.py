from __future__ import annotations

import pytest
from sqlalchemy import select

from maild.errors import NotFound, Refused
from maild.model import NEW, AddParticipant, AddTime, Plan, RememberKeys, UpdateTicket
from maild.store import Store
from maild.store.tables import ENTRY
from maild.ticket.phases import Phase
from maild.ticket.queue_json import row_json
from maild.ticket.state import TicketChange
from tests.shapes import shape, ticket_whole
from tests.store.values import (
    ANNA,
    BOSS,
    HOUR,
    NOW,
    accept,
    apply,
    ask,
    consent,
    entry,
    mail,
    new_ticket,
    notice,
    plan,
)

LISTED = {
    "number", "subject", "company", "requester", "phase", "kind", "severity", "team", "owner", "language", "created",
    "respond_by", "resolve_by",
}  # fmt: skip


def numbers(store: Store, **filters: object) -> list[int]:
    return [row.number or 0 for row in ask(store, lambda tx: tx.tickets.list(**filters))]  # type: ignore[arg-type]


def test_queue_is_ordered_complaints_first_then_by_what_is_due(store: Store) -> None:
    none = new_ticket(store)
    late = new_ticket(store, respond_by=NOW + 2 * HOUR)
    soon = new_ticket(store, respond_by=NOW + HOUR)
    complaint = new_ticket(store, kind="complaint", respond_by=NOW + 9 * HOUR)
    answered = new_ticket(store, respond_by=NOW, resolve_by=NOW + 3 * HOUR)
    apply(store, Plan((UpdateTicket(answered, TicketChange(responded_at=NOW)),)))
    assert numbers(store) == [complaint, soon, late, answered, none]
    assert numbers(store, limit=2) == [complaint, soon]


def test_filters_narrow_and_all_widens(store: Store) -> None:
    first = new_ticket(store, company="acme", team="L1", owner="kata")
    second = new_ticket(store, company="beta", team="L2")
    closed = new_ticket(store, company="beta")
    apply(store, Plan((UpdateTicket(closed, TicketChange(phase=Phase.CLOSED)),)))
    assert numbers(store) == [first, second]
    assert numbers(store, all=True) == [first, second, closed]
    assert numbers(store, phase="closed") == [closed]
    assert numbers(store, company="beta") == [second]
    assert numbers(store, team="L1", owner="kata") == [first]


def test_list_and_show_have_the_documented_fields(store: Store) -> None:
    key = accept(store)
    made = apply(store, plan(inbound_ticket=NEW), inbound_id=key, mail=mail())
    number = made.ticket or 0
    apply(store, Plan((notice(number), consent(number), AddTime(number, "kata", 20, 30, "x"),
                       AddParticipant(number, BOSS.address, BOSS.name))))  # fmt: skip
    shown = ask(store, lambda tx: ticket_whole(tx, number))
    assert set(shown) > LISTED | {"entries", "time", "consents", "links", "recipients", "outbound"}
    assert set(row_json(ask(store, lambda tx: tx.tickets.row(number)))) > LISTED
    assert set(shown["entries"][0]) > {
        "at",
        "type",
        "author",
        "channel",
        "text",
        "attachments",
        "message_id",
        "full_text",
    }
    assert set(shown["time"]) == {"raw_minutes", "billed_minutes", "entries"}
    assert set(shown["consents"][0]) == {
        "id", "kind", "state", "requested_at", "expires_at", "approvers", "decided_by", "decided_at",
    }  # fmt: skip
    assert shown["recipients"] == [
        {"address": ANNA.address, "name": ANNA.name}, {"address": BOSS.address, "name": BOSS.name},
    ]  # fmt: skip
    assert shown["outbound"][0]["notice"] == "received"
    assert ask(store, lambda tx: tx.tickets.mails(number)) == (key,)


def test_a_mail_that_says_nothing_but_the_new_text_is_kept_once(store: Store) -> None:
    number = new_ticket(
        store, entry(text="It burns.", full_text="It burns.\n"), entry(text="A", full_text="A\n> B")
    )
    *_, same, more = ask(store, lambda tx: tx.tickets.entries(number))
    assert (same.full_text, more.full_text) == ("It burns.", "A\n> B")
    kept = ask(store, lambda tx: [*tx.execute(select(ENTRY.c.full_text).order_by(ENTRY.c.id)).scalars()])
    assert kept[-2:] == ["", "A\n> B"]


def test_unknown_ticket_is_not_found(store: Store) -> None:
    for look in ("get", "brief", "row"):
        with pytest.raises(NotFound, match="no ticket 4242"), store.read() as tx:
            getattr(tx.tickets, look)(4242)
    assert not ask(store, lambda tx: tx.tickets.exists(4242))


def test_moved_entries_take_their_mails_and_ids_along(store: Store) -> None:
    key = accept(store)
    made = apply(store, plan(inbound_ticket=NEW), inbound_id=key, mail=mail())
    source, target = made.ticket or 0, new_ticket(store)
    with store.write() as tx:
        tx.tickets.move_entries(source, made.entries, target)
        assert [one.ticket for one in tx.ids.find(["<1@acme.example>"])["<1@acme.example>"]] == [target]
        assert shape(tx.inbound.get(key))["ticket"] == target
        assert [one.id for one in tx.ticket(target).entries][-1:] != []
        assert tx.ticket(source).entries == ()
        with pytest.raises(Refused, match="no entry"):
            tx.tickets.move_entries(source, made.entries, target)


def test_reports_see_the_tickets_of_their_window(store: Store) -> None:
    inside = new_ticket(store)
    new_ticket(store, created_at=NOW + HOUR)
    apply(store, Plan((UpdateTicket(inside, TicketChange(phase=Phase.RESOLVED, resolved_at=NOW)),)))
    with store.read() as tx:
        assert [one.number for one in tx.tickets.reported_between(NOW, NOW + HOUR)] == [inside]
        assert [*tx.tickets.reported_between(NOW, NOW + HOUR, "other")] == []


def test_blobs_are_stored_once_by_their_content(store: Store) -> None:
    with store.write() as tx:
        key = tx.blobs.put(b"%PDF", "offer.pdf", "application/pdf", NOW)
        assert tx.blobs.put(b"%PDF", "again.pdf", "application/pdf", NOW) == key
        assert tx.blobs.get(key) == ("offer.pdf", "application/pdf", b"%PDF")
        with pytest.raises(NotFound):
            tx.blobs.get("0" * 64)


def test_known_ids_of_a_new_ticket_are_its_root_and_what_was_remembered(store: Store) -> None:
    number = new_ticket(store, RememberKeys(NEW, ("<a@x>",), ("<b@x>",)))
    found = ask(store, lambda tx: tx.ids.find([f"<maild.{number}.root@desk.example>", "<a@x>", "<b@x>"]))
    assert sorted(one.origin for ones in found.values() for one in ones) == ["awaited", "in", "root"]
