"""What `maild template list`, `preview` and `check` show; nothing here is on the way of a mail."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import TemplateError, TemplateNotFound, meta, nodes

from maild.model import LANGUAGES
from maild.notice import sampled
from maild.notice.content import Content, registry
from maild.notice.values import NamedPerson
from maild.render.loader import BLOCKS, LAYOUT_NOTICE, LAYOUTS, Templates, templates_for
from maild.render.notice import Rendered, render, template_values
from maild.render.page import layout_values
from maild.render.pagedata import Page
from maild.settings import Settings
from maild.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """One template file: `own` when the operator's folder replaces the shipped one."""

    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """What is wrong with one file of the templates, for a person."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def list_templates(templates: Templates) -> list[TemplateFile]:
    """Every template there is, with who gives it: layouts, words, each notice's file, HTML of the operator's."""
    names = [LAYOUT_NOTICE, *LAYOUTS, *(f"layout/{notice}.j2" for notice in registry())]
    for language in templates.languages():
        names.append(f"{language}/words.toml")
        names += [f"{language}/{notice}{end}" for notice in registry() for end in (".j2", ".html.j2")]
    return [TemplateFile(name, templates.overridden(name)) for name in names if templates.has(name)]


def samples(templates: Templates, language: str, notice: str) -> Iterator[tuple[str, Content]]:
    """(state, made-up mail) for each state in which the mail can be sent, in the language's words."""
    words = templates.words(language)
    for state, content in registry()[notice].samples(lambda key: words(key)):
        yield state, replace(content, number=sampled.NUMBER)


def show(content: Content, language: str, settings: Settings, templates: Templates | None = None) -> Rendered:
    """A made-up mail as its reader would get it."""
    to_boss = Page(content, (templates or templates_for(settings)).words(language), settings).to_others
    reader: NamedPerson | None = sampled.BOSS if to_boss else None
    return render(content, language, settings, templates, reader=reader)


def preview(
    notice: str, language: str, settings: Settings, templates: Templates | None = None, state: str = ""
) -> Rendered:
    """The notice with made-up data. KeyError for a name that is no notice, or a state that it does not have."""
    if notice not in registry():
        raise KeyError(f"there is no notice {notice!r}; there are: {', '.join(registry())}")
    templates = templates or templates_for(settings)
    words, _ = templates.language(language, settings.desk.language)
    made = dict(samples(templates, words.language, notice))
    if state not in made:
        if state:
            raise KeyError(f"{notice} has no state {state!r}; there are: {', '.join(filter(None, made))}")
        state = next(iter(made))
    return show(made[state], words.language, settings, templates)


def check(
    templates: Templates, settings: Settings | None = None, *, everything: bool = False
) -> list[TemplateProblem]:
    """Every problem in the templates: syntax, unknown names, missing files and phrases, failing renders.

    Looks at what the operator's own files touch, or with `everything` at all shipped ones too (seconds).
    """
    return list(dict.fromkeys(_problems(templates, settings or Settings(), everything)))


def _problems(templates: Templates, settings: Settings, everything: bool) -> Iterator[TemplateProblem]:
    yield from _strays(templates)
    words = templates.language("en", "en")[0]
    pages = {
        name: Page(next(iter(cls.samples(lambda key: words(key))))[1], words, settings)
        for name, cls in registry().items()
    }
    known = {name: set(template_values(page, templates.globals)) for name, page in pages.items()}
    everywhere = set.union(*known.values()) | set(layout_values(pages["received"], "", []))
    for name in (LAYOUT_NOTICE, *LAYOUTS):
        yield from _source_problems(templates, name, everywhere)
    for language in templates.languages():
        if not templates.has(f"{language}/words.toml"):
            yield TemplateProblem(f"{language}/words.toml", "is missing: the language cannot be used")
            continue
        templates.words(language)
        for problem in templates.word_problems.get(f"{language}/words.toml", ()):
            yield TemplateProblem(f"{language}/words.toml", problem)
        whole = everything or templates.own_layout or templates.overridden(f"{language}/words.toml")
        for notice in registry():
            said, html = templates.notice_file(language, notice), templates.html_file(language, notice)
            if not templates.has(said):
                if language in LANGUAGES:
                    yield TemplateProblem(said, "is missing")
                continue
            if not whole and not templates.overridden(said) and not templates.overridden(html):
                continue
            yield from _source_problems(templates, said, known[notice])
            if html not in LAYOUTS:
                yield from _source_problems(templates, html, everywhere)
            yield from _render_problems(templates, settings, notice, language)


def _strays(templates: Templates) -> Iterator[TemplateProblem]:
    """Files of the operator's folder that no mail will ever use, most likely misspelt."""
    folder = templates.own_folder
    if not folder:
        return
    if not folder.is_dir():
        yield TemplateProblem(str(folder), "is not a folder")
        return
    known = {name.name for name in list_templates(templates)}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        ours = name.endswith(".j2") or name.endswith(".toml")
        if not path.is_file() or not ours or name in known or name.startswith("layout/"):
            continue
        notice, parted, _ = name.partition(".")
        if parted and f"{notice}.j2" in known and name.endswith((".txt.j2", ".subject.j2")):
            yield TemplateProblem(
                name, f"is read no more: a mail's subject, title and body stand in {notice}.j2"
            )
        else:
            yield TemplateProblem(name, "is the template of no notice and language")


def _source_problems(templates: Templates, name: str, known: set[str]) -> Iterator[TemplateProblem]:
    try:
        source = templates.own.source(name)
    except TemplateNotFound:
        if name.partition("/")[0] in LANGUAGES or name.startswith("layout/"):
            yield TemplateProblem(name, "is missing")
        return
    except (OSError, UnicodeDecodeError) as error:
        yield TemplateProblem(name, f"cannot be read: {error}")
        return
    try:
        tree = templates.own.parse(name, source)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        yield TemplateProblem(name, f"line {line}: {error.message}" if line else str(error.message))
        return
    if not name.endswith((".txt.j2", ".html.j2")):
        yield from _block_problems(name, tree)
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    unknown = sorted(meta.find_undeclared_variables(tree) - known - macros)
    if unknown:
        yield TemplateProblem(
            name, f"nothing is called {', '.join(unknown)} (docs/templates.md lists what there is)"
        )


def _block_problems(name: str, tree: nodes.Template) -> Iterator[TemplateProblem]:
    """Text that no mail will show since it stands in no block, and blocks that nothing asks for."""
    for node in tree.body:
        if isinstance(node, nodes.Block):
            if node.name not in BLOCKS:
                known = ", ".join(BLOCKS)
                yield TemplateProblem(
                    name, f"line {node.lineno}: there is no block {node.name}; there are {known}"
                )
        elif isinstance(node, nodes.Output) and not all(
            isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
        ):
            yield TemplateProblem(
                name, f"line {node.lineno}: stands outside of the blocks and is never shown"
            )


def _render_problems(
    templates: Templates, settings: Settings, notice: str, language: str
) -> Iterator[TemplateProblem]:
    """Render every state in which the mail can be sent."""
    wanted = replace(settings, desk=replace(settings.desk, language=language))
    for state, content in samples(templates, language, notice):
        try:
            rendered = show(content, language, wanted, templates)
        except Exception as error:  # whatever a template does wrong is what this is here to tell
            shown = f"{language}/{notice} ({state})" if state else f"{language}/{notice}"
            yield TemplateProblem(shown, f"fails: {type(error).__name__}: {error}")
            continue
        for warning in rendered.warnings:
            file, _, what = warning.partition(": ")
            yield TemplateProblem(file, what)
