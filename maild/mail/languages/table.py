"""The shape of one language's table of mail phrases, `<code>.toml`.

Every phrase is written in lower case (`str.lower`), without the punctuation at its ends; a phrase of
several words has single spaces. Whoever matches folds the mail's text the same way.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from maild.values import dataclass


def phrases(table: str) -> tuple[str, ...]:
    """The phrases of a table's cell, which stand between `|`, over as many lines as they need."""
    return tuple(phrase for part in table.split("|") if (phrase := part.strip()))


@dataclass(frozen=True, slots=True)
class Language:
    """How mail clients and people of one language mark what is not new text."""

    code: str  # ISO 639-1
    openers: tuple[str, ...]  # first words of an attribution line: "on", "op", "am"
    verbs: tuple[str, ...]  # "wrote": one of them is in an attribution line
    from_labels: tuple[str, ...]  # labels of the header block above a quoted mail
    sent_labels: tuple[str, ...]
    to_labels: tuple[str, ...]  # To, Cc, Bcc, Reply-To
    subject_labels: tuple[str, ...]
    original: tuple[str, ...]  # inside a dashed separator above an answered mail
    forwarded: tuple[str, ...]  # the same above a forwarded mail, dashed or as Apple Mail's line
    mobile: tuple[str, ...]  # beginnings of the line that an app adds as a signature
    closings: tuple[str, ...]  # formulas that end a letter
    thanks: tuple[str, ...]  # thanks that end a letter only when a name follows
    disclaimers: tuple[str, ...]  # beginnings or parts that nothing but a disclaimer has
    disclaimer_words: tuple[str, ...]  # several of them in one closing paragraph make a disclaimer
    inline_hints: tuple[str, ...]  # the writer says that the answers stand inside the quoted mail
    reply_prefixes: tuple[str, ...]  # subject prefixes, without the colon
    forward_prefixes: tuple[str, ...]
    vacation_subjects: tuple[str, ...]  # beginnings of an automatic answer's subject
    vacation_phrases: tuple[str, ...] = ()  # what an automatic answer's text says
    more_labels: tuple[str, ...] = ()  # Attachments, Importance: part of a block, prove nothing


def read(name: str) -> Any:
    """What a file of this folder says."""
    return tomllib.loads(resources.files("maild.mail.languages").joinpath(f"{name}.toml").read_text("utf-8"))


def language(code: str) -> Language:
    """The table of a language. Raises TypeError where a cell is missing, or is none of `Language`."""
    return Language(code=code, **{cell: phrases(text) for cell, text in read(code).items()})
