from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import insert

from maild.model import (
    NEW,
    AddLink,
    AddParticipant,
    CompanyFacts,
    ContactInput,
    Facts,
    LinkOutage,
    LookupKeys,
    MarkAddress,
    Plan,
    RememberKeys,
    UpdateTicket,
)
from maild.store import Store
from maild.store.tables import KNOWN_KEY
from maild.ticket.phases import Phase
from maild.ticket.state import TicketChange
from maild.ticket.vocabulary import LinkType
from tests.shapes import shapes
from tests.store.values import (
    ANNA,
    BOSS,
    HOUR,
    NOW,
    accept,
    apply,
    ask,
    consent,
    mail,
    new_ticket,
    notice,
    open_outage,
    plan,
)


def desk(store: Store) -> None:
    with store.write() as tx:
        tx.companies.save(
            CompanyFacts("acme", "Acme", domains=("acme.example", ".acme.example"), language="hu")
        )
        tx.companies.save(CompanyFacts("lab", "Lab", domains=("lab.acme.example",)))
        tx.contacts.save(
            "acme", ContactInput((ANNA.address, "anna@home.example"), ANNA.name, roles=("reference",))
        )
        tx.contacts.save("acme", ContactInput((BOSS.address,), roles=("approver",), approves=("permission",)))


def facts(store: Store, **keys: object) -> Facts:
    with store.read() as tx:
        return tx.facts(LookupKeys(**({"sender": None} | keys)), NOW)  # type: ignore[arg-type]


def test_empty_keys_ask_nothing_and_find_nothing(store: Store) -> None:
    assert facts(store) == Facts()


def test_contact_is_found_by_any_address_with_company_and_its_approvers(store: Store) -> None:
    desk(store)
    found = facts(store, sender="anna@home.example", addresses=("anna@home.example", "stranger@x.example"))
    person = found.people["anna@home.example"]
    assert list(found.people) == ["anna@home.example"]
    assert (person.name, person.memberships[0].company, person.addresses) == (
        ANNA.name, "acme", (ANNA.address, "anna@home.example"),
    )  # fmt: skip
    assert [one.address for one in found.companies["acme"].people] == [ANNA.address, BOSS.address]
    assert found.domain_company is None


def test_most_exact_declared_domain_wins(store: Store) -> None:
    desk(store)
    assert facts(store, sender="x@acme.example").domain_company == "acme"
    assert facts(store, sender="x@lab.acme.example").domain_company == "lab"
    assert facts(store, sender="x@a.b.acme.example").domain_company == "acme"
    assert facts(store, sender="x@notacme.example").domain_company is None


def test_changed_master_data_is_seen_by_every_later_look_up(store: Store) -> None:
    desk(store)
    assert facts(store, sender=ANNA.address).people[ANNA.address].bounced is False
    apply(store, Plan((MarkAddress(ANNA.address, "550"),)))
    assert facts(store, sender=ANNA.address).people[ANNA.address].bounced is True
    with store.write() as tx:
        tx.contacts.clear_bounce(ANNA.address)
        tx.companies.save(CompanyFacts("acme", "Acme two"))
    found = facts(store, sender=ANNA.address)
    assert found.people[ANNA.address].bounced is False
    assert found.companies["acme"].name == "Acme two"
    assert found.domain_company is None


def test_rolled_back_master_data_is_not_remembered(store: Store) -> None:
    desk(store)
    with store.write() as tx:
        tx.savepoint()
        tx.companies.save(CompanyFacts("acme", "Wrong"))
        assert tx.facts(LookupKeys(ANNA.address), NOW).companies["acme"].name == "Wrong"
        tx.roll_back_to_savepoint()
        assert tx.facts(LookupKeys(ANNA.address), NOW).companies["acme"].name == "Acme"
    assert facts(store, sender=ANNA.address).companies["acme"].name == "Acme"


