"""What must hold of every mail, whatever it says: each law takes a mail and fails where the mail breaks it."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from maild.consent.decision_word import decision
from maild.mail.newtext import new_text
from maild.notice.consent_mails import Asking
from maild.notice.content import Content, Reader
from maild.notice.values import NamedPerson
from maild.render import Rendered, Templates
from maild.render.notice import render
from maild.render.page import layout_values
from maild.render.pagedata import Page, PageBlock
from maild.render.words import Phrasebook
from maild.render.wrap import HELD, TURN
from maild.settings import Agent, Settings

#: an agent whose login name is no word of any language
SETTINGS = Settings(agents={"nkata7": Agent("nkata7", full_name="Nagy Kata", address="kata@desk.example")})


@dataclass(frozen=True)
class Mail:
    """One mail, rendered, with all that it was made of."""

    content: Content
    words: Phrasebook
    rendered: Rendered
    blocks: tuple[PageBlock, ...]
    todo: str
    settings: Settings = SETTINGS

    @property
    def flat(self) -> str:
        """The text in one line, without quote marks."""
        return " ".join(re.sub(r"(?m)^> ?", "", self.rendered.text).split())


def made(
    content: Content,
    language: str,
    templates: Templates,
    reader: NamedPerson | None = None,
    settings: Settings = SETTINGS,
) -> Mail:
    words = templates.words(language)
    values = layout_values(Page(content, words, settings, reader), "x", [])
    rendered = render(content, language, settings, templates, reader=reader)
    return Mail(content, words, rendered, (*values["blocks"], *values["below"]), values["todo"], settings)


def says(mail: Mail, key: str) -> bool:
    """Whether the mail holds the phrase, whatever its placeholders were filled with."""
    parts = [re.escape(" ".join(part.split())) for part in re.split(r"{\w+}", mail.words(key))]
    return re.search(".*?".join(parts), mail.flat) is not None


def asks_to_decide_only_who_may_and_before_the_decision(mail: Mail) -> None:
    asks = any(block.id == "answer" for block in mail.blocks) or says(mail, "consent.answer_note")
    assert asks == (isinstance(mail.content, Asking))
    if asks:
        assert mail.content.about.phase == "awaiting_approval"


def has_nothing_to_do_only_without_a_question(mail: Mail) -> None:
    nothing = mail.words("todo.nothing").partition(".")[0]
    asked = "?" in mail.content.message or any(block.id == "hints" for block in mail.blocks)
    asked = asked or Page(mail.content, mail.words, mail.settings).confirms_apart  # by a second mail
    if asked or mail.content.about.phase == "waiting_customer" or isinstance(mail.content, Asking):
        assert nothing not in mail.flat


def promises_nothing_that_is_over(mail: Mail) -> None:
    at, promise = mail.content.about.at, mail.content.promise
    moments = (promise.respond_by, promise.resolve_by, promise.call_back_by) if promise is not None else ()
    planned = getattr(mail.content, "scheduled_for", None)
    assert all(at is None or moment > at for moment in (*moments, planned) if moment is not None)


def explains_a_date_after_the_promise(mail: Mail) -> None:
    planned: datetime | None = getattr(mail.content, "scheduled_for", None)
    promised: datetime | None = getattr(mail.content, "promised_by", None)
    given = mail.content.promise
    open_promise = promised or (given.resolve_by if given is not None else None)
    if planned is None or open_promise is None or open_promise >= planned:
        return
    shown = " ".join(
        mail.words.when(open_promise, mail.content.about.timezone, mail.content.about.at).split()
    )
    assert shown in mail.flat, "the promise is kept quiet"
    assert not any(block.id == "promise" for block in mail.blocks), "the promise stands as if it held"


def tells_how_to_reopen_only_where_a_reply_does(mail: Mail) -> None:
    for key in ("todo.check.other", "todo.reopens.other", "todo.check.one", "todo.reopens.one"):
        if says(mail, key):
            assert mail.content.about.reply_days, key
            assert mail.content.about.phase in ("resolved", "closed")


def tells_a_severity_only_to_who_has_a_contract(mail: Mail) -> None:
    for severity in ("user", "system", "infrastructure"):
        if mail.words(f"severity.{severity}") in mail.flat:
            assert mail.content.about.severity == severity


def holds_nothing_internal(mail: Mail) -> None:
    """No code, key, hash or zone of ours: what has an underscore, 32 hex digits, an IANA name."""
    reference = any(block.id == "answer" for block in mail.blocks)
    for text in (
        mail.rendered.subject,
        mail.rendered.text,
        re.sub(r"<[^>]*>", " ", body(mail.rendered.html)),
    ):
        seen = re.sub(r"maild-[a-z2-7]{26}", "", text) if reference else text
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", seen)
        assert not re.search(r"\b[0-9a-f]{32,}\b", seen)
        assert not re.search(r"\b(?:Europe|America|Asia)/|\bUTC\b", seen)
        assert "maild-" not in seen
    for wrong in ("None", "Undefined", "{", "}", "[]", " ,", ": \n", " .", ".."):
        assert wrong not in mail.rendered.text, wrong


def names_agents_as_customers_know_them(mail: Mail) -> None:
    """No login name, but to our own people, who type it."""
    if mail.content.reader is not Reader.AGENT:
        for login in mail.settings.agents:
            assert login not in mail.flat, login
            assert login not in mail.rendered.html, login


def has_one_strong_thing(mail: Mail) -> None:
    assert sum(block.tone == "strong" for block in mail.blocks) <= 1


def reads_like_a_letter(mail: Mail) -> None:
    """72 columns; a quote mark only before what was written earlier, 62 columns of it where an answer is asked."""
    width = 62 if isinstance(mail.content, Asking) else 72
    for line in mail.rendered.text.split("\n"):
        assert len(line) <= 72 or " " not in line.strip(), line
        if line.startswith(">"):
            assert len(line) <= width or " " not in line[2:].strip(), line
    new = [*mail.content.message.strip().split("\n"), *offered(mail)]
    lines = [" ".join(line.split()[:3]) for line in new]  # however it is wrapped
    assert not any(f"> {line}" in mail.rendered.text for line in lines if line)


def offered(mail: Mail) -> list[str]:
    """The words of an offer or of a cost: an agent's, and new."""
    asked = getattr(mail.content, "consent", None)
    return asked.request.strip().split("\n") if asked is not None and asked.kind in ("quote", "cost") else []


