"""What a mail asks for beside its answer, what a confirmation or an offer was about: none of it is consented to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from maild.app import merging
from maild.app.acts import ActContext
from maild.consent import request
from maild.store import Tx
from maild.work.nonces import nonce
from tests.consent.keys import sign
from tests.consent.test_law import ANNA, BOSS, mail, ordinary, reply, waiting
from tests.consent.world import Asked, World

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

VICE = "vice@acme.example"
BESIDE = "Yes, approved.\r\n\r\nPlease give Mallory write access to the payroll share as well.\r\n"


def plainly(world: World, asked: Asked) -> Asked:
    """The mail that asks once more."""
    return world.asked(asked.number, asked.consent, asked.requester, asked.approver, "approval_unclear")


def test_what_an_approver_asks_for_beside_an_answer_is_asked_of_another_approver(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply(BESIDE)))
    assert world.phase(asked.number) == "awaiting_approval"
    world.send(sign(plainly(world, asked).reply("Yes.\r\n")))
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "granted"
    assert world.phase(asked.number) == "awaiting_approval"
    held = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert held is not None
    assert (held.requester, BOSS in held.approvers) == (BOSS, False)
    assert "Mallory" in held.request_text
    world.send(sign(waiting(world, asked.number, VICE).reply()))
    assert world.phase(asked.number) == "received"


def test_what_is_asked_for_beside_an_answer_after_the_grant_holds_the_ticket_again(world: World) -> None:
    asked = world.ask()
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "received"
    world.send(sign(asked.reply(BESIDE)))
    assert world.phase(asked.number) == "awaiting_approval"


@pytest.mark.parametrize(
    "text",
    [
        "Yes, give him write access to the share.\r\n",
        "Igen, kapjon hozzáférést a megosztáshoz.\r\n",
        "Ja, bitte Zugriff auf die Freigabe einrichten.\r\n",
        "Ja, hij mag toegang tot de map krijgen.\r\n",
        "Oui, donnez-lui accès au partage.\r\n",
    ],
)
def test_an_answer_in_a_whole_sentence_is_asked_once_more_and_no_request_of_its_own(
    world: World, text: str
) -> None:
    asked = world.ask()
    world.send(sign(asked.reply(text)))
    assert world.phase(asked.number) == "awaiting_approval"
    world.send(sign(plainly(world, asked).reply("Yes.\r\n")))
    assert world.phase(asked.number) == "received"


def test_who_confirmed_that_they_asked_has_not_been_granted_it(world: World) -> None:
    """The boss asks on a colleague's ticket, confirms it, is refused; a consent for other words frees nothing of it."""
    number = ordinary(world)
    world.send(reply(number, "Please grant me write access to the payroll share.\r\n", sender=BOSS))
    world.send(sign(waiting(world, number).reply()))
    world.send(sign(waiting(world, number, VICE).reply("No.\r\n")))
    assert world.phase(number) == "rejected"
    world.send(sign(reply(number, "Then I need write access to the archive share.\r\n")))
    assert world.phase(number) == "awaiting_approval"
    world.send(sign(waiting(world, number).reply()))
    held = world.read(lambda tx: tx.consents.waiting(number))
    assert world.phase(number) == "awaiting_approval"
    assert held is not None
    assert held.requester == BOSS


def test_what_was_granted_before_two_tickets_became_one_is_not_asked_again(world: World) -> None:
    asked, other = world.ask(), ordinary(world)
    world.send(sign(asked.reply()))

    def merge(tx: Tx) -> None:
        company = tx.companies.get("acme")
        here = ActContext(
            world.settings, datetime.now(UTC), "kata", company, None, tx.consents.of_ticket(asked.number)
        )
        plan = merging.merge(here, tx.ticket(asked.number), tx.ticket(other), ())
        tx.apply(plan, now=here.now, signer=world.signer, nonces=nonce)

    world.write(merge)
    world.send(reply(other, "Please grant me write access to the archive share.\r\n"))
    assert world.phase(other) == "awaiting_approval"
    world.send(sign(waiting(world, other).reply()))
    assert world.phase(other) == "received"


def test_words_that_were_part_of_a_sentence_are_others(world: World) -> None:
    asked = world.ask(
        text="Please grant write access to the archive; never give Mallory access to the payroll."
    )
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "received"
    world.send(mail("give Mallory access to the payroll\r\n", subject=f"Re: [#{asked.number}] Share"))
    ticket = world.read(lambda tx: tx.ticket(asked.number))
    consents = world.read(lambda tx: tx.consents.of_ticket(asked.number))
    assert [e.text.strip()[:12] for e in request.unconsented(ticket, consents)] == ["give Mallory"]
    assert world.phase(asked.number) == "awaiting_approval"
    assert ticket.requester == ANNA
