"""The blocks of a mail to our own people: what happened, how the ticket stands, what to type, what an answer does."""

from __future__ import annotations

from collections.abc import Iterator

from maild.notice.agent_mails import AgentAlert, AlertEvent, ToldFact
from maild.render.pagedata import Page, PageBlock, name_of
from maild.ticket.vocabulary import AlertKind

#: lines at the top of an answer that are acts, as they are typed
ACTS = "/note  /take  /assign NAME  /phase PHASE  /close  /log 20m  /no-mail"


def events(page: Page) -> Iterator[PageBlock]:
    """What happened, the oldest first: who, when, their new words."""
    content = page.content
    if not isinstance(content, AgentAlert):
        return
    several = len(content.events) > 1
    for index, event in enumerate(content.events):
        yield from _event(page, event, index, several)


def _event(page: Page, event: AlertEvent, index: int, several: bool) -> Iterator[PageBlock]:
    words = page.words
    who = name_of(event.who.name, event.who.address) if event.who is not None else ""
    head = [words(f"alert.{event.kind}") if several else "", who]
    lines = [*(_sentence(page, fact) for fact in event.facts), *event.lines]
    if event.kind == AlertKind.BOUNCE and not lines:
        phrase = "agent.undelivered_to" if event.unreached else "agent.undelivered"
        lines.append(words(phrase, number=page.content.number or "", who=words.both(event.unreached)))
    if who or several or not lines:  # a date alone above a sentence would seem to be its own
        head.append(page.when(event.at))
    heading = " · ".join(filter(None, head))
    notes = []
    if event.left_out:
        notes.append(page.count("agent.left_out", event.left_out))
    if event.files:
        names = (
            f"{file.name or words('attachment.unnamed')} ({words.size(file.size)})" for file in event.files
        )
        notes.append(f"{page.label('attachments')} {', '.join(names)}")
    note = "\n".join(notes)
    if event.text.strip():
        if lines:
            yield PageBlock(f"said{index}", "list", lines, tone="strong")
        yield PageBlock(f"event{index}", "quote", event.text.strip(), heading, note)
    elif lines:
        yield PageBlock(f"event{index}", "list", lines, heading, note, tone="strong")
    elif heading:
        yield PageBlock(f"event{index}", "text", heading, note=note)


def _sentence(page: Page, fact: ToldFact) -> str:
    words = page.words
    said = words(
        f"told.{fact.code}", consent=fact.consent, kind=words(f"consent.kind.{fact.kind}"), who=words.both(fact.who),
        count=words.number(fact.count), minutes=page.duration(fact.minutes), of=page.duration(fact.of_minutes),
        at=page.when(fact.at),
    )  # fmt: skip
    return " ".join(filter(None, [said, words(f"reason.{fact.because}") if fact.because else ""]))


def digest(page: Page) -> Iterator[PageBlock]:
    """What waits this morning, in groups."""
    content = page.content
    if not isinstance(content, AgentAlert):
        return
    if content.groups:
        yield PageBlock("digest", "text", page.words("digest.intro"))
    for group in content.groups:
        rows = []
        for row in group.rows:
            due = page.when(row.due)
            rows.append(f"{row.what}{f', {due}' if due else ''}\n{row.command}")
        if group.more:
            rows.append(page.count("digest.more", group.more))
        yield PageBlock(f"digest_{group.code}", "list", rows, page.words(f"digest.{group.code}"))


def stands(page: Page) -> Iterator[PageBlock]:
    """Who to call, what is due, whose it is."""
    content = page.content
    if not isinstance(content, AgentAlert) or not content.number or content.groups:
        return
    words, about = page.words, content.about
    requester = name_of(about.requester.name, about.requester.address)
    rows = [
        (words(f"agent.{key}") + words("format.colon"), value)
        for key, value in (
            ("requester", requester), ("company", about.company_name), ("phone", content.phone),
            ("due", page.when(content.due)), ("waits", page.when(content.waiting_since)),
            ("owner", content.owner or words("agent.nobody")), ("team", content.team),
        )
        if value
    ]  # fmt: skip
    yield PageBlock("stands", "rows", rows)


def commands(page: Page) -> Iterator[PageBlock]:
    """What to type."""
    content = page.content
    if not isinstance(content, AgentAlert) or not content.commands:
        return
    number = str(content.number or "")
    typed = [
        " ".join(number if word == "N" and number else word for word in one.split(" "))
        for one in content.commands
    ]
    yield PageBlock("commands", "list", typed, page.words("agent.commands"))


def answering(page: Page) -> Iterator[PageBlock]:
    """What an answer to this mail does."""
    content = page.content
    if isinstance(content, AgentAlert) and content.answerable and content.number:
        yield PageBlock("answering", "text", page.words("agent.answer", acts=ACTS))
