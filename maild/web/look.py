"""What pages are made of: templates/web/, the words of templates/<language>/web.toml, dates as a language writes them.

The operator's own folder ([templates] folder) overrides single files, as for mails.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton, get_timezone
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maild.model import LANGUAGES
from maild.render import colours
from maild.render.loader import Templates
from maild.render.share import share_dir
from maild.render.words import Phrasebook, flatten
from maild.settings import Settings
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class PageWords:
    """The phrases of one language by dotted key. A key that is missing shows itself: nothing is hidden."""

    shared: Phrasebook  # what mails say, too: phases, kinds, dates, sizes
    phrases: Mapping[str, str]
    timezone: str

    @property
    def language(self) -> str:
        """One of ours."""
        return self.shared.language

    def __call__(self, key: str, **values: object) -> str:
        phrase = self.phrases.get(key) or self.shared.phrases.get(key, key)
        return phrase.format_map(values) if values else phrase

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self.phrases or self.shared.has(key)

    def when(self, at: datetime) -> str:
        """Date and hour in the desk's time zone, as this language writes them."""
        return self.shared.short_when(at, self.timezone)

    def size(self, octets: int) -> str:
        """`60 kB`."""
        return self.shared.size(octets)

    def month(self, at: datetime) -> str:
        """`November 2026`."""
        return str(format_skeleton("yMMMM", at, get_timezone(self.timezone), locale=self.language))

    def number(self, value: float) -> str:
        """A figure with at most two decimals."""
        return str(format_decimal(value, "#,##0.##", self.language))


class Look:
    """All templates, words and the style sheet of a desk's page."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        shipped = share_dir() / "templates"
        own = settings.path(settings.templates) if settings.templates else None
        self._folders = [folder for folder in (own, shipped) if folder is not None]
        self._environment = Environment(
            loader=FileSystemLoader([folder / "web" for folder in self._folders]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates = Templates(own)
        self._words = {language: self._read(language) for language in LANGUAGES}

    def words(self, language: str) -> PageWords:
        """The phrases of a language; English where it is none of ours."""
        return self._words.get(language, self._words["en"])

    def page(self, name: str, values: Mapping[str, Any]) -> str:
        """A whole page. `values` hold `say`, `visitor`, `csrf` and what the page itself wants."""
        shared = {
            "desk": self._settings.desk,
            "style_mark": self.style_mark,
            "language": values["say"].language,
        }
        return self._environment.get_template(f"{name}.html.j2").render({**shared, **values})

    @cached_property
    def style(self) -> str:
        """The one style sheet, in the desk's colour."""
        brand = colours.safe(self._settings.desk.colour)
        return self._environment.get_template("style.css.j2").render(
            brand=brand, on_brand=colours.ink_on(brand),
            link_light=colours.readable(brand, "#ffffff"), link_dark=colours.readable(brand, "#1d2125"),
        )  # fmt: skip

    @cached_property
    def style_mark(self) -> str:
        """Changes with the style sheet, so that browsers may keep it."""
        return hashlib.sha256(self.style.encode()).hexdigest()[:12]

    def _read(self, language: str) -> PageWords:
        phrases: dict[str, str] = {}
        for code in dict.fromkeys(("en", language)):
            for folder in reversed(self._folders):
                phrases.update(_phrases(folder / code / "web.toml"))
        return PageWords(self._templates.words(language), phrases, self._settings.desk.timezone)


def _phrases(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    table = flatten(tomllib.loads(path.read_text(encoding="utf-8")))
    return {key: phrase for key, phrase in table.items() if isinstance(phrase, str)}


def language_of(accepted: str, fallback: str) -> str:
    """The first of our languages in an Accept-Language field (RFC 9110, 12.5.4), by weight."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")):
        code, _, weight = part.strip().partition(";")
        language = code.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wanted.append((-_weight(weight), place, language))
    return min(wanted)[2] if wanted else fallback


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