def test_tickets_are_found_by_every_key_and_merged_ones_bring_their_survivor(store: Store) -> None:
    by_tag, by_root = new_ticket(store), new_ticket(store, RememberKeys(NEW, kept=("thread-index:cc",)))
    by_id = new_ticket(store, RememberKeys(NEW, ("<known@x>",)), AddParticipant(NEW, BOSS.address, BOSS.name))
    survivor, middle = new_ticket(store), new_ticket(store)
    apply(store, Plan((UpdateTicket(by_tag, TicketChange(phase=Phase.MERGED, merged_into=middle)),
                       UpdateTicket(middle, TicketChange(phase=Phase.MERGED, merged_into=survivor)))))  # fmt: skip
    found = facts(store, numbers=(by_tag, 424242, 2**70, -1), message_ids=("<known@x>", "<other@x>"),
                  keys=("thread-index:cc",))  # fmt: skip
    assert set(found.tickets) == {by_tag, by_root, by_id, middle, survivor}
    assert found.tickets[by_id].participants == (BOSS,)
    assert [one.ticket for one in found.known["thread-index:cc"]] == [by_root]


def test_merge_circle_ends(store: Store) -> None:
    first, second = new_ticket(store), new_ticket(store)
    apply(
        store,
        Plan(
            (
                UpdateTicket(first, TicketChange(merged_into=second)),
                UpdateTicket(second, TicketChange(merged_into=first)),
            )
        ),
    )
    assert set(facts(store, numbers=(first,)).tickets) == {first, second}


def test_automatic_answers_are_counted_by_address_ticket_desk_and_strangers(store: Store) -> None:
    first = new_ticket(store, notice(counted=True, to=(ANNA, BOSS)), notice(name="accepted"))
    new_ticket(store, notice(name="unknown_sender", counted=True))
    apply(store, Plan((notice(first, "complaint", counted=True, data={"to_unknown": True}),)))
    found = facts(store, sender=ANNA.address, numbers=(first,))
    assert found.automatic_last_hour == 3
    assert found.automatic_desk_last_hour == 3
    assert found.automatic_unknown_last_hour == 2
    assert found.automatic_ticket_last_hour == {first: 2}
    with store.write() as tx:
        assert tx.facts(LookupKeys(ANNA.address), NOW + timedelta(minutes=59)).automatic_last_hour == 3
        assert tx.facts(LookupKeys(ANNA.address), NOW + timedelta(minutes=62)).automatic_last_hour == 0
        tx.housekeeping(NOW + 3 * HOUR)
        assert tx.facts(LookupKeys(ANNA.address), NOW).automatic_last_hour == 0


def test_recent_notices_are_those_of_the_window(store: Store) -> None:
    number = new_ticket(store, notice())
    apply(store, Plan((notice(number, "accepted", to=(BOSS,)),)), now=NOW - 2 * HOUR)
    assert facts(store, numbers=(number,)).recent_notices == {(number, "received", ANNA.address)}


def test_token_brings_its_consent_ticket_and_approvers(store: Store) -> None:
    desk(store)
    hashed = sha256(b"token").hexdigest()
    number = new_ticket(store, consent(tokens=((BOSS.address, hashed),)))
    found = facts(store, token_hashes=(hashed, "0" * 64))
    assert set(found.tickets) == {number}
    (one,) = found.consents.values()
    assert (one.ticket, one.state, one.requester) == (number, "waiting", ANNA.address)
    assert found.tokens[hashed].approver == BOSS.address
    assert found.people[BOSS.address].memberships[0].approves == ("permission",)
    assert facts(store, numbers=(number,)).consents == found.consents


def test_same_mail_is_recognised_with_its_ticket(store: Store) -> None:
    key = accept(store)
    made = apply(store, plan(inbound_ticket=NEW), inbound_id=key, mail=mail())
    found = facts(store, fingerprint="fp <1@acme.example>", own_message_id="<1@acme.example>")
    assert (found.duplicate_of, found.duplicate_ticket) == (key, made.ticket)
    (came,) = found.known["<1@acme.example>"]
    assert (came.origin, came.inbound_id, came.sender) == ("in", key, ANNA.address)


@pytest.mark.parametrize(
    "named",
    ["<CAF1+Kx=b@Mail.ACME.example>", "<caf1+kx=b@mail.acme.example>", "<CAF1+KX=B@MAIL.ACME.EXAMPLE>"],
)
def test_an_id_is_found_whatever_the_case_of_its_letters(store: Store, named: str) -> None:
    number = new_ticket(store, RememberKeys(NEW, ("<CAF1+Kx=b@Mail.ACME.example>",)))
    (known,) = facts(store, message_ids=(named, "<caf1+kx=c@mail.acme.example>")).known[named]
    assert (known.ticket, known.key) == (number, named)  # evidence shows it as this mail writes it


