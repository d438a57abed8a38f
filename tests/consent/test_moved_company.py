"""A ticket that goes to another company: what somebody of the old one granted, nobody of the new one has."""

from __future__ import annotations

import pytest

from maild.app import acts, approvals, change_company, merging, offers
from maild.model import ContactInput
from maild.ticket.phases import Phase
from maild.work.nonces import token
from tests.consent.keys import sign
from tests.consent.test_acts import act, consents
from tests.consent.world import Asked, World
from tests.harness.mails import mail

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

GINA = "gina@globex.example"


def granted(world: World) -> Asked:
    asked = world.ask()
    world.send(sign(asked.reply("Yes\r\n")))
    assert world.phase(asked.number) == "received"
    return asked


def move(world: World, number: int, company: str) -> None:
    to = world.read(lambda tx: tx.companies.get(company))
    act(world, number, lambda a, t: change_company.move(a, t, to, {}, token))


def reopen(world: World, number: int) -> None:
    act(world, number, lambda a, t: approvals.reopen(a, t, "", token))


def held_for_gina(world: World, number: int) -> Asked:
    assert world.phase(number) == "awaiting_approval"
    waiting = world.read(lambda tx: tx.consents.waiting(number))
    assert waiting is not None
    assert waiting.approvers == (GINA,)
    return world.asked(number, waiting.id, waiting.requester, GINA)


@pytest.mark.parametrize("phase", [Phase.RECEIVED, Phase.IN_PROGRESS, Phase.WAITING_CUSTOMER])
def test_what_one_company_granted_is_asked_of_the_company_whose_ticket_it_becomes(
    world: World, phase: Phase
) -> None:
    asked = granted(world)
    if phase is not Phase.RECEIVED:
        act(world, asked.number, lambda a, t: acts.phase(a, t, phase))
    move(world, asked.number, "globex")
    now = held_for_gina(world, asked.number)
    world.send(sign(asked.reply("Yes, approved.\r\n")))  # of who has nothing to say there
    assert world.phase(asked.number) == "awaiting_approval"
    world.send(sign(now.reply("Yes\r\n"), "globex.example"))
    # where it waited before, if it waited
    assert world.phase(asked.number) == (Phase.RECEIVED if phase is Phase.WAITING_CUSTOMER else phase)
    assert consents(world, asked.number) == [("permission", "granted"), ("permission", "granted")]


@pytest.mark.parametrize("phase", [Phase.RESOLVED, Phase.CLOSED])
def test_what_is_done_stays_done_and_is_asked_about_when_it_is_reopened(world: World, phase: Phase) -> None:
    asked = granted(world)
    act(world, asked.number, lambda a, t: acts.phase(a, t, Phase.RESOLVED))
    move(world, asked.number, "globex")
    assert world.phase(asked.number) == "resolved"
    if phase is Phase.CLOSED:
        act(world, asked.number, lambda a, t: acts.close(a, t))
    reopen(world, asked.number)
    held_for_gina(world, asked.number)


def test_a_customers_reply_reopens_it_to_the_same_question(world: World) -> None:
    asked = granted(world)
    act(world, asked.number, lambda a, t: acts.phase(a, t, Phase.RESOLVED))
    move(world, asked.number, "globex")
    world.send(mail("anna@acme.example", f"Re: [#{asked.number}] Share", "It does not work yet.\r\n"))
    held_for_gina(world, asked.number)


def test_what_was_merged_into_it_is_asked_about_too(world: World) -> None:
    first = granted(world)
    other: int = world.send(mail("anna@acme.example", "Printer", "It jams.\r\n"))["ticket"]
    into = world.read(lambda tx: tx.ticket(other))
    act(world, first.number, lambda a, t: merging.merge(a, t, into))
    assert world.phase(other) == "received"
    move(world, other, "globex")
    now = held_for_gina(world, other)
    world.send(sign(now.reply("Yes\r\n"), "globex.example"))
    assert world.phase(other) == "received"


def test_one_that_comes_back_has_its_consent(world: World) -> None:
    asked = granted(world)
    act(world, asked.number, lambda a, t: acts.phase(a, t, Phase.RESOLVED))
    move(world, asked.number, "globex")
    move(world, asked.number, "acme")
    reopen(world, asked.number)
    assert world.phase(asked.number) == "in_progress"


def test_what_an_agent_said_asks_for_nothing_asks_for_nothing_elsewhere(world: World) -> None:
    asked = world.ask()
    act(world, asked.number, lambda a, t: approvals.withdraw(a, t, a.consents[-1], "a mistake"))
    move(world, asked.number, "globex")
    assert world.phase(asked.number) == "received"


@pytest.mark.parametrize("lapsed", [False, True])
@pytest.mark.parametrize("words_ask", [False, True])
def test_an_offer_to_the_old_company_is_void_and_holds_nothing_on(
    world: World, lapsed: bool, words_ask: bool
) -> None:
    buyer = ContactInput(("boss@acme.example",), name="Boss Bela", roles=("approver",), approves=("quote",))
    world.write(lambda tx: tx.contacts.save("acme", buyer))
    number: int = world.send(mail("anna@acme.example", "Printer", "It jams.\r\n"))["ticket"]
    offer = offers.Quote("100.00", "EUR", "14d", "A new printer")
    act(world, number, lambda a, t: offers.quote(a, t, offer, token))
    if words_ask:
        text = "Please give Peter write access to the share.\r\n"
        world.send(mail("anna@acme.example", f"Re: [#{number}] Printer", text))
    if lapsed:
        world.expire(world.read(lambda tx: tx.consents.of_ticket(number))[-1].id)
        act(world, number, lambda a, t: approvals.expire(a, t, a.consents[-1]))
    move(world, number, "globex")
    world.restore()
    assert consents(world, number) == [("quote", "void")]
    assert world.phase(number) == ("awaiting_approval" if words_ask else "received")
    if words_ask:  # what is said of the hold now is said of the words
        act(world, number, lambda a, t: approvals.withdraw(a, t, a.consents[-1], "a mistake"))
        assert world.phase(number) == "received"


def test_an_ordinary_ticket_moves_on_as_it_is(world: World) -> None:
    number: int = world.send(mail("anna@acme.example", "Printer", "It jams.\r\n"))["ticket"]
    act(world, number, lambda a, t: acts.phase(a, t, Phase.IN_PROGRESS))
    move(world, number, "globex")
    assert world.phase(number) == "in_progress"
