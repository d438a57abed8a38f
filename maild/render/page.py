"""Which sections a mail has and in which order, and the values that the two layouts lay out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from maild.render import colours, sections
from maild.render.consents import consent, outcome, reference
from maild.render.pagedata import TO_OTHERS, Json, Page, Section
from maild.settings import Settings

#: content id of the desk's logo inside the mail (RFC 2392)
LOGO_CID = "desk-logo@maild"

#: the latest step, what is promised and asked, the request as it stands, all that was done so far
ORDER: tuple[Callable[[Page], Iterator[Section]], ...] = (
    sections.said,
    sections.alert,
    outcome,
    consent,
    sections.scheduled,
    sections.promise,
    sections.outages,
    sections.out_of_scope,
    sections.hints,
    sections.who_may,
    sections.next_step,
    sections.oncall,
    sections.facts,
    sections.attachments,
    sections.on_file,
    sections.history,
    sections.their_words,
)


def page_sections(page: Page) -> list[Section]:
    """The sections that this mail's data fill, in reading order."""
    return [section for make in ORDER for section in make(page)]


def layout_values(page: Page, title: str, said: list[str], found: list[Section]) -> Json:
    """Everything beside the notice's own values that layout/mail.txt.j2 and mail.html.j2 use."""
    desk, words = page.settings.desk, page.words
    head = desk_head(page.settings)
    return {
        **head,
        "language": words.language,
        "title": title or desk.name,
        "greeting": greeting(page),
        "said": said,
        "sections": found,
        "reply_line": reply_line(page),
        "closing": "" if page.notice == "agent_alert" else words("closing"),
        "signed": signed(page),
        "footer": footer(page),
        "reference": reference(page),
        "reference_label": words("reference"),
    }


@lru_cache(maxsize=8)
def _head(name: str, colour: str, logo: str) -> Json:
    colour = colours.safe(colour)
    return {
        "desk_name": name,
        "colour": colour,
        "ink": colours.ink_on(colour),
        "accent": colours.readable(colour, "#ffffff"),
        "accent_dark": colours.readable(colour, "#262d36", 5.5),
        "logo": f"cid:{LOGO_CID}" if logo else "",
    }


def desk_head(settings: Settings) -> Json:
    """Name, logo and colours of the mails' head."""
    return _head(settings.desk.name, settings.desk.colour, settings.desk.logo)


def greeting(page: Page) -> str:
    """To the recipient by name where the data names them, else to the requester in a requester's mail."""
    words = page.words
    if page.notice == "agent_alert":
        return ""
    person = page.table("recipient")
    if not person and page.notice not in TO_OTHERS:
        person = page.table("requester")
    name = " ".join(str(person.get("name") or "").split())
    if not name or not page.echo or "@" in name:
        return words("greeting.nobody")
    return words("greeting.named", name=name)


def reply_line(page: Page) -> str:
    """How to reply: one sentence, with the days in which a reply reopens what is finished."""
    words = page.words
    if page.notice in TO_OTHERS:  # they say themselves how to answer
        return ""
    tag = page.settings.threading.subject_tag.replace("{number}", str(page.data.get("number") or ""))
    if not page.data.get("number"):
        return words("reply.plain")
    if page.notice in ("resolved", "closed", "rejected"):
        days = page.data.get("reply_days") or page.settings.threading.reopen_days
        return words.count("reply.reopens", days)
    return words("reply.tag", tag=tag)


def signed(page: Page) -> list[str]:
    """Who signs: the agent under their own words, the desk, its phone, its configured lines."""
    desk = page.settings.desk
    lines = []
    if page.text("actor") and page.text("message"):
        lines.append(page.text("actor"))
    lines.append(desk.name)
    phone = page.text("desk_phone") or desk.phone
    if phone:
        lines.append(page.words("desk_phone", phone=phone))
    lines.extend(line.strip() for line in desk.signature.splitlines() if line.strip())
    return lines


def footer(page: Page) -> list[str]:
    """Small print: that nobody typed this, the time zone, the head of the consent log (SPEC, evidence)."""
    words, lines = page.words, []
    if page.data.get("auto") and page.notice not in TO_OTHERS:
        lines.append(words("footer.auto"))
    if page.zone and page.notice != "agent_alert":
        lines.append(words("footer.zone", zone=page.zone.replace("_", " ")))
    if page.data.get("consent_head"):
        lines.append(words("footer.consent_head", head=str(page.data["consent_head"])))
    return lines
