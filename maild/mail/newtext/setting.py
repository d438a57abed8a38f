"""What the head of a mail says about its text: whether it answers anything, whose it is, whom it may quote."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

from maild.values import dataclass

_WORD = re.compile(r"[^\W0-9_]+")
_SHORTEST = 3  # letters of a name that tell somebody apart
_NAMES = 12
_BRACKETS = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]")
_NAME_END = re.compile(r"[|,;(/<]| - | – ")


@dataclass(frozen=True)
class Setting:
    """`answers`: the mail has In-Reply-To, References or a reply prefix. In one that has none, what looks like
    history is what the person wants to be read (a pasted mail, a form, a forward), but for what an HTML client
    marked as its quote and for what quotes a mail of the desk.

    subject: the mail's, without prefixes and tags; a header block that repeats it is one in any language.
    sender: (display name, address) of the From; ("", "") is unknown, and then any signature is the sender's.
    desk: the desk's addresses in lower case.
    """

    answers: bool = True
    forwarded: bool = False
    subject: str = ""
    sender: tuple[str, str] = ("", "")
    desk: tuple[str, ...] = ()

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of the sender's name and of the local part of their address, folded."""
        name, address = self.sender
        local = address.rpartition("@")[0]
        words = _WORD.findall(folded(name)) + _WORD.findall(folded(local))
        return frozenset(word for word in words[:_NAMES] if len(word) >= _SHORTEST)

    @cached_property
    def initials(self) -> frozenset[str]:
        """The sender's initials, as they stand and with the family name first."""
        first = [word[0] for word in _WORD.findall(folded(self.sender[0]))[:4]]
        return frozenset(("".join(first), "".join(first[::-1]))) if len(first) > 1 else frozenset()

    @property
    def is_known(self) -> bool:
        return bool(self.names)

    @cached_property
    def shown_names(self) -> frozenset[str]:
        """The words of the display name alone, without what stands in brackets."""
        name = _BRACKETS.sub(" ", self.sender[0]).partition(" via ")[0]
        return frozenset(word for word in _WORD.findall(folded(name)) if len(word) >= _SHORTEST)

    def signs(self, line: str) -> bool:
        """Whether the line names the sender: their name or a short form of it, their address, their initials alone.

        `Dora Kiss` does not sign for Anna Kiss: she has another name, and Anna's is missing.
        """
        if not self.names:
            return False
        low = folded(line)
        if self.sender[1] and self.sender[1] in low:
            return True
        words = _WORD.findall(_NAME_END.split(low.lstrip("*_-–—~/ \t"), maxsplit=1)[0])
        if "".join(words) in self.initials:
            return True
        long = [word for word in words if len(word) >= _SHORTEST]
        if len(long) == 1 and _is_short_for(long[0], self.names):
            return True
        shared = [word for word in long if word in self.names or _is_part_of(word, self.names)]
        if not shared:
            return False
        others = len(long) > len(shared)
        missing = [n for n in self.shown_names - set(long) if n[0] not in {w for w in words if len(w) == 1}]
        return not (others and missing)

    def may_sign(self, line: str) -> bool:
        """The same where the sender is known; anybody's name where they are not."""
        return not self.names or self.signs(line)

    def quotes_desk(self, lines: list[str]) -> bool:
        """Whether these lines, which introduce a quote, name one of the desk's addresses."""
        if not self.desk:
            return False
        low = "\n".join(lines).lower()
        for address in self.desk:
            local, _, domain = address.rpartition("@")
            if address in low or (f"{local}+" in low and f"@{domain}" in low):
                return True
        return False


def folded(text: str) -> str:
    """Lower case without accents: `Kovács` signs for kovacs@acme.example."""
    low = text.lower()
    if low.isascii():
        return low
    plain = unicodedata.normalize("NFKD", low)
    return "".join(char for char in plain if not unicodedata.combining(char))


def _is_short_for(word: str, names: frozenset[str]) -> bool:
    """`Rob` for `robert`: a beginning of three letters or more."""
    return any(name.startswith(word) for name in names)


def _is_part_of(word: str, names: frozenset[str]) -> bool:
    """`kiss` in the local part `annakiss`."""
    return len(word) > _SHORTEST and any(word in name and len(name) > len(word) + 2 for name in names)


NOTHING_KNOWN = Setting()
