"""Every mail, in every state in which it can be sent, in every language, keeps the laws; and each law can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from maild.model import LANGUAGES
from maild.notice import sampled
from maild.notice.content import Content, registry
from maild.notice.values import File, KnownOutage, NamedPerson, OnFile, PromisedTimes
from maild.render import Templates
from maild.render.preview import samples
from maild.settings import Web
from tests.cases import cases
from tests.unit.render import laws

TEMPLATES = Templates()
LATE = datetime(2026, 12, 24, 9, tzinfo=UTC)


@cache
def every(language: str) -> list[tuple[str, Content]]:
    return [
        (f"{notice}.{state}", content)
        for notice in registry()
        for state, content in samples(TEMPLATES, language, notice)
    ]


def sample(notice: str, state: str = "") -> Any:
    return dict(samples(TEMPLATES, "en", notice))[state]


def reader_of(content: Content) -> NamedPerson | None:
    return (
        sampled.BOSS
        if content.name.startswith(("approval_r", "approval_c", "approval_u", "quote", "cost_r"))
        else None
    )


@cache
def all_made(language: str) -> list[tuple[str, laws.Mail]]:
    """All of them, rendered: once for all laws."""
    return [
        (name, laws.made(content, language, TEMPLATES, reader_of(content)))
        for name, content in every(language)
    ]


@cases("language", LANGUAGES)
@cases("law", laws.LAWS, ids=lambda law: law.__name__)
def test_law(law: Callable[[laws.Mail], None], language: str) -> None:
    for name, mail in all_made(language):
        try:
            law(mail)
        except AssertionError as error:
            raise AssertionError(f"{name} in {language}: {error}") from None


@pytest.mark.parametrize("language", LANGUAGES)
def test_laws_hold_whatever_the_agent_says_and_the_customer_is_called(language: str) -> None:
    """An agent's question, names with marks that turn the reading order, a long history, a subject of 2,000."""
    odd: dict[str, Any] = {"message": "Does it work now?\n\nPlease tell us.", "earlier": 388}
    for name, content in every(language):
        if content.name in ("agent_alert",):
            continue
        about = replace(
            content.about,
            subject="printer " * 250,
            requester=NamedPerson(name="Kovács A. & Co", address="a@b.example"),
        )
        asked = replace(content, about=about, **odd)
        mail = laws.made(asked, language, TEMPLATES)
        for law in laws.LAWS:
            try:
                law(mail)
            except AssertionError as error:
                raise AssertionError(f"{law.__name__}: {name} in {language}: {error}") from None


def own(folder: Path, name: str, text: str) -> Templates:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return Templates(folder)


def said(text: str) -> str:
    return f"{{% block title %}}Title{{% endblock %}}{{% block body %}}{text}{{% endblock %}}"


