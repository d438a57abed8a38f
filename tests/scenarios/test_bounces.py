"""Delivery reports that come back to the desk: whose mail it was learns of it, on the ticket that it was about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maild.demo.served import letter
from maild.demo.simulated import SimulatedDesk

pytestmark = pytest.mark.slow

LIZ = "Liz <liz@isle.example>"

#: what a gateway writes that returns nothing of the mail
BARE = """\
From: MAILER-DAEMON@mx.isle.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Tue, 03 Nov 2026 09:05:00 +0000
Message-ID: <bare@mx.isle.example>
MIME-Version: 1.0
Content-Type: text/plain

I could not deliver your mail to one or more recipients.
{words}
"""


def returned(desk: SimulatedDesk, to: str, words: str = "") -> dict[str, object]:
    desk.posted.clear()
    raw = BARE.format(to=to, words=words).replace("\n", "\r\n").encode()
    desk.send(raw, mail_from="", to=[to])
    return desk.rows("mail", "list", "--limit", "1")[0]


def asked(desk: SimulatedDesk) -> tuple[int, str]:
    """A ticket with an agent's question that left; the address that it left from."""
    desk.send(letter(LIZ, "Screen", "My screen stays dark."))
    desk.act("kata", "reply", "1001", "-m", "Is the cable plugged in?")
    return 1001, desk.posted[-1].mail_from


def test_bounce_to_our_signed_address_is_filed_on_its_ticket_without_the_mails_headers(
    desk: SimulatedDesk,
) -> None:
    number, address = asked(desk)
    row = returned(desk, address)
    assert (row["kind"], row["ticket"]) == ("bounce", number)
    assert [(mail.notice, mail.to) for mail in desk.posted] == [("agent_alert", ("kata@desk.example",))]
    assert "liz@isle.example" in desk.posted[0].text
    assert desk.show(number)["entries"][-1]["type"] == "bounce"
    assert desk.show(number)["phase"] == "received"


@pytest.mark.parametrize("forged", ["bounce+1001.aaaaaaaaaaaaaaaa@desk.example", "bounce@desk.example"])
def test_bounce_to_an_address_that_we_did_not_make_is_filed_nowhere(desk: SimulatedDesk, forged: str) -> None:
    asked(desk)
    row = returned(desk, forged)
    assert (row["kind"], row["ticket"]) == ("bounce", None)
    assert desk.posted == []


def test_owner_or_the_lead_is_told_of_a_status_mail_that_came_back(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "Screen", "My screen stays dark."))
    desk.act("kata", "take", "1001")
    returned(desk, desk.posted[-1].mail_from)
    assert [mail.to for mail in desk.posted] == [("kata@desk.example",)]


def test_who_writes_again_after_a_bounce_is_written_to_again(desk: SimulatedDesk) -> None:
    number, address = asked(desk)
    returned(desk, address, "<liz@isle.example>: 550 5.1.1 User unknown")
    desk.posted.clear()
    desk.send(letter(LIZ, "Keyboard", "It types z instead of y."))
    assert [(mail.notice, mail.to) for mail in desk.posted] == [("received", ("liz@isle.example",))]
    desk.act("kata", "reply", str(number), "-m", "And the screen?")
    assert desk.posted[-1].to == ("liz@isle.example",)


TWO = """\
[[agent]]
name = "mia"
address = "mia@desk.example"
teams = ["L1"]
language = "de"
"""
REPORT = """\
From: MAILER-DAEMON@mx.isle.example
To: help@desk.example
Subject: Undelivered Mail Returned to Sender
Date: Tue, 03 Nov 2026 11:05:00 +0000
Message-ID: <report@mx.isle.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.isle.example

Final-Recipient: rfc822; liz@isle.example
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {id}

--b--
"""


@pytest.mark.parametrize("desk", [TWO], indirect=True)
@pytest.mark.parametrize(("which", "told"), [(0, "kata@desk.example"), (1, "mia@desk.example")])
def test_writer_of_the_mail_that_came_back_is_told_in_their_language(
    desk: SimulatedDesk, which: int, told: str
) -> None:
    """Whoever wrote later on the ticket, and whoever owns it."""
    desk.send(letter(LIZ, "Screen", "My screen stays dark."))
    for minutes, (agent, words) in enumerate((("kata", "Is the cable in?"), ("mia", "And the lamp?")), 1):
        desk.advance(desk.now() + timedelta(minutes=minutes))
        desk.act(agent, "reply", "1001", "-m", words)
    desk.advance(desk.now() + timedelta(minutes=9))
    desk.act("mia", "note", "1001", "-m", "Asked twice.")
    mails = [mail for mail in desk.posted if mail.notice == "reply"]
    desk.posted.clear()
    desk.send(REPORT.format(id=mails[which].mail["Message-ID"]).replace("\n", "\r\n").encode(), mail_from="")
    assert [mail.to for mail in desk.posted] == [(told,)]
    said = {"kata": "could not be delivered to liz@isle.example", "mia": "konnte nicht an liz@isle.example"}
    assert said[told.partition("@")[0]] in " ".join(desk.posted[0].text.split())
