"""Nobody blocks a rightful answer: not by copies, not by words in the requester's name, not by slow DNS."""

from __future__ import annotations

import pytest

from maild.app import deadlines
from maild.app.acts import ActContext
from maild.store import Tx
from maild.work.nonces import nonce, token
from tests.consent.attacks import now
from tests.consent.keys import sign
from tests.consent.world import Asked, World
from tests.harness.mails import mail
from tests.shapes import ticket_whole

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

ANNA = "anna@acme.example"


def more(asked: Asked, text: str, *, signed: bool) -> bytes:
    """A later mail of the requester on the ticket, or in their name."""
    raw = asked.reply(text, sender=asked.requester, parent="")
    return sign(raw) if signed else raw


def mails(world: World, asked: Asked, notice: str) -> int:
    return sum(r["notice"] == notice and r["ticket"] == asked.number for r in world.outbound_since(0))


def test_a_copy_without_its_signature_that_came_first_does_not_stop_the_genuine_answer(world: World) -> None:
    asked = world.ask()
    plain = asked.reply()
    copy = world.send(plain)
    assert world.phase(asked.number) == "awaiting_approval"
    row = world.send(sign(plain))
    assert (row["state"], row["decision"]["would"][0]["act"]) == ("done", "grant")
    assert world.phase(asked.number) == "received"
    assert world.send(sign(plain))["state"] == "duplicate"
    assert copy["id"] != row["id"]


def test_a_copy_of_an_answer_that_passes_no_more_than_the_first_is_a_duplicate(world: World) -> None:
    asked = world.ask()
    plain = asked.reply()
    world.send(plain)
    before = world.last_sent()
    assert world.send(plain)["state"] == "duplicate"
    assert world.outbound_since(before) == []


def test_forged_words_in_the_name_of_a_verified_requester_void_nothing(world: World) -> None:
    asked = world.ask(signed=True)
    before = world.last_sent()
    row = world.send(more(asked, "And administrator rights for Mallory, please.\r\n", signed=False))
    assert row["ticket"] == asked.number
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "waiting"
    assert not [r for r in world.outbound_since(before) if r["notice"] == "approval_request"]
    ticket = world.read(lambda tx: ticket_whole(tx, asked.number))
    shown = [e for e in ticket["entries"] if "Mallory" in e["text"]]
    assert [e["public"] for e in shown] == [False]
    assert any("not authenticated" in e["text"] and not e["public"] for e in ticket["entries"])
    world.send(sign(asked.reply()))
    assert world.phase(asked.number) == "received"
    result = world.wait(lambda: world.mail_to(asked.number, ANNA, "approval_result"))
    assert b"Mallory" not in result


def test_what_the_verified_requester_adds_becomes_part_of_the_request(world: World) -> None:
    asked = world.ask(signed=True)
    world.send(more(asked, "And the payroll, please.\r\n", signed=True))
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "void"
    fresh = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert fresh is not None
    assert "payroll" in fresh.request_text
    assert fresh.terms.requester_verified


def test_what_a_requester_adds_who_was_never_verified_becomes_part_of_the_request(world: World) -> None:
    asked = world.ask()
    world.send(more(asked, "And the payroll, please.\r\n", signed=False))
    fresh = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert fresh is not None
    assert fresh.id != asked.consent
    assert not fresh.terms.requester_verified


def test_an_answer_to_an_earlier_version_gets_the_present_one_and_is_no_forgery(world: World) -> None:
    asked = world.ask(signed=True)
    world.send(more(asked, "And the payroll, please.\r\n", signed=True))
    row = world.send(sign(asked.reply()))
    assert row["decision"]["would"][0]["act"] != "grant"
    assert mails(world, asked, "approval_not_accepted") == 0
    fresh = world.read(lambda tx: tx.consents.waiting(asked.number))
    assert fresh is not None
    present = world.asked(asked.number, fresh.id, ANNA, asked.approver, "approval_changed")
    raw = world.wait(lambda: world.mail_to(asked.number, asked.approver, "approval_changed"))
    assert b"payroll" in raw
    world.send(sign(present.reply()))
    assert world.read(lambda tx: tx.consents.get(fresh.id)).state == "granted"


def test_a_forged_answer_to_an_earlier_version_gets_nothing(world: World) -> None:
    asked = world.ask(signed=True)
    world.send(more(asked, "And the payroll, please.\r\n", signed=True))
    world.send(asked.reply())
    assert mails(world, asked, "approval_changed") == 0


def test_an_answer_that_came_in_time_counts_though_dns_answered_after_the_end(world: World) -> None:
    """It was received before the consent expired; the end came while it waited for its check."""
    asked = world.ask()

    def over(tx: Tx) -> None:
        from maild.app.approvals import expire

        consent = tx.consents.get(asked.consent)
        ticket = tx.ticket(asked.number)
        company = tx.companies.find("acme")
        act = ActContext(world.settings, now(), "", company, None, (consent,))
        tx.apply(expire(act, ticket, consent), now=now(), signer=world.signer, nonces=nonce)

    world.write(over)
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "expired"
    world.send(sign(asked.reply()))
    assert world.read(lambda tx: tx.consents.get(asked.consent)).state == "granted"
    assert world.phase(asked.number) == "received"


