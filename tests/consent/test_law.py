"""One law: a ticket whose present words ask for a permission or a device waits for a written consent, unless one for
exactly these words was granted, or an agent said so that they ask for none. Each way around it, and its neighbours.

Over 300 lines: the law of consent sentence by sentence, in the order of docs/consent.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from maild.app import acts, approvals, merging, new_by_agent, splitting
from maild.errors import Refused
from maild.model import ContactInput, Facts, Plan, TicketFacts
from maild.store import Tx
from maild.ticket.phases import Phase
from maild.work.nonces import token
from tests.consent.keys import sign
from tests.consent.test_acts import act
from tests.consent.world import Asked, World
from tests.harness.mails import mail as bytes_of

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

ANNA, BOSS = "anna@acme.example", "boss@acme.example"
MORE = "Please give Mallory write access to the payroll share as well.\r\n"


def mail(
    text: str, *, sender: str = ANNA, subject: str = "Printer", more: str = "", parent: str = ""
) -> bytes:
    return bytes_of(sender, subject, text, more=more, parent=parent, kind="")


def ordinary(world: World) -> int:
    number = int(world.send(mail("The printer burns.\r\n"))["ticket"])
    assert world.phase(number) == "received"
    return number


def reply(number: int, text: str, *, sender: str = ANNA) -> bytes:
    return mail(text, sender=sender, subject=f"Re: [#{number}] Printer")


def waiting(world: World, number: int, approver: str = BOSS) -> Asked:
    """The consent that the ticket waits for now."""
    found = world.read(lambda tx: tx.consents.waiting(number))
    assert found is not None
    return world.asked(number, found.id, found.requester, approver)


def refused(world: World) -> Asked:
    asked = world.ask()
    world.send(sign(asked.reply("No.\r\n")))
    assert world.phase(asked.number) == "rejected"
    return asked


# ----------------------------------------------------------------------------------- words in a thread


@pytest.mark.parametrize(
    "phase", [None, Phase.ACCEPTED, Phase.IN_PROGRESS, Phase.WAITING_CUSTOMER, Phase.RESOLVED, Phase.CLOSED]
)
def test_permission_words_in_a_reply_hold_an_ordinary_ticket_wherever_it_stands(
    world: World, phase: Phase | None
) -> None:
    number = ordinary(world)
    if phase is not None:
        act(world, number, lambda a, t: acts.phase(a, t, phase))
    world.send(reply(number, MORE))
    assert world.phase(number) == "awaiting_approval"
    world.send(sign(waiting(world, number).reply()))
    ended = phase in (Phase.RESOLVED, Phase.CLOSED)
    gone_back = "in_progress" if ended else "received" if phase in (None, Phase.WAITING_CUSTOMER) else phase
    assert world.phase(number) == gone_back


def test_the_request_that_is_asked_for_is_the_reply_and_not_what_was_settled_before(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "received"
    world.send(reply(asked.number, MORE))
    assert world.phase(asked.number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert "payroll" in held.request_text
    assert "Zebra" not in held.request_text


def test_an_ordinary_reply_thanks_and_trouble_hold_nothing(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply()))
    for text in (
        "Thank you very much!\r\n",
        "The scanner is slow today.\r\n",
        "I cannot access the share, it says denied.\r\n",
    ):
        world.send(reply(asked.number, text))
        assert world.phase(asked.number) == "received", text


def test_a_colleague_who_asks_for_more_is_asked_about_after_the_grant_and_not_before(world: World) -> None:
    asked = world.ask()
    colleague = "vice@acme.example"
    world.send(sign(reply(asked.number, MORE, sender=colleague)))
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "waiting"
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert (held.requester, held.approvers) == (colleague, (BOSS, "chief@mail.acme.example"))
    world.send(sign(waiting(world, asked.number).reply()))
    assert world.phase(asked.number) == "received"


def test_the_same_words_of_a_colleague_are_another_request(world: World) -> None:
    text = "Please give me write access to the payroll share."
    asked = world.ask(text=text)
    world.send(reply(asked.number, f"{text}\r\n", sender="vice@acme.example"))
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert held.requester == "vice@acme.example"


def test_an_approver_who_asks_in_a_reply_needs_another_approver(world: World) -> None:
    number = ordinary(world)
    world.send(sign(reply(number, "Please grant me write access to the payroll share.\r\n", sender=BOSS)))
    assert world.phase(number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(number))
    assert held is not None
    assert BOSS not in held.approvers


# --------------------------------------------------------------------------------- after it was decided


@pytest.mark.parametrize(
    "text", ["Why? We need it.\r\n", "The boss said yes on the phone, go ahead.\r\n", MORE]
)
def test_a_reply_after_a_refusal_asks_again_in_place_of_waking_the_ticket(world: World, text: str) -> None:
    asked = refused(world)
    world.send(reply(asked.number, text))
    assert world.phase(asked.number) == "awaiting_approval"
    again = waiting(world, asked.number)
    assert again.consent != asked.consent
    world.send(sign(again.reply()))
    assert world.phase(asked.number) == "in_progress"


@pytest.mark.parametrize("way", ["reopen", "phase"])
def test_an_agent_who_reopens_what_was_refused_asks_again(world: World, way: str) -> None:
    asked = refused(world)
    if way == "reopen":
        act(world, asked.number, lambda a, t: approvals.reopen(a, t, "Once more", token))
    else:
        act(world, asked.number, lambda a, t: approvals.phase(a, t, Phase.IN_PROGRESS, "", token))
    assert world.phase(asked.number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert "Zebra" in held.request_text


def test_the_mover_itself_leads_nowhere_around_the_law(world: World) -> None:
    asked = refused(world)
    with pytest.raises(Refused, match="nobody consented to"):
        act(world, asked.number, acts.reopen)


def test_what_expired_and_was_rejected_is_held_again_by_a_reply(world: World) -> None:
    asked = world.ask()
    world.expire(asked.consent)
    act(world, asked.number, lambda a, t: approvals.expire(a, t, a.consents[0]))
    world.send(reply(asked.number, "Any news?\r\n"))
    assert world.phase(asked.number) == "awaiting_approval"
    act(world, asked.number, lambda a, t: acts.phase(a, t, Phase.REJECTED))
    world.send(reply(asked.number, "Any news?\r\n"))
    assert world.phase(asked.number) == "awaiting_approval"


def test_what_was_written_while_nothing_was_asked_is_part_of_what_is_asked_anew(world: World) -> None:
    asked = world.ask()
    world.expire(asked.consent)
    act(world, asked.number, lambda a, t: approvals.expire(a, t, a.consents[0]))
    world.send(reply(asked.number, MORE))
    act(world, asked.number, lambda a, t: approvals.request(a, t, a.consents[-1], "", "", token))
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert "Zebra" in held.request_text
    assert "payroll" in held.request_text


def test_an_agent_who_says_why_clears_these_words_and_no_later_ones(world: World) -> None:
    asked = refused(world)
    act(world, asked.number, lambda a, t: approvals.withdraw(a, t, a.consents[0], "a question after all"))
    act(world, asked.number, lambda a, t: approvals.reopen(a, t, "", token))
    assert world.phase(asked.number) == "in_progress"
    kept = world.read(lambda tx: [e.text for e in tx.ticket(asked.number).entries])
    assert any("a question after all" in text for text in kept)
    world.send(reply(asked.number, MORE))
    assert world.phase(asked.number) == "awaiting_approval"


def test_giving_up_an_offer_does_not_give_up_the_permission_that_was_asked_for_meanwhile(
    world: World,
) -> None:
    from maild.app import offers

    buyer = ContactInput(
        (BOSS,), name="Boss Bela", roles=("approver", "reference"), approves=("permission", "quote")
    )
    world.write(lambda tx: tx.contacts.save("acme", buyer))
    number = ordinary(world)
    offer = offers.Quote("100.00", "EUR", "14d", "A new printer")
    act(world, number, lambda a, t: offers.quote(a, t, offer, token))
    world.send(reply(number, MORE))
    act(world, number, lambda a, t: approvals.withdraw(a, t, a.consents[-1], "no offer"))
    assert world.phase(number) == "awaiting_approval"
    act(world, number, lambda a, t: approvals.request(a, t, a.consents[-1], "", "", token))
    assert "payroll" in world.read(lambda tx: tx.consents.waiting(number)).request_text  # type: ignore[union-attr]
    world.send(sign(waiting(world, number).reply()))
    assert world.phase(number) == "received"
    world.restore()


# ------------------------------------------------------------------------------------------ who writes


@pytest.mark.parametrize(
    "sender",
    [
        "anna@acme.example, eve@evil.example", "Board: anna@acme.example;", "=?utf-8?q?Anna_=3Canna=40acme.example=3E?=",
        "<anna@acme.example", "anna@acme.example <eve@evil.example> <x@y.example>", "undisclosed-recipients:;",
        "anna", "@acme.example", '"anna@acme.example"',
    ],
)  # fmt: skip
def test_a_request_without_a_strict_from_is_held(world: World, sender: str) -> None:
    row = world.send(mail(MORE, sender=sender, subject="Share"))
    number = int(row["ticket"])
    assert world.phase(number) == "awaiting_approval"
    assert world.read(lambda tx: tx.tickets.brief(number).team) == "review"


def test_a_mail_without_a_from_that_asks_for_nothing_is_for_review_as_before(world: World) -> None:
    number = int(world.send(mail("The printer burns.\r\n", sender="anna"))["ticket"])
    assert world.phase(number) == "received"


@pytest.mark.parametrize("sender", ["forms@acme.example", "stranger@evil.example"])
def test_a_request_of_an_automatic_sender_that_opens_tickets_or_of_a_stranger_is_held(
    world: World, sender: str
) -> None:
    more = "Auto-Submitted: auto-generated\r\n" if sender.startswith("forms") else ""
    number = int(world.send(mail(MORE, sender=sender, subject="Share", more=more))["ticket"])
    assert world.phase(number) == "awaiting_approval"


# ----------------------------------------------------------------------------------- the agents' verbs


def test_a_part_that_asks_for_a_permission_is_held_whatever_kind_it_is_called(world: World) -> None:
    number = ordinary(world)
    made: list[int] = []

    def job(tx: Tx) -> None:
        ticket = tx.ticket(number)
        company = tx.companies.find("acme")
        here = acts.ActContext(world.settings, datetime.now(UTC), "kata", company, None, ())
        made.append(tx.counters.next_number())
        part = splitting.SplitPart("Share", (), MORE, "change", None)
        tx.apply(
            splitting.split(here, ticket, part, made[0], token),
            now=here.now,
            signer=world.signer,
            nonces=token,
        )

    world.write(job)
    assert world.phase(made[0]) == "awaiting_approval"
    world.send(sign(waiting(world, made[0]).reply()))
    assert world.phase(made[0]) == "received"


def test_what_was_refused_becomes_no_part_of_another_ticket(world: World) -> None:
    asked, other = refused(world), ordinary(world)
    into = world.read(lambda tx: tx.ticket(other))
    with pytest.raises(Refused, match="nobody consented to"):
        act(world, asked.number, lambda a, t: merging.merge(a, t, into))


def test_what_was_said_on_the_phone_is_no_request_on_another_ticket_and_no_verb_works_on_it(
    world: World,
) -> None:
    call = new_by_agent.Call(address=ANNA, subject="Share", text="Please grant write access to the share.")
    made: list[int] = []

    def open_it(tx: Tx) -> None:
        person = tx.contacts.find(ANNA)
        facts = Facts(people={ANNA: person} if person else {}, companies={"acme": tx.companies.get("acme")})
        now = datetime.now(UTC)
        plan = new_by_agent.new(facts, world.settings, now, "kata", call, token)
        made.append(tx.apply(plan, now=now, signer=world.signer, nonces=token).ticket or 0)
        made.append(tx.counters.next_number())

    world.write(open_it)
    number, other = made
    for phase in (Phase.IN_PROGRESS, Phase.ACCEPTED, Phase.SCHEDULED, Phase.RESOLVED, Phase.CLOSED):
        with pytest.raises(Refused):
            act(world, number, partial(_to, phase))
    act(world, number, lambda a, t: acts.note(a, t, "She called again."))
    for part in (
        splitting.SplitPart("Share", (_call(world, number),), "", "change", None),
        splitting.SplitPart("Share", (), MORE, "change", None),
    ):
        with pytest.raises(Refused, match="on the phone"):
            act(world, number, partial(_split, part, other))
    assert world.phase(number) == "waiting_customer"
    assert world.read(lambda tx: tx.consents.of_ticket(number)) == ()
    ordinary_part = splitting.SplitPart(
        "Lamp", (), "The lamp is broken.", None, None
    )  # what asks for nothing goes
    act(world, number, partial(_split, ordinary_part, other))
    assert world.phase(other) == "received"


def _to(phase: Phase, act_: acts.ActContext, ticket: TicketFacts) -> Plan:
    at = datetime.now(UTC) + timedelta(days=1) if phase is Phase.SCHEDULED else None
    return approvals.phase(act_, ticket, phase, "", token, at=at)


def _split(part: splitting.SplitPart, number: int, act_: acts.ActContext, ticket: TicketFacts) -> Plan:
    return splitting.split(act_, ticket, part, number, token)


def _call(world: World, number: int) -> int:
    return world.read(lambda tx: next(e.id for e in tx.ticket(number).entries if e.type == "call"))


# --------------------------------------------------------------------------------------- whose words


def test_an_agent_asks_for_nothing_in_the_name_of_another(world: World) -> None:
    """What a colleague adds, unverified, is no part of what the verified requester asked for."""
    asked = world.ask(signed=True)
    world.send(reply(asked.number, MORE, sender="vice@acme.example"))
    act(world, asked.number, lambda a, t: approvals.request(a, t, a.consents[-1], "", "Urgent.", token))
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert "payroll" not in held.request_text
    assert (held.requester, held.terms.requester_verified) == (ANNA, True)
    world.send(sign(waiting(world, asked.number).reply()))
    assert world.phase(asked.number) == "awaiting_approval"
    theirs = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert theirs is not None
    assert "payroll" in theirs.request_text
    assert (theirs.requester, theirs.terms.requester_verified) == ("vice@acme.example", False)


def test_what_the_requester_adds_unverified_is_not_said_to_be_verified_when_an_agent_asks(
    world: World,
) -> None:
    asked = world.ask(signed=True)
    act(world, asked.number, lambda a, t: approvals.expire(a, t, a.consents[0]))
    world.send(reply(asked.number, MORE))
    act(world, asked.number, lambda a, t: approvals.request(a, t, a.consents[-1], "", "", token))
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert "payroll" in held.request_text
    assert not held.terms.requester_verified


def test_a_person_who_may_not_file_is_held_when_somebody_adopts_it(world: World) -> None:
    company = world.read(lambda tx: tx.companies.get("acme"))
    world.write(lambda tx: tx.companies.save(replace(company, who_may_file="reference")))
    try:
        number = int(world.send(mail(MORE, subject="Share"))["ticket"])
        assert world.phase(number) == "waiting_customer"
        for phase in (Phase.IN_PROGRESS, Phase.ACCEPTED, Phase.RESOLVED):
            other = int(world.send(mail(MORE, subject=f"Share {phase}"))["ticket"])
            act(world, other, partial(_to, phase))
            assert world.phase(other) == "awaiting_approval"
        with pytest.raises(Refused, match="nobody consented to"):
            act(world, number, partial(_to, Phase.CLOSED))
        world.send(reply(number, "And Eve, please grant her access to the share.\r\n"))
        assert world.phase(number) == "waiting_customer"
        world.send(sign(reply(number, "ok\r\n", sender=BOSS)))
        assert world.phase(number) == "awaiting_approval"
        held = world.read(lambda tx: tx.consents.waiting(number))
        assert held is not None
        assert "payroll" in held.request_text
        assert "Eve" in held.request_text
    finally:
        world.write(lambda tx: tx.companies.save(company))