def planted(folder: Path) -> dict[str, laws.Mail]:
    """For each law a mail that breaks it, as an operator's template or a slip of ours would make it."""
    note = '{{ words("consent.answer_note") }}'
    nothing = '{{ words("todo.nothing") }}'
    waits = sample("waiting_customer")
    accepted = sample("accepted")
    late = replace(sample("scheduled"), promise=sampled.RESOLVE, scheduled_for=LATE)
    asking = laws.made(sample("approval_request"), "en", TEMPLATES)
    torn = laws.made(sample("received"), "en", TEMPLATES)
    return {
        "asks_to_decide_only_who_may_and_before_the_decision": laws.made(
            sample("approval_result", "granted"), "en", own(folder / "a", "en/approval_result.j2", said(note))
        ),
        "has_nothing_to_do_only_without_a_question": laws.made(
            waits, "en", own(folder / "b", "en/waiting_customer.j2", said(nothing))
        ),
        "promises_nothing_that_is_over": laws.made(
            replace(accepted, about=replace(accepted.about, at=LATE)), "en", TEMPLATES
        ),
        "explains_a_date_after_the_promise": laws.made(late, "en", TEMPLATES),
        "tells_how_to_reopen_only_where_a_reply_does": laws.made(
            sample("merged"), "en", own(folder / "c", "en/merged.j2", said('{{ count("todo.reopens", 14) }}'))
        ),
        "tells_a_severity_only_to_who_has_a_contract": laws.made(
            sample("unknown_sender"), "en", own(folder / "d", "en/unknown_sender.j2", said("It affects one user."))
        ),
        "holds_nothing_internal": laws.made(
            accepted, "en", own(folder / "e", "en/accepted.j2", said("The phase is waiting_customer."))
        ),
        "names_agents_as_customers_know_them": laws.made(replace(accepted, actor="nkata7"), "en", TEMPLATES),
        "has_one_strong_thing": replace(asking, blocks=asking.blocks * 2),
        "reads_like_a_letter": laws.made(
            waits, "en", own(folder / "f", "layout/mail.txt.j2", "{{ message|quoted }}\n")
        ),
        "says_the_same_twice": laws.made(
            waits, "en", own(folder / "g", "layout/mail.txt.j2", "{{ message }}\n")
        ),
        "keeps_an_agents_words_alone": laws.made(
            sample("reply"), "en", own(folder / "h", "layout/person.txt.j2", "{{ closing }}\n\n{{ message }}\n")
        ),
        "names_only_words_that_decide": replace(
            asking, blocks=tuple(
                replace(block, body=replace(block.body, ways=(("To agree", "perhaps"), ("To decline", "no"))))
                if block.id == "answer" else block
                for block in asking.blocks
            ),
        ),
        "keeps_dates_and_numbers_on_one_line": replace(
            torn, rendered=replace(torn.rendered, text=torn.rendered.text.replace("2 November", "2\nNovember"))
        ),
        "keeps_a_time_and_its_number_on_one_line": replace(
            torn, rendered=replace(torn.rendered, html=torn.rendered.html.replace("2\xa0November", "2 days"))
        ),
    }  # fmt: skip


def test_each_law_fails_on_a_planted_fault(tmp_path: Path) -> None:
    broken = planted(tmp_path)
    assert set(broken) == {law.__name__ for law in laws.LAWS}
    for law in laws.LAWS:
        with pytest.raises(AssertionError):
            law(broken[law.__name__])


def broken(state: str, words: str, folder: Path) -> laws.Mail:
    """The mail with these words of an operator's in it."""
    notice, _, which = state.partition(".")
    return laws.made(sample(notice, which), "en", own(folder, f"en/{notice}.j2", said(words)))


@pytest.mark.parametrize(
    ("law", "state", "words"),
    [
        (laws.asks_to_decide_only_who_may_and_before_the_decision, "cost_notice", '{{ words("consent.answer_note") }}'),
        (laws.has_nothing_to_do_only_without_a_question, "received.question", '{{ words("todo.nothing") }}'),
        (laws.has_nothing_to_do_only_without_a_question, "quote_request", '{{ words("todo.nothing") }}'),
        (laws.tells_how_to_reopen_only_where_a_reply_does, "rejected", '{{ count("todo.reopens", 14) }}'),
        (laws.tells_how_to_reopen_only_where_a_reply_does, "accepted", '{{ count("todo.check", 1) }}'),
        (laws.tells_a_severity_only_to_who_has_a_contract, "no_contract", "It concerns a whole system."),
        (laws.tells_a_severity_only_to_who_has_a_contract, "suspended", "It concerns the whole infrastructure."),
        (laws.holds_nothing_internal, "accepted", "Times are those of Europe/Budapest."),
        (laws.holds_nothing_internal, "accepted", "Times are UTC."),
        (laws.holds_nothing_internal, "approval_result.granted", "Log: " + "0123456789abcdef" * 4),
        (laws.holds_nothing_internal, "approval_result.granted", "Your word: maild-k7qx2mpdv4ratlek7qx2mpdv4a"),
        (laws.holds_nothing_internal, "received", "The level is {{ nothing }}: None."),
        (laws.keeps_an_agents_words_alone, "reply", ""),
    ],
)  # fmt: skip
def test_each_clause_of_a_law_fails_on_a_planted_fault(
    law: Callable[[laws.Mail], None], state: str, words: str, tmp_path: Path
) -> None:
    mail = broken(state, words, tmp_path) if words else laws.made(sample(state), "en", TEMPLATES)
    if not words:  # a greeting of ours above the agent's words
        hello = replace(mail.rendered, text=f"Dear Anna,\n\n{mail.rendered.text}")
        mail = replace(mail, rendered=hello)
    with pytest.raises(AssertionError):
        law(mail)


