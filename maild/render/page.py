"""Which blocks a mail has and in which order, and the values that the layouts lay out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from maild.notice.content import Reader
from maild.render import agents, colours, consents, reports, sections
from maild.render.pagedata import Page, PageBlock
from maild.render.wrap import WIDTH, shortened
from maild.settings import Settings
from maild.ticket.phases import Phase

#: what a template may name, as the objects that it is
TemplateValues = dict[str, Any]

#: content id of the desk's logo inside the mail (RFC 2392)
LOGO_CID = "desk-logo@maild"
PREHEADER = 140

#: what the mail is for: the news, the question or the promise, what goes with it
ORDER: tuple[Callable[[Page], Iterator[PageBlock]], ...] = (
    sections.message,
    agents.events,
    agents.digest,
    consents.outcome,
    consents.request,
    consents.ask,
    sections.outage_news,
    sections.scheduled,
    sections.promise,
    sections.cost,
    sections.known_outages,
    sections.out_of_scope,
    sections.hints,
    consents.survey,
    sections.who_may,
    sections.oncall,
    reports.points,
    reports.account,
    reports.figures,
    reports.pictures,
    reports.hours,
)
#: the record below the signature
BELOW: tuple[Callable[[Page], Iterator[PageBlock]], ...] = (
    reports.enclosed,
    agents.stands,
    agents.commands,
    agents.answering,
    sections.attachments,
    sections.on_file,
    sections.their_words,
    sections.history,
)


def page_blocks(
    page: Page, order: tuple[Callable[[Page], Iterator[PageBlock]], ...] = ORDER
) -> list[PageBlock]:
    """The blocks that this mail's content fills, in reading order."""
    return [block for make in order for block in make(page)]


def layout_values(page: Page, title: str, said: list[str]) -> TemplateValues:
    """Everything beside the notice's own values that the layouts use."""
    words, blocks = page.words, page_blocks(page)
    return {
        **desk_head(page.settings),
        "language": words.language,
        "colon": words("format.colon"),
        "title": title or page.settings.desk.name,
        "preheader": preheader(page, said, blocks),
        "greeting": greeting(page),
        "said": after_greeting(page, said),
        "blocks": blocks,
        "strip": sections.strip(page),
        "todo": todo(page, blocks),
        "closing": "" if page.notice == "agent_alert" else words("closing"),
        "signed": signed(page),
        "below": page_blocks(page, BELOW),
        "facts": sections.facts(page),
        "footer": footer(page),
        "reference": consents.reference(page),
        "reference_label": words("reference"),
        "line": thin_line(page),
        "page_url": page.page_url,
        "page_label": words("page.link"),
        "quote_width": 62 if page.asks else 70,
        "words_width": 62 if page.asks else WIDTH,
    }


@lru_cache(maxsize=8)
def _head(name: str, colour: str, logo: str) -> TemplateValues:
    colour = colours.safe(colour)
    return {
        "desk_name": name,
        "colour": colour,
        "ink_on": colours.ink_on(colour),
        "accent": colours.readable(colour, "#ffffff"),
        "accent_dark": colours.readable(colour, "#262d36", 5.5),
        "logo": f"cid:{LOGO_CID}" if logo else "",
    }


def desk_head(settings: Settings) -> TemplateValues:
    """Name, logo and colours of the mails' head."""
    return _head(settings.desk.name, settings.desk.colour, settings.desk.logo)


def preheader(page: Page, said: list[str], blocks: list[PageBlock]) -> str:
    """The news in one line, which mail programs show beside the subject."""
    if page.content.message and not page.asks:
        return shortened(" ".join(page.content.message.split()), PREHEADER)
    strong = next((block for block in blocks if block.tone == "strong" and block.kind == "big"), None)
    if strong is not None and strong.id != "agreed":
        label, value = strong.body
        return f"{label}{page.words('format.colon')} {value}"
    return shortened(said[0], PREHEADER) if said else ""


