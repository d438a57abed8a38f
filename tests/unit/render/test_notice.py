"""Every change that a plan can hold.

Over 300 lines: laws that hold for every notice, over one set of samples.
"""

from __future__ import annotations

import html
import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from maild.consent import decision_word
from maild.mail.newtext import new_text
from maild.mail.own_ids import REFERENCE_LINE
from maild.model import LANGUAGES
from maild.notice import sampled
from maild.notice.content import Content, Reader, freeze, registry
from maild.notice.values import About, HistoryStep, KnownOutage, NamedPerson, RequestedConsent
from maild.render import Rendered, Templates, render_notice
from maild.render.preview import samples
from maild.settings import DeskSettings, Settings
from maild.steps import whole
from tests.cases import cases

SETTINGS = Settings(desk=DeskSettings(name="Example Help Desk", address="help@desk.example"))
TEMPLATES = Templates()


def sample(notice: str, language: str = "en", state: str = "") -> Content:
    made = dict(samples(TEMPLATES, language, notice))
    return made[state or next(iter(made))]


def render(
    content: Content, language: str = "en", reader: NamedPerson | None = None, **more: Any
) -> Rendered:
    return whole(
        render_notice(content.name, language, freeze(content), SETTINGS, TEMPLATES, reader=reader, **more)
    )


def flat(text: str) -> str:
    return " ".join(text.split())


#: agents' own subjects say what it is about, too
OF_TICKETS = [name for name, cls in registry().items() if cls.of_ticket and cls.reader is not Reader.AGENT]


@cases("notice", OF_TICKETS)
def test_subject_is_tag_and_original_subject(notice: str) -> None:
    content = replace(sample(notice), echo=True)
    told = replace(content, about=replace(content.about, subject="AW: Re: [#7] Drucker"))
    assert render(told).subject == "[#15789] Drucker"
    none = replace(content, about=replace(content.about, subject="Re:"))
    assert render(none, "hu").subject == "[#15789] (nincs tárgy)"


def test_link_to_sign_in_names_no_ticket() -> None:
    found = render(sample("web_link"))
    assert found.subject == "Your link to sign in"
    assert "https://help.example/in/" in found.text


def test_agents_subject_says_what_it_is() -> None:
    found = render(replace(sample("agent_alert"), about=About(subject="Printer")))
    assert found.subject == "[#15789] New request: Printer"


def test_long_subject_is_cut_at_200() -> None:
    content = sample("received")
    long = replace(content, about=replace(content.about, subject="printer " * 250))
    assert len(render(long).subject) <= 200


def test_echo_off_repeats_nothing_that_they_wrote() -> None:
    said: Any = replace(
        sample("unknown_sender", state="verified"), text="BUY-TEXT",
        about=replace(sample("received").about, subject="BUY-SUBJECT", requester=NamedPerson(name="BUY-NAME")),
        history=(HistoryStep(at=sampled.WRITTEN, type="mail", author="x", text="BUY-HISTORY"),),
    )  # fmt: skip
    found = render(said.without_echo())
    assert found.subject == "[#15789] Your message"
    for part in (found.subject, found.text, found.html):
        assert "BUY" not in part


