"""Finding words of tables in a text: whole words, without regard to case and accents, in linear time.

`print*` matches by beginning, `access to` as a sequence of words (each may end in a star; a star alone is any one
word between two), and `!permission denied` takes back what other words of its table found inside that phrase.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence, Set
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from maild import fulltext
from maild.mail.text.characters import SHAPELESS
from maild.mail.text.clean import invisible_out
from maild.model import LANGUAGES
from maild.settings import Hint, Keywords
from maild.values import dataclass

#: what is read of a text: what somebody wants stands near its beginning
MOST_CHARACTERS = 20_000
#: longer words are no words; their beginning is kept for `word*`
_LONGEST = 64

#: letters of other scripts that look like a Latin one, as folding leaves them: who writes `\u0430ccess` is read as people
#: read it. Words of tables are folded the same way, so that a table of another script finds its own
_LIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u051b\u051d\u0432\u043d\u043c\u0442\u043a\u04af\u0261\u0251\u0269"
    "\u03b1\u03bf\u03bd\u03c1\u03c4\u03c5\u03b9\u03ba\u03b7\u03b5\u03c7\u03b3\u0585\u057d\u0570\u0578\u0566\u0581",
    "aeopcyxijsdhlqwbhmtkygaiaovptuikhexyoshnqg",
)
#: whole alphabets of such letters: Cherokee and Lisu, small capitals, letters in black circles and squares, of flags
_LIKE |= str.maketrans(
    "\u13aa\u13f4\u13df\u13a0\u13ac\u13c0\u13bb\u13a5\u13ab\u13e6\u13de\u13b7\u13e2\u13d2\u13da\u13a2\u13d9\u13b3\u13cd\u13c3"
    "\ua4ee\ua4d0\ua4da\ua4d3\ua4f0\ua4dd\ua4d6\ua4e7\ua4f2\ua4d9\ua4d7\ua4e1\ua4df\ua4e0\ua4f3\ua4d1\ua4e3\ua4e2\ua4d4\ua4f4\ua4e6\ua4ea\ua4eb\ua4ec\ua4dc"
    "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
    "abcdeghijklmprstvwyz" + "abcdefghijklmnoprstuvwxyz" + "abcdefghijklmnoprstuvwyz",
)
for _first in (0x1F150, 0x1F170, 0x1F1E6):
    _LIKE |= {_first + number: ord("a") + number for number in range(26)}
#: what is set upon a letter or stands unseen beside it: marks that enclose, choose a form, or have no shape
_UPON = dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x20DD, 0x20E5), *SHAPELESS))

_WORD = re.compile(r"[^\W_]+")
#: the same for ASCII, where `translate` and `split` are many times faster
_ASCII_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """Case, accents and the script of look-alike letters away: `Jóváhagyom` and `JOVAHAGYOM` are one."""
    if text.isascii():
        return text.lower()
    return fulltext.fold(invisible_out(text).translate(_UPON)).translate(_LIKE)


@dataclass(frozen=True, slots=True)
class WordList:
    """The folded words of a text, split once for all the tables that are to be held against it."""

    words: list[str]
    different: frozenset[str]


def tokens(text: str) -> list[str]:
    """The folded words of the first `MOST_CHARACTERS` characters; `e-mail` is two, `d'accord` too."""
    return [*word_list(text).words]


def word_list(text: str) -> WordList:
    """`tokens`, for more than one table."""
    return _word_list(text[:MOST_CHARACTERS])


@lru_cache(maxsize=8)
def _word_list(text: str) -> WordList:
    """Remembered: guards, thanks and tables ask for the same new text, one after the other."""
    text = fold(text)
    words = text.translate(_ASCII_BETWEEN).split() if text.isascii() else _WORD.findall(text)
    if max(map(len, different := frozenset(words)), default=0) > _LONGEST:
        different = frozenset(words := [word[:_LONGEST] for word in words])
    return WordList(words, different)


class KeywordHit(NamedTuple):
    """One place where a table's word stands: words [at, end) of the text."""

    table: int
    word: str  # as the table writes it
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    table: int
    word: str
    parts: tuple[tuple[str, bool], ...]  # (folded text, by beginning)
    cancels: bool
    size: int  # words


