"""What people and their programs do to mails of ours and theirs: each ends well."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from maild.demo.served import letter
from maild.demo.simulated import Posted, SimulatedDesk
from tests.harness.people import company, contact

pytestmark = pytest.mark.slow

LIZ = "Liz <liz@isle.example>"
APPROVER = contact("liz@isle.example", "Liz", roles=["approver"], approves=["quote"])


def offered(desk: SimulatedDesk) -> Posted:
    """An offer to who asked for it and may accept it."""
    desk.with_companies(company("isle", "Isle Ltd", "en", APPROVER))
    desk.send(letter(LIZ, "Notebooks", "Please send us an offer for three notebooks."))
    desk.act(
        "kata", "quote", "send", "1001", "--amount", "1450", "--currency", "EUR", "-m", "Three notebooks."
    )
    return desk.posted[-1]


def pressed(mail: Posted) -> tuple[str, str]:
    """Subject and text of the mail that the button for yes makes."""
    part = mail.mail.get_body(("html",))
    assert part is not None
    link = unescape(re.findall(r'href="(mailto:[^"]+)"', str(part.get_content()))[0])
    fields = parse_qs(urlsplit(link).query)
    return fields["subject"][0], fields["body"][0].replace("\r\n", "\n")


def state(desk: SimulatedDesk) -> str:
    return str(desk.show(1001)["consents"][-1]["state"])


def test_button_alone_accepts(desk: SimulatedDesk) -> None:
    desk.send(letter(LIZ, *pressed(offered(desk))))
    assert state(desk) == "granted"


def test_answer_without_the_reference_line_does_not_count_and_its_writer_is_told_what_to_do(
    desk: SimulatedDesk,
) -> None:
    subject, text = pressed(offered(desk))
    desk.posted.clear()
    desk.send(letter(LIZ, subject, text.partition("\n")[0]))
    assert state(desk) == "waiting"
    assert any(mail.to == ("liz@isle.example",) for mail in desk.posted)
    desk.send(letter(LIZ, subject, text))
    assert state(desk) == "granted"


@pytest.mark.parametrize(
    "typed", ["Perhaps.", "Accept, but in May only.", "OK then, whatever", "Is it blue?"]
)
def test_other_words_in_place_of_the_buttons_leave_the_offer_open(desk: SimulatedDesk, typed: str) -> None:
    subject, text = pressed(offered(desk))
    desk.send(letter(LIZ, subject, typed + "\n" + text.partition("\n")[2]))
    assert state(desk) == "waiting"
    desk.send(letter(LIZ, subject, text))
    assert state(desk) == "granted"
    told = next(mail.text for mail in reversed(desk.posted) if mail.notice == "approval_result")
    assert typed in told
    assert "[token]" not in told


def test_file_of_40_mb_is_refused_and_nothing_is_sent(desk: SimulatedDesk, tmp_path: Path) -> None:
    big = tmp_path / "offer.pdf"
    with big.open("wb") as out:
        out.truncate(40 * 1024 * 1024)
    desk.send(letter(LIZ, "Notebooks", "Please send us an offer."))
    desk.posted.clear()
    words = ("quote", "send", "1001", "--amount", "1450", "--currency", "EUR", "--file", str(big))
    assert "larger than 10 MB" in desk.refused("kata", *words)
    assert desk.posted == []
    assert desk.show(1001)["consents"] == []


def test_offer_without_a_last_day_is_valid_for_two_weeks(desk: SimulatedDesk) -> None:
    mail = offered(desk)
    assert "17 November" in mail.text
    assert desk.show(1001)["consents"][0]["expires_at"].startswith("2026-11-17")


def test_names_with_controls_and_marks_that_turn_the_text_reach_no_mail(desk: SimulatedDesk) -> None:
    raw = letter(LIZ, "Printer", "It is \u2066dark.").as_bytes().replace(
        b"From: Liz <", b"From: =?utf-8?q?Liz_=E2=80=AEgro?= <"
    ).replace(b"Subject: Printer", b"Subject: =?utf-8?q?Pri=E2=80=AEnter=1B[31m?=")  # fmt: skip
    desk.send(raw)
    mail = desk.posted[-1]
    html = mail.mail.get_body(("html",))
    assert html is not None
    for seen in (mail.text, str(html.get_content()), str(mail.mail["Subject"])):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", seen)
    assert mail.mail["Bcc"] is None
    assert mail.to == ("liz@isle.example",)


def test_subject_of_2000_characters_and_forty_long_answers_make_a_mail_that_can_be_read(
    desk: SimulatedDesk,
) -> None:
    desk.send(letter(LIZ, "Printer " * 250, "It does not print."))
    for n in range(40):
        desk.send(letter(LIZ, f"Re: [#1001] Printer {n}", f"Still dark, day {n}. " + "Words. " * 200))
    desk.act("kata", "close", "1001", "-m", "The fuse is new.")
    mail = desk.posted[-1]
    assert (mail.notice, len(str(mail.mail["Subject"])) < 300) == ("closed", True)
    assert mail.text.index("The fuse is new.") < mail.text.index("Still dark, day 39")
    assert len(mail.text) < 12_000
    assert max(map(len, mail.text.splitlines())) <= 72
