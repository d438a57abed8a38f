"""Who is not written to, who becomes a participant, and what a mail that came back does."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from maild.store import Store
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"
STRANGER = "x@gmail.example"


def test_stranger_gets_no_status_mail_before_one_of_us_has_written(desk: TestDesk) -> None:
    number = desk.mail(STRANGER, "Price?", "What does it cost?")
    desk.run("take", str(number))
    desk.run("phase", str(number), "in_progress")
    assert [notice for notice, _ in desk.sent(number)] == ["unknown_sender"]
    desk.run("reply", str(number), "-m", "It costs nothing.")
    desk.run("close", str(number))
    assert [notice for notice, _ in desk.sent(number)] == ["unknown_sender", "reply", "closed"]


def test_spam_is_told_nothing(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Win", "Win a prize.")
    desk.run("assign", str(number), "spam")
    desk.run("close", str(number))
    assert [notice for notice, _ in desk.sent(number)] == ["received"]


def members(desk: TestDesk, number: int | None) -> list[str]:
    with Store.open(desk.settings) as store, store.read() as tx:
        return sorted(box.address for box in tx.tickets.brief(number or 0).participants)


def test_more_than_twenty_in_cc_do_not_become_participants(desk: TestDesk) -> None:
    many = ", ".join(f"p{n}@acme.example" for n in range(21))
    announced = desk.mail(ANNA, "Party", "All are invited.", headers={"Cc": many})
    assert members(desk, announced) in ([], [ANNA])
    few = ", ".join([*(f"p{n}@acme.example" for n in range(3)), "no-reply@acme.example"])
    asked = desk.mail(ANNA, "Printer", "It is broken.", headers={"Cc": few})
    assert {f"p{n}@acme.example" for n in range(3)} <= set(members(desk, asked))
    assert "no-reply@acme.example" not in members(desk, asked)


def bounced(desk: TestDesk, number: int, address: str) -> None:
    """The report that the newest mail on the ticket came back from that address."""
    sent = desk.show(number)["outbound"][-1]["message_id"]
    report = BytesParser(policy=policy.SMTP).parsebytes(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\nMIME-Version: 1.0\r\n\r\n"
        b"--B\r\n\r\nI could not deliver your mail.\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.acme.example\r\n\r\nFinal-Recipient: rfc822; " + address.encode() + b"\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        b"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + sent.encode() + b"\r\n\r\n--B--\r\n"
    )
    assert isinstance(report, EmailMessage)
    desk.mail("MAILER-DAEMON@mx.acme.example", "Undelivered Mail Returned to Sender", "", letter=report)


def test_who_wrote_the_mail_learns_that_it_came_back_and_who_writes_again_is_answered(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Screen", "It stays dark.")
    assert number is not None
    desk.run("--as", "kata", "reply", str(number), "-m", "Is the cable plugged in?")
    bounced(desk, number, ANNA)
    alert = desk.said("agent_alert", to="kata@desk.example")
    assert alert["data"]["alert"] == "bounce"
    again = desk.mail(ANNA, "Keyboard", "It types z instead of y.")
    assert [notice for notice, _ in desk.sent(again)] == ["received"]
    with Store.open(desk.settings) as store, store.read() as tx:
        assert tx.contacts.bounced() == ()