def greeting(page: Page) -> str:
    """To the reader by name, else to the requester in a requester's mail."""
    words = page.words
    if page.notice == "agent_alert":
        return ""
    person = page.reader if page.reader is not None and page.reader.name else None
    if person is None and not page.to_others:
        person = page.content.about.requester
    name = " ".join(person.name.split()) if person is not None else ""
    if not name or not page.echo or "@" in name:
        return words("greeting.nobody")
    return words("greeting.named", name=name)


def after_greeting(page: Page, said: list[str]) -> list[str]:
    """The paragraphs. Where a language goes on in small letters after the comma of a greeting (German), so does the
    first of them, if it begins with one of the words that have a small one."""
    if not said or not (small := page.words.lists.get("greeting.small")) or not greeting(page).endswith(","):
        return said
    first, space, rest = said[0].partition(" ")
    return [first.lower() + space + rest, *said[1:]] if first.lower() in small else said


def todo(page: Page, blocks: list[PageBlock]) -> str:
    """What the reader has to do. Never "nothing" beside a question."""
    words, content = page.words, page.content
    code = content.closes_with
    if page.notice == "reply" and content.about.reply_days:
        code = {Phase.RESOLVED: "check", Phase.CLOSED: "reopens"}.get(Phase(content.about.phase), "")
    if page.own("no_approver"):
        code = "name_approver"
    if (page.to_others and content.closes_with) or page.confirms_apart:
        code = ""  # where a second mail asks, the sentence above says so
    if code == "nothing" and (any(block.id == "hints" for block in blocks) or "?" in content.message):
        code = "question"
    if code == "nothing" and content.about.phase == "waiting_customer":
        code = "answer"
    if code == "outage_over" and content.about.phase == Phase.AWAITING_APPROVAL:
        code = "outage_held"  # what is held closes by nobody's silence
    if code == "outage_over" and page.own("stays_open"):
        code = "outage_open"
    if not code:
        return ""
    if code in ("check", "reopens") and not content.about.reply_days:
        code = "add"
    text = (
        page.count(f"todo.{code}", content.about.reply_days)
        if code in ("check", "reopens")
        else words(f"todo.{code}")
    )
    if content.reader == Reader.SENDER and content.number and code == "nothing":
        tag = page.settings.threading.subject_tag.replace("{number}", str(content.number))
        if not page.own("outages"):  # there is enough to read; the tag stands in the subject
            text += " " + words("todo.tag", tag=tag)
    return text


def signed(page: Page) -> list[str]:
    """Who signs: the agent under their own words in a reply, else the desk, its phone, its configured lines."""
    desk = page.settings.desk
    if page.notice == "reply":
        own = str(page.own("signature") or "") or page.content.actor or desk.name
        return [line.strip() for line in own.splitlines() if line.strip()]
    lines = [desk.name]
    if desk.phone:
        lines.append(page.words("desk_phone", phone=desk.phone))
    lines.extend(line.strip() for line in desk.signature.splitlines() if line.strip())
    return lines


def thin_line(page: Page) -> str:
    """Below an agent's own words: number and phase, with the date of work that has one."""
    about = page.content.about
    number = f"#{page.content.number}" if page.content.number else ""
    phase = page.words(f"phase.{about.phase}")
    if about.phase == Phase.SCHEDULED and (when := page.when(page.own("scheduled_for"))):
        phase += f"{page.words('format.colon')} {when}"
    return " · ".join(filter(None, [number, phase, page.settings.desk.name]))


def footer(page: Page) -> list[str]:
    """Small print: whose time the hours are."""
    content = page.content
    city = page.words.city(page.zone)
    timed = (
        content.promise
        or content.history
        or page.own("scheduled_for")
        or page.decision
        or page.own("outages")
    )
    if not city or not timed or page.notice == "agent_alert":
        return []
    adjective = city.lower().rstrip("i") + "i" if " " not in city else f"{city}-i"
    return [page.words("footer.zone", city=city, adjective=adjective)]