class _Followed:
    """What a word begins: next word -> patterns that fit both, learnt as they come. `seconds`: without one of these words
    in the text it begins nothing; None where it may without."""

    __slots__ = ("_starting", "by_next", "seconds")

    MOST = 256

    def __init__(self, starting: tuple[_Pattern, ...]) -> None:
        self._starting = starting
        self.by_next: dict[str, tuple[_Pattern, ...]] = {}
        alone = any(pattern.size == 1 or pattern.parts[1][1] for pattern in starting)
        self.seconds = None if alone else frozenset(pattern.parts[1][0] for pattern in starting)

    def by(self, after: str) -> tuple[_Pattern, ...]:
        """The patterns that go on with the word `after`; from now on they stand in `by_next`."""
        if len(self.by_next) >= self.MOST:
            self.by_next.clear()
        kept = self.by_next[after] = tuple([p for p in self._starting if _goes_on(p, after)])
        return kept


class Matcher:
    """Compiled tables of words. Build with `matcher` or `matcher_of`, which keep it.

    Which patterns begin with a word, and which of those go on with the next word, is looked up once for each
    pair of words and remembered: mails share most of theirs, and most begin nothing.
    """

    #: words remembered; then all are forgotten, as somebody sends mails of made-up words
    MOST_REMEMBERED = 4_096

    def __init__(self, tables: Sequence[Sequence[str]]) -> None:
        self._exact: dict[str, list[_Pattern]] = {}
        self._begins: dict[str, list[_Pattern]] = {}
        for number, words in enumerate(tables):
            for word in words:
                pattern = _compiled(number, word)
                if pattern is not None:
                    first, open_end = pattern.parts[0]
                    (self._begins if open_end else self._exact).setdefault(first, []).append(pattern)
        self._lengths = sorted({len(text) for text in self._begins})
        self._shortest = self._lengths[0] if self._lengths else 0
        #: a word that begins otherwise begins no entry that ends in a star
        self._heads = frozenset(text[: self._shortest] for text in self._begins)
        #: word -> what it begins, learnt as they come
        self._known: dict[str, _Followed] = {}
        #: those that begin nothing: most, left out in one step
        self._idle: set[str] = set()

    def hits(self, words: Sequence[str], different: Set[str] | None = None) -> list[KeywordHit]:
        """All hits in `words` (from `tokens`), in order of their place. `different`: each of them, where it is known."""
        seen: list[KeywordHit] = []
        taken_back: list[KeywordHit] = []
        last = len(words) - 1
        known = self._known
        begin: set[str] = set()
        different = set(words) if different is None else different
        for word in different - self._idle:
            followed = known.get(word) or self._learn(word, known)
            if followed is None:
                self._idle.add(word)
            elif followed.seconds is None or not followed.seconds.isdisjoint(different):
                begin.add(word)
        for at in [at for at, word in enumerate(words) if word in begin] if begin else ():
            followed, after = known[words[at]], words[at + 1] if at < last else ""
            going_on = followed.by_next.get(after)
            for pattern in followed.by(after) if going_on is None else going_on:
                if pattern.size == 1 or _continues(pattern, words, at):
                    hit = KeywordHit(pattern.table, pattern.word, at, at + pattern.size)
                    (taken_back if pattern.cancels else seen).append(hit)
        self._forget()
        if not taken_back:
            return seen
        covered = {(hit.table, i) for hit in taken_back for i in range(hit.at, hit.end)}
        return [h for h in seen if not all((h.table, i) in covered for i in range(h.at, h.end))]

    def _learn(self, word: str, known: dict[str, _Followed]) -> _Followed | None:
        """Put into `known` what the word begins; None where that is nothing."""
        if not (starting := self._starting(word)):
            return None
        followed = known[word] = _Followed(starting)
        return followed

    def _forget(self) -> None:
        if len(self._known) + len(self._idle) > self.MOST_REMEMBERED:
            self._known = {}
            self._idle = set()

    def _starting(self, word: str) -> tuple[_Pattern, ...]:
        exact = self._exact.get(word, ())
        if word[: self._shortest] not in self._heads:
            return tuple(exact)
        beginnings = [word[:length] for length in self._lengths if length <= len(word)]
        return (*exact, *[one for text in beginnings for one in self._begins.get(text, ())])


