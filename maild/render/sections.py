"""The blocks of a mail, made from its content. Text and HTML lay out the same ones, so they cannot say different
things."""

from __future__ import annotations

import re
from collections.abc import Iterator

from maild.notice.content import Reader
from maild.render.pagedata import Page, PageBlock, name_of
from maild.render.wrap import HELD, shortened
from maild.ticket.phases import Phase

_BLANK_LINES = re.compile(r"\n\s*\n")
#: characters of one older step, and of the customer's own words, that are repeated
STEP_CHARACTERS = 280
STEPS = 12
#: how words come that their writer typed; others were noted by an agent
WRITTEN = (None, "mail", "email", "web")
#: mails about an outage
_OUTAGE_NEWS = frozenset({"outage_update", "outage_resolved"})
#: of the customer's own words, so that they see which mail is meant
EXCERPT = 160
#: with its country and the blanks between its groups
LONGEST_PHONE = 24
#: words of one letter that are longer than that with the blanks between them
_EXCERPT_WORDS = EXCERPT // 2 + 2


def message(page: Page) -> Iterator[PageBlock]:
    """The agent's words of this step: the news of most mails."""
    text = page.content.message.strip()
    if text:
        note = f"– {page.content.actor}" if page.content.actor else ""
        yield PageBlock("message", "words", text, note=note)


def scheduled(page: Page) -> Iterator[PageBlock]:
    if when := page.when(page.own("scheduled_for")):
        yield PageBlock("scheduled", "big", (page.words("label.when"), when), tone="strong")


def promise(page: Page) -> Iterator[PageBlock]:
    """The next moment that is promised, large; the others below, and why the time counts as it does."""
    given, words = page.content.promise, page.words
    over = page.notice == "outage_resolved"  # as far as we know
    if given is None or page.own("scheduled_for") or over:
        return
    rows = [
        (words(f"label.{key}"), when)
        for key, at in (
            ("call_back_by", given.call_back_by), ("respond_by", given.respond_by), ("resolve_by", given.resolve_by),
        )
        if (when := page.when(at))
    ]  # fmt: skip
    if not rows:
        return
    colon = words("format.colon")
    notes = [f"{label}{colon} {when}" for label, when in rows[1:]]
    if given.outside_hours and not page.own("outages"):  # with an outage to tell, the moment alone is enough
        received = page.when(given.received_at)
        notes.append(words("promise.outside_at", when=received) if received else words("promise.outside"))
    yield PageBlock("promise", "big", rows[0], note="\n".join(notes), tone="strong")


def outage_news(page: Page) -> Iterator[PageBlock]:
    """The outage that the mail is about; one that is only known besides stands below the promise (`known_outages`)."""
    if page.notice in _OUTAGE_NEWS:
        yield from _outages(page)


def known_outages(page: Page) -> Iterator[PageBlock]:
    if page.notice not in _OUTAGE_NEWS:
        yield from _outages(page)


def _outages(page: Page) -> Iterator[PageBlock]:
    outages = page.own("outages") or ()
    over = page.notice == "outage_resolved"
    parts = []
    for outage in outages:
        text = outage.text.strip()
        if over or text == page.content.message.strip():  # how it was, or said above already
            text = ""
        late = (
            outage.eta is not None
            and page.content.about.at is not None
            and outage.eta <= page.content.about.at
        )
        if (eta := page.when(outage.eta)) and not over and not late:
            text = f"{text}\n{page.words('outage.eta', when=eta)}".strip()
        parts.append((outage.title, text))
    if parts:
        note = page.words("outage.note") if page.notice == "received" else ""
        heading = "" if page.notice == "outage_update" else page.words("head.outages")
        yield PageBlock("outages", "parts", parts, heading, note, "" if over else "warn")


def out_of_scope(page: Page) -> Iterator[PageBlock]:
    if page.own("out_of_scope"):
        text = page.own("out_of_scope_text").strip() or page.words("out_of_scope.text")
        yield PageBlock("out_of_scope", "text", text, page.words("head.out_of_scope"), tone="warn")


def hints(page: Page) -> Iterator[PageBlock]:
    """The one polite question: what would help us, by the kind of the request."""
    words, kind = page.words, page.content.about.kind
    asks = [words(f"ask.{kind}.{code}") or words(f"ask.{code}") for code in page.own("hints") or ()]
    if asks := [ask for ask in asks if ask]:
        yield PageBlock("hints", "list", asks, words("head.hints"))


def who_may(page: Page) -> Iterator[PageBlock]:
    if people := [name_of(person.name, person.address) for person in page.own("who_may") or ()]:
        yield PageBlock("who_may", "list", people, page.words("head.who_may"))


def oncall(page: Page) -> Iterator[PageBlock]:
    if (given := page.own("oncall")) is None:
        return
    words = page.words
    rows = [
        (page.label(key), value) for key, value in (("phone", given.phone), ("code", given.code)) if value
    ]
    yield PageBlock("oncall", "line", rows, words("head.oncall"), words("oncall.note"))


def cost(page: Page) -> Iterator[PageBlock]:
    """What a cost notice tells: no question, only what is expected."""
    given, words = page.decision, page.words
    if page.notice != "cost_notice" or given is None:
        return
    yield PageBlock("cost", "big", (words("label.estimate"), page.duration(given.estimate_minutes)),
                note=given.reason, tone="strong")  # fmt: skip


