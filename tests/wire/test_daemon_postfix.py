"""The whole daemon with a real Postfix: as the relay that it sends through, and as the MTA that brings mail."""

from __future__ import annotations

import contextlib
import smtplib
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.servers.postfix import Postfix
from tests.timing import PATIENCE
from tests.wire.desk import WireDesk, mail

pytestmark = pytest.mark.wire

Make = Callable[..., WireDesk]
_people = count(1)


@pytest.fixture
def person() -> str:
    """An address of Acme that no other test uses."""
    return f"p{next(_people)}.daemon@acme.example"


@pytest.fixture
def make(tmp_path: Path, postfix: Postfix) -> Iterator[Make]:
    """A desk that sends through the Postfix; `delivery` changes that, other tables are as named."""
    made: list[WireDesk] = []

    def begin(delivery: dict[str, Any] | None = None, **tables: Any) -> WireDesk:
        usual = {"kind": "smtp", "port": postfix.port, "timeout_seconds": 10, "retry_minutes": [0.01]}
        desk = WireDesk(tmp_path, delivery=usual | (delivery or {}), **tables)
        made.append(desk)
        return desk

    yield begin
    for desk in made:
        desk.stop()


def deliver(postfix: Postfix, raw: bytes, *to: str, sender: str = "anna@acme.example") -> None:
    """Give a mail to the Postfix, as another mail server would."""
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=PATIENCE) as client:
        client.sendmail(sender, to or ("help@desk.example",), raw, ["BODY=8BITMIME"])


# -------------------------------------------------------------------------------------- as the relay


def test_acknowledgement_and_status_mail_reach_the_customers_mailbox(
    postfix: Postfix, make: Make, person: str
) -> None:
    with make() as desk:
        desk.send(mail("Relay one", sender=person, message_id=f"<1{person}>"), sender=person)
        first = message_from_bytes(postfix.wait_for(person)[0])
        assert first["Return-Path"] == "<>"
        assert first["In-Reply-To"] == f"<1{person}>"
        assert first["Auto-Submitted"] == "auto-replied"
        desk.maild("take", "15789", "--as", "kata")
        second = message_from_bytes(postfix.wait_for(person, 2)[1])
        assert second["Return-Path"].startswith("<bounce+")
        assert second["Auto-Submitted"] == "auto-generated"
        desk.wait(desk.settled)
        assert [row["attempts"] for row in desk.outbox()] == [1, 1]
        assert "answers and takes the null sender" in desk.maild("check")


def test_bounce_of_an_agents_mail_comes_back_and_is_filed_on_its_ticket(
    postfix: Postfix, make: Make, person: str
) -> None:
    with make() as desk:
        # Postfix takes the agent's mail and finds out later that nobody is there: our own port says so
        port = desk.port("smtp")
        postfix.route({"desk.example": port, "wrong.example": port})
        desk.send(mail("Gone", sender="x@wrong.example", message_id=f"<{person}>"), sender="x@wrong.example")
        desk.wait(lambda: desk.outbox() and desk.settled())
        desk.maild("reply", "15789", "-m", "Which printer is it?", "--as", "kata")
        desk.wait(lambda: [row for row in desk.mails() if row["kind"] == "bounce"])
        bounce = [row for row in desk.mails() if row["kind"] == "bounce"][-1]
        assert bounce["ticket"] == 15789
        desk.wait(desk.settled)
        assert len(desk.tickets()) == 1


def test_relay_that_is_down_for_a_while_gets_all_mail_later_without_an_attempt_counted(
    postfix: Postfix, make: Make, person: str
) -> None:
    with make() as desk:
        postfix.stop()
        try:
            for number in range(10):
                raw = mail(f"Down {number}", sender=person, message_id=f"<{number}{person}>")
                desk.send(raw, sender=person)
            desk.wait(lambda: desk.part("relay")[0] == "degraded")
            assert "refuses the connection" in desk.part("relay")[1]
            assert "is it running" in desk.maild("check", code=1)
            time.sleep(2)
            assert {row["attempts"] for row in desk.outbox()} == {0}
            assert len(desk.tickets()) == 10
        finally:
            postfix.start()
        postfix.wait_for(person, 10)
        desk.wait(desk.settled)
        assert {(row["state"], row["attempts"]) for row in desk.outbox()} == {("sent", 1)}
        assert len(postfix.delivered(person)) == 10
        assert desk.part("relay") == ("ok", "")