def says_the_same_twice(mail: Mail) -> None:
    """Text and HTML hold the same words, but for what only pictures show: the way, the buttons, the preheader."""
    page = body(mail.rendered.html)
    page = re.sub(r'<div class="preheader".*?</div>', " ", page, flags=re.DOTALL)
    page = re.sub(r'<tr><td class="edge way".*?</table>\s*</td></tr>', " ", page, flags=re.DOTALL)
    page = re.sub(r'<td[^>]*class="(?:yes|no)".*?</td>', " ", page, flags=re.DOTALL)
    page = re.sub(r'<tr><td class="edge" bgcolor=.*?</td></tr>', " ", page, count=1, flags=re.DOTALL)
    assert sorted(
        plain_words(html_module.unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", page, flags=re.DOTALL)))
    ) == sorted(plain_words(mail.rendered.text))


def body(page: str) -> str:
    return page.partition("<body")[2].partition(">")[2]


def plain_words(text: str) -> list[str]:
    """The words of a mail: no rules, bullets, quote marks or the colons of labels."""
    text = re.sub(r"(?m)^(?:-{2,}|\s*(?:>|-)(?= |$)|>)", " ", text)
    words = (word.rstrip(":") for word in text.replace("\u2022", " ").replace("\xa0", " ").split())
    return [word for word in words if word not in ("", "-", "–")]


def keeps_an_agents_words_alone(mail: Mail) -> None:
    """Theirs first, nothing of ours around them; a mail program finds them whole as new text."""
    if mail.content.name != "reply":
        return
    said = mail.content.message
    assert plain_words(mail.rendered.text)[: len(plain_words(said))] == plain_words(said)
    assert mail.words("closing") not in mail.rendered.text
    assert " ".join(said.split()) in " ".join(new_text(mail.rendered.text).text.split())
    assert "<h1" not in mail.rendered.html


def names_only_words_that_decide(mail: Mail) -> None:
    """Who answers with a word that the mail names, or presses a button, is understood."""
    given = getattr(mail.content, "consent", None)
    for block in mail.blocks:
        if block.id != "answer":
            continue
        offer = given is not None and given.kind in ("quote", "cost")
        for (_, named), verdict in zip(block.body.ways, ("yes", "no"), strict=True):
            for word in re.split(f", |{re.escape(mail.words('format.or'))}", named):
                assert decision(word, mail.settings.approval, offer=offer).verdict == verdict, word
        for _, href, yes in block.body.buttons:
            text = parse_qs(urlsplit(href).query)["body"][0].partition("\r\n")[0]
            assert decision(text, mail.settings.approval, offer=offer).verdict == ("yes" if yes else "no"), (
                text
            )


#: what HTML holds together: a date, a sum, a phone number
_HELD = re.compile("(?<![^\xa0 \n<>·])[^\xa0 \n<>·]+(?:\xa0[^\xa0 \n<>·]+)+")


#: a number apart from the time that it counts, in the five languages
_APART = re.compile(
    r"[0-9][ \n]+(?:(?:days?|hours?|dag|dagen|uur|jours?|heures?|minutes?|minuut|minuten|min)\b"
    r"|(?:nap|óra|perc|Tag|Stunde|Minute)\w*)"
)


def keeps_a_time_and_its_number_on_one_line(mail: Mail) -> None:
    """As HTML holds them, which text does not break either (`keeps_dates_and_numbers_on_one_line`)."""
    found = _APART.search(body(mail.rendered.html))
    assert found is None, f"{found[0]!r}: a no-break space holds them together, or count() of words.toml"


def keeps_dates_and_numbers_on_one_line(mail: Mail) -> None:
    whole = mail.rendered.text + mail.rendered.html + mail.rendered.subject
    assert HELD not in whole
    assert TURN not in whole
    lines = mail.rendered.text.replace("\xa0", " ").splitlines()
    for held in _HELD.findall(body(mail.rendered.html)):
        one = held.replace("\xa0", " ")
        assert one not in mail.flat or any(one in line for line in lines), one


LAWS: tuple[Callable[[Mail], None], ...] = (
    asks_to_decide_only_who_may_and_before_the_decision,
    has_nothing_to_do_only_without_a_question,
    promises_nothing_that_is_over,
    explains_a_date_after_the_promise,
    tells_how_to_reopen_only_where_a_reply_does,
    tells_a_severity_only_to_who_has_a_contract,
    holds_nothing_internal,
    names_agents_as_customers_know_them,
    has_one_strong_thing,
    reads_like_a_letter,
    says_the_same_twice,
    keeps_an_agents_words_alone,
    names_only_words_that_decide,
    keeps_dates_and_numbers_on_one_line,
    keeps_a_time_and_its_number_on_one_line,
)
