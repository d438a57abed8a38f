from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from maild.model import LANGUAGES, OutageFacts
from maild.party.entitlement import adopts
from maild.report.status_page import html_page, json_feed
from maild.settings import DeskSettings
from maild.ticket.outages import matching, says_not_this
from tests.cases import cases

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MAIL = OutageFacts(1, "Mail delayed", ("acme",), ("mail*", "levél*"), NOW + timedelta(hours=2), NOW)
ALL = OutageFacts(
    2,
    "Printers <down>",
    (),
    ("print*", "badge reader"),
    None,
    NOW + timedelta(minutes=5),
    text="We & they work",
)
EVERY = OutageFacts(3, "Site closed", ("shop",), (), None, NOW)
OVER = replace(ALL, id=4, resolved_at=NOW + timedelta(hours=1))
DESK = DeskSettings(name="Desk & Co")


def ids(company: str | None, text: str, subject: str = "") -> list[int]:
    return [o.id for o in matching((MAIL, ALL, EVERY, OVER), company, subject, text)]


@cases(
    ("company", "text", "expected"),
    [
        ("acme", "no MAILS arrive", [1]), ("acme", "A leveleim? Levelem nincs", [1]), ("acme", "email", []),
        ("other", "no mails arrive", []), ("other", "the printer", [2]), (None, "the printer", [2]),
        ("acme", "mail and printer", [2, 1]), ("shop", "anything", [3]), (None, "anything", []),
        ("other", "The badge\nreader is dead", [2]), ("other", "badge of the reader", []),
    ],
)  # fmt: skip
def test_matching_by_company_and_whole_words(company: str | None, text: str, expected: list[int]) -> None:
    assert ids(company, text) == expected


def test_the_subject_matches_too_and_ended_outages_never_do() -> None:
    assert ids("acme", "", "Printer") == [2]
    assert matching((OVER,), "acme", "printer", "") == ()


@pytest.mark.parametrize(
    "text",
    ["Not this, my problem is the scanner", "It is a different problem", "Niet dit", "Ez nem ez a hiba, más a gond",
     "Das ist es nicht, etwas anderes", "Ce n'est pas ça"],
)  # fmt: skip
def test_not_this_is_understood_in_five_languages(text: str) -> None:
    assert says_not_this(text)


@pytest.mark.parametrize("text", ["Thanks", "Still no mail", "", "x " * 30 + "not this"])
def test_other_replies_do_not_unlink(text: str) -> None:
    assert not says_not_this(text)


@pytest.mark.parametrize(
    "text", ["ok", "OK, go ahead\n\nBoss", "Igen, rendben.", "\nAkkoord!", "D'accord", "Ja, einverstanden"]
)
def test_reference_person_adopts_with_an_ok(text: str) -> None:
    assert adopts(text)


@cases(
    "text",
    ["", "ok?", "ok, but not now", "No", "nem", "Who is this? ok", "I will look at it", "Ja, maar later"],
)
def test_anything_less_is_no_adoption(text: str) -> None:
    assert not adopts(text)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_status_page_is_whole_html_that_escapes_and_names_no_company(language: str) -> None:
    page = html_page((MAIL, ALL, OVER), replace(DESK, language=language), NOW)
    read = Tags()
    read.feed(page)
    assert read.open == []
    assert "<down>" not in page
    assert "Printers <down>" in read.words
    assert "Desk & Co" in read.words
    assert "acme" not in page
    assert "2026-11-02 12:00" in read.words


def test_feed_tells_state_and_old_outages_leave_both() -> None:
    feed = json.loads(json_feed((MAIL, ALL, OVER), DESK, NOW))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [(i["id"], i["_maild"]["state"]) for i in feed["items"]] == [
        ("outage-2", "open"), ("outage-1", "open"), ("outage-4", "resolved"),
    ]  # fmt: skip
    assert feed["_maild"]["open"] == 2
    later = json.loads(json_feed((OVER,), DESK, NOW + timedelta(days=9)))
    assert later["items"] == []
    assert "No disturbance" in html_page((OVER,), replace(DESK, language="en"), NOW + timedelta(days=9))
