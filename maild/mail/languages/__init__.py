"""What mail clients and people write in eighteen languages, one table a language.

English, Dutch, Hungarian, German and French are thorough; the others hold what their clients add.
The tables are data: matching is done in `maild.mail.newtext`, `maild.mail.guard` and `threading_rules`.
Everything is lower case (`str.lower`); a subject prefix stands without its colon.
"""

from __future__ import annotations

from functools import cache

from maild.mail.languages import others
from maild.mail.languages.table import Language, language

_CODES = (
    "en", "nl", "hu", "de", "fr", "es", "it", "pt", "pl", "cs", "sk", "ro", "sv", "da", "no", "fi", "ru", "uk",
)  # fmt: skip
LANGUAGES: tuple[Language, ...] = tuple(map(language, _CODES))


@cache
def reply_prefixes() -> frozenset[str]:
    """Subject prefixes of an answer in any language, lower case, no colon: {"re", "aw", "antw", ...}."""
    return frozenset(others.REPLY_PREFIXES).union(*(one.reply_prefixes for one in LANGUAGES))


@cache
def forward_prefixes() -> frozenset[str]:
    """Subject prefixes of a forwarded mail in any language, lower case, no colon: {"fwd", "wg", ...}."""
    return frozenset(others.FORWARD_PREFIXES).union(*(one.forward_prefixes for one in LANGUAGES))


@cache
def vacation_subjects() -> tuple[str, ...]:
    """Beginnings of an automatic answer's subject, lower case, longest first.

    They are written by clients and by people: a subject that begins so is a strong hint when no reply
    prefix precedes it, and none when the phrase only occurs somewhere ("Re: my out of office").
    """
    phrases = {phrase for one in LANGUAGES for phrase in one.vacation_subjects}
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


@cache
def vacation_phrases() -> tuple[str, ...]:
    """Phrases of an automatic answer's text, lower case; weak alone: people write them too."""
    return tuple(sorted({phrase for one in LANGUAGES for phrase in one.vacation_phrases}))


__all__ = [
    "LANGUAGES",
    "Language",
    "forward_prefixes",
    "reply_prefixes",
    "vacation_phrases",
    "vacation_subjects",
]
