from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.keywords import default_hints
from maild.model import Attachment
from maild.settings import Hint, Settings
from maild.ticket import hints
from maild.ticket.hints import explain
from maild.ticket.vocabulary import Severity
from tests.cases import cases
from tests.timing import grows_as_its_size

SETTINGS = Settings(hints=default_hints())
SCREENSHOT = Attachment(1, "error.png", "image/png", 60_000, False, (1,))
LOGO = Attachment(1, "logo.png", "image/png", 4_000, True, (1,))


def ask(
    text: str, kind: str = "incident", *attachments: Attachment, language: str | None = None
) -> tuple[str, ...]:
    return explain(kind, text, attachments, language, SETTINGS)[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It doesn't work", "en"),
        ("Het werkt niet", "nl"),
        ("Nem megy", "hu"),
        ("Geht nicht", "de"),
        ("Ça ne marche pas", "fr"),
    ],
)
def test_vague_report_is_asked_for_message_time_and_person(text: str, language: str) -> None:
    assert ask(text, language=language) == ("message", "since", "who")


@cases(
    ("text", "not_asked"),
    [
        ("Printer broken since yesterday", "since"), ("A nyomtató tegnap óta nem megy", "since"),
        ("Broken at 14:30", "since"), ('It says "disk full"', "message"), ("Error 0x80070005", "message"),
        ("Kérem, Tóth Péter kapjon új egeret", "who"), ("Please give Ann-Marie Jones a new mouse", "who"),
        ("ORA-00942 appears", "message"), ("None of us can print", ""), ("I can not print", "who"),
    ],
)  # fmt: skip
def test_what_the_report_tells_is_not_asked(text: str, not_asked: str) -> None:
    found = ask(text)
    assert not_asked not in found
    assert set(found) <= {"who", "since", "message", "screenshot", "place", "phone"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nem megy\n\nTóth Péter", "hu"),
        ("It fails. Peter Jones", "en"),
        ("Der Drucker Erster Stock geht nicht", "de"),
    ],
)
def test_name_below_the_words_or_a_noun_is_nobody_who_is_touched(text: str, language: str) -> None:
    assert "who" in ask(text, language=language)


def test_a_screenshot_tells_the_message_but_a_signatures_logo_does_not() -> None:
    assert "message" not in ask("It doesn't work", "incident", SCREENSHOT)
    assert "screenshot" not in ask("It doesn't work", "incident", SCREENSHOT)
    assert "message" in ask("It doesn't work", "incident", LOGO)


def test_long_reports_and_kinds_without_a_list_are_asked_nothing() -> None:
    assert ask("the machine " * 20) == ()
    assert ask("hm", "question") == ()


def test_a_callable_number_in_a_complaint_is_enough() -> None:
    assert ask("This is unacceptable", "complaint") == ("phone",)
    assert ask("Unacceptable, call +36 1 555 0100", "complaint") == ()


def test_reasons_show_which_rule_asked_and_what_answered() -> None:
    codes, reasons = explain("incident", "Broken since yesterday", (), "en", SETTINGS)
    told = {r.code: r.evidence for r in reasons}
    assert codes == ("message", "who", "screenshot")
    assert told["told-since"] == '"since"'
    assert told["asks-who"] == "checklist of incident, 3 words"


def test_own_checklist_may_always_ask() -> None:
    own = Settings(hints=(Hint("incident", ("phone",), when_missing=("place",), max_words=50),))
    assert explain("incident", "call +36 1 555 0100", (), "en", own)[0] == ("phone",)


_AS_IT_WAS = re.compile('["“”„«»‚‘][^"“”„«»]{6,}["“”«»’]')


@given(st.text(alphabet='"“”„«»‚‘’ab ', max_size=40))
def test_a_quotation_is_found_wherever_the_plain_pattern_finds_one(text: str) -> None:
    assert bool(hints.quoted(text)) == bool(_AS_IT_WAS.search(text))


@cases("piece", ["‘", "‚ ", '"', "„", "„ab", "0x", "AA-", "+1 ", "01 ", "0 ", "1.", "A1 "])
def test_four_times_as_many_marks_in_a_vague_report_take_four_times_as_long(piece: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        text = "It is broken " + piece * (size // len(piece))
        return lambda: hints.explain("incident", text, (), "en", SETTINGS)

    grows_as_its_size(reading, 50_000, piece)


def test_severity_that_the_words_told_answers_who_and_a_network_that_is_down_shows_no_message() -> None:
    def asked(severity: Severity, kind: str = "incident") -> tuple[str, ...]:
        return explain(kind, "It does not work", (), "en", SETTINGS, severity)[0]

    assert asked(Severity.USER) == ("message", "since", "who")
    assert "who" not in asked(Severity.SYSTEM)
    assert asked(Severity.INFRASTRUCTURE) == ("since",)
    assert "who" in asked(Severity.INFRASTRUCTURE, "permission")
