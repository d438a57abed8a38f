from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from maild.errors import NotFound, Refused
from maild.model import Plan
from maild.settings import Settings
from maild.store import Store
from maild.ticket.phases import InboundState
from tests.shapes import shape, shapes
from tests.store.values import HOUR, LEASE, NOW, RAW, accept, apply, ask, decision, mail, new_ticket, plan


def test_accepted_mail_is_listed_as_received_with_its_exact_bytes(store: Store) -> None:
    raw = b"From: x\r\n\r\n\x00\xff nul and latin\n.\r\n"
    key = accept(store, raw)
    with store.read() as tx:
        assert tx.inbound.raw(key) == raw
        (row,) = shapes(tx.inbound.list())
    assert row == {
        "id": key, "received_at": NOW.isoformat(), "source": "smtp", "message_id": None, "from": None,
        "subject": None, "kind": None, "state": "received", "ticket": None, "error": "",
    }  # fmt: skip


def test_same_source_key_is_one_mail(store: Store) -> None:
    first = accept(store, RAW, "imap:support:INBOX:7:12", "imap:support")
    assert accept(store, RAW, "imap:support:INBOX:7:12", "imap:support") == first
    assert accept(store, RAW, "imap:support:INBOX:7:13", "imap:support") != first
    assert ask(store, lambda tx: tx.inbound.counts()) == {"received": 2, "quarantined": 0}


def test_claim_gives_each_mail_to_one_worker_oldest_first_until_the_lease_is_over(store: Store) -> None:
    keys = [accept(store, RAW + str(i).encode()) for i in range(3)]
    with store.write() as tx:
        first = tx.inbound.claim(2, NOW, LEASE, "a")
        second = tx.inbound.claim(2, NOW, LEASE, "b")
    assert [work.id for work in (*first, *second)] == keys
    assert first[0].raw == RAW + b"0"
    assert first[0].attempts == 1
    assert first[0].envelope.rcpt_to == ("help@desk.example",)
    assert first[0].envelope.trace == "Received: x\r\n"
    with store.write() as tx:
        assert tx.inbound.claim(9, NOW + LEASE / 2, LEASE, "c") == []
        again = tx.inbound.claim(9, NOW + LEASE, LEASE, "c")
    assert [(work.id, work.attempts) for work in again] == [(key, 2) for key in keys]


def test_released_mail_can_be_claimed_at_once(store: Store) -> None:
    key = accept(store)
    with store.write() as tx:
        tx.inbound.claim(1, NOW, LEASE)
        assert not tx.due(NOW).inbound
        tx.inbound.release(key)
        assert tx.due(NOW).inbound
        assert tx.inbound.oldest_waiting() == NOW


def test_applied_mail_is_done_described_and_explained(store: Store) -> None:
    key = accept(store)
    made = apply(store, plan(decision=decision(), inbound_ticket=0), inbound_id=key, mail=mail())
    with store.read() as tx:
        row = shape(tx.inbound.get(key))
        (by_id,) = shapes(tx.inbound.by_message_id("<1@acme.example>"))
        assert tx.inbound.oldest_waiting() is None
    assert by_id == row
    assert (row["state"], row["ticket"], row["kind"]) == ("done", made.ticket, "request")
    assert (row["from"], row["subject"], row["message_id"]) == (
        "anna@acme.example",
        "Printer",
        "<1@acme.example>",
    )
    assert row["decision"]["would"] == [{"act": "open", "ticket": None}]
    assert row["decision"]["thread"]["how"] == "new"
    assert [(event["old"], event["new"]) for event in row["events"]] == [
        ("", "received"),
        ("received", "done"),
    ]


def test_mail_is_applied_once_even_when_two_workers_hold_it(store: Store) -> None:
    key = accept(store)
    apply(store, plan(inbound_ticket=0), inbound_id=key, mail=mail())
    with pytest.raises(Refused, match="another worker"):
        apply(store, plan(inbound_ticket=0), inbound_id=key, mail=mail())
    assert len(ask(store, lambda tx: tx.tickets.list())) == 1


