"""What a search asks for, and whether a text answers it: without regard to case and accents. Pure values.

`printer` is found in any part of a word, `print*` at the beginning of one, `"paper jam"` as these words one after
the other. `company:acme from:anna phase:waiting before:fri has:attachment` narrow down; quotes go with them, too.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache

from maild.values import dataclass

#: letters that NFKD leaves whole, as they are typed without their marks
_WHOLE = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """`text` without case and accents: `Nyomtató` -> `nyomtato`, `Straße` -> `strasse`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    marks = {ord(char): None for char in set(plain) if unicodedata.combining(char)}
    return plain.translate(marks).translate(_WHOLE)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be found. `text` is folded; `beginning`: `print*`; `phrase`: as whole words in order."""

    text: str
    beginning: bool = False
    phrase: bool = False

    @property
    def needle(self) -> str:
        """The longest piece that stands in every text that answers (what an index of parts is asked for)."""
        return max(self.text.split(), key=len, default="") if self.phrase else self.text

    def pattern(self) -> re.Pattern[str]:
        return _pattern(self)

    def stands_in(self, folded: str) -> bool:
        """Whether a folded text answers."""
        if not self.beginning and not self.phrase:
            return self.text in folded
        return self.pattern().search(folded) is not None


@lru_cache(maxsize=256)
def _pattern(term: Term) -> re.Pattern[str]:
    if term.phrase:
        words = r"\W+".join(re.escape(word) for word in term.text.split())
        return re.compile(rf"(?<!\w){words}" + ("" if term.beginning else r"(?!\w)"))
    before = r"(?<!\w)" if term.beginning else ""
    return re.compile(before + re.escape(term.text))


@dataclass(frozen=True, slots=True)
class Query:
    """What stands on the command line, looked up. Every term must be found somewhere on the ticket."""

    terms: tuple[Term, ...] = ()
    companies: tuple[str, ...] = ()  # keys
    people: tuple[str, ...] = ()  # folded parts of an address or a name
    phases: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    before: datetime | None = None  # opened before
    after: datetime | None = None  # opened at or after
    has_attachment: bool = False

    def __bool__(self) -> bool:
        return self != Query()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a ticket's text around what was found: (text, whether it was asked for) in order."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)


#: characters of a hit for programs and for wide screens
HIT_CHARACTERS = 160


def hit(text: str, terms: tuple[Term, ...], room: int = HIT_CHARACTERS) -> Excerpt | None:
    """The first place of `text` that answers a term, with words around it, in about `room` characters on one line."""
    line = " ".join(text.split())
    folded, places = _folded_with_places(line)
    spans = sorted(
        (m.start(), m.end())
        for term in terms
        if term.text
        for m in term.pattern().finditer(folded)
        if m.end() > m.start()
    )
    if not spans:
        return None
    first = places[spans[0][0]]
    start = max(0, first - room // 3)
    if start:
        blank = line.find(" ", start, first)
        start = blank + 1 if blank >= 0 else start
    end = min(len(line), start + room)
    if end < len(line):
        blank = line.rfind(" ", first + 1, end)
        end = blank if blank > first + 1 else end
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for low, high in spans:
        # a letter that folds into several ("ß") is marked whole
        begin, stop = places[low], (places[high - 1] + 1)
        if begin < at or begin >= end:
            continue
        pieces += [(line[at:begin], False), (line[begin : min(stop, end)], True)]
        at = min(stop, end)
    pieces.append((line[at:end] + (" …" if end < len(line) else ""), False))
    return Excerpt(tuple((piece, marked) for piece, marked in pieces if piece))


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters where it stands in `text`."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    made: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = fold(char)
        made.append(plain)
        places += [place] * len(plain)
    return "".join(made), places