def test_promise_law_fails_on_each_moment_that_is_over() -> None:
    accepted, scheduled = sample("accepted"), sample("scheduled")
    over = LATE - timedelta(days=30)
    for moment in ("respond_by", "resolve_by", "call_back_by"):
        promise = replace(PromisedTimes(), **{moment: over})  # type: ignore[arg-type]
        late = replace(accepted, promise=promise, about=replace(accepted.about, at=LATE))
        with pytest.raises(AssertionError):
            laws.promises_nothing_that_is_over(laws.made(late, "en", TEMPLATES))
    passed = replace(scheduled, scheduled_for=over, about=replace(scheduled.about, at=LATE))
    with pytest.raises(AssertionError):
        laws.promises_nothing_that_is_over(laws.made(passed, "en", TEMPLATES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_link_to_the_page_stands_for_who_sees_the_ticket_there_and_keeps_the_laws(language: str) -> None:
    """Not to approvers, reference persons and agents, nor to somebody whom nobody knows."""
    with_page = replace(laws.SETTINGS, web=Web(url="https://help.example/"))
    linked: dict[str, bool] = {}
    for name, content in every(language):
        mail = laws.made(content, language, TEMPLATES, reader_of(content), with_page)
        for law in laws.LAWS:
            if law is not laws.says_the_same_twice:  # in the text the link is written out
                law(mail)
        url = "https://help.example/tickets/15789"
        in_text, in_html = url in mail.rendered.text, f'href="{url}"' in mail.rendered.html
        assert in_text == in_html, name
        linked[name] = in_text
    never = {
        "approval_request",
        "quote_request",
        "adopt_request",
        "agent_alert",
        "unknown_sender",
        "web_link",
        "report",
    }
    assert not any(linked[name] for name in linked if name.partition(".")[0] in never)
    for name in ("received.", "reply.", "closed.", "scheduled.moved", "approval_result.granted"):
        assert linked[name], name
    assert not linked["awaiting_approval.to_reference"]


def test_without_a_page_no_mail_links_to_one() -> None:
    for _, content in every("en"):
        if content.of_ticket:
            assert "https://" not in laws.made(content, "en", TEMPLATES).rendered.html


def test_odd_values_of_customers_are_laid_out_without_breaking() -> None:
    content = replace(
        sample("received"),
        attachments=tuple(File(name="x" * 300, size=n) for n in range(60)),
        on_file=OnFile(name="A" * 300, phone="1" * 99, addresses=("a" * 200 + "@b.example",)),
        outages=(KnownOutage(title="", text=""),),
        text="w" * 5000,
    )
    mail = laws.made(content, "hu", TEMPLATES)
    assert len(mail.rendered.text) < 40_000
    laws.has_one_strong_thing(mail)


@cases("notice", ["quote_request", "cost_request"])
def test_the_words_of_an_offer_behind_quote_marks_are_found(notice: str) -> None:
    mail = laws.made(sample(notice), "en", TEMPLATES, sampled.BOSS)
    first = next(line for line in laws.offered(mail) if line)
    text = mail.rendered.text
    assert first[:20] in text
    laws.reads_like_a_letter(mail)
    quoted = replace(mail, rendered=replace(mail.rendered, text=text.replace(first[:20], f"> {first[:20]}")))
    with pytest.raises(AssertionError):
        laws.reads_like_a_letter(quoted)
