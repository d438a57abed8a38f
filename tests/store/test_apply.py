"""Every change that a plan can hold.

Over 300 lines: every change that a plan can hold, each on both databases.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maild.errors import NotFound, Refused
from maild.model import (
    NEW,
    AddLink,
    AddParticipant,
    AddTime,
    Attachment,
    Change,
    DecideConsent,
    HeldBack,
    LinkOutage,
    LogConsent,
    LookupKeys,
    MarkAddress,
    MarkOutbound,
    MoveEntries,
    MoveKeys,
    Plan,
    Reason,
    RememberKeys,
    RemoveParticipants,
    SetDeadline,
    UpdateTicket,
)
from maild.store import Store
from maild.store.models import Base
from maild.ticket.entries import FileRow, MailDetails
from maild.ticket.hours import Minutes, TicketHours
from maild.ticket.phases import ConsentState, OutboundState, Phase, RecipientState
from maild.ticket.state import PromiseClock, TicketChange, TicketState
from maild.ticket.vocabulary import ConsentEvent, DeadlineType, LinkType
from tests.examples import at_most
from tests.shapes import shape, shapes, ticket_whole, time_of
from tests.store.values import (
    ANNA,
    BOSS,
    HOUR,
    LEASE,
    NOW,
    SIGNER,
    accept,
    apply,
    ask,
    consent,
    entry,
    mail,
    new_ticket,
    nonces,
    notice,
    open_outage,
    opening,
    plan,
)

#: with what a newer maild may keep, and what no database holds
STATE = TicketState(clock=PromiseClock(NOW, "office"), outages=(3,), site="north", more={"ő": {"a": [1]}})


def test_first_ticket_has_the_configured_number_and_the_next_follow(store: Store) -> None:
    assert [new_ticket(store) for _ in range(3)] == [15789, 15790, 15791]


def test_opened_ticket_is_read_back_whole(store: Store) -> None:
    key = accept(store)
    picture = Attachment(1, "kép.png", "image/png", 60213, False, (1,))
    change = opening(respond_by=NOW + HOUR, state=STATE, topic="tills", last_message_id="<1@acme.example>")
    made = apply(
        store,
        plan(change, entry(from_mail=True, full_text="It burns.\n> what?", elided="> what?"),
             AddParticipant(NEW, ANNA.address, ANNA.name, "from"), inbound_ticket=NEW),
        inbound_id=key, mail=mail(attachments=(picture,)),
    )  # fmt: skip
    ticket = ask(store, lambda tx: tx.ticket(15789))
    assert made.tickets == (15789,)
    assert ticket.respond_by == NOW + HOUR
    assert ticket.created_at == NOW
    assert ticket.state == STATE
    assert ticket.root_message_id == "<maild.15789.root@desk.example>"
    assert ticket.last_message_id == "<1@acme.example>"
    assert ticket.participants == (ANNA,)
    (line,) = ticket.entries
    assert (line.id, line.mail_id, line.message_id) == (made.entries[0], key, "<1@acme.example>")
    assert line.full_text == "It burns.\n> what?"
    assert line.elided == "> what?"
    assert line.details == MailDetails(attachments=(FileRow(1, "kép.png", "image/png", 60213, False),))


def test_update_keeps_the_state_moves_along_the_table_and_notes_the_phase_before(store: Store) -> None:
    number = new_ticket(store, state=STATE)
    later = NOW + HOUR
    change = TicketChange(phase=Phase.ACCEPTED, owner="kata", outages=(4, 5), responded_at=later)
    apply(store, Plan((UpdateTicket(number, change),)), now=later)
    ticket = ask(store, lambda tx: tx.tickets.brief(number))
    assert (ticket.phase, ticket.phase_before, ticket.owner) == ("accepted", "received", "kata")
    assert ticket.state == replace(STATE, outages=(4, 5))
    assert ticket.responded_at == ticket.updated_at == later
    events = ask(store, lambda tx: shapes(tx.events("ticket", number)))
    assert [(event["old"], event["new"]) for event in events] == [("", "received"), ("received", "accepted")]


def test_a_move_that_cannot_be_is_refused_and_leaves_the_ticket(store: Store) -> None:
    number = new_ticket(store)
    apply(store, Plan((UpdateTicket(number, TicketChange(phase=Phase.CLOSED)),)))
    back = UpdateTicket(number, TicketChange(phase=Phase.RECEIVED))
    with pytest.raises(Refused, match="cannot go from closed to received"):
        apply(store, Plan((entry(number, "second"), back)))
    ticket = ask(store, lambda tx: tx.ticket(number))
    assert ticket.phase == "closed"
    assert [line.text for line in ticket.entries] == ["It burns."]


def test_update_of_a_ticket_that_is_not_there_is_not_found(store: Store) -> None:
    for change in (TicketChange(owner="kata"), TicketChange(phase=Phase.CLOSED)):
        with pytest.raises(NotFound):
            apply(store, Plan((UpdateTicket(7, change),)))


def test_notice_is_frozen_with_number_root_and_message_id(store: Store) -> None:
    key = accept(store)
    made = apply(
        store,
        plan(opening(), entry(from_mail=True),
             notice(auto="auto-replied", null_sender=True, in_reply_to="<1@acme.example>",
                    references=("<0@acme.example>", "<1@acme.example>"), cc=(BOSS,)), inbound_ticket=NEW),
        inbound_id=key, mail=mail(),
    )  # fmt: skip
    with store.write() as tx:
        (work,) = tx.outbound.claim(5, NOW, "w", LEASE)
    assert work.id == made.outbound[0]
    assert work.data == {
        "subject": "Printer",
        "number": 15789,
        "root_message_id": "<maild.15789.root@desk.example>",
    }
    assert work.references == ("<maild.15789.root@desk.example>", "<0@acme.example>", "<1@acme.example>")
    assert (work.to, work.cc, work.pending) == ((ANNA,), (BOSS,), (ANNA.address, BOSS.address))
    assert (work.auto, work.null_sender, work.language, work.in_reply_to) == (
        "auto-replied",
        True,
        "hu",
        "<1@acme.example>",
    )
    assert work.raw is None
    facts = ask(store, lambda tx: tx.facts(LookupKeys(None, message_ids=(work.message_id,)), NOW))
    (found,) = facts.known[work.message_id]
    assert (found.origin, found.ticket) == ("out", 15789)
    assert facts.outbound[work.message_id].to == (ANNA.address, BOSS.address)


def test_token_travels_in_the_work_only_until_the_mail_is_rendered(store: Store) -> None:
    token = "abcdefghijklmnop"
    hashed = sha256(token.encode()).hexdigest()
    made = apply(store, plan(opening(), consent(tokens=((BOSS.address, hashed),)),
                             notice(name="approval_request", to=(BOSS,), token=token)))  # fmt: skip
    with store.write() as tx:
        (work,) = tx.outbound.claim(1, NOW, "w", LEASE)
        assert work.token == token
        held = tx.consents.by_token(hashed)
        assert held is not None
        assert held.id == made.consents[0]
        assert held.tokens[0].message_id == work.message_id
        listed = json.dumps(
            [shapes(tx.outbound.list()), shape(tx.outbound.get(work.id)), ticket_whole(tx, made.ticket or 0)]
        )
        assert token not in listed
        tx.outbound.save_bytes(
            work.id, b"Subject: please approve\r\n\r\n", "help@desk.example", "please approve"
        )
        tx.outbound.record(work.id, [], state=OutboundState.QUEUED, now=NOW, next_attempt_at=NOW)
        (again,) = tx.outbound.claim(1, NOW, "w", LEASE)
        assert again.token is None
        assert again.raw == b"Subject: please approve\r\n\r\n"


def test_several_tickets_may_know_one_key_and_each_keeps_its_own_meaning(store: Store) -> None:
    anna, boss, index = ANNA.address, BOSS.address, "thread-index:aa"
    first = new_ticket(store, RememberKeys(NEW, ("<in@x>",), ("<parent@x>",), (index,), anna))
    second = new_ticket(store, RememberKeys(NEW, ("<other@x>",), ("<parent@x>", "<in@x>"), (index,), boss))
    keys = LookupKeys(None, message_ids=("<in@x>", "<parent@x>"), keys=(index,))
    assert _known(store, keys) == {
        "<in@x>": {(first, "in", ""), (second, "awaited", boss)},
        "<parent@x>": {(first, "awaited", anna), (second, "awaited", boss)},
        index: {(first, "kept", ""), (second, "kept", "")},
    }
    with store.write() as tx:
        tx.ids.move(first, second)
    assert _known(store, keys) == {
        "<in@x>": {(second, "in", ""), (second, "awaited", boss)},
        "<parent@x>": {(second, "awaited", anna), (second, "awaited", boss)},
        index: {(second, "kept", "")},
    }


def _known(store: Store, keys: LookupKeys) -> dict[str, set[tuple[int | None, str, str]]]:
    found = ask(store, lambda tx: tx.facts(keys, NOW)).known
    return {key: {(one.ticket, one.origin, one.sender) for one in ones} for key, ones in found.items()}


def test_an_awaited_id_becomes_that_of_the_mail_when_its_sender_writes_it(store: Store) -> None:
    number = new_ticket(store, RememberKeys(NEW, (), ("<1@acme.example>",), sender=ANNA.address))
    key = accept(store)
    apply(store, plan(inbound_ticket=number), inbound_id=key, mail=mail())
    (found,) = ask(store, lambda tx: tx.ids.find(["<1@acme.example>"]))["<1@acme.example>"]
    assert (found.ticket, found.origin, found.inbound_id, found.sent_at) == (number, "in", key, NOW)


def test_the_id_of_a_mail_that_was_filed_nowhere_is_known_all_the_same(store: Store) -> None:
    key = accept(store)
    apply(store, Plan(), inbound_id=key, mail=mail())
    (found,) = ask(store, lambda tx: tx.ids.find(["<1@acme.example>"]))["<1@acme.example>"]
    assert (found.ticket, found.origin, found.inbound_id) == (None, "in", key)


def test_held_back_mail_stays_visible_with_and_without_a_ticket(store: Store) -> None:
    key = accept(store)
    number = new_ticket(store, HeldBack(NEW, "received", ANNA.address, Reason("hourly-cap", "11 in an hour")))
    apply(store, Plan((HeldBack(None, "unknown_sender", "x@y", Reason("desk-cap")),)), inbound_id=key)
    line = ask(store, lambda tx: tx.ticket(number)).entries[-1]
    assert (line.type, line.public, line.text) == ("held_back", False, "hourly-cap: 11 in an hour")
    (row,) = ask(store, lambda tx: shapes(tx.outbound.held(key)))
    assert (row["to"], row["code"]) == ("x@y", "desk-cap")


def test_deadline_is_set_moved_claimed_and_done(store: Store) -> None:
    number = new_ticket(store, SetDeadline(DeadlineType.RESPOND_BREACH, NEW, NOW + HOUR, since=NOW))
    with store.write() as tx:
        assert tx.deadlines.due(NOW, 9, LEASE) == ()
        assert tx.deadlines.next_at() == NOW + HOUR
        (due,) = tx.deadlines.due(NOW + HOUR, 9, LEASE)
        assert (due.key, due.ticket, due.since) == (f"respond-breach:{number}", number, NOW)
        assert tx.deadlines.due(NOW + HOUR, 9, LEASE) == ()
    apply(store, Plan((SetDeadline(DeadlineType.RESPOND_BREACH, number, NOW + 2 * HOUR),)))
    with store.write() as tx:
        tx.deadlines.done(due.key, due.at)  # it was set anew meanwhile: stays
        assert [one.at for one in tx.deadlines.of_ticket(number)] == [NOW + 2 * HOUR]
    apply(store, Plan((SetDeadline(DeadlineType.RESPOND_BREACH, number),)))
    assert ask(store, lambda tx: tx.deadlines.next_at()) is None


def test_time_is_summed_and_corrections_stay_on_their_ticket(store: Store) -> None:
    first, second = new_ticket(store), new_ticket(store, company="other")
    made = apply(
        store, Plan((AddTime(first, "kata", 20, 30, "cable"), AddTime(second, "kata", 7, 15, "call")))
    )
    correction = (AddTime(first, "kata", -20, -30, "wrong", corrects=made.time_entries[0]),
                  AddTime(first, "kata", 50, 60, "right"))  # fmt: skip
    apply(store, Plan(correction), now=NOW + HOUR)
    with store.read() as tx:
        total = time_of(tx.timelog.of_ticket(first))
        rows = [*tx.timelog.of_tickets(NOW, NOW + 2 * HOUR, None, over={})]
        assert not [*tx.timelog.of_tickets(NOW + HOUR, NOW + 2 * HOUR, "other", over={})]
        assert tx.timelog.sums(first) == (50, 60)
        assert tx.timelog.sums(0) == (0, 0)
    assert (total["raw_minutes"], total["billed_minutes"], len(total["entries"])) == (50, 60, 3)
    assert rows == [
        TicketHours("acme", first, "Printer", Minutes(raw=50, billed=60)),
        TicketHours("other", second, "Printer", Minutes(raw=7, billed=15)),
    ]
    with pytest.raises(Refused, match="another ticket"):
        apply(store, Plan((AddTime(second, "kata", -20, -30, "x", corrects=made.time_entries[0]),)))


def test_links_are_seen_from_both_ends(store: Store) -> None:
    first = new_ticket(store)
    second = new_ticket(
        store, AddLink(NEW, LinkType.FOLLOW_UP, first), AddLink(NEW, LinkType.FOLLOW_UP, first)
    )
    with store.read() as tx:
        assert shapes(tx.tickets.links(second)) == [
            {"type": "follow_up", "ticket": first, "direction": "out"}
        ]
        assert shapes(tx.tickets.links(first)) == [{"type": "follow_up", "ticket": second, "direction": "in"}]


def test_outage_link_can_be_taken_back(store: Store) -> None:
    with store.write() as tx:
        outage = open_outage(tx, "Mail delayed", ("acme",), ("mail*",), NOW + HOUR)
    number = new_ticket(store, LinkOutage(NEW, outage))
    assert ask(store, lambda tx: tx.outages.tickets(outage)) == (number,)
    apply(store, Plan((LinkOutage(number, outage, linked=False),)))
    assert ask(store, lambda tx: tx.outages.tickets(outage)) == ()


def test_delivery_report_marks_recipient_and_address(store: Store) -> None:
    number = new_ticket(store, notice())
    (sent,) = ask(store, lambda tx: shapes(tx.outbound.list(ticket=number)))
    with store.write() as tx:
        tx.outbound.claim(1, NOW, "w", HOUR)
    changes = (
        MarkOutbound(sent["id"], ANNA.address, RecipientState.BOUNCED, "550 5.1.1"),
        MarkAddress(ANNA.address, "5.1.1"),
    )
    apply(store, Plan(changes))
    with store.read() as tx:
        assert shape(tx.outbound.get(sent["id"]))["recipients"][0]["state"] == "bounced"
        assert [row["address"] for row in shapes(tx.contacts.bounced())] == [ANNA.address]


def test_notice_without_recipient_is_a_fault_that_leaves_nothing(store: Store) -> None:
    with pytest.raises(ValueError, match="no recipient"):
        apply(store, plan(opening(), notice(to=())))
    assert ask(store, lambda tx: tx.tickets.list()) == ()


def _contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.read() as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }


_FAILING: tuple[Change, ...] = (
    UpdateTicket(999, TicketChange(owner="x")),
    UpdateTicket(999, TicketChange(phase=Phase.CLOSED)),
    DecideConsent(999, ConsentState.GRANTED, BOSS.address),
    LogConsent(NEW, ConsentEvent.ASKED, {}),
    AddTime(NEW, "kata", 1, 1, "x", corrects=999),
    notice(to=()),
)
_WORKING: tuple[Change, ...] = (
    entry(),
    AddParticipant(NEW, BOSS.address),
    notice(counted=True),
    RememberKeys(NEW, ("<a@b>",), ("<c@d>",), ("thread-index:bb",)),
    SetDeadline(DeadlineType.AUTO_CLOSE, NEW, NOW),
    HeldBack(NEW, "received", "a@b", Reason("cap")),
    MarkAddress("a@b", "gone"),
    AddTime(NEW, "kata", 5, 15, "x"),
    UpdateTicket(NEW, TicketChange(owner="kata", outages=(1,))),
    opening(),
)


@settings(at_most(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(st.sampled_from(_WORKING), max_size=6), bad=st.sampled_from(_FAILING))
def test_a_change_that_fails_leaves_nothing_of_the_others(
    store: Store, before: list[Change], bad: Change
) -> None:
    key = accept(store)
    untouched = _contents(store)
    with pytest.raises((Refused, ValueError)):
        apply(store, Plan((opening(), *before, bad), inbound_ticket=NEW), inbound_id=key, mail=mail())
    assert _contents(store) == untouched


def test_updated_at_follows_every_touch(store: Store) -> None:
    number = new_ticket(store)
    later = NOW + timedelta(days=1)
    apply(store, Plan((entry(number, "more"),)), now=later)
    assert ask(store, lambda tx: tx.tickets.brief(number)).updated_at == later


def test_a_plan_may_open_several_tickets_by_name_and_by_reserved_number(store: Store) -> None:
    with store.write() as tx:
        reserved = tx.counters.next_number()
        made = tx.apply(
            Plan((
                opening(), opening(number=-1, subject="Scanner"), opening(number=reserved, subject="Fax"),
                entry(NEW, "burns"), entry(-1, "squeaks"), entry(reserved, "is old"), AddLink(-1, LinkType.SPLIT, NEW),
            )),
            now=NOW, signer=SIGNER, nonces=nonces,
        )  # fmt: skip
        first, second, third = made.tickets
        assert third == reserved
        assert [tx.ticket(n).subject for n in made.tickets] == ["Printer", "Scanner", "Fax"]
        assert [tx.ticket(n).entries[0].text for n in made.tickets] == ["burns", "squeaks", "is old"]
        assert [(link.type, link.ticket) for link in tx.tickets.links(second)] == [("split", first)]


def test_a_plan_that_names_two_tickets_alike_or_speaks_of_none_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="two tickets"):
        apply(store, Plan((opening(), opening())))
    with pytest.raises(Refused, match="opens none"):
        apply(store, Plan((opening(), entry(-1))))


def test_what_goes_along_with_a_merge_or_split_is_part_of_its_plan(store: Store) -> None:
    old, new = new_ticket(store, AddParticipant(NEW, BOSS.address, BOSS.name)), new_ticket(store)
    moved = ask(store, lambda tx: tx.ticket(old).entries[0].id)
    apply(
        store,
        Plan((MoveEntries(old, (moved,), new), RemoveParticipants(old, (BOSS.address,)), MoveKeys(old, new))),
    )
    with store.read() as tx:
        assert tx.ticket(old).entries == ()
        assert next(one.id for one in tx.ticket(new).entries) == moved
        assert tx.ticket(old).participants == ()
        assert tx.ids.find([f"<maild.{old}.root@desk.example>"])
    with pytest.raises(Refused, match="has no entry"):
        apply(store, Plan((entry(new, "never"), MoveEntries(old, (moved,), new))))
    assert "never" not in [one.text for one in ask(store, lambda tx: tx.ticket(new).entries)]
