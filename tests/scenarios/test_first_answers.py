"""What who wrote or called reads of it at once: what was noted, what goes on apart, what is asked in return."""

from __future__ import annotations

import pytest

from maild.demo.served import letter
from maild.demo.simulated import SimulatedDesk

pytestmark = pytest.mark.slow

LIZ = "Liz <liz@isle.example>"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_part_of_a_request_is_told_that_it_goes_on_apart(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "Two things", "The printer does not print.\n\nThe scanner hangs."))
    desk.posted.clear()
    desk.act("kata", "split", "1001", "--subject", "Scanner", "-m", "The scanner hangs.")
    (mail,) = desk.posted
    assert (mail.notice, str(mail.mail["Subject"])) == ("received", "[#1002] Scanner")
    assert "Part of #1001 now has a number of its own" in mail.text
    assert "separately, as #1002. The rest stays with #1001." in flat(mail.text)
    assert "Thank you for writing" not in mail.text


def test_not_this_is_answered_at_once_and_says_what_follows(desk: SimulatedDesk) -> None:
    desk.act("kata", "outage", "open", "Mail is slow", "--word", "mail*")
    desk.send(letter(LIZ, "Mail", "A mail of the bank does not arrive."))
    desk.posted.clear()
    desk.send(letter(LIZ, "Re: [#1001] Mail", "Not this: only the bank's mails are missing."))
    (mail,) = desk.posted
    assert "#1001 no longer counts as part of the known outage" in flat(mail.text)
    assert desk.rows("outage", "list")[0]["tickets"] == []
    desk.posted.clear()
    desk.send(letter(LIZ, "Re: [#1001] Mail", "Not this, as I said."))
    assert desk.posted == []  # nothing is taken off twice, and nobody is answered twice


@pytest.mark.parametrize(
    ("channel", "thanked"),
    [("phone", "Thank you for calling."), ("visit", ""), ("email", "Thank you for writing")],
)
def test_what_an_agent_noted_is_repeated_and_nobody_is_thanked_for_what_they_did_not_do(
    desk: SimulatedDesk, channel: str, thanked: str
) -> None:
    words = ("--from", "liz@isle.example", "--subject", "Printer", "-m", "It prints blank pages.")
    desk.act("kata", "new", "--channel", channel, *words)
    text = desk.posted[-1].text
    assert thanked in text
    assert thanked or "Thank you" not in text
    assert "It prints blank pages." in text
    assert ("We noted" in text) == (channel != "email")


def test_office_without_a_network_is_asked_since_when_and_no_more(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "No internet", "The whole company is without internet, the network is down."))
    assert desk.show(1001)["severity"] == "infrastructure"
    text = desk.posted[-1].text
    assert "Since when" in text
    for asked in ("Who is affected", "error message", "screenshot"):
        assert asked not in text


def test_colleague_who_writes_on_a_ticket_is_not_told_that_it_is_theirs(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "Printer", "The printer does not print."))
    desk.send(letter("Bob <bob@isle.example>", "Re: [#1001] Printer", "Mine on the second floor neither."))
    assert "Your message has been added to #1001" in desk.posted[-1].text
    assert "your request" not in desk.posted[-1].text