def test_4xx_then_250_is_sent_at_a_later_attempt(postfix: Postfix, make: Make, person: str) -> None:
    postfix.answer({person: "450 4.2.1 later"})
    postfix.restart()  # a running one takes new settings only with its next processes
    with make() as desk:
        desk.send(mail("Later", sender=person, message_id=f"<1{person}>"), sender=person)
        desk.wait(lambda: desk.outbox() and desk.outbox()[0]["attempts"] >= 2)
        assert desk.outbox()[0]["state"] in ("queued", "sending")
        assert "450 4.2.1" in desk.outbox()[0]["answer"]
        postfix.answer({})
        postfix.restart()  # the process of a connection that is reused keeps its old settings
        postfix.wait_for(person)
        desk.wait(desk.settled)
        assert desk.outbox()[0]["state"] == "sent"
        assert len(postfix.delivered(person)) == 1


def test_5xx_for_one_recipient_is_told_to_the_agent_and_the_other_gets_the_mail(
    postfix: Postfix, make: Make, person: str
) -> None:
    gone = f"gone.{person}"
    postfix.answer({gone: "550 5.1.1 nobody of that name"})
    postfix.restart()
    with make() as desk:
        desk.send(
            mail("Two of us", sender=person, message_id=f"<1{person}>", headers=f"Cc: {gone}\r\n"),
            sender=person,
        )
        desk.wait(lambda: desk.outbox() and desk.settled())
        desk.maild("reply", "15789", "-m", "We look into it.", "--as", "kata")
        desk.wait(desk.settled)
        postfix.wait_for(person, 2)
        shown = desk.json("show", "15789")
        told = [entry for entry in shown["entries"] if "could not be delivered" in entry["text"]]
        assert told
        assert gone in told[0]["text"]
        assert "550 5.1.1" in told[0]["text"]
        assert postfix.delivered(gone) == []


def test_relay_that_wants_a_login_holds_mail_and_names_the_key(
    postfix: Postfix, make: Make, person: str
) -> None:
    with make({"username": "help", "password_env": "RELAY"}, env={"RELAY": "hunter2"}) as desk:
        desk.send(mail("Login", sender=person, message_id=f"<1{person}>"), sender=person)
        desk.wait(lambda: desk.part("relay")[0] == "degraded")
        detail = desk.part("relay")[1]
        assert "hunter2" not in detail + desk.maild("check", code=1)
        assert {row["attempts"] for row in desk.outbox()} == {0}


# ---------------------------------------------------------------------------------------- as the MTA


def test_long_lines_and_eight_bits_are_read_as_written(postfix: Postfix, make: Make, person: str) -> None:
    text = "árvíztűrő tükörfúrógép " * 2_000
    with make() as desk:
        postfix.route({"desk.example": desk.port("smtp")})
        body = f"{text}\r\n..\r\n.dot\r\nend\r\n"
        deliver(postfix, mail("Long lines", body, sender=person, message_id=f"<1{person}>"), sender=person)
        desk.wait(lambda: desk.tickets())
        entry = desk.json("show", "15789")["entries"][0]
        assert text.strip() in entry["full_text"]
        assert ".." in entry["full_text"].splitlines()
        assert ".dot" in entry["full_text"].splitlines()
        shown = desk.json("mail", "show", "1")
        assert "by mail.desk.example with" in shown["trace"]
        assert shown["mail_from"] == person


#: what an attacker hides in the text, in the hope that a server takes it for commands
HIDDEN = (
    "MAIL FROM:<boss@acme.example>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"
    "From: boss@acme.example\r\nSubject: smuggled\r\n\r\nhaha\r\n"
)


