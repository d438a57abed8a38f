"""Compiled templates and words: the operator's own folder first, file by file, then the shipped ones.

The only place in render/ that reads files. Templates are compiled once and kept; `refresh` looks whether
the operator has changed something (the daemon calls it now and then, not once a mail).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, Template, nodes
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from maild.model import LANGUAGES
from maild.render.share import share_dir
from maild.render.words import Phrasebook, flatten, make_words, merge_words
from maild.render.wrap import bullet, indent, quote, wrap
from maild.settings import Settings

Block = Callable[[Context], Iterator[str]]

#: what a notice's file says, each in a Jinja block of that name
BLOCKS = ("subject", "title", "body")
#: the file that gives the blocks which a notice's own file leaves out
LAYOUT_NOTICE = "layout/notice.j2"
LAYOUT_TEXT = "layout/mail.txt.j2"
LAYOUT_HTML = "layout/mail.html.j2"
#: the look of an agent's own words: a person's mail
PERSON_TEXT = "layout/person.txt.j2"
PERSON_HTML = "layout/person.html.j2"
LAYOUTS = (LAYOUT_TEXT, LAYOUT_HTML, PERSON_TEXT, PERSON_HTML)
#: mails that look like a person's
PERSONAL = frozenset({"reply"})


def _lines(text: object) -> Markup:
    """Text for HTML with its line ends kept; Outlook knows no `white-space: pre-line`."""
    return Markup(str(escape(text)).replace("\n", "<br>\n"))


#: what a field holds that is no function, so that the sandbox has only its name to judge
_DATA = frozenset({str, int, bool, type(None), tuple, list, dict, Markup})
#: attributes of types whose verdict is kept; templates name some hundreds
_MOST_VERDICTS = 4_096


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, asked once for each attribute of a type: its verdict depends on nothing else, and asking
    anew is a third of what a mail's rendering costs."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._verdicts: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        key = (type(obj), attr)
        safe = self._verdicts.get(key)
        if safe is None:
            if len(self._verdicts) >= _MOST_VERDICTS:
                self._verdicts.clear()
            safe = self._verdicts[key] = super().is_safe_attribute(obj, attr, value)
        return safe

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The attribute, or the item of that name; data is asked about once, functions as Jinja does."""
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)
        if type(value) in _DATA and (
            self._verdicts.get((type(obj), attribute)) or self.is_safe_attribute(obj, attribute, value)
        ):
            return value
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What a template calls. Its macros are its own; all else is judged and prepared by Jinja."""
        if type(obj) is not Macro:
            return super().call(context, obj, *args, **kwargs)
        for name in ("_loop_vars", "_block_vars"):  # for functions that ask for their context
            kwargs.pop(name, None)
        return obj(context.eval_ctx, *args, **kwargs)


def _environment(folders: list[Path], trim_blocks: bool = True) -> Environment:
    env = Sandbox(
        loader=FileSystemLoader(folders),
        autoescape=lambda name: name is None or name.endswith(".html.j2"),
        undefined=ChainableUndefined,
        trim_blocks=trim_blocks,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.filters.update(wrap=wrap, indented=indent, bullet=bullet, quoted=quote, lines=_lines)
    return env


class _Pair:
    """Two environments over the same folders. In what a notice says a blank line parts paragraphs, so the
    line end after a `{% endif %}` must stay; in the two layouts it must not."""

    def __init__(self, folders: list[Path]) -> None:
        self.laid_out = _environment(folders)
        self.said = _environment(folders, trim_blocks=False)

    def get_template(self, name: str) -> Template:
        laid_out = name.endswith((".html.j2", ".txt.j2"))
        return (self.laid_out if laid_out else self.said).get_template(name)

    def parse(self, name: str, source: str) -> nodes.Template:
        """The template's tree; TemplateSyntaxError when it cannot be read."""
        return self.laid_out.parse(source, name)

    def source(self, name: str) -> str:
        """The template's text; TemplateNotFound when there is none."""
        loader = self.laid_out.loader
        assert loader is not None
        return loader.get_source(self.laid_out, name)[0]


@lru_cache(maxsize=4)
def _shipped(folder: Path) -> _Pair:
    return _Pair([folder])


