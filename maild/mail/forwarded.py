"""Whom a forwarded text names as its author: shown to agents, never identity (contract, What happens to a mail, 3)."""

from __future__ import annotations

import re
from functools import lru_cache

from maild.mail.languages import LANGUAGES
from maild.mail.parse import enclosed_mails
from maild.mail.parse.addresses import strict_addresses
from maild.mail.text.subjects import is_forward, read_subject
from maild.model import Mail, Match
from maild.values import dataclass

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


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside of a forwarded one. `above`: what the forwarder wrote; `subject`: "" where the mail itself has it."""

    address: str
    name: str
    text: str
    above: str
    subject: str = ""


def forwards(mail: Mail) -> bool:
    """Whether it hands a mail on: its subject says so, or it holds one and has no subject but that one's."""
    if is_forward(mail.subject):
        return True
    own, inside = mail.subject.strip(), mail.enclosed
    return inside is not None and (not own or read_subject(own)[1] == read_subject(inside.subject)[1])


def forwarded(mail: Mail) -> Forwarded | None:
    """The mail that this one forwards, as an attachment or inline; None unless exactly one strict author is named in
    its From, or in the first From line of the text."""
    if enclosed_mails(mail):
        inside = mail.enclosed
        if inside is None or inside.author is None:
            return None
        author = inside.author
        return Forwarded(author.address, author.name[:200], inside.text, mail.text, inside.subject)
    lines = mail.text[:_MAX_TEXT].splitlines()
    for index, line in enumerate(lines):
        if not _from_line().match(line):
            continue
        value = line.partition(":")[2].strip(" *").replace("mailto:", "")
        boxes = strict_addresses(value.encode())
        if len(boxes) != 1:
            return None
        name = value.partition("<")[0].strip(" \"'*") if "<" in value else ""
        end = next((n for n in range(index, len(lines)) if not lines[n].strip(" >")), len(lines))
        first = next((n for n in range(index, -1, -1) if not lines[n].strip(" >")), -1)
        body = "\n".join(one.removeprefix("> ").removeprefix(">") for one in lines[end:]).strip()
        return Forwarded(boxes[0], name[:200], body, "\n".join(lines[: first + 1]).strip())
    return None
