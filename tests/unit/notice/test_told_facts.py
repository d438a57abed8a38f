"""What agents are told of a ticket is in their own language, every sentence of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import maild
from maild.app import deadlines
from maild.model import LANGUAGES, NEW, CompanyFacts, Mailbox, SendNotice
from maild.notice import alerts
from maild.notice.agent_mails import AgentAlert, AlertEvent, DigestGroup, DigestRow, ToldFact, bundled
from maild.notice.content import thaw
from maild.render import Templates
from maild.render.notice import render
from maild.settings import Agent, Settings
from maild.ticket.vocabulary import AlertKind, DeadlineType
from tests.unit import factory

TEMPLATES = Templates()
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SOURCES = [path.read_text("utf-8") for path in Path(maild.__file__).parent.rglob("*.py")]


def shown() -> dict[str, set[str]]:
    """Code of a sentence -> the states of the alert that show it."""
    found: dict[str, set[str]] = {}
    for state, alert in AgentAlert.samples(TEMPLATES.words("en")):
        for event in alert.events:
            for fact in event.facts:
                found.setdefault(fact.code, set()).add(state)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_a_phrase_and_has_a_sample(language: str) -> None:
    phrases = {
        key.removeprefix("told.") for key in TEMPLATES.words(language).phrases if key.startswith("told.")
    }
    assert phrases == set(shown())


def test_every_sentence_that_the_code_says_is_one_of_them() -> None:
    said = {code for source in SOURCES for code in re.findall(r'ToldFact\(\s*code="([a-z_]+)"', source)}
    assert len(said) > 20
    assert said <= set(shown())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_gap_where_something_was_to_be_filled_in(language: str) -> None:
    for state, alert in AgentAlert.samples(TEMPLATES.words(language)):
        text = render(alert, language, Settings(), TEMPLATES).text
        flat = " ".join(text.split())
        assert not re.search(r"\(\s*[,)]|,\s*\)|: \.|: ,|\(\)", flat), (state, flat)


def test_warning_before_a_promise_ends_is_in_the_agents_language() -> None:
    agents = {
        "kata": Agent("kata", address="kata@desk.example", teams=("L1",), language="hu"),
        "jan": Agent("jan", address="jan@desk.example", teams=("L1",), language="nl"),
    }
    ticket = replace(factory.ticket(15789), team="L1", respond_by=datetime(2026, 11, 2, 10, tzinfo=UTC))
    company = CompanyFacts("acme", "Acme Kft.")
    plan = deadlines.promise(
        ticket,
        DeadlineType.RESPOND_WARNING,
        Settings(agents=agents),
        NOW,
        company=company,
        phone="+36 1 555 0100",
    )
    sent = {c.notice.to[0].name: c.notice for c in plan.changes if isinstance(c, SendNotice)}
    said = {
        name: render(thaw(AgentAlert.name, one.data), one.language, Settings(), TEMPLATES).text
        for name, one in sent.items()
    }
    assert "Hamarosan lejár az első válasz határideje: november 2., hétfő 11:00." in " ".join(
        said["kata"].split()
    )
    assert "Het eerste antwoord moet er binnenkort zijn: maandag 2 november" in " ".join(said["jan"].split())
    assert "Acme Kft." in said["jan"]  # whom to call
    assert sent["jan"].data["phone"] == "+36 1 555 0100"


def test_gathered_alert_says_a_customers_words_once() -> None:
    words = "Is VAT included?\n\nVera"
    reply = AlertEvent(kind=AlertKind.REPLY, at=NOW, text=words)
    told = AlertEvent(
        kind=AlertKind.CONSENT, at=NOW, facts=(ToldFact(code="written_quote", consent="C1", who=("v@a.example",)),),
        lines=(words, "Something else."),
    )  # fmt: skip
    made = bundled(
        AgentAlert(alert=AlertKind.REPLY, events=(reply,)),
        AgentAlert(alert=AlertKind.CONSENT, events=(told,)),
    )
    assert [event.lines for event in made.events] == [(), ("Something else.",)]
    alone = bundled(AgentAlert(alert=AlertKind.CONSENT), AgentAlert(alert=AlertKind.CONSENT, events=(told,)))
    assert alone.events[0].lines == (words, "Something else.")


def test_digest_names_no_year_that_goes_without_saying() -> None:
    rows = (DigestRow(command="maild show 1", what="#1 Printer (acme)", due=NOW),)
    sent = alerts.beside_tickets(
        Mailbox("kata@desk.example", "kata"), AlertKind.DIGEST, NEW, "", (), Settings(),
        groups=(DigestGroup(code="overdue", rows=rows),), now=NOW,
    )  # fmt: skip
    text = render(thaw(AgentAlert.name, sent.data), "en", Settings(), TEMPLATES).text
    assert "Monday 2 November" in text
    assert "2026" not in text