class Templates:
    """All templates of a desk. `own`: the operator's folder, or None."""

    def __init__(self, own: Path | None = None, shipped: Path | None = None) -> None:
        self.shipped_folder = shipped or share_dir() / "templates"
        self.own_folder = own
        self._load()

    def _load(self) -> None:
        self.shipped = _shipped(self.shipped_folder)
        self.own = _Pair([self.own_folder, self.shipped_folder]) if self.own_folder else self.shipped
        #: Jinja's own functions (range, dict ...), as part of every mail's values
        self.globals: Mapping[str, Any] = dict(self.own.laid_out.globals)
        self._words: dict[str, Phrasebook] = {}
        self._on_disk: dict[str, bool] = {}
        self.word_problems: dict[str, list[str]] = {}
        #: name, mtime in nanoseconds and size of each own file
        self.stamp: tuple[tuple[str, int, int], ...] = self._stamp()
        self._own_files = frozenset(name for name, _, _ in self.stamp)
        self.own_layout = any(name.startswith("layout/") for name in self._own_files)

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        if not self.own_folder:
            return ()
        stamps = []
        for path in sorted(self.own_folder.rglob("*")):
            if path.is_file():
                stat = path.stat()
                name = path.relative_to(self.own_folder).as_posix()
                stamps.append((name, stat.st_mtime_ns, stat.st_size))
        return tuple(stamps)

    def refresh(self) -> bool:
        """Forget what is compiled when a file of the own folder came, went or changed; says whether."""
        if self._stamp() == self.stamp:
            return False
        self._load()
        return True

    def languages(self) -> tuple[str, ...]:
        """Languages that have words: the shipped ones, and an operator's with a words.toml of their own."""
        extra = []
        if self.own_folder and self.own_folder.is_dir():
            extra = [
                path.parent.name
                for path in sorted(self.own_folder.glob("*/words.toml"))
                if path.parent.name not in LANGUAGES
            ]
        return (*LANGUAGES, *extra)

    def notice_file(self, language: str, notice: str) -> str:
        """The file that says this notice: the language's, or the one for all languages."""
        name, common = f"{language}/{notice}.j2", f"layout/{notice}.j2"
        return common if not self.has(name) and self.has(common) else name

    def text_file(self, notice: str) -> str:
        """The text layout of this notice."""
        return PERSON_TEXT if notice in PERSONAL else LAYOUT_TEXT

    def html_file(self, language: str, notice: str) -> str:
        """The HTML layout of this notice: the operator's for it alone, else the one of all mails of its kind."""
        name = f"{language}/{notice}.html.j2"
        return name if self.overridden(name) else self.shipped_html(notice)

    def shipped_html(self, notice: str) -> str:
        """The layout that maild itself has for the notice."""
        return PERSON_HTML if notice in PERSONAL else LAYOUT_HTML

    def get(self, name: str) -> Template:
        """The compiled template; jinja2.TemplateError when it is not there or broken.

        What the operator's folder does not touch comes from the shipped set, compiled once a process.
        """
        return (self.own if name in self._own_files else self.shipped).get_template(name)

    def get_shipped(self, name: str) -> Template:
        return self.shipped.get_template(name)

    def blocks(self, template: Template) -> Mapping[str, Block]:
        """What the notice's template says: each of BLOCKS, from the layout where the template leaves it out."""
        if all(name in template.blocks for name in BLOCKS):
            return template.blocks
        return {**self.get_shipped(LAYOUT_NOTICE).blocks, **template.blocks}

    def overridden(self, name: str) -> bool:
        """Does a file of the operator's own folder stand before the shipped one?"""
        return name in self._own_files

    def is_shipped(self, name: str) -> bool:
        """Whether maild itself has this file; looked for once, as what is installed stays until the next start."""
        shipped = self._on_disk.get(name)
        if shipped is None:
            shipped = self._on_disk[name] = (self.shipped_folder / name).is_file()
        return shipped

    def has(self, name: str) -> bool:
        return self.overridden(name) or self.is_shipped(name)

    def words(self, language: str) -> Phrasebook:
        """The language's words, the operator's laid over the shipped ones; KeyError for a language without."""
        phrasebook = self._words.get(language)
        if phrasebook is None:
            phrasebook = self._words[language] = self._read_words(language)
        return phrasebook

    def _read_words(self, language: str) -> Phrasebook:
        name = f"{language}/words.toml"
        base_file = self.shipped_folder / name
        if not self.has(name):
            raise KeyError(language)
        if not base_file.is_file():  # a language of the operator's: English where a phrase is missing
            base_file = self.shipped_folder / "en" / "words.toml"
        flat = flatten(tomllib.loads(base_file.read_text("utf-8")))
        if self.overridden(name) and self.own_folder:
            try:
                own = flatten(tomllib.loads((self.own_folder / name).read_text("utf-8")))
            except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
                self.word_problems[name] = [f"cannot be read: {error}"]
            else:
                flat, problems = merge_words(flat, own)
                if problems:
                    self.word_problems[name] = problems
        return make_words(language, flat)

    def language(self, wanted: str, desk: str) -> tuple[Phrasebook, list[str]]:
        """Words of the wanted language, else of the desk's, else English, and a warning when not the wanted."""
        for language in (wanted, desk, "en"):
            try:
                words = self.words(language) if language else None
            except KeyError:
                continue
            if words is not None:
                said = [] if language == wanted else [f"no templates in {wanted!r}, sent in {language!r}"]
                return words, said
        raise FileNotFoundError(f"no words.toml under {self.shipped_folder}: install maild again")


@lru_cache(maxsize=8)
def _templates(own: str) -> Templates:
    return Templates(Path(own) if own else None)


def templates_for(settings: Settings) -> Templates:
    """The templates of these settings, made once for each folder."""
    return _templates(str(settings.path(settings.templates)) if settings.templates else "")
