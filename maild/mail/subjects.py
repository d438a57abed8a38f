"""What a subject is about: without tags and without the prefixes that mail clients of any language add."""

from __future__ import annotations

import re

from maild.mail.languages import forward_prefixes, reply_prefixes
from threading_rules.numbers import without_tags

#: `Re[2]:`, `AW(3):` and the like
_COUNTER = re.compile(r"[\[(][0-9]{1,3}[\])]$|[0-9]{1,2}$")
_GATEWAY_MARK = re.compile(r"^\s*\[[^\]\[]{1,30}\]")
_WORD = re.compile(r"\w{3,}")
_MAX_PREFIXES = 30


def base_subject(subject: str, tag: str) -> str:
    """`Re: VÁ: [#15789] Printer` -> `Printer`. "" when nothing else is there.

    `tag`: the format of `[threading] subject_tag`. Marks of other systems (`[EXT]`) stay.
    """
    text = " ".join(without_tags(subject, tag).split())
    for _ in range(_MAX_PREFIXES):
        rest = _without_prefix(text)
        if rest is None:
            break
        text = rest
    return text


def is_reply_or_forward(subject: str) -> bool:
    """Whether the subject begins with a reply or forward prefix of any language."""
    return _without_prefix(" ".join(subject.split())) is not None


def is_forward(subject: str) -> bool:
    """Whether the subject begins with a forward prefix of any language."""
    head, colon, _ = _GATEWAY_MARK.sub("", subject[:200]).replace("：", ":").partition(":")
    return bool(colon) and head.strip().lower() in forward_prefixes()


def unrelated(one: str, other: str, tag: str) -> bool:
    """Whether two subjects have no word of three letters or more in common. An empty one is related to all:
    phones and some clients answer without a subject."""
    first, second = _words(one, tag), _words(other, tag)
    return bool(first) and bool(second) and first.isdisjoint(second)


def _without_prefix(text: str) -> str | None:
    """The text after one prefix, or None. A gateway's mark before the prefix goes with it."""
    marked = _GATEWAY_MARK.sub("", text, count=1).lstrip()
    for candidate in (text, marked):
        head, colon, rest = candidate[:200].replace("：", ":").partition(":")
        if not colon:
            continue
        word = _COUNTER.sub("", head.strip().lower()).strip()
        if word in reply_prefixes() or word in forward_prefixes():
            return (rest + candidate[200:]).strip()
    return None


def _words(subject: str, tag: str) -> set[str]:
    base = base_subject(subject, tag)
    while True:
        bare = _GATEWAY_MARK.sub("", base, count=1)
        if bare == base or not bare.strip():
            break
        base = bare
    return set(_WORD.findall(base.casefold()))
