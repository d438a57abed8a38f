"""A command that was run twice by mistake sends one answer."""

from __future__ import annotations

import pytest

from maild.commands import output
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"
WORDS = "Is its green light on?"


@pytest.fixture(autouse=True)
def _on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)


@pytest.fixture
def answered(desk: TestDesk) -> int:
    """A ticket that kata answered a moment ago."""
    number = desk.mail(ANNA, "Printer", "The printer in room 4 is broken.")
    assert number is not None
    desk.run("reply", str(number), "-m", WORDS)
    return number


def replies(desk: TestDesk, number: int) -> int:
    return [notice for notice, _ in desk.sent(number)].count("reply")


def test_the_same_words_are_refused_and_sent_when_it_is_meant(desk: TestDesk, answered: int) -> None:
    said = desk.refused("reply", str(answered), "-m", f"  {WORDS}\n")
    assert "you sent these very words a moment ago; --again sends them once more" in said
    desk.later(minutes=2)
    assert "these very words 2 min ago" in desk.refused(
        "reply", str(answered), "-m", WORDS, "--phase", "waiting"
    )
    assert replies(desk, answered) == 1
    desk.run("reply", str(answered), "-m", WORDS, "--again")
    assert replies(desk, answered) == 2


def test_other_words_a_colleagues_and_those_of_a_while_later_go_out(desk: TestDesk, answered: int) -> None:
    desk.run("reply", str(answered), "-m", f"{WORDS} Please look.")
    desk.run("reply", str(answered), "-m", WORDS)
    desk.run("reply", str(answered), "-m", WORDS, agent="lead")
    desk.later(minutes=6)
    desk.run("reply", str(answered), "-m", WORDS, agent="lead")
    assert replies(desk, answered) == 5


def test_the_same_words_answer_what_was_written_since(desk: TestDesk, answered: int) -> None:
    root = desk.show(answered)["outbound"][0]["message_id"]
    desk.mail(ANNA, f"Re: [#{answered}] Printer", "Which one?", to=root)
    desk.run("reply", str(answered), "-m", WORDS)
    assert replies(desk, answered) == 2


def test_what_was_taken_back_was_not_said(desk: TestDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILD_DELIVERY__HOLD_SECONDS", "60")
    number = str(desk.mail(ANNA, "Printer", "The printer in room 4 is broken."))
    desk.run("reply", number, "-m", WORDS)
    desk.run("undo", number)
    desk.run("reply", number, "-m", WORDS)
    assert "--again" in desk.refused("reply", number, "-m", WORDS)


def test_a_program_sends_what_it_is_told_to(
    desk: TestDesk, answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: False)
    desk.run("reply", str(answered), "-m", WORDS)
    assert replies(desk, answered) == 2