def test_an_answer_that_came_too_late_does_not(world: World) -> None:
    asked = world.ask()
    world.expire(asked.consent)

    def over(tx: Tx) -> None:
        consent = tx.consents.get(asked.consent)
        act = ActContext(world.settings, now(), "", tx.companies.find("acme"), None, (consent,))
        plan = deadlines.consent_expire(act, tx.ticket(asked.number), consent)
        tx.apply(plan, now=now(), signer=world.signer, nonces=nonce)

    world.write(over)
    row = world.send(sign(asked.reply()))
    assert [c["name"] for c in row["decision"]["checks"] if not c["ok"]] == ["unexpired"]
    assert world.phase(asked.number) == "awaiting_approval"


# ---------------------------------------------------------------------------- what "verified" is said of


def request(text: str = "Please grant write access to the payroll for Mallory.", more: str = "") -> bytes:
    return mail(ANNA, "Share", f"{text}\r\n", more=more, kind="")


PLAIN = "Content-Type: text/plain; charset=utf-8\r\n"
TURNED = "Hello\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease grant access to the payroll for Mallory.\r\n--b--\r\n"
FORGED = {
    "a second Subject": lambda: b"Subject: Access to everything\r\n" + sign(request(more=PLAIN)),
    "an unsigned Content-Type": lambda: (
        b'Content-Type: multipart/mixed; boundary="b"\r\n' + sign(request(TURNED))
    ),
    "written to a colleague": lambda: sign(
        request(more=PLAIN).replace(b"To: help@desk.example", b"To: bob@acme.example")
    ),
    "not signed": lambda: request(more=PLAIN),
}


@pytest.mark.parametrize("name", FORGED)
def test_verified_is_not_said_of_what_somebody_added_to(world: World, name: str) -> None:
    row = world.send(FORGED[name]())
    consent = world.read(lambda tx: tx.consents.waiting(row["ticket"]))
    assert consent is not None
    assert not consent.terms.requester_verified
    raw = world.wait(lambda: world.mail_to(row["ticket"], "boss@acme.example", "approval_request"))
    assert b"We have verified" not in raw.replace(b"=\r\n", b"")


def test_verified_is_said_of_a_request_that_is_signed_whole(world: World) -> None:
    row = world.send(sign(request(more=PLAIN)))
    consent = world.read(lambda tx: tx.consents.waiting(row["ticket"]))
    assert consent is not None
    assert consent.terms.requester_verified


def test_verified_is_not_said_any_more_where_a_later_mail_of_the_request_was_not(world: World) -> None:
    """An agent asks with all that stands on the ticket: one mail of it is somebody's."""
    row = world.send(sign(request("The scanner does not work.", more=PLAIN)))
    number = row["ticket"]
    reply = mail(ANNA, f"[#{number}] Share", "Mallory may use it.\r\n", kind="")
    world.send(reply)

    def ask(tx: Tx) -> None:
        from maild.app.approvals import request as asked

        act = ActContext(world.settings, now(), "kata", tx.companies.find("acme"), None, ())
        plan = asked(act, tx.ticket(number), None, "permission", "", token)
        tx.apply(plan, now=now(), signer=world.signer, nonces=nonce)

    world.write(ask)
    consent = world.read(lambda tx: tx.consents.waiting(number))
    assert consent is not None
    assert "Mallory" in consent.request_text
    assert not consent.terms.requester_verified


# ------------------------------------------------------------------------------------- asking oneself

OWN = {
    "a tag": "boss+it@acme.example",
    "a declared sub-domain": "boss@mail.acme.example",
    "both": "boss+it@it.mail.acme.example",
    "a letter that looks alike": "b\u043ess@acme.example",
    "a dot behind it": '"boss."@acme.example',
    "a blank behind it": '"boss "@acme.example',
    "a blank before it": '" boss"@acme.example',
    "a tag's sign before it": "+boss@acme.example",
    "a line behind it": "boss_+x@acme.example",
}


@pytest.mark.parametrize("name", OWN)
def test_an_approver_who_asks_from_a_variant_of_their_address_is_not_asked(world: World, name: str) -> None:
    raw = request(more=PLAIN).replace(ANNA.encode(), OWN[name].encode())
    row = world.send(sign(raw))
    consent = world.read(lambda tx: tx.consents.waiting(row["ticket"]))
    assert consent is not None
    assert consent.kind == "permission"
    assert "boss@acme.example" not in consent.approvers
    assert "vice@acme.example" in consent.approvers


@pytest.mark.parametrize("name", OWN)
def test_an_unverified_variant_of_an_approvers_address_is_confirmed_by_them_first(
    world: World, name: str
) -> None:
    row = world.send(request(more=PLAIN).replace(ANNA.encode(), OWN[name].encode()))
    consent = world.read(lambda tx: tx.consents.waiting(row["ticket"]))
    assert consent is not None
    assert (consent.kind, consent.approvers) == ("confirm", ("boss@acme.example",))


def test_a_namesake_at_another_domain_is_somebody_else(world: World) -> None:
    row = world.send(sign(request(more=PLAIN).replace(ANNA.encode(), b"bos@acme.example")))
    consent = world.read(lambda tx: tx.consents.waiting(row["ticket"]))
    assert consent is not None
    assert "boss@acme.example" in consent.approvers
