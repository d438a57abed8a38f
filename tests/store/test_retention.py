"""What is old goes; what is young, open, or proves a consent stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from maild.errors import NotFound
from maild.model import NEW, Change
from maild.store import Store
from maild.store.rows import Removed
from maild.store.tables import INBOUND, OUTBOUND, TICKET
from maild.ticket.phases import OutboundState, Phase
from tests.store.values import (
    ANNA,
    NOW,
    RAW,
    accept,
    apply,
    ask,
    consent,
    decision,
    entry,
    mail,
    new_ticket,
    notice,
    opening,
    plan,
)

OLD = NOW - timedelta(days=400)
CUT = NOW - timedelta(days=365)
LONG = NOW - timedelta(days=3650)
LARGE = b"z" * 9000


def filed(store: Store, raw: bytes, phase: Phase, at: datetime = OLD, *more: Change) -> tuple[int, int]:
    """A ticket that came by a mail and has been in `phase` since `at`; its number and the mail."""
    key = accept(store, raw)
    made = apply(
        store, plan(opening(), entry(from_mail=True), *more, inbound_ticket=NEW, decision=decision()), inbound_id=key,
        mail=mail(f"<{key}@acme.example>"),
    )  # fmt: skip
    assert made.ticket is not None
    with store.write() as tx:
        tx.execute(update(TICKET).where(TICKET.c.number == made.ticket).values(phase=phase, updated_at=at))
        tx.execute(update(INBOUND).where(INBOUND.c.id == key).values(received_at=at))
    return made.ticket, key


def test_bytes_of_old_mails_go_and_those_that_are_needed_stay(store: Store) -> None:
    _, small = filed(store, RAW, Phase.CLOSED)
    _, large = filed(store, LARGE, Phase.CLOSED)
    _, young = filed(store, RAW + b"2", Phase.CLOSED, NOW)
    _, still_open = filed(store, RAW + b"3", Phase.IN_PROGRESS)
    _, proves = filed(store, RAW + b"4", Phase.CLOSED, OLD, consent())
    assert ask(store, lambda tx: tx.retention.mails(CUT, LONG)) == Removed(2, len(RAW) + len(LARGE))
    gone, some = Removed(), Removed(1)
    while some.count:
        with store.write() as tx:
            some = tx.retention.remove_mails(CUT, LONG, 1)
        gone += some
    assert gone == Removed(2, len(RAW) + len(LARGE))
    with store.read() as tx:
        for key in (small, large):
            with pytest.raises(NotFound, match="erased"):
                tx.inbound.raw(key)
            assert tx.inbound.get(key).mail.subject == "Printer"
        assert [tx.inbound.raw(key)[:4] for key in (young, still_open, proves)] == [RAW[:4]] * 3
        assert tx.retention.mails(CUT, LONG) == Removed()
        # once its evidence need not be kept any more, it goes like others
        assert tx.retention.mails(CUT, NOW + timedelta(days=1)).count == 1
    assert not list(store.settings.base.rglob("*.eml"))


def test_file_that_a_younger_mail_needs_stays(store: Store) -> None:
    filed(store, LARGE, Phase.CLOSED)
    _, young = filed(store, LARGE, Phase.CLOSED, NOW)
    with store.write() as tx:
        assert tx.retention.remove_mails(CUT, LONG, 10).count == 1
    assert ask(store, lambda tx: tx.inbound.raw(young)) == LARGE


def test_stored_files_go_by_age_and_those_that_are_needed_stay(store: Store) -> None:
    with store.write() as tx:
        names = ("free", "over", "in both", "open", "proof")
        free, over, both, still_open, proof = (tx.blobs.put(one.encode(), one, "", OLD) for one in names)
        young = tx.blobs.put(b"young", "a", "b", NOW)
    filed(store, RAW, Phase.CLOSED, OLD, notice(attach=(over, both)))
    filed(store, RAW + b"2", Phase.IN_PROGRESS, OLD, notice(attach=(both, still_open)))
    filed(store, RAW + b"3", Phase.CLOSED, OLD, consent(), notice(attach=(proof,)))
    assert ask(store, lambda tx: tx.retention.files(CUT, LONG)) == Removed(1, 4)  # the others wait to be sent
    with store.write() as tx:
        tx.execute(update(OUTBOUND).values(state=OutboundState.SENT))
        assert tx.retention.files(CUT, LONG) == Removed(2, 8)
        assert (
            tx.retention.remove_files(CUT, LONG, 1)
            == tx.retention.remove_files(CUT, LONG, 9)
            == Removed(1, 4)
        )
        for key in (free, over):
            with pytest.raises(NotFound):
                tx.blobs.get(key)
        for key in (young, both, still_open, proof):
            assert tx.blobs.get(key)
        # once its evidence need not be kept any more, it goes like others
        assert tx.retention.files(CUT, NOW + timedelta(days=1)) == Removed(1, 5)


def test_silent_are_those_whose_tickets_all_ended_long_ago_and_who_are_no_contact(store: Store) -> None:
    filed(store, RAW, Phase.CLOSED)
    with store.write() as tx:
        assert tx.retention.silent(CUT, LONG) == (ANNA.address,)
    number = new_ticket(store)
    assert ask(store, lambda tx: tx.retention.silent(CUT, LONG)) == ()
    with store.write() as tx:
        tx.execute(update(TICKET).where(TICKET.c.number == number).values(phase=Phase.CLOSED, updated_at=OLD))
    assert ask(store, lambda tx: tx.retention.silent(CUT, LONG)) == (ANNA.address,)
    filed(store, RAW, Phase.CLOSED, OLD, consent())
    assert ask(store, lambda tx: tx.retention.silent(CUT, LONG)) == ()