def poison(value: Any, evil: str) -> Any:
    """The value with every text in it poisoned but codes."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            "phase",
            "kind",
            "severity",
            "timezone",
            "type",
            "alert",
            "outcome",
            "currency",
            "amount",
            "reason",
        }
        return replace(
            value,
            **{f.name: poison(getattr(value, f.name), evil) for f in fields(value) if f.name not in kept},
        )
    if isinstance(value, tuple):
        return tuple(poison(one, evil) for one in value)
    ours = isinstance(value, StrEnum) or not value
    if not isinstance(value, str) or ours or re.fullmatch(r"maild-[a-z2-7]{26}", value):
        return value
    return evil


@cases("notice", registry())
def test_every_customer_value_is_escaped_in_html(notice: str) -> None:
    evil = "<script>alert('x')</script><a href=\"http://evil.example\">"
    content = replace(sample(notice), echo=True, text="x")
    hints = {"hints": ()} if hasattr(content, "hints") else {}
    found = render(replace(poison(content, evil), **hints))
    assert "<script" not in found.html
    assert "evil.example" in found.html
    assert all(
        link.startswith("mailto:help@desk.example?") for link in re.findall(r'href="([^"]*)"', found.html)
    )


def test_templates_in_what_customers_write_are_only_text() -> None:
    content = replace(sample("received"), text="{{ desk }} {number}")
    found = render(replace(content, about=replace(content.about, subject="{{ 7 * 7 }}{% raw %}")))
    assert found.subject == "[#15789] {{ 7 * 7 }}{% raw %}"
    assert "{{ desk }} {number}" in found.text


def test_addresses_of_pages_are_not_made_links() -> None:
    found = render(replace(sample("received"), text="see http://evil.example/x"))
    assert "http://evil.example/x" in found.html
    assert "href" not in found.html


def test_controls_and_bidi_marks_of_customers_are_gone() -> None:
    content = replace(sample("adopt_request"), text="x\x07y\u2066z\r\nw")
    found = render(replace(content, about=replace(content.about, subject="a\x1b[31mb\u202ec")))
    assert found.subject == "[#15789] a[31mbc"
    assert "> xyz\n> w\n" in found.text


def test_acknowledgement_states_the_promise_and_why() -> None:
    text = flat(render(sample("received")).text)
    assert "You will hear from us by: Monday 2 November, 10:30" in text
    assert "Solution by: Tuesday 3 November, 15:00" in text
    assert "outside your service hours (Friday 30 October, 17:40)" in text
    assert "kép.png (60 kB)" in text
    assert "Kovács Anna, +36 1 555 0100, anna@acme.example – still correct?" in text
    assert "#15789 · Acme Kft. · Incident · a whole system · Received" in text
    assert "4711" in render(sample("received", state="critical")).text


def test_year_stands_where_it_is_another_than_this() -> None:
    late = replace(sample("scheduled"), scheduled_for=datetime(2027, 1, 7, 8, tzinfo=UTC))  # type: ignore[call-arg]
    assert "Thursday 7 January 2027, 09:00" in render(late).text
    assert "2026" not in render(sample("scheduled")).text


def test_news_comes_before_the_record_and_the_newest_step_first() -> None:
    text = render(sample("resolved")).text
    steps = [
        "I have set the driver back", "Please check", "Kind regards", "Done so far", "In progress (Nagy Kata)",
        "Accepted (Nagy Kata)", "Kovács Anna wrote",
    ]  # fmt: skip
    assert [text.index(step) for step in steps] == sorted(text.index(step) for step in steps)


def test_long_steps_are_cut_at_a_word_and_what_is_left_out_is_counted() -> None:
    steps = tuple(
        HistoryStep(at=sampled.WRITTEN, type="reply", author="Kata", text="word " * 200) for _ in range(25)
    )
    text = render(replace(sample("resolved"), history=steps, earlier=375)).text
    assert not re.search(r"\bwor\s+…", text)
    assert "word\N{NO-BREAK SPACE}…" in text
    assert "… and 388 earlier steps" in text
    assert len(text) < 8000


@pytest.mark.parametrize("language", LANGUAGES)
def test_approval_mail_says_all_that_an_approver_needs(language: str) -> None:
    content: Any = sample("approval_request", language)
    found = render(content, language, sampled.BOSS)
    words = TEMPLATES.words(language)
    for part in (
        content.consent.request, "Kovács Anna <anna@acme.example>", content.consent.reference_line,
        words("consent.means.permission"), words("consent.verified"), words("label.expires_at"), "Nagy Béla",
    ):  # fmt: skip
        assert flat(part) in flat(found.text.replace("> ", ""))
    for side in ("yes", "no"):
        for word in words.lists[f"consent.{side}_words"]:
            assert word in found.text
    assert content.consent.reference_line not in found.subject


@cases("language", LANGUAGES)
@cases(
    "notice", ["approval_request", "approval_unclear", "approval_confirm", "quote_request", "cost_request"]
)
def test_button_writes_an_answer_that_counts(notice: str, language: str) -> None:
    """The mail that a button opens: to the desk, the tag in the subject, and a text that the rule takes for a yes or a
    no, with the reference line in it."""
    found = render(sample(notice, language), language, sampled.BOSS, reply_to="help+x@desk.example")
    links = [urlsplit(link.replace("&amp;", "&")) for link in re.findall(r'href="([^"]*)"', found.html)]
    verdicts = []
    for link in links:
        assert unquote(link.path) == "help+x@desk.example"
        asked = parse_qs(link.query, strict_parsing=True)
        assert asked["subject"][0].startswith("Re: [#15789] ")
        body = asked["body"][0].replace("\r\n", "\n")
        assert REFERENCE_LINE.search(body)
        offer = notice in ("quote_request", "cost_request")
        verdicts.append(decision_word.decision(new_text(body).text, SETTINGS.approval, offer=offer).verdict)
    assert verdicts == ["yes", "no"]


def test_no_buttons_where_no_reference_line_travels() -> None:
    content: Any = sample("approval_request")
    bare = replace(content, consent=replace(content.consent, reference_line=""))
    assert "href" not in render(bare).html


def test_unverified_requester_is_said_to_the_approver() -> None:
    assert "we could not verify" in flat(render(sample("approval_request", state="unverified")).text)


def test_decision_words_of_the_data_come_before_our_own() -> None:
    content: Any = sample("approval_request")
    asked = replace(content.consent, yes_words=("jawohl",), no_words=("niemals", "nie"))
    text = render(replace(content, consent=asked)).text
    assert "To agree, reply: jawohl" in text
    assert "To decline, reply: niemals or nie" in text


def test_reason_code_becomes_a_sentence_and_an_unknown_code_is_not_shown() -> None:
    content: Any = sample("approval_not_accepted")
    assert "did not begin with a clear yes" in flat(render(content).text)
    assert "some_new_code" not in render(replace(content, reason="some_new_code")).text


def test_offer_and_its_acceptance_name_the_amount_as_the_language_writes_it() -> None:
    assert "1\xa0450\xa0000\xa0Ft" in render(sample("quote_request", "hu"), "hu").text
    accepted: Any = sample("approval_result", state="granted")
    offer = RequestedConsent(
        kind="quote", id="C1", amount="1450.50", currency="EUR", valid_until=date(2026, 12, 1)
    )
    text = render(replace(accepted, consent=offer)).text
    assert text.startswith("Our quote has been accepted")
    assert "Amount: €1,450.50" in text


@pytest.mark.parametrize("outcome", ["granted", "refused", "expired", "withdrawn"])
def test_each_outcome_has_its_own_words(outcome: str) -> None:
    titles = {
        language: render(sample("approval_result", language, outcome), language).text.split("\n")[0]
        for language in LANGUAGES
    }
    assert len(set(titles.values())) == 5


def test_suspended_company_hears_no_reason() -> None:
    assert not re.search("invoice|pay|suspend|contract", render(sample("suspended")).text)


def test_consent_logs_own_words_stay_out_of_the_history() -> None:
    step = HistoryStep(
        at=sampled.LATER, type="consent", author="Nagy Béla", phase="received", text="permission: granted",
        outcome="granted",
    )  # fmt: skip
    content = replace(sample("approval_result", "de", "granted"), history=(step,))
    text = render(content, "de").text
    assert "Nagy Béla hat zugestimmt" in text
    assert "Eingegangen" not in text.partition("zugestimmt")[2].partition("\n")[0]
    assert "granted" not in text


def test_hints_are_asked_by_kind() -> None:
    content: Any = sample("received", state="question")
    asked = replace(content, about=replace(content.about, kind="device"), hints=("who", "nonsense"))
    assert "Who will use the device?" in render(asked).text
    assert "Who is affected" in render(replace(content, hints=("who",))).text


def test_desks_colour_cannot_leave_its_style() -> None:
    data = freeze(sample("received"))
    evil = replace(SETTINGS, desk=replace(SETTINGS.desk, colour='red;"><script>'))
    assert "<script>" not in whole(render_notice("received", "en", data, evil, TEMPLATES)).html
    green = replace(SETTINGS, desk=replace(SETTINGS.desk, colour="#00AA55"))
    assert "#00aa55" in whole(render_notice("received", "en", data, green, TEMPLATES)).html


def test_same_data_gives_the_same_words() -> None:
    content = sample("received", "hu")
    assert render(content, "hu") == render(content, "hu")


def test_reply_is_signed_by_the_agent_else_by_the_desk() -> None:
    assert render(sample("reply")).text.endswith(
        "Nagy Kata\nSystems engineer\n\n-- \n#15789 · In progress · Example Help Desk\n"
    )
    assert "\nExample Help Desk\n\n-- \n" in render(sample("reply", state="unnamed")).text


@cases(
    ("language", "shown"),
    [
        ("en", "Monday 2~November,~10:30"),
        ("nl", "maandag 2~november,~10:30~uur"),
        ("de", "Montag, 2.~November,~10:30~Uhr"),
        ("fr", "lundi 2~novembre~à~10:30"),
        ("hu", "november~2., hétfő~10:30"),
    ],
)
def test_a_date_breaks_in_html_at_its_weekday_alone_and_never_in_text(language: str, shown: str) -> None:
    made = render(sample("received", language), language)
    assert shown.replace("~", "\xa0") in html.unescape(made.html)
    assert shown.replace("~", " ") in made.text.replace(
        "\xa0", " "
    )  # Dutch and German hold "uur" and "Uhr" themselves


def test_in_text_a_date_goes_to_the_next_line_as_a_whole() -> None:
    assert (
        "than promised\n(Tuesday 3 November, 15:00)"
        in render(sample("scheduled", state="after_promise")).text
    )


def test_the_steps_of_the_way_stand_below_what_the_reader_is_asked_to_do() -> None:
    made = render(sample("received", state="question")).html
    asked, answer, way = (
        made.index(one) for one in ("Could you send us", "Please answer by replying", "edge way")
    )
    assert asked < answer < way


def test_preheader_carries_the_news() -> None:
    def preheader(content: Content) -> str:
        found = re.search(r'class="preheader"[^>]*>([^&]*)', render(content).html)
        assert found
        return found[1]

    assert preheader(sample("received")) == "You will hear from us by: Monday 2\xa0November,\xa010:30"
    assert preheader(sample("resolved")).startswith("I have set the driver back")
    assert preheader(sample("scheduled")) == "Planned for: Thursday 5\xa0November,\xa009:00"


def test_when_an_outage_should_have_ended_is_promised_no_more() -> None:
    known: Any = sample("received", state="outage")
    assert "Expected to be fixed by Monday 2 November, 14:00" in render(known).text
    late = replace(known, about=replace(known.about, at=known.outages[0].eta))
    assert known.outages[0].title in render(late).text
    assert "Expected" not in render(late).text


def test_an_outage_that_is_over_closes_no_ticket_that_is_held() -> None:
    assert "your request closes by itself" in flat(render(sample("outage_resolved")).text)
    held = flat(render(sample("outage_resolved", state="held")).text)
    assert "closes by itself" not in held
    assert "Your request stays on hold until it is approved." in held
    unconfirmed = flat(render(sample("outage_resolved", state="unconfirmed")).text)
    assert "closes by itself" not in unconfirmed
    assert "Your request stays open until it is confirmed." in unconfirmed


def test_one_outage_is_not_said_twice() -> None:
    content: Any = sample("outage_update")
    told = replace(content, outages=(KnownOutage(title="Mail", text=content.message),))
    assert render(told).text.count(content.message.split()[2]) == 1


def test_row_of_an_earlier_version_is_still_sent() -> None:
    old = {
        "subject": "Printer", "phase": "accepted", "timezone": "Europe/Budapest", "next": "wait", "number": 7,
        "promise": {"respond_by": "2026-11-02T09:30:00+00:00", "service_level": "standard"}, "actor": "Kata",
        "history": [{"at": "2026-11-02T08:12:00+00:00", "type": "phase", "phase": "accepted", "author": "Kata"}],
    }  # fmt: skip
    assert (
        "Kata is looking after your request"
        in whole(render_notice("accepted", "en", old, SETTINGS, TEMPLATES)).text
    )
