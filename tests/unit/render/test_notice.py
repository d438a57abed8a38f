from __future__ import annotations

import html as html_module
import re
from dataclasses import replace
from typing import Any

import pytest

from maild.model import LANGUAGES
from maild.render import Rendered, Templates, render_notice
from maild.render.samples import KEYS, NOTICES, sample
from maild.settings import Desk, Settings

SETTINGS = Settings(desk=Desk(name="Example Help Desk", address="help@desk.example"))
TEMPLATES = Templates()
EVERY = [(notice, language) for notice in NOTICES for language in LANGUAGES]


def render(notice: str, language: str = "en", **data: Any) -> Rendered:
    return render_notice(notice, language, data, SETTINGS, TEMPLATES)


def full(notice: str, language: str = "en") -> dict[str, Any]:
    return sample(notice, TEMPLATES.words(language))


def plain_words(text: str) -> list[str]:
    """The words of a text mail: no underlines, bullets or quote marks."""
    text = re.sub(r"(?m)^(?:-{3,}|\s*(?:>|-)(?= |$))", " ", text).replace(" - ", " ")
    return re.sub(r"(?m)^\s*>", " ", text).split()


def html_words(html: str) -> list[str]:
    body = html.partition("<body")[2].partition(">")[2]
    text = html_module.unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", body, flags=re.DOTALL))
    return text.replace("\u2022", " ").replace(" - ", " ").split()


@pytest.mark.parametrize(("notice", "language"), EVERY)
def test_text_and_html_say_the_same(notice: str, language: str) -> None:
    found = render(notice, language, **full(notice, language))
    head = SETTINGS.desk.name.split()
    assert [word for word in html_words(found.html) if word != "-"][len(head) :] == [
        word for word in plain_words(found.text) if word != "-"
    ]
    assert found.warnings == ()


@pytest.mark.parametrize(("notice", "language"), EVERY)
def test_every_key_may_be_absent(notice: str, language: str) -> None:
    data = full(notice, language)
    for key in [None, *data]:
        less = {} if key is None else {name: value for name, value in data.items() if name != key}
        found = render(notice, language, **less)
        assert found.subject
        assert len(found.text) > (8 if notice == "agent_alert" else 40)
        for word in ("None", "Undefined", "{", "}", "##", " ,", ": \n"):
            assert word not in found.text, (key, word)


@pytest.mark.parametrize("notice", NOTICES)
def test_every_key_may_be_of_a_wrong_kind(notice: str) -> None:
    for wrong in (None, 7, "", "x", [], {}, [None], {"a": None}, True):
        assert render(notice, **dict.fromkeys(KEYS - {"number"}, wrong)).text


@pytest.mark.parametrize("notice", [name for name in NOTICES if name != "agent_alert"])
def test_subject_is_tag_and_original_subject(notice: str) -> None:
    assert render(notice, number=15789, subject="AW: Re: [#7] Drucker").subject == "[#15789] Drucker"
    assert render(notice, "hu", number=15789, subject="Re:").subject == "[#15789] (nincs tárgy)"


def test_agents_subject_says_what_it_is() -> None:
    found = render("agent_alert", number=15789, subject="Printer", alert="breach", lines=["late"])
    assert found.subject == "[#15789] Promise missed: Printer"
    assert render("agent_alert", subject="Printer", alert="new code").subject == "Notice: Printer"


def test_long_subject_is_cut_at_200() -> None:
    assert len(render("received", number=1, subject="printer " * 200).subject) <= 200


def test_echo_off_repeats_nothing_that_they_wrote() -> None:
    found = render(
        "unknown_sender", number=7, echo=False, subject="BUY-SUBJECT", text="BUY-TEXT",
        requester={"name": "BUY-NAME", "address": "x@spam.example"},
        attachments=[{"name": "BUY-FILE", "size": 5}], history=[{"type": "mail", "text": "BUY-HISTORY"}],
    )  # fmt: skip
    assert found.subject == "[#7] Your message"
    for part in (found.subject, found.text, found.html):
        assert "BUY" not in part
    assert "We received one attachment" in found.text


@pytest.mark.parametrize("notice", NOTICES)
def test_every_customer_value_is_escaped_in_html(notice: str) -> None:
    evil = "<script>alert('x')</script><a href=\"http://evil.example\">"

    def poison(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: poison(item) for key, item in value.items()}
        if isinstance(value, list):
            return [poison(item) for item in value]
        return evil if isinstance(value, str) and not re.match(r"[0-9]{4}-|[a-z_]+$", value) else value

    found = render(notice, **poison(full(notice)))
    assert "<script" not in found.html
    assert "evil.example" in found.html
    assert "<a " not in found.html


def test_templates_in_what_customers_write_are_only_text() -> None:
    found = render(
        "received", number=7, subject="{{ 7 * 7 }}{% raw %}", text="{{ desk }} {number}", echo=True
    )
    assert found.subject == "[#7] {{ 7 * 7 }}{% raw %}"
    assert "{{ desk }} {number}" in found.text


def test_addresses_of_pages_are_not_made_links() -> None:
    found = render("received", text="see http://evil.example/x", echo=True)
    assert "http://evil.example/x" in found.html
    assert "href" not in found.html


def test_controls_and_bidi_marks_of_customers_are_gone() -> None:
    found = render("received", number=7, subject="a\x1b[31mb\u202ec", text="x\x07y\u2066z\r\nw", echo=True)
    assert found.subject == "[#7] a[31mbc"
    assert "> xyz\n> w\n" in found.text