def hand_over(port: int, person: str, raw: bytes) -> None:
    """`raw` without any mending of its line ends, as smtplib would do."""
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
        client.ehlo()
        client.mail(person)
        client.rcpt("help@desk.example")
        client.docmd("DATA")
        client.send(raw + b".\r\n")
        assert client.getreply()[0] == 250


@pytest.mark.parametrize("end", ["\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r.\r\n"])
def test_smuggled_mail_stays_text_of_the_one_that_carries_it(make: Make, person: str, end: str) -> None:
    """RFC 5321, 4.1.1.4: only CRLF . CRLF ends a mail; some servers let other ends pass (CVE-2023-51764)."""
    raw = mail("Carrier", f"begin{end}{HIDDEN}", sender=person, message_id=f"<{person}>")
    with make() as desk:
        hand_over(desk.port("smtp"), person, raw)
        desk.wait(lambda: desk.mails() and desk.settled())
        assert [row["subject"] for row in desk.tickets()] == ["Carrier"]
        assert desk.tickets()[0]["requester"] == person


@pytest.mark.parametrize("end", ["\n.\n", "\r\n.\n", "\r\n.\r", "\r.\r\n"])
def test_what_is_one_mail_for_postfix_is_one_for_us(
    postfix: Postfix, make: Make, person: str, end: str
) -> None:
    raw = mail("Carrier", f"begin{end}{HIDDEN}", sender=person, message_id=f"<{person}>")
    with make() as desk:
        port = desk.port("smtp")
        postfix.route({"desk.example": port})
        with contextlib.suppress(AssertionError, smtplib.SMTPException):  # newer ones refuse such a mail
            hand_over(postfix.port, person, raw)
        deliver(postfix, mail("Last", sender=person, message_id=f"<2{person}>"), sender=person)
        desk.wait(lambda: "Last" in {row["subject"] for row in desk.tickets()})
        desk.wait(desk.settled)
        handed = [line for line in postfix.log.splitlines() if f":{port}," in line and "status=sent" in line]
        assert len(desk.mails()) == len(handed)


def test_daemon_that_is_down_gets_its_mail_from_the_mta_later(
    postfix: Postfix, make: Make, person: str
) -> None:
    desk = make()
    desk.start()
    port = desk.port("smtp")
    postfix.route({"desk.example": port})
    desk.stop()
    for number in range(5):
        raw = mail(f"While down {number}", sender=person, message_id=f"<{number}{person}>")
        deliver(postfix, raw, sender=person)
    time.sleep(0.5)
    desk.configure([], {"smtp": {"listen": f"127.0.0.1:{port}"}, "delivery": {"maildir": "out"}})
    with desk:
        desk.wait(lambda: len(desk.tickets()) == 5)
        desk.wait(desk.settled)
        assert {row["state"] for row in desk.mails()} == {"done"}


def test_mail_goes_round_from_the_mta_through_the_desk_to_the_mailbox(
    postfix: Postfix, make: Make, person: str
) -> None:
    with make() as desk:
        postfix.route({"desk.example": desk.port("smtp")})
        deliver(postfix, mail("Round", sender=person, message_id=f"<1{person}>"), sender=person)
        answer = message_from_bytes(postfix.wait_for(person)[0])
        assert answer["Subject"] == "[#15789] Round"
        # the customer answers, then an out-of-office of theirs: the first joins, the second does nothing
        raw = mail("Re: [#15789] Round", "And now it smokes.\r\n", sender=person, message_id=f"<2{person}>",
                   headers=f"In-Reply-To: {answer['Message-ID']}\r\n")  # fmt: skip
        deliver(postfix, raw, sender=person)
        desk.wait(lambda: len(desk.mails()) == 2 and desk.settled())
        deliver(postfix, raw.replace(b"<2", b"<3").replace(b"Re:", b"Out of office:"), sender="")
        desk.wait(lambda: len(desk.mails()) == 3 and desk.settled())
        assert [row["kind"] for row in desk.mails()] == ["request", "reply", "auto_reply"]
        assert {row["ticket"] for row in desk.mails()} == {15789}
