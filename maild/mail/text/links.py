"""Links in words that nobody vouches for: a mail of ours repeats them so that no program makes a link of them.

`https://evil.example/x` -> `https[:]//evil[.]example/x`, `www.evil.example` -> `www[.]evil[.]example`. Addresses of
people, names of files, numbers and abbreviations stay.
"""

from __future__ import annotations

import re

_LINK = re.compile(
    r"(?<![\w.@-])(?:[a-z][a-z0-9+.-]{1,15}:/{1,3}|(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,20}(?![\w@-]))[^\s<>\"]*",
    re.IGNORECASE,
)
#: what stands in each link without `:/`, and is looked for thirty times as quickly
_DOTTED = re.compile(r"\.\w\w")
_FILE = re.compile(
    r"[\w-]{1,60}\.(?:txt|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|csv|log|xml|json|odt|ods|exe|dll|msi|msg|eml|bat|ini|dwg|html?)",
    re.IGNORECASE,
)


def disarmed(text: str) -> str:
    """The text with each link written so that it is none. No link has a blank or a line's end in it, so only the words
    that can be one are held against its pattern."""
    if not _may_be(text):
        return text
    return "\n".join([_in_line(line) if _may_be(line) else line for line in text.split("\n")])


def _may_be(text: str) -> bool:
    return ":/" in text or _DOTTED.search(text) is not None


def _in_line(line: str) -> str:
    return " ".join([_LINK.sub(_without, word) if _may_be(word) else word for word in line.split(" ")])


def _without(match: re.Match[str]) -> str:
    link = match[0]
    if _FILE.fullmatch(link.rstrip(".,;:!?)")):
        return link
    return link.replace("://", "[:]//").replace(":/", "[:]/").replace(".", "[.]", 20)