def _goes_on(pattern: _Pattern, word: str) -> bool:
    if pattern.size == 1:
        return True
    text, open_end = pattern.parts[1]
    return word.startswith(text) if open_end else word == text


def _compiled(table: int, word: str) -> _Pattern | None:
    """None for a word without a letter or digit, which could match nothing."""
    parts = parts_of(word)
    return _Pattern(table, word, parts, word.startswith("!"), len(parts)) if parts else None


@lru_cache(maxsize=4_096)
def parts_of(word: str) -> tuple[tuple[str, bool], ...]:
    """The folded words of an entry of a table, each with whether it is a beginning."""
    parts: list[tuple[str, bool]] = []
    for piece in word.lstrip("!").split():
        words = [part[:_LONGEST] for part in _WORD.findall(fold(piece))]
        parts += [(part, False) for part in words[:-1]]
        if words:
            parts.append((words[-1], piece.endswith("*")))
        elif piece == "*" and parts:
            parts.append(("", True))  # any one word
    return tuple(parts)


def _continues(pattern: _Pattern, words: Sequence[str], at: int) -> bool:
    if at + pattern.size > len(words):
        return False
    for offset, (text, open_end) in enumerate(pattern.parts[1:], 1):
        word = words[at + offset]
        if not (word.startswith(text) if open_end else word == text):
            return False
    return True


@lru_cache(maxsize=256)
def matcher(tables: tuple[tuple[str, ...], ...]) -> Matcher:
    """The compiled tables, one for equal tables."""
    return Matcher(tables)


@lru_cache(maxsize=256)
def phrase_matcher(name: str, language: str | None = None) -> Matcher:
    """The compiled list `phrases(name, language)`, whose words are not even hashed."""
    return matcher((phrases(name, language),))


_newest: tuple[tuple[Keywords, ...], Matcher] | None = None


def matcher_of(tables: tuple[Keywords, ...]) -> Matcher:
    """The compiled words of [[keywords]] tables. The same tuple, as settings hold it, is not even hashed."""
    global _newest
    newest = _newest
    if newest is None or newest[0] is not tables:
        newest = _newest = (tables, matcher(tuple(table.words for table in tables)))
    return newest[1]


# ------------------------------------------------------------------------------- the words maild ships


@lru_cache(maxsize=8)
def words_of(language: str) -> dict[str, Any]:
    """The shipped data table `words/<language>.toml`."""
    text = resources.files("maild.mail").joinpath("words", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def default_keywords() -> tuple[Keywords, ...]:
    """The shipped [[keywords]] tables, all languages; those of no language (topics) first."""
    made = []
    for language in ("any", *LANGUAGES):
        for row in words_of(language).get("keywords", ()):
            fields = {**row, "words": tuple(row["words"])}
            # for people who read the table, and for its test
            del fields["example"], fields["counter_example"]
            made.append(Keywords(**fields, language="" if language == "any" else language))
    return tuple(made)


@lru_cache(maxsize=1)
def default_hints() -> tuple[Hint, ...]:
    """The shipped [[hints]] tables: what to ask for a vague report of a kind."""
    rows = words_of("any")["hints"]
    return tuple(
        Hint(row["kind"], tuple(row["asks"]), tuple(row.get("when_missing", ())), row.get("max_words", 25))
        for row in rows
    )


@lru_cache(maxsize=64)
def phrases(name: str, language: str | None = None) -> tuple[str, ...]:
    """The shipped list `name` (thanks, not_this, adopt ...) of one language, or of all together."""
    chosen = (language,) if language in LANGUAGES else LANGUAGES
    return tuple(dict.fromkeys(w for lang in chosen for w in words_of(lang).get("phrases", {}).get(name, ())))
