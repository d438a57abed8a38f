"""`[survey] ask = "closed"`: the closing mail asks, its two links write the answer, and the answer is a rating."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from maild.demo.served import letter
from maild.demo.simulated import Posted, SimulatedDesk
from tests.scenarios.desk import scenario_desk

pytestmark = pytest.mark.slow

ASKING = """\
[[agent]]
name = "mia"
address = "mia@desk.example"
teams = ["L1"]
notices = ["reply"]
[agent_mail]
require = "token"
window_minutes = 0
[survey]
ask = "closed"
"""
LIZ = "Liz <liz@isle.example>"
ANNA = "Kovács Anna <anna@acme.example>"


@pytest.fixture
def desk(tmp_path: Path, prepared: Path) -> Iterator[SimulatedDesk]:
    with scenario_desk(tmp_path, config=ASKING, prepared=prepared) as made:
        yield made


def closed(desk: SimulatedDesk, sender: str = LIZ) -> tuple[int, Posted]:
    desk.send(letter(sender, "Printer", "The printer on the second floor does not print."))
    number = int(desk.rows("mail", "list", "--limit", "1")[0]["ticket"])
    desk.act("kata", "close", str(number), "-m", "The fuse is new.")
    return number, desk.posted[-1]


def links(mail: Posted) -> list[str]:
    """The addresses behind the buttons."""
    part = mail.mail.get_body(("html",))
    assert part is not None
    return [unescape(found) for found in re.findall(r'href="(mailto:[^"]+)"', str(part.get_content()))]


def pressed(link: str, sender: str = LIZ, more: str = "") -> EmailMessage:
    """The mail that a mail program makes of a link, and what its writer adds."""
    asked = urlsplit(link)
    fields = parse_qs(asked.query)
    return letter(sender, fields["subject"][0], fields["body"][0].replace("\r\n", "\n") + more)


def closed_by_reply(desk: SimulatedDesk) -> tuple[int, Posted]:
    desk.send(letter(LIZ, "Printer", "The printer on the second floor does not print."))
    number = int(desk.rows("mail", "list", "--limit", "1")[0]["ticket"])
    desk.act("kata", "reply", str(number), "-m", "The fuse is new.", "--phase", "done")
    return number, desk.posted[-1]


def test_reply_that_closes_asks_below_its_words_and_tells_how_to_reopen(desk: SimulatedDesk) -> None:
    number, mail = closed_by_reply(desk)
    words, _, below = mail.text.replace("\r\n", "\n").partition("\n-- \n")
    assert (mail.notice, desk.show(number)["phase"]) == ("reply", "closed")
    assert words.split() == ["The", "fuse", "is", "new.", "kata"]
    assert "?" not in words
    assert "Are you content with the solution?" in below
    assert "reply within 14 days" in " ".join(below.split())
    desk.send(pressed(links(mail)[1]))
    assert desk.show(number)["rating"]["value"] == "bad"
    assert desk.show(number)["phase"] == "closed"


def test_agents_mail_with_close_asks_too(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "Printer", "The printer on the second floor does not print."))
    desk.advance(desk.now() + timedelta(hours=2))
    desk.send(letter(LIZ, "Re: [#1001] Printer", "It smells of smoke, too."))
    alert = next(mail for mail in reversed(desk.posted) if mail.to == ("mia@desk.example",))
    answer = letter("mia <mia@desk.example>", f"Re: {alert.mail['Subject']}", "/close\n\nThe fuse is new.")
    answer["In-Reply-To"] = str(alert.mail["Message-ID"])
    desk.send(answer)
    assert (desk.show(1001)["phase"], desk.posted[-1].notice) == ("closed", "reply")
    assert "Are you content with the solution?" in desk.posted[-1].text
    desk.send(pressed(links(desk.posted[-1])[0]))
    assert desk.show(1001)["rating"]["value"] == "good"


def test_reply_that_closes_nothing_asks_nothing(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "Printer", "The printer on the second floor does not print."))
    desk.act("kata", "reply", "1001", "-m", "Which one is it?")
    assert links(desk.posted[-1]) == []
    assert "reply within" not in desk.posted[-1].text
    desk.act("kata", "close", "1001")
    desk.act("kata", "reply", "1001", "-m", "I forgot: the key is at the desk.")
    assert links(desk.posted[-1]) == []


def test_closing_mail_asks_and_each_link_is_a_rating_that_reopens_nothing(desk: SimulatedDesk) -> None:
    for place, value in ((0, "good"), (1, "bad")):
        number, mail = closed(desk)
        assert "Are you content with the solution?" in mail.text
        desk.posted.clear()
        desk.send(pressed(links(mail)[place]))
        shown = desk.show(number)
        assert (shown["phase"], shown["rating"]["value"], shown["rating"]["text"]) == ("closed", value, "")
        assert shown["rating"]["at"]
        assert [mail.notice for mail in desk.posted if mail.to == ("liz@isle.example",)] == []
    (row,) = [row for row in desk.rows("report", "satisfaction") if row["company"] == "isle"]
    assert row == {"company": "isle", "good": 1, "bad": 1}


def test_what_is_written_beside_a_rating_is_kept_and_told_when_it_is_bad(desk: SimulatedDesk) -> None:
    number, mail = closed(desk)
    desk.posted.clear()
    desk.send(pressed(links(mail)[1], more="It took four days.\n"))
    assert desk.show(number)["rating"]["text"] == "It took four days."
    assert desk.show(number)["phase"] == "closed"
    assert [(mail.notice, mail.to) for mail in desk.posted] == [("agent_alert", ("mia@desk.example",))]
    assert "It took four days." in desk.posted[0].text


def test_words_that_ask_for_it_reopen_and_the_rating_is_kept(desk: SimulatedDesk) -> None:
    number, mail = closed(desk)
    desk.send(pressed(links(mail)[1], more="It still does not print.\n"))
    shown = desk.show(number)
    assert (shown["phase"], shown["rating"]["value"]) == ("in_progress", "bad")


def test_rating_after_the_days_of_reopening_opens_no_follow_up(desk: SimulatedDesk) -> None:
    number, mail = closed(desk)
    desk.advance(desk.now() + timedelta(days=30))
    desk.send(pressed(links(mail)[0]))
    assert desk.show(number)["rating"]["value"] == "good"
    assert len(desk.rows("list", "--all")) == 1


def test_rating_of_a_ticket_that_was_merged_is_kept_by_the_one_that_goes_on(desk: SimulatedDesk) -> None:
    number, mail = closed(desk)
    other, _ = closed(desk)
    desk.act("kata", "merge", str(number), str(other))
    desk.send(pressed(links(mail)[0]))
    assert desk.show(other)["rating"]["value"] == "good"
    assert (desk.show(other)["phase"], desk.show(number)["rating"]) == ("closed", None)


def test_new_rating_takes_the_place_of_the_old_and_is_not_asked_for_again(desk: SimulatedDesk) -> None:
    number, mail = closed(desk)
    desk.send(pressed(links(mail)[0]))
    desk.send(pressed(links(mail)[1], more="I was too quick.\n"))
    assert desk.show(number)["rating"]["value"] == "bad"
    desk.act("kata", "reopen", str(number))
    desk.act("kata", "close", str(number))
    assert links(desk.posted[-1]) == []


def test_stranger_rates_nothing(desk: SimulatedDesk) -> None:
    number, mail = closed(desk)
    desk.send(pressed(links(mail)[1], sender="Eve <eve@elsewhere.example>"))
    assert desk.show(number)["rating"] is None


def test_answer_with_the_offered_sentence_in_the_readers_language_is_a_rating(desk: SimulatedDesk) -> None:
    number, mail = closed(desk, ANNA)
    assert "Elégedett a megoldással?" in mail.text
    answer = letter(ANNA, f"Re: {mail.mail['Subject']}", "Nem vagyok elégedett. Három napig tartott.\n\nAnna")
    answer["In-Reply-To"] = str(mail.mail["Message-ID"])
    desk.send(answer)
    assert desk.show(number)["rating"]["value"] == "bad"


def test_same_sentence_on_an_open_ticket_is_an_answer_like_any_other(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, "Screen", "How large may a screen be?"))
    desk.act("kata", "phase", "1001", "waiting", "-m", "Are you satisfied with 24 inches?")
    desk.send(letter(LIZ, "Re: [#1001] Screen", "I am satisfied."))
    assert desk.show(1001)["phase"] == "received"


@pytest.mark.parametrize("kind", ["complaint", "feedback"])
def test_who_complained_is_not_asked(desk: SimulatedDesk, kind: str) -> None:
    number, _ = closed(desk)
    desk.act("kata", "reopen", str(number))
    desk.act("kata", "set", str(number), "--kind", kind)
    desk.act("kata", "close", str(number))
    assert desk.posted[-1].notice == "closed"
    assert links(desk.posted[-1]) == []