def on_file(page: Page) -> Iterator[PageBlock]:
    """What we hold of the sender, in one line."""
    known = page.own("on_file")
    parts = [known.name, _phone(known.phone), ", ".join(known.addresses)] if known is not None else []
    if parts := [part for part in parts if part]:
        said = f"{', '.join(parts)} – {page.words('on_file.note')}"
        yield PageBlock("on_file", "line", [(page.label("on_file"), said)], tone="quiet")


def _phone(number: str) -> str:
    """On one line, if it is as short as numbers are."""
    return number.replace(" ", HELD) if len(number) <= LONGEST_PHONE else number


def attachments(page: Page) -> Iterator[PageBlock]:
    """What arrived with the mail; names are the sender's words and wait for `echo`."""
    words, items = page.words, []
    for file in page.content.attachments:
        size = words.size(file.size)
        name = file.name or words("attachment.unnamed")
        items.append(f"{name} ({size})" if size else name)
    if items and page.echo:
        yield PageBlock("attachments", "line", [(page.label("attachments"), ", ".join(items))], tone="quiet")


def their_words(page: Page) -> Iterator[PageBlock]:
    """The customer's own words, where they may be repeated: a reminder to themselves, the whole to others."""
    text = page.content.text.strip()
    if not text or not page.echo:
        return
    if page.to_others:
        yield PageBlock("text", "quote", text, page.words("head.text_other"))
    else:
        # so many words are longer than what is shown of them
        excerpt = shortened(" ".join(text.split(maxsplit=_EXCERPT_WORDS)[:_EXCERPT_WORDS]), EXCERPT)
        noted = page.own("channel") not in WRITTEN
        yield PageBlock("text", "line", [(page.label("noted" if noted else "text"), excerpt)], tone="quiet")


def history(page: Page) -> Iterator[PageBlock]:
    """What was done so far, the newest first, each step short."""
    words, steps = page.words, []
    for step in page.content.history[:STEPS]:
        phase = words(f"phase.{step.phase}") if step.phase else ""
        kind = step.outcome or step.type
        form = f"step.{kind}" if words.has(f"step.{kind}") else "step.other"
        if step.type == "phase" and not phase:
            form = "step.other"
        headline = words(form if step.author else form + "_nobody", name=step.author, phase=phase)
        text = _BLANK_LINES.sub("\n", step.text.strip())
        # the log's own words are in its language, not the reader's
        if step.type == "consent" or (step.type in ("mail", "call") and not page.echo):
            text = ""
        if text and page.decision is not None and text == page.decision.request.strip():
            text = ""  # it stands above
        steps.append((page.short_when(step.at), headline, shortened(text, STEP_CHARACTERS)))
    if not steps:
        return
    left = page.content.earlier + max(0, len(page.content.history) - STEPS)
    note = page.count("history.earlier", left) if left else ""
    yield PageBlock("history", "history", steps, words("head.history"), note, "quiet")


#: what the strip shows: where a ticket stands on its way, by phase -> (step, the word of that step)
_WAY = {
    Phase.RECEIVED: (0, "received"), Phase.ACCEPTED: (1, "accepted"), Phase.IN_PROGRESS: (2, "in_progress"),
    Phase.SCHEDULED: (2, "scheduled"), Phase.WAITING_CUSTOMER: (2, "waiting_customer"),
    Phase.AWAITING_APPROVAL: (1, "awaiting_approval"), Phase.RESOLVED: (3, "done"), Phase.CLOSED: (3, "done"),
}  # fmt: skip
#: mails whose ticket is on no such way
_NO_WAY = frozenset({"unknown_sender", "no_contract", "suspended", "merged", "project", "reply", "rejected"})


def strip(page: Page) -> list[tuple[str, str]]:
    """The four steps of a ticket as (word, "done" | "now" | "next"); [] for a mail without."""
    try:
        at, word = _WAY[Phase(page.content.about.phase)]
    except (KeyError, ValueError):
        return []
    if page.notice in _NO_WAY or page.to_others or not page.content.about.severity:
        return []
    if page.notice == "received" and page.own("outages"):  # it follows the outage's way
        return []
    names = ["received", "accepted", "in_progress", "done"]
    if page.notice == "not_entitled":
        at, word = 1, "confirmation"
    names[at] = word
    states = ["done" if n < at or at == 3 else "now" if n == at else "next" for n in range(4)]
    return [(page.words(f"way.{name}"), state) for name, state in zip(names, states, strict=True)]


#: mails whose ticket's phase says less than they do: it waits for somebody else than its reader, or goes on elsewhere
_PHASE_OF_ANOTHER = frozenset({"not_entitled", "project"})


def facts(page: Page) -> str:
    """The request in one line: "#15789 · Acme Kft. · incident · a whole system · in progress"."""
    if page.content.reader is Reader.MANAGER:  # it is about no request
        return ""
    about, words = page.content.about, page.words
    if not page.content.of_ticket or page.own("groups"):
        return ""
    parts = [f"#{page.content.number}" if page.content.number else "", about.company_name]
    if page.notice not in ("unknown_sender", "suspended", "agent_alert"):
        parts.append(words(f"kind.{about.kind}"))
        if about.severity and about.kind == "incident" and not page.to_others:
            parts.append(words(f"severity.{about.severity}"))
        if page.notice not in _PHASE_OF_ANOTHER:
            parts.append(words(f"phase.{about.phase}"))
    return " · ".join(part for part in parts if part)