def test_quarantined_mail_keeps_bytes_and_reason_and_can_be_retried(store: Store) -> None:
    key = accept(store)
    with store.write() as tx:
        tx.inbound.quarantine(key, "ValueError: bad", "Traceback ...\x00", NOW)
        assert tx.inbound.claim(1, NOW, LEASE) == []
    with store.read() as tx:
        assert tx.inbound.raw(key) == RAW
        assert shape(tx.inbound.get(key))["traceback"] == "Traceback ..."
        assert [row["id"] for row in shapes(tx.inbound.list(state="quarantined"))] == [key]
    with store.write() as tx:
        tx.inbound.retry(key, NOW)
        assert [work.id for work in tx.inbound.claim(1, NOW, LEASE)] == [key]
        with pytest.raises(Refused, match="only quarantined"):
            tx.inbound.retry(key, NOW)
        with pytest.raises(NotFound):
            tx.inbound.retry(999, NOW)


def test_duplicate_names_the_first_mail_and_its_ticket(store: Store) -> None:
    first, second = accept(store), accept(store, RAW + b"x")
    made = apply(store, plan(inbound_ticket=0), inbound_id=first, mail=mail())
    with store.read() as tx:
        assert tx.inbound.same("fp <1@acme.example>", second) == (first, made.ticket)
        assert tx.inbound.same("fp <1@acme.example>", first) is None
    apply(store, plan_of_duplicate(made.ticket, first), now=NOW + HOUR, inbound_id=second, mail=mail())
    row = ask(store, lambda tx: shape(tx.inbound.get(second)))
    assert (row["state"], row["duplicate_of"], row["ticket"]) == ("duplicate", first, made.ticket)


def plan_of_duplicate(ticket: int | None, first: int) -> Plan:
    return Plan(inbound_state=InboundState.DUPLICATE, inbound_ticket=ticket, duplicate_of=first)


def test_large_mail_stands_as_a_synced_file_beside_sqlite(sqlite_settings: Settings) -> None:
    raw = b"Subject: big\r\n\r\n" + b"x" * 5000
    with Store.open(sqlite_settings) as store:
        name = store.keep_large(raw, sha256(raw).hexdigest())
        assert name is not None
        path = Path(sqlite_settings.database.folder, name)
        assert path.read_bytes() == raw
        assert path.stat().st_mode & 0o077 == 0
        key = accept(store, raw)
        assert accept(store, raw) != key  # the same bytes share the file
        with store.write() as tx:
            work = tx.inbound.claim(1, NOW, LEASE)[0]
            assert tx.inbound.raw(key) == raw
        assert (work.raw, work.file) == (None, name)
        assert store.path_of(work) == path
        assert store.keep_large(b"small", sha256(b"small").hexdigest()) is None
        path.unlink()
        with store.read() as tx, pytest.raises(NotFound, match="is missing"):
            tx.inbound.raw(key)


