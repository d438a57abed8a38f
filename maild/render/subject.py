"""Subjects: the ticket's tag before the customer's own subject (SPEC, Outgoing mail)."""

from __future__ import annotations

import re
from functools import lru_cache

from maild.render.clean import clean_line

LONGEST = 200  # characters of a whole subject

# Reply and forward prefixes of the languages of our customers and their neighbours (FIELD 2).
_PREFIX = re.compile(
    r"(?:re|aw|antw|antwoord|wg|fw|fwd|doorst|vs|v[áÁ]|vl|tov|továbbítás|válasz|tr|réf|sv|vb|rv|res|enc|rif|odp|pd|ynt|ilt)"
    r"(?:\s?\[[0-9]{1,3}\]|\([0-9]{1,3}\)|\*[0-9]{1,2})?\s?[:：]\s*",
    re.IGNORECASE,
)


@lru_cache(maxsize=8)
def _tag_pattern(form: str) -> re.Pattern[str]:
    before, _, after = form.partition("{number}")
    return re.compile(re.escape(before) + r"[0-9]{1,12}" + re.escape(after), re.IGNORECASE)


def tag(number: int | str, form: str) -> str:
    """The subject tag of a ticket, `form` being `[threading] subject_tag`."""
    return form.replace("{number}", str(number))


def bare_subject(subject: str, form: str) -> str:
    """The customer's subject as one clean line without reply prefixes and without tags of ours.

    Tags go wherever they stand: a mail that bore two would thread by neither. "AW: Re: [#7] Drucker" gives
    "Drucker".
    """
    text = clean_line(subject[:2000])
    if form and "{number}" in form:
        # A space in its place: "[[#1]#2]" must not close up to a tag again.
        text = " ".join(_tag_pattern(form).sub(" ", text).split())
    start = 0
    while found := _PREFIX.match(text, start):
        start = found.end()
    return text[start:].strip()


def cut(text: str, longest: int = LONGEST) -> str:
    """`text` of at most `longest` characters, cut between words where that loses little."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    space = head.rfind(" ")
    if space > longest * 2 // 3:
        head = head[:space]
    return head.rstrip() + "…"
