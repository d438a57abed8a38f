"""Finding words of tables in a text: whole words, without regard to case and accents, in linear time.

`print*` matches by beginning, `access to` as a sequence of words (each may end in a star; a star alone is any one
word between two), and `!permission denied` takes back what other words of its table found inside that phrase.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence, Set
from functools import lru_cache, wraps
from importlib import resources
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from maild import fulltext
from maild.mail.text.characters import SHAPELESS
from maild.mail.text.clean import invisible_out
from maild.mail.word_patterns import Around, WordPattern, stands
from maild.model import LANGUAGES
from maild.settings import Hint, Keywords
from maild.values import dataclass

T = TypeVar("T")

#: what is read of a text: what somebody wants stands near its beginning
MOST_CHARACTERS = 20_000
#: more entries than all tables of a desk have
_MOST_LISTED = 1 << 32
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


class Matcher:
    """Compiled tables of words. Build with `matcher` or `matcher_of`, which keep it.

    A pattern is looked for by the longest of its words, which few texts have: `have` and `the` begin many. Which
    patterns have a word as that, and which of those fit its neighbour, is looked up once and remembered: mails share
    most of their words, and most are the key of nothing.
    """

    #: words remembered; then all are forgotten, as somebody sends mails of made-up words
    MOST_REMEMBERED = 4_096

    def __init__(self, tables: Sequence[Sequence[str]]) -> None:
        self._exact: dict[str, list[WordPattern]] = {}
        self._begins: dict[str, list[WordPattern]] = {}
        listed = 0
        for number, words in enumerate(tables):
            for word in words:
                listed += 1
                pattern = _compiled(number, word, listed)
                if pattern is not None:
                    text, open_end = pattern.parts[pattern.key]
                    (self._begins if open_end else self._exact).setdefault(text, []).append(pattern)
        self._lengths = sorted({len(text) for text in self._begins})
        self._shortest = self._lengths[0] if self._lengths else 0
        #: a word that begins otherwise begins no entry that ends in a star
        self._heads = frozenset(text[: self._shortest] for text in self._begins)
        #: word -> what it is the key of, learnt as they come
        self._known: dict[str, Around] = {}
        #: those that are the key of nothing: most, left out in one step
        self._idle: set[str] = set()

    def hits(self, words: Sequence[str], different: Set[str] | None = None) -> list[KeywordHit]:
        """All hits in `words` (from `tokens`), in order of their place. `different`: each of them, where it is known."""
        different = set(words) if different is None else different
        known = self._known
        keys: set[str] = set()
        for word in different - self._idle:
            around = known.get(word) or self._learn(word, known)
            if around is None:
                self._idle.add(word)
            elif around.others is None or not around.others.isdisjoint(different):
                keys.add(word)
        found: list[tuple[int, int, WordPattern]] = []
        last = len(words) - 1
        for at in [at for at, word in enumerate(words) if word in keys] if keys else ():
            before, after = words[at - 1] if at else "", words[at + 1] if at < last else ""
            for pattern in known[words[at]].between(before, after):
                start = at - pattern.key
                if pattern.size == 1 or stands(pattern, words, start):
                    found.append((start, pattern.rank, pattern))
        self._forget()
        return _counted(found) if found else []

    def _learn(self, word: str, known: dict[str, Around]) -> Around | None:
        """Put into `known` what the word is the key of; None where that is nothing."""
        if not (patterns := self._with_key(word)):
            return None
        around = known[word] = Around(patterns)
        return around

    def _forget(self) -> None:
        if len(self._known) + len(self._idle) > self.MOST_REMEMBERED:
            self._known = {}
            self._idle = set()

    def _with_key(self, word: str) -> tuple[WordPattern, ...]:
        exact = self._exact.get(word, ())
        if word[: self._shortest] not in self._heads:
            return tuple(exact)
        beginnings = [word[:length] for length in self._lengths if length <= len(word)]
        return (*exact, *[one for text in beginnings for one in self._begins.get(text, ())])


def _compiled(table: int, word: str, listed: int) -> WordPattern | None:
    """None for a word without a letter or digit, which could match nothing."""
    parts = parts_of(word)
    if not parts:
        return None
    key = max(range(len(parts)), key=lambda at: len(parts[at][0]))
    first, open_end = parts[0]
    rank = open_end * len(first) * _MOST_LISTED + listed
    return WordPattern(table, word, parts, word.startswith("!"), len(parts), key, rank)


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


def _counted(found: list[tuple[int, int, WordPattern]]) -> list[KeywordHit]:
    """As hits in order, but for those that an exception takes back."""
    if len(found) > 1:
        found.sort(key=itemgetter(0, 1))
    seen: list[KeywordHit] = []
    covered: set[tuple[int, int]] = set()
    for start, _, pattern in found:
        end = start + pattern.size
        if pattern.cancels:
            covered.update([(pattern.table, at) for at in range(start, end)])
        else:
            seen.append(KeywordHit(pattern.table, pattern.word, start, end))
    if not covered:
        return seen
    return [h for h in seen if not all((h.table, at) in covered for at in range(h.at, h.end))]


@lru_cache(maxsize=256)
def matcher(tables: tuple[tuple[str, ...], ...]) -> Matcher:
    """The compiled tables, one for equal tables."""
    return Matcher(tables)


@lru_cache(maxsize=256)
def phrase_matcher(name: str, language: str | None = None) -> Matcher:
    """The compiled list `phrases(name, language)`, whose words are not even hashed."""
    return matcher((phrases(name, language),))


def kept_of_newest(make: Callable[[tuple[Keywords, ...]], T]) -> Callable[[tuple[Keywords, ...]], T]:
    """What a function makes of a desk's [[keywords]] tables, kept for the newest ones: the same tuple, as settings hold it,
    is not even hashed. Threads that ask with different tables each get what belongs to theirs."""
    newest: tuple[tuple[Keywords, ...], T] | None = None

    @wraps(make)
    def kept(tables: tuple[Keywords, ...]) -> T:
        nonlocal newest
        found = newest
        if found is None or found[0] is not tables:
            found = newest = tables, make(tables)
        return found[1]

    return kept


@kept_of_newest
def matcher_of(tables: tuple[Keywords, ...]) -> Matcher:
    """The compiled words of [[keywords]] tables."""
    return matcher(tuple(table.words for table in tables))


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