def test_an_id_that_was_kept_as_it_stood_is_found_as_it_stands(store: Store) -> None:
    number = new_ticket(store)
    with store.write() as tx:
        tx.execute(insert(KNOWN_KEY).values(key="<Old@X>", ticket=number, sender="", origin="in", notice=""))
    assert [one.ticket for one in facts(store, message_ids=("<Old@X>",)).known["<Old@X>"]] == [number]


def test_lasting_outages_are_known_and_resolved_ones_not(store: Store) -> None:
    with store.write() as tx:
        first = open_outage(tx, "Mail delayed", ("acme",), ("mail*",), NOW + HOUR)
        second = open_outage(tx, "Phones")
    number = new_ticket(store, LinkOutage(NEW, first))
    assert [one.id for one in facts(store).outages] == [first, second]
    with store.write() as tx:
        tx.outages.update(first, "half of it", None, NOW, "kata")
        tx.outages.resolve(second, "over", NOW)
        assert [row["text"] for row in shapes(tx.outages.updates(first))] == ["Mail delayed", "half of it"]
    (one,) = facts(store).outages
    assert (one.text, one.eta, one.words) == ("half of it", NOW + HOUR, ("mail*",))
    assert ask(store, lambda tx: shapes(tx.tickets.links(number)))[0]["outage"] == first


def test_hundreds_of_references_are_one_look_up(store: Store) -> None:
    number = new_ticket(store, RememberKeys(NEW, ("<700@x>",)))
    found = facts(store, message_ids=tuple(f"<{i}@x>" for i in range(1000)))
    assert set(found.tickets) == {number}


def test_tickets_of_one_thread_come_along_for_whoever_takes_no_part_in_the_one_that_is_named(
    store: Store,
) -> None:
    anna, boss = ANNA.address, BOSS.address
    first = new_ticket(store)
    second = new_ticket(store, AddLink(NEW, LinkType.RELATED, first), requester=boss)
    third = new_ticket(store, AddLink(NEW, LinkType.CLAIMS, second), requester="carl@x")
    new_ticket(store, AddLink(NEW, LinkType.SPLIT, first))
    for sender in (boss, "carl@x", "stranger@x"):
        found = facts(store, sender=sender, numbers=(first,))
        assert set(found.tickets) == {first, second, third}
        assert set(found.answers) == {(second, first), (third, second)}
    assert facts(store, sender=anna, numbers=(first,)).answers == ()
    assert facts(store, sender=None, numbers=(first,)).answers == ()


def test_thread_of_very_many_tickets_is_cut(store: Store) -> None:
    first = new_ticket(store)
    for n in range(120):
        new_ticket(store, AddLink(NEW, LinkType.RELATED, first), requester=f"x{n}@x")
    assert len(facts(store, sender="y@x", numbers=(first,)).answers) == 100


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({}, True),
        ({"sender": BOSS.address}, False),
        ({"sent_at": NOW + timedelta(seconds=1)}, False),
        ({"sent_at": None}, False),
        ({"own_message_id": "<2@acme.example>"}, False),
    ],
)
def test_gateways_copy_has_the_same_sender_id_and_date(
    store: Store, change: dict[str, Any], known: bool
) -> None:
    key = accept(store)
    made = apply(store, plan(inbound_ticket=NEW), inbound_id=key, mail=mail())
    asked: dict[str, Any] = {
        "sender": ANNA.address,
        "own_message_id": "<1@acme.example>",
        "sent_at": NOW,
        "fingerprint": "other",
    }
    found = facts(store, **(asked | change))
    assert (found.copy_of is not None) is known
    assert found.duplicate_of is None
    if found.copy_of is not None:
        assert (found.copy_of.inbound_id, found.copy_of.ticket, found.copy_text) == (
            key,
            made.ticket,
            "It burns.",
        )
    with store.read() as tx:
        assert tx.facts(LookupKeys(**asked), NOW, inbound_id=key).copy_of is None  # no copy of itself
