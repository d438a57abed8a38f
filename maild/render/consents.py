"""Blocks of the mails about written consent (contract, Written consent): who asks what, and how to answer."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from maild.notice.values import RequestedConsent
from maild.render.pagedata import Ask, Page, PageBlock, name_of
from maild.render.subject import tag
from maild.render.wrap import counted


def request(page: Page) -> Iterator[PageBlock]:
    """The request word for word, who asked, and until when."""
    given, words = page.decision, page.words
    if given is None or (not page.asks and page.notice != "approval_not_accepted"):
        return
    if text := given.request.strip():
        heading = {"quote": "head.offer", "cost": "head.reason"}.get(given.kind, "head.request")
        note = words("consent.request_cut") if given.request_cut else ""
        # an offer's words are ours and new: as a quote, mail programs would fold them away
        kind = "words" if given.kind in ("quote", "cost") else "quote"
        yield PageBlock("request", kind, text, words(heading), note)
    rows = _lines(page, given)
    if given.kind not in ("quote", "cost"):
        asked_by = name_of(given.requester_name, given.requester_address)
        rows += [(page.label("asked_by"), asked_by)] if asked_by else []
    if estimate := _estimate(page, given):
        rows.append((page.label("estimate"), estimate))
    if valid := page.day(given.valid_until):
        rows.append((page.label("valid_until"), valid))
    elif until := page.when(given.expires_at):
        rows.append((page.label("expires_at"), until))
    if rows:
        yield PageBlock("consent", "rows", rows, note=_verified(page, given))


def _lines(page: Page, given: RequestedConsent) -> list[tuple[str, str]]:
    """The lines of an offer with what each costs."""
    colon = page.words("format.colon")
    return [(item.text + colon, page.words.money(item.amount, given.currency)) for item in given.items]


def ask(page: Page) -> Iterator[PageBlock]:
    """What a yes means, and the two ways to answer: a button that writes the answer, or a word."""
    given, words = page.decision, page.words
    if not page.asks:
        return
    given = given or RequestedConsent(kind="other")
    kind = "confirm" if page.notice == "approval_confirm" else given.kind
    meaning = words(f"consent.means.{kind}") or words("consent.means.other")
    yield PageBlock("means", "text", meaning, words("head.means"))
    yes, no = (_decision_words(page, given, side) for side in ("yes", "no"))
    buttons = tuple(
        (
            words(f"button.{side}.{kind}") or words(f"button.{side}.other"),
            _mailto(page, given, choice[0]),
            side == "yes",
        )
        for side, choice in (("yes", yes), ("no", no))
        if choice and given.reference_line
    )
    ways = tuple(
        (page.label(f"{side}_words"), words.either(choice)) for side, choice in (("yes", yes), ("no", no))
    )
    figure = _figure(page, given) if given.amount else ""
    yield PageBlock(
        "answer", "ask", Ask(words("label.amount") if figure else "", figure, buttons, ways), words("head.answer"),
        words("consent.answer_note"), "strong",
    )  # fmt: skip


def survey(page: Page) -> Iterator[PageBlock]:
    """Whether the reader is content: two buttons that write the answer, and its words for who has none."""
    if not page.own("asks_rating"):
        return
    words = page.words
    said = {side: words(f"survey.{side}") for side in ("good", "bad")}
    buttons = tuple((text, mailto(page, f"{text}."), False) for text in said.values())  # neither is pushed
    colon = words("format.colon")
    ways = tuple((words(f"survey.{side}_words") + colon, f"{text}.") for side, text in said.items())
    url = page.page_url
    links = tuple((text, f"{url}?rating={side}#rating") for side, text in said.items()) if url else ()
    asked = Ask("", "", buttons, ways, links, words("survey.page") + colon)
    yield PageBlock("survey", "ask", asked, words("survey.question"))


def _mailto(page: Page, given: RequestedConsent, word: str) -> str:
    """An answer with the word, and the reference line below it."""
    return mailto(page, f"{word[:1].upper()}{word[1:]}\r\n\r\n\r\n{given.reference_line}")


def mailto(page: Page, body: str) -> str:
    """An address that writes the whole answer (RFC 6068): the tag in the subject, the words."""
    number, form = page.content.number, page.settings.threading.subject_tag
    subject = " ".join(filter(None, ["Re:", tag(number, form) if number else "", page.content.about.subject]))
    body = f"{body}\r\n"
    to = quote(page.reply_to or page.settings.desk.address, safe="@")
    return f"mailto:{to}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def _figure(page: Page, given: RequestedConsent) -> str:
    figure = page.words.money(given.amount, given.currency)
    return f"{figure} ({given.vat})" if given.vat else figure


def _estimate(page: Page, given: RequestedConsent) -> str:
    minutes, quantum = given.estimate_minutes, given.quantum_minutes
    if minutes is None:
        return ""
    whole = page.duration(minutes)
    return (
        counted(page.words("consent.units", whole=whole, n=-(-minutes // quantum), quantum=quantum))
        if quantum > 0
        else whole
    )


def _verified(page: Page, given: RequestedConsent) -> str:
    if not page.asks or page.notice == "approval_confirm" or given.kind in ("quote", "cost"):
        return ""
    return page.words("consent.verified" if given.requester_verified else "consent.unverified")


def _decision_words(page: Page, given: RequestedConsent, side: str) -> tuple[str, ...]:
    """Words of the request, else of the settings in this language, else those this language ships."""
    if own := given.yes_words if side == "yes" else given.no_words:
        return own
    approval = page.settings.approval
    table, shipped = (approval.yes, "yes") if side == "yes" else (approval.no, "no")
    if side == "yes" and given.kind in ("quote", "cost"):
        table, shipped = approval.accept, "accept"
    return tuple(table.get(page.words.language, ()) or page.words.lists.get(f"consent.{shipped}_words", ()))


def outcome(page: Page) -> Iterator[PageBlock]:
    """Why an answer was not clear, or what was agreed to."""
    words, given = page.words, page.decision
    if page.notice == "approval_unclear" and (text := words(f"reason.{page.own('reason')}")):
        yield PageBlock("reason", "text", text, tone="warn")
    if page.notice != "approval_result" or given is None:
        return
    if given.amount:
        if rows := _lines(page, given):
            yield PageBlock("consent", "rows", rows)
        yield PageBlock(
            "agreed", "big", (words("label.amount"), _figure(page, given)), note=given.request, tone="strong"
        )
    elif given.kind == "cost" and (estimate := _estimate(page, given)):
        yield PageBlock(
            "agreed", "big", (words("label.estimate"), estimate), note=given.reason, tone="strong"
        )


def reference(page: Page) -> str:
    """The token line; it stands in the body only, never in a subject."""
    return page.decision.reference_line if page.decision is not None else ""
