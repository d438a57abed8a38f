"""Who is on a ticket, and whose it becomes when an agent says who asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from maild.app import people
from maild.app.people import PeopleStep
from maild.model import (
    AddEntry,
    AddParticipant,
    Change,
    Mailbox,
    Membership,
    PersonFacts,
    RemoveParticipants,
    SetDeadline,
    TicketFacts,
)
from maild.ticket.phases import Phase
from maild.ticket.vocabulary import DeadlineType, EntryType
from tests.unit.app.act_world import (
    ANNA,
    BELA,
    BOSS,
    CARL,
    GLOBEX,
    HOUR,
    PEOPLE,
    act,
    nonce,
    of,
    refused,
    said,
)
from tests.unit.app.approval_world import held, short_of
from tests.unit.factory import NOW, ticket

ON = ticket(participants=(Mailbox(BELA, "Bela"), Mailbox(BOSS, "Boss")))
ROBOT = "no-reply@acme.example"


def change(part: str, address: str, on: TicketFacts = ON, name: str = "N", **more: Any) -> tuple[Change, ...]:
    return people.change(
        act(**more), on, PeopleStep(part), Mailbox(address, name), PEOPLE.get(address)
    ).changes


def test_who_is_added_takes_part_and_agents_read_by_whom() -> None:
    added, note = change("add", "new@acme.example", channel="web")
    assert added == AddParticipant(15789, "new@acme.example", "N", "added by kata")
    assert isinstance(note, AddEntry)
    assert (note.type, note.author, note.channel, note.text, note.public) == (
        EntryType.PEOPLE, "kata", "web", "added new@acme.example", False,
    )  # fmt: skip


def test_who_is_there_or_of_another_company_is_not_added() -> None:
    refused(lambda: change("add", BELA), f"{BELA} is on #15789 already")
    refused(lambda: change("add", ANNA), f"{ANNA} is on #15789 already")
    refused(lambda: change("add", CARL), f"{CARL} does not belong to acme", f"maild reply 15789 --cc {CARL}")
    assert change("add", CARL, replace(ON, company=None), company=None)


def test_who_is_removed_is_told_no_more_and_who_asked_stays() -> None:
    assert change("remove", BELA)[0] == RemoveParticipants(15789, (BELA,))
    assert said(change("remove", BELA)) == [f"(removed {BELA})"]
    refused(
        lambda: change("remove", ANNA), f"{ANNA} asked for #15789", "maild people 15789 requester ADDRESS"
    )
    refused(lambda: change("remove", CARL), f"{CARL} is not on #15789", f"there is {BELA}, {BOSS}")
    refused(lambda: change("remove", CARL, ticket()), "there is nobody")


def test_another_asks_and_the_one_before_takes_part() -> None:
    changes = change("requester", BELA)
    now = ON.after_all(changes)
    assert (now.requester, now.requester_name) == (BELA, "N")
    assert changes[1:3] == (
        RemoveParticipants(15789, (BELA,)),
        AddParticipant(15789, ANNA, "Anna", "asked first"),
    )
    assert said(changes) == [f"(requester: {ANNA} -> {BELA})"]
    assert not of(RemoveParticipants, change("requester", "new@acme.example"))


@pytest.mark.parametrize("before", ["", ROBOT])
def test_a_box_that_nobody_reads_takes_no_part(before: str) -> None:
    changes = change("requester", BELA, replace(ON, requester=before))
    assert not of(AddParticipant, changes)
    assert said(changes) == [f"(requester: {before or 'nobody'} -> {BELA})"]


def test_whose_a_request_is_does_not_change_while_it_waits_for_an_approval() -> None:
    refused(
        lambda: change("requester", BELA, held()),
        f"approval of a request of {ANNA}",
        "maild approval withdraw 15789",
    )
    refused(lambda: change("requester", ANNA), f"{ANNA} is the requester of #15789 already")
    refused(
        lambda: change("requester", CARL),
        f"{CARL} does not belong to acme",
        "`maild move 15789 COMPANY` first",
    )
    refused(lambda: change("requester", ROBOT), f"{ROBOT} says itself that nobody reads it")
    merged = replace(ON, phase=Phase.MERGED, merged_into=7)
    refused(lambda: change("add", CARL, merged), "#15789 was merged", f"`maild people 7 add {CARL}`")
    assert ROBOT in {one.address for one in of(AddParticipant, change("add", ROBOT))}


# ------------------------------------------------------------------------------------- whose it becomes


def of_company(on: TicketFacts, *companies: str, by_domain: str | None = None) -> str | None:
    person = PersonFacts(1, CARL, "", memberships=tuple(map(Membership, companies))) if companies else None
    return people.company_of(on, Mailbox(CARL), person, by_domain)


def test_a_ticket_of_no_company_becomes_that_of_who_asks() -> None:
    on = ticket(company=None)
    assert of_company(on, "globex", by_domain="acme") == "globex"
    assert of_company(on, by_domain="acme") == "acme"
    assert of_company(on) is None
    assert of_company(ticket(), "globex") is None
    assert of_company(replace(on, phase=Phase.MERGED), "globex") is None
    refused(
        lambda: of_company(on, "globex", "acme"),
        f"{CARL} belongs to globex, acme",
        "`maild move 15789 COMPANY`",
    )


def test_it_is_promised_what_their_contract_says_and_strangers_take_part_no_longer() -> None:
    on = ticket(
        company=None,
        requester=ROBOT,
        severity=None,
        participants=(Mailbox(BELA), Mailbox("x@globex.example")),
    )
    who = Mailbox(CARL, "Carl")
    changes = people.named(act(company=None), on, who, GLOBEX, PEOPLE, nonce).changes
    now = on.after_all(changes)
    assert (now.requester, now.requester_name, now.company, now.respond_by) == (
        CARL,
        "Carl",
        "globex",
        NOW + 8 * HOUR,
    )
    assert of(RemoveParticipants, changes) == [RemoveParticipants(15789, (BELA,))]
    assert DeadlineType.RESPOND_BREACH in {one.type for one in of(SetDeadline, changes)}
    assert short_of(changes) == [f"mail received to {CARL}"]


def test_who_asked_first_and_is_not_of_the_company_does_not_take_part() -> None:
    who = Mailbox(CARL, "Carl")
    on = ticket(company=None, requester="x@else.example")
    assert not of(AddParticipant, people.named(act(company=None), on, who, GLOBEX, PEOPLE, nonce).changes)
    on = ticket(company=None, requester="x@globex.example")
    made = people.named(act(company=None), on, who, GLOBEX, PEOPLE, nonce).changes
    assert [one.address for one in of(AddParticipant, made)] == ["x@globex.example"]
    refused(
        lambda: people.named(act(company=None), on, Mailbox(BELA), GLOBEX, PEOPLE, nonce),
        "does not belong to globex",
    )