def test_large_mail_is_never_left_half_written(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = b"y" * 5000

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with Store.open(sqlite_settings) as store:
        monkeypatch.setattr("os.fsync", full)
        from maild.errors import StoreBusy

        with pytest.raises(StoreBusy, match="free space"):
            accept(store, raw)
        assert [path for path in sqlite_settings.database.folder.rglob("*") if path.is_file()] == []
        monkeypatch.undo()
        assert ask(store, lambda tx: shapes(tx.inbound.list())) == []


def test_imap_uids_that_are_stored_are_known_for_their_folder_only(store: Store) -> None:
    for key in ("imap:support:INBOX:7:12", "imap:support:INBOX:7:130", "imap:support:INBOX:71:5"):
        accept(store, RAW, key, "imap:support")
    with store.write() as tx:
        assert tx.imap.known_uids("support", "INBOX", 7) == {12, 130}
        assert tx.imap.known_uids("support", "INBOX", 71) == {5}
        assert tx.imap.get("support", "INBOX") is None
        tx.imap.set("support", "INBOX", 7, 130)
        tx.imap.set("support", "INBOX", 8, 1)
        assert tx.imap.get("support", "INBOX") == (8, 1)


def test_mails_whose_uids_are_given_anew_are_known_by_their_bytes(store: Store) -> None:
    """Whatever comes under such a UID; and where it is given anew once more."""
    other, third = RAW + b"another\r\n", RAW + b"third\r\n"
    kept = accept(store, RAW, "imap:support:INBOX:7:1", "imap:support")
    first = accept(store, RAW, "imap:support:INBOX:7:12", "imap:support")
    for _ in range(2):
        with store.write() as tx:
            tx.imap.put_back("support", "INBOX", 7, 11, 12)
            assert tx.imap.get("support", "INBOX") == (7, 11)
            assert tx.imap.known_uids("support", "INBOX", 7) == {1}
        second = accept(store, other, "imap:support:INBOX:7:12", "imap:support")
        assert second not in (kept, first)
        assert ask(store, lambda tx: tx.imap.known_uids("support", "INBOX", 7)) == {1, 12}
    with store.write() as tx:
        tx.imap.put_back("support", "INBOX", 7, 11, 12)
    assert accept(store, RAW, "imap:support:INBOX:7:12", "imap:support") == first
    with store.write() as tx:
        tx.imap.put_back("support", "INBOX", 7, 11, 12)
    assert accept(store, third, "imap:support:INBOX:7:12", "imap:support") not in (kept, first, second)
    assert ask(store, lambda tx: tx.inbound.counts())["received"] == 4
    assert ask(store, lambda tx: tx.inbound.raw(kept)) == RAW


def test_a_watermark_that_somebody_lowered_meanwhile_is_not_raised(store: Store) -> None:
    """`mail resync` between a look's reading and its writing holds."""
    with store.write() as tx:
        tx.imap.set("support", "INBOX", 7, 130)
        assert tx.imap.raised("support", "INBOX", 7, 130, 131)
        tx.imap.set("support", "INBOX", 7, 0)
        assert not tx.imap.raised("support", "INBOX", 7, 131, 140)
        assert not tx.imap.raised("support", "INBOX", 8, 0, 140)
        assert not tx.imap.raised("sales", "INBOX", 7, 0, 140)
        assert tx.imap.get("support", "INBOX") == (7, 0)


def test_mail_on_no_ticket_is_listed_until_it_is_filed_or_dismissed(store: Store) -> None:
    number = new_ticket(store)
    keys = [accept(store, RAW + str(i).encode()) for i in range(3)]
    for key in keys:
        apply(store, Plan((), decision("list")), inbound_id=key, mail=mail(f"<{key}@x.example>"))
    accept(store)  # not judged yet
    assert [row["id"] for row in ask(store, lambda tx: shapes(tx.inbound.unfiled(10)))] == keys
    assert [row["id"] for row in ask(store, lambda tx: shapes(tx.inbound.unfiled(2)))] == keys[:2]
    with store.write() as tx:
        tx.inbound.file_on(keys[0], number, "kata", NOW)
        tx.inbound.dismiss(keys[1], "kata", NOW)
    assert [row["id"] for row in ask(store, lambda tx: shapes(tx.inbound.unfiled(10)))] == keys[2:]
    assert ask(store, lambda tx: shape(tx.inbound.get(keys[0])))["ticket"] == number
    assert [e["note"] for e in ask(store, lambda tx: shape(tx.inbound.get(keys[1])))["events"]][
        -1
    ] == "dismissed by kata"


def test_dismissed_mail_can_still_be_filed_but_a_filed_one_stays_where_it_is(store: Store) -> None:
    number = new_ticket(store)
    key = accept(store)
    with store.write() as tx, pytest.raises(Refused, match="is received"):
        tx.inbound.dismiss(key, "kata", NOW)
    apply(store, Plan((), decision("list")), inbound_id=key, mail=mail())
    with store.write() as tx:
        tx.inbound.dismiss(key, "kata", NOW)
        tx.inbound.file_on(key, number, "kata", NOW)
    with store.write() as tx:
        with pytest.raises(Refused, match=f"is on #{number}"):
            tx.inbound.file_on(key, number, "kata", NOW)
        with pytest.raises(Refused, match=f"is on #{number}"):
            tx.inbound.dismiss(key, "kata", NOW)
        with pytest.raises(NotFound):
            tx.inbound.dismiss(999_999, "kata", NOW)
