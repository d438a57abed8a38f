"""Whom a forwarded text names as its author: shown to agents, never identity (contract, What happens to a mail, 3)."""

from __future__ import annotations

import re
from functools import lru_cache

from maild.mail.languages import LANGUAGES
from maild.mail.text.subjects import is_forward
from maild.model import Mail, Match

_MAX_TEXT = 20_000


def named_author(mail: Mail) -> tuple[Match, ...]:
    """A note for the candidates when an agent forwards a mail: the address in its `From:` line."""
    if not is_forward(mail.subject):
        return ()
    named = _from_line().search(mail.text[:_MAX_TEXT])
    author = f"names {named[1][:200]}, which is no identity" if named else "names no author"
    return (Match("forwarded", None, f"an agent forwarded a mail whose text {author}", "bare"),)


@lru_cache(maxsize=1)
def _from_line() -> re.Pattern[str]:
    labels = {label for language in LANGUAGES for label in language.from_labels}
    names = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    address = r"[^\s<>@:;,*]{1,64}@[^\s<>@;,*]{1,190}"
    return re.compile(rf"(?im)^[> *]{{0,8}}(?:{names})[ *]{{0,3}}:[^\n]{{0,120}}?({address})")