def test_acknowledgement_states_the_promise_and_why() -> None:
    found = render("received", **full("received"))
    assert "You hear from us by: Monday, 2 November 2026, 10:30" in found.text
    assert "Friday, 30 October 2026, 17:40, outside your" in found.text
    assert "kép.png (60 kB)" in found.text
    assert "is this still right?" in found.text
    assert "4711" in found.text


def test_history_is_below_the_latest_step_and_latest_first() -> None:
    text = render("resolved", **full("resolved")).text
    steps = ["Kata writes", "Done so far", "In progress (Kata)", "Accepted (Kata)", "Kovács Anna wrote"]
    assert [text.index(step) for step in steps] == sorted(text.index(step) for step in steps)


@pytest.mark.parametrize("language", LANGUAGES)
def test_approval_mail_says_all_that_an_approver_needs(language: str) -> None:
    data = full("approval_request", language)
    found = render("approval_request", language, **data)
    words = TEMPLATES.words(language)
    for part in (
        data["consent"]["request"], "Kovács Anna <anna@acme.example>", data["consent"]["reference_line"],
        words("consent.means.permission"), words("consent.verified"), words("label.expires_at"),
    ):  # fmt: skip
        assert " ".join(part.split()) in " ".join(found.text.replace("> ", "").split())
    for side in ("yes", "no"):
        for word in words.lists[f"consent.{side}_words"]:
            assert word in found.text
    assert data["consent"]["reference_line"] not in found.subject


def test_unverified_requester_is_said_to_the_approver() -> None:
    data = full("approval_request")
    data["consent"]["requester_verified"] = False
    assert "we could not verify" in " ".join(render("approval_request", **data).text.split())


def test_decision_words_of_the_data_come_before_our_own() -> None:
    data = full("approval_request")
    data["consent"] |= {"yes_words": ["jawohl"], "no_words": ["niemals"]}
    text = render("approval_request", **data).text
    assert "To agree: jawohl" in text
    assert "To decline: niemals" in text


def test_reason_code_becomes_a_sentence_and_an_unknown_code_is_not_shown() -> None:
    assert "did not begin with a clear yes" in render("approval_not_accepted", reason="decision_word").text
    assert "some_new_code" not in render("approval_not_accepted", reason="some_new_code").text
    assert "Ask Béla first" in render("approval_result", reason="Ask Béla first").text


@pytest.mark.parametrize("outcome", ["granted", "refused", "expired", "withdrawn"])
def test_each_outcome_has_its_own_words(outcome: str) -> None:
    titles = {
        language: render("approval_result", language, outcome=outcome).text.split("\n")[0]
        for language in LANGUAGES
    }
    assert len(set(titles.values())) == 5
    assert titles["en"] != render("approval_result", outcome="other").text.split("\n")[0]


def test_suspended_company_hears_no_reason() -> None:
    text = render("suspended", **(full("suspended") | {"reason": "unpaid bills"})).text
    assert "unpaid" not in text
    assert not re.search("invoice|pay|suspend|contract", text)


def test_consent_logs_own_words_stay_out_of_the_history() -> None:
    step = {
        "at": "2026-11-02T09:00:00Z",
        "type": "consent",
        "author": "Nagy Béla",
        "phase": "received",
        "text": "permission: granted",
    }
    text = render("approval_result", "de", outcome="granted", history=[step]).text
    assert "Freigabe: Nagy Béla - Eingegangen" in text
    assert "granted" not in text


def test_next_step_is_not_told_to_the_approver() -> None:
    assert (
        "We are waiting"
        not in render("approval_request", **(full("approval_request") | {"next": "approve"})).text
    )
    assert (
        "waiting for a written approval from: Nagy Béla"
        in render("awaiting_approval", **full("awaiting_approval")).text
    )


def test_hints_are_asked_by_kind() -> None:
    assert "Who will use the device?" in render("received", kind="device", hints=["who", "nonsense"]).text
    assert "Who is affected" in render("received", kind="incident", hints=["who"]).text


def test_desks_colour_cannot_leave_its_style() -> None:
    evil = replace(SETTINGS, desk=replace(SETTINGS.desk, colour='red;"><script>'))
    assert "<script>" not in render_notice("received", "en", {}, evil, TEMPLATES).html
    green = replace(SETTINGS, desk=replace(SETTINGS.desk, colour="#00AA55"))
    assert "#00aa55" in render_notice("received", "en", {}, green, TEMPLATES).html


def test_same_data_gives_the_same_words() -> None:
    data = full("received", "hu")
    assert render("received", "hu", **data) == render("received", "hu", **data)


def test_lines_of_the_text_fit_a_screen() -> None:
    for notice, language in EVERY:
        for line in render(notice, language, **full(notice, language)).text.split("\n"):
            assert len(line) <= 80, line


def test_reply_of_an_agent_does_not_say_that_nothing_is_to_be_done() -> None:
    assert "need not do anything" not in render("reply", message="Please test.", next="wait").text
    assert "We need your answer" in render("reply", message="Please test.", next="answer_us").text
    assert "We need your answer" not in render("not_entitled", next="answer_us").text


def test_finished_requests_show_no_promise() -> None:
    promise = {"resolve_by": "2026-11-02T09:30:00Z"}
    assert "Solved by" in render("accepted", promise=promise).text
    for notice in ("resolved", "closed", "rejected", "merged", "approval_request"):
        assert "Solved by" not in render(notice, promise=promise).text
