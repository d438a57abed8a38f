"""The bytes of old mails are packed when there is time; whoever reads them gets what came, and what went."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from maild.settings import Settings
from maild.store import Delivery, Store
from maild.store.packing import REST
from maild.store.tables import INBOUND_RAW, OUTBOUND_BYTES
from maild.ticket.phases import OutboundState
from tests.store.values import ANNA, LEASE, NOW, RAW, accept, apply, ask, mail, new_ticket, notice, plan

LATER = NOW + REST + timedelta(minutes=1)
WORDS = RAW + b"It burns and burns. " * 60
#: what a stranger may send: what is packed already, what begins as that does, what cannot be packed, nothing
BODIES = (
    WORDS,
    zlib.compress(WORDS),
    zlib.compress(b"x" * 900)[:20] + WORDS,
    bytes(range(256)) * 2,
    b"\x00" + WORDS,
    b"",
)


def done(store: Store, raw: bytes) -> int:
    """A mail that was taken in and answered."""
    key = accept(store, raw)
    apply(store, plan(), inbound_id=key, mail=mail(f"<{key}@acme.example>"))
    return key


def packed(store: Store, limit: int = 100) -> int:
    """Pack all that is due by `LATER`; how many rows were looked at."""
    count = 0
    while True:
        with store.write() as tx:
            some = tx.packing.pack(LATER, limit)
        if not some:
            return count
        count += some


def held(store: Store, table: object = INBOUND_RAW) -> list[bool]:
    return ask(store, lambda tx: [*tx.execute(select(table.c.packed)).scalars()])  # type: ignore[attr-defined]


def sent(store: Store, content: bytes, state: OutboundState = OutboundState.SENT) -> int:
    """A mail that left the desk, or could not."""
    new_ticket(store, notice())
    with store.write() as tx:
        (work,) = tx.outbound.claim(1, NOW, "w", LEASE)
        tx.outbound.save_bytes(work.id, content, "help@desk.example", "Printer")
        told = Delivery(ANNA.address, "sent" if state is OutboundState.SENT else "permanent")
        tx.outbound.record(work.id, [told], state=state, now=NOW)
    return work.id


def test_what_is_read_is_what_was_taken_in(store: Store) -> None:
    keys = [done(store, raw) for raw in BODIES]
    looked = packed(store, limit=2)
    for key, raw in zip(keys, BODIES, strict=True):
        assert ask(store, lambda tx, key=key: tx.inbound.raw(key)) == raw  # type: ignore[misc]
    assert looked == (len(BODIES) if store.is_sqlite else 0)
    if store.is_sqlite:
        assert held(store).count(True) >= 3
        size = ask(
            store, lambda tx: tx.execute(select(func.sum(func.length(INBOUND_RAW.c.content)))).scalar_one()
        )
        assert size < sum(map(len, BODIES)) / 2


def test_what_was_sent_is_packed_and_what_may_go_again_is_not(store: Store) -> None:
    gone, failed = sent(store, WORDS), sent(store, WORDS, OutboundState.FAILED)
    packed(store)
    assert (
        ask(store, lambda tx: tx.outbound.raw(gone))
        == ask(store, lambda tx: tx.outbound.raw(failed))
        == WORDS
    )
    assert held(store, OUTBOUND_BYTES) == [store.is_sqlite, False]
    with store.write() as tx:
        tx.outbound.retry(failed, NOW)
        (work,) = tx.outbound.claim(1, NOW, "w", LEASE)
    assert work.raw == WORDS


def test_what_is_young_or_not_over_waits(sqlite_settings: Settings) -> None:
    with Store.open(sqlite_settings) as store:
        done(store, WORDS)
        with store.write() as tx:
            assert tx.packing.pack(NOW + REST, 100) == 0
        waiting = accept(store, WORDS)  # nobody has read it yet
        assert packed(store) == 2
        assert held(store) == [True, False]
        with store.write() as tx:
            (work,) = tx.inbound.claim(1, NOW, LEASE, "w", slow=0)
        assert (work.id, work.raw) == (waiting, WORDS)


def test_a_few_large_mails_are_packed_at_once(
    sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(sqlite_settings) as store:
        for _ in range(4):
            done(store, WORDS)
        monkeypatch.setattr("maild.store.packing._AT_ONCE", len(WORDS) + 1)
        with store.write() as tx:
            assert tx.packing.pack(LATER, 100) == 2
        assert held(store).count(True) == 2
        assert packed(store) == 2


def test_a_backup_and_a_copy_hold_packed_mails(sqlite_settings: Settings) -> None:
    with Store.open(sqlite_settings) as store:
        key = done(store, WORDS)
        packed(store)
        target = sqlite_settings.base / "copy.db"
        store.backup(target, {}, lambda *_: None)
    there = replace(sqlite_settings, database=replace(sqlite_settings.database, url=f"sqlite:///{target}"))
    with Store.open(there) as store:
        assert held(store) == [True]
        assert ask(store, lambda tx: tx.inbound.raw(key)) == WORDS
