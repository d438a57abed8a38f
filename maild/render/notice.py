"""A notice as a mail's subject, text and HTML: frozen data in, the same words out every time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Template

from maild.render.clean import clean_data, clean_line
from maild.render.loader import LAYOUT_TEXT, Templates, templates_for
from maild.render.page import layout_values, page_sections
from maild.render.pagedata import Json, Page
from maild.render.subject import bare_subject, cut, tag
from maild.settings import Settings

_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's words. `warnings`: what was not as it should be (a broken or missing template)."""

    subject: str
    text: str
    html: str
    warnings: tuple[str, ...] = ()
    language: str = "en"


def render_notice(
    name: str, language: str, data: Json, settings: Settings, loader: Templates | None = None
) -> Rendered:
    """Render `name` for `data` (CONTRACT: any key may be absent; times are ISO-8601 UTC).

    An own template of the operator's that fails is replaced by the shipped one, a missing language by the
    desk's and then English; both are told in `warnings`. KeyError for a notice that nobody ships.
    """
    templates = loader or templates_for(settings)
    words, warnings = templates.language(language, settings.desk.language)
    warnings += [f"{file}: {problem}" for file, found in templates.word_problems.items() for problem in found]
    data = clean_data(data)
    form = settings.threading.subject_tag
    data["subject"] = bare_subject(data["subject"], form) if isinstance(data.get("subject"), str) else ""
    page = Page(name, data, words, settings, str(data.get("timezone") or settings.desk.timezone))
    values = template_values(page, templates.globals)

    def part(kind: str, make: Callable[[Template], str]) -> str:
        return _with_fallback(templates, f"{words.language}/{name}.{kind}", make, warnings)

    subject = part("subject.j2", lambda found: clean_line(filled(found, values)))
    paragraphs = part("txt.j2", lambda found: filled(found, values)).strip()
    title, said = _paragraphs(paragraphs)
    values |= layout_values(page, title, said, page_sections(page))
    text = _with_fallback(templates, LAYOUT_TEXT, lambda found: filled(found, values), warnings)
    html = part("html.j2", lambda found: filled(found, values))
    return Rendered(cut(subject), tidy(text), html.strip() + "\n", tuple(warnings), words.language)


def filled(template: Template, values: Json) -> str:
    """The template's output. The values are shared by a mail's four templates, which saves three copies."""
    return "".join(template.root_render_func(template.new_context(values, shared=True)))


def template_values(page: Page, base: Mapping[str, Any]) -> Json:
    """What a notice's own template may use: every key of the data and the helpers of docs/templates.md."""
    words, desk, data = page.words, page.settings.desk, page.data
    form = page.settings.threading.subject_tag
    number = data.get("number")
    return {
        **base,
        **data,
        "subject": (page.echo and data.get("subject"))
        or words("subject.none" if page.echo else "subject.hidden", desk=desk.name),
        "tag": tag(number, form) if number else "",
        "desk": {"name": desk.name, "address": desk.address, "phone": data.get("desk_phone") or desk.phone},
        "words": words,
        "when": lambda value: words.when(value, page.zone),
        "day": lambda value: words.day(value, page.zone),
        "count": words.count,
        "duration": words.duration,
        "money": words.number,
    }


def _paragraphs(text: str) -> tuple[str, list[str]]:
    """First line as the title, the rest as paragraphs; line ends inside a paragraph are spaces."""
    title, _, rest = text.strip().partition("\n")
    parts = [" ".join(filter(None, part.replace("\n", " ").split(" "))) for part in _BLANK.split(rest)]
    return title.strip(), [part for part in parts if part]


def _with_fallback(
    templates: Templates, name: str, make: Callable[[Template], str], warnings: list[str]
) -> str:
    try:
        return make(templates.get(name))
    except Exception as error:
        # Whatever an operator's template does wrong (syntax, types, a missing include), the customer still
        # gets the shipped mail. A shipped template that fails is our fault and raises.
        if templates.own is templates.shipped:
            raise
        warnings.append(f"{name}: {type(error).__name__}: {clean_line(str(error))}; the shipped one was used")
        if not templates.is_shipped(name):  # a language of the operator's own
            name = "en/" + name.rpartition("/")[2]
        return make(templates.get_shipped(name))


def tidy(text: str) -> str:
    """At most one blank line in a row, none at the ends, one line end at the end."""
    text = text.strip("\n")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text + "\n"
