"""What an agent did is kept, replaced, and taken back whole, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maild.errors import Refused
from maild.model import (
    AddLink,
    AddParticipant,
    AddTime,
    Change,
    LinkOutage,
    MoveEntries,
    MoveKeys,
    Plan,
    RecordAct,
    RememberKeys,
    SendNotice,
    SetDeadline,
    Supersede,
    TicketFacts,
    UndoAct,
    UpdateTicket,
)
from maild.store import Store
from maild.ticket.phases import OutboundState, Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import DeadlineType, LinkType
from tests.store.values import (
    BOSS,
    HOUR,
    LEASE,
    NOW,
    apply,
    ask,
    entry,
    new_ticket,
    notice,
    open_outage,
)

LATER = NOW + HOUR


def held(number: int, seconds: float = 10.0) -> SendNotice:
    return replace(notice(number, "accepted"), hold_seconds=seconds)


def act(store: Store, number: int, *changes: Change) -> None:
    apply(store, Plan((RecordAct("kata", number), *changes)), now=LATER)


def undo(store: Store, number: int | None = None) -> None:
    last = ask(store, lambda tx: tx.acts.last("kata", number))
    assert last is not None
    apply(store, Plan((UndoAct(last.id),)), now=LATER)


def stand(store: Store, number: int) -> tuple[TicketFacts, object, object]:
    """A ticket but for its log, with its links and moments."""
    with store.read() as tx:
        ticket = replace(tx.ticket(number), entries=(), updated_at=NOW)
        return ticket, tx.tickets.links(number), tx.deadlines.of_ticket(number)


def states(store: Store, number: int) -> list[OutboundState]:
    return [mail.state for mail in ask(store, lambda tx: tx.outbound.list(ticket=number))][::-1]


def test_everything_that_an_act_changed_is_as_it_was(store: Store) -> None:
    number, other = new_ticket(store), new_ticket(store)
    with store.write() as tx:
        outage = open_outage(tx, "Mail is late")
    apply(store, Plan((SetDeadline(DeadlineType.RESPOND_BREACH, number, NOW + 2 * HOUR),)))
    before = stand(store, number), stand(store, other)
    act(
        store, number, UpdateTicket(number, TicketChange(phase=Phase.ACCEPTED, owner="kata", responded_at=LATER)),
        entry(number, "On it.", type="reply", author="kata"), AddParticipant(number, BOSS.address, BOSS.name, "cc"),
        AddLink(number, LinkType.RELATED, other), LinkOutage(number, outage),
        SetDeadline(DeadlineType.RESPOND_BREACH, number), SetDeadline(DeadlineType.AUTO_CLOSE, number, NOW + 9 * HOUR),
        AddTime(number, "kata", 20, 30, "looked"), held(number),
    )  # fmt: skip
    assert stand(store, number) != before[0]
    undo(store)
    assert (stand(store, number), stand(store, other)) == before
    assert states(store, number) == [OutboundState.CANCELLED]
    assert ask(store, lambda tx: tx.timelog.sums(number)) == (0, 0)
    lines = ask(store, lambda tx: tx.ticket(number)).entries
    assert [(line.type, line.public) for line in lines] == [("mail", True), ("undone", False)]
    assert ask(store, lambda tx: tx.acts.last("kata")) is None


def test_merged_ticket_has_its_entries_and_keys_again(store: Store) -> None:
    number, into = new_ticket(store), new_ticket(store)
    apply(
        store,
        Plan(
            (RememberKeys(number, kept=("thread_index:abc",)), RememberKeys(into, kept=("thread_index:abc",)))
        ),
    )
    mine = ask(store, lambda tx: tx.acts.keys_of(number))
    theirs = ask(store, lambda tx: tx.acts.keys_of(into))
    line = ask(store, lambda tx: tx.ticket(number)).entries[0].id
    act(store, number, MoveEntries(number, (line,), into), MoveKeys(number, into))
    assert len(ask(store, lambda tx: tx.ticket(into)).entries) == 2
    undo(store)
    assert [one.id for one in ask(store, lambda tx: tx.ticket(number)).entries] == [line]
    assert ask(store, lambda tx: tx.acts.keys_of(number)) == mine
    assert ask(store, lambda tx: tx.acts.keys_of(into)) == theirs


def test_held_mail_is_not_claimed_before_its_time(store: Store) -> None:
    number = new_ticket(store)
    act(store, number, held(number))
    with store.write() as tx:
        assert tx.outbound.claim(10, LATER + timedelta(seconds=9), "w", LEASE) == []
        assert len(tx.outbound.claim(10, LATER + timedelta(seconds=10), "w", LEASE)) == 1


def test_replaced_mail_waits_again_when_the_act_that_replaced_it_is_taken_back(store: Store) -> None:
    number = new_ticket(store)
    act(store, number, held(number))
    (waits,) = ask(store, lambda tx: tx.acts.waiting("kata", number, LATER))
    assert ask(store, lambda tx: tx.acts.waiting("peter", number, LATER)) == ()
    act(store, number, Supersede((waits.id,)), held(number))
    assert states(store, number) == [OutboundState.SUPERSEDED, OutboundState.QUEUED]
    undo(store)
    assert states(store, number) == [OutboundState.QUEUED, OutboundState.CANCELLED]


def test_mail_that_is_on_its_way_is_neither_replaced_nor_taken_back(store: Store) -> None:
    number = new_ticket(store)
    act(store, number, held(number, 0.0))
    with store.write() as tx:
        (work,) = tx.outbound.claim(10, LATER, "w", LEASE)
    for change in (Supersede((work.id,)), UndoAct(1)):
        with pytest.raises(Refused, match="has left"):
            apply(store, Plan((change,)), now=LATER)
    assert states(store, number) == [OutboundState.SENDING]


def test_act_is_taken_back_once(store: Store) -> None:
    number = new_ticket(store)
    act(store, number, entry(number, "Hm.", type="note", author="kata"))
    undo(store)
    with pytest.raises(Refused, match="already"):
        apply(store, Plan((UndoAct(1),)), now=LATER)


def test_what_changed_the_ticket_since_is_seen(store: Store) -> None:
    number = new_ticket(store)
    act(store, number, UpdateTicket(number, TicketChange(owner="kata")))
    apply(store, Plan((UpdateTicket(number, TicketChange(last_message_id="<2@acme.example>")),)), now=LATER)
    last = ask(store, lambda tx: tx.acts.last("kata", number))
    assert last is not None
    assert last.changed == (number,)


def test_acts_are_forgotten_after_a_day(store: Store) -> None:
    number = new_ticket(store)
    act(store, number, entry(number, "Hm.", type="note", author="kata"))
    with store.write() as tx:
        tx.housekeeping(LATER + timedelta(hours=25))
    assert ask(store, lambda tx: tx.acts.last("kata")) is None
