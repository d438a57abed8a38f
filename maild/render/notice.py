"""A notice as a mail's subject, text and HTML: frozen data in, the same words out every time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from jinja2 import Template, TemplateError, TemplateSyntaxError

from maild.model import Json
from maild.notice.content import Content, registry, thaw
from maild.notice.values import About, NamedPerson
from maild.render.clean import clean_data, clean_line
from maild.render.loader import BLOCKS, Templates, templates_for
from maild.render.page import TemplateValues, layout_values
from maild.render.pagedata import Page
from maild.render.subject import bare_subject, cut, tag
from maild.render.wrap import let_go
from maild.settings import Settings
from maild.steps import Steps, whole
from maild.values import dataclass, replace

T = TypeVar("T")
_OF_ABOUT = tuple(one.name for one in fields(About))
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
    name: str,
    language: str,
    data: Json,
    settings: Settings,
    loader: Templates | None = None,
    *,
    reader: NamedPerson | None = None,
    reply_to: str = "",
) -> Steps[Rendered]:
    """Render what was frozen for the mail `name`: in steps its subject with what it says, its text, its HTML. `reader`: to
    whom it goes, when that is one person; `reply_to`: where answers go.

    An own template of the operator's that fails is replaced by the shipped one, a missing language by the
    desk's and then English; both are told in `warnings`. KeyError for a notice that nobody ships, ValidationError
    for data that is none of its.
    """
    content = thaw(name, clean_data(data))
    subject = bare_subject(content.about.subject, settings.threading.subject_tag)
    if subject != content.about.subject:
        content = replace(content, about=replace(content.about, subject=subject))
    return (yield from _in_steps(content, language, settings, loader, reader=reader, reply_to=reply_to))


def render(
    content: Content,
    language: str,
    settings: Settings,
    loader: Templates | None = None,
    *,
    reader: NamedPerson | None = None,
) -> Rendered:
    """The mail as subject, text and HTML. The content's strings are clean."""
    return whole(_in_steps(content, language, settings, loader, reader=reader, reply_to=""))


def _in_steps(
    content: Content,
    language: str,
    settings: Settings,
    loader: Templates | None,
    *,
    reader: NamedPerson | None,
    reply_to: str,
) -> Steps[Rendered]:
    templates = loader or templates_for(settings)
    words, warnings = templates.language(language, settings.desk.language)
    warnings += [
        f"{file}: {problem}" for file, template in templates.word_problems.items() for problem in template
    ]
    page = Page(content, words, settings, reader, reply_to)
    values = template_values(page, templates.globals)
    subject, title, said = _with_fallback(
        templates,
        templates.notice_file(words.language, content.name),
        lambda template: _said(templates, template, values),
        warnings,
    )
    yield
    values |= layout_values(page, title, said)
    text_file, html_file = (
        templates.text_file(content.name),
        templates.html_file(words.language, content.name),
    )
    text = _with_fallback(templates, text_file, lambda template: filled(template, values), warnings)
    yield
    html = _with_fallback(templates, html_file, lambda template: filled(template, values), warnings)
    return Rendered(
        cut(subject),
        let_go(tidy(text)),
        let_go(html.strip(), "\N{NO-BREAK SPACE}") + "\n",
        tuple(warnings),
        words.language,
    )


def filled(template: Template, values: TemplateValues) -> str:
    """The template's output. The values are shared by a mail's templates, which saves copies."""
    context = template.new_context(values, shared=True)
    try:
        return "".join(template.root_render_func(context))
    finally:
        # its macros hold the context, which holds them: a mail's values would stay until the collector comes by
        context.vars.clear()


def template_values(page: Page, base: Mapping[str, Any]) -> TemplateValues:
    """What a notice's own template may use: every field of the mail and of its ticket, and the helpers of
    docs/templates.md."""
    words, desk, content = page.words, page.settings.desk, page.content
    form = page.settings.threading.subject_tag
    asked = page.decision
    return {
        **base,
        **{name: getattr(content, name) for name in _fields(content.name)},
        **{name: getattr(content.about, name) for name in _OF_ABOUT},
        "subject": (page.echo and content.about.subject)
        or words("subject.none" if page.echo else "subject.hidden", desk=desk.name),
        "tag": tag(content.number, form) if content.number else "",
        "confirms_apart": page.confirms_apart,
        "own": bool(content.actor) and content.actor in _names(_read_by(page)),
        "asker": (asked.requester_name or asked.requester_address) if asked is not None else "",
        "desk": {"name": desk.name, "address": desk.address, "phone": desk.phone},
        "words": words,
        "when": page.when,
        "day": page.day,
        "count": page.count,
        "duration": page.duration,
        "money": words.money,
        "both": lambda people: words.both(tuple(p.name or p.address for p in people)),
    }


@cache
def _fields(notice: str) -> tuple[str, ...]:
    return tuple(one.name for one in fields(registry()[notice]))


def _read_by(page: Page) -> NamedPerson:
    """Whom the mail speaks to."""
    return page.reader if page.to_others and page.reader is not None else page.content.about.requester


def _names(person: NamedPerson) -> tuple[str, ...]:
    return tuple(filter(None, (person.name, person.address)))


def _said(templates: Templates, template: Template, values: TemplateValues) -> tuple[str, str, list[str]]:
    """Subject, title and paragraphs; line ends inside a paragraph are spaces."""
    if "title" not in template.blocks:
        raise TemplateError("there is no block title")
    context = template.new_context(values, shared=True)
    blocks = templates.blocks(template)
    subject, title, body = ["".join(blocks[name](context)) for name in BLOCKS]
    paragraphs = map(_one_line, _BLANK.split(body))
    return clean_line(let_go(subject)), _one_line(title), [part for part in paragraphs if part]


def _one_line(text: str) -> str:
    """`text` without line ends and double spaces; the hard spaces of French stay."""
    return " ".join(filter(None, text.replace("\n", " ").split(" ")))


def _with_fallback(templates: Templates, name: str, make: Callable[[Template], T], warnings: list[str]) -> T:
    try:
        return make(templates.get(name))
    except Exception as error:
        # Whatever an operator's template does wrong (syntax, types, a missing include), the customer still
        # gets the shipped mail. A shipped template that fails is our fault and raises.
        if templates.own is templates.shipped:
            raise
        where = f"{name}: line {line}" if (line := _line(error)) else name
        what = f"{type(error).__name__}: {clean_line(str(error))}"
        warnings.append(f"{where}: {what}; the shipped one was used")
        return make(templates.get_shipped(_shipped_name(templates, name)))


def _shipped_name(templates: Templates, name: str) -> str:
    """The shipped file that stands in for one of the operator's."""
    notice = name.rpartition("/")[2].partition(".")[0]
    if name.endswith(".html.j2"):
        choices = [name, templates.shipped_html(notice)]
    else:
        choices = [
            name,
            f"layout/{notice}.j2",
            f"en/{notice}.j2",
        ]  # the last: a language of the operator's own
    return next(filter(templates.is_shipped, choices), name)


def _line(error: Exception) -> int | None:
    """The line of the template at which the error arose, where that can be told."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, step = None, error.__traceback__
    while step is not None:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            line = template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    return line


def tidy(text: str) -> str:
    """At most one blank line in a row, none at the ends, one line end at the end."""
    text = text.strip("\n")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text + "\n"
