"""Finding words of tables in a text: whole words, without regard to case and accents, in linear time.

`print*` matches by beginning, `access to` as a sequence of words (each may end in a star; a star alone is any one
word between two), and `!permission denied` takes back what other words of its table found inside that phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from itertools import compress
from typing import TypeVar

from maild.mail.text.folding import fold
from maild.mail.word_files import words_of
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
#: lengths of four single letters in a row
_FOUR_SINGLE = bytes((1, 1, 1, 1))
_FEW_SINGLE = 3

_WORD = re.compile(r"[^\W_]+")
#: the same for ASCII, where `translate` and `split` are many times faster
_ASCII_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum()}


class WordList:
    """The folded words of a text, split once for all the tables that are to be held against it."""

    __slots__ = ("_spelled", "different", "words")

    def __init__(self, words: list[str], different: frozenset[str]) -> None:
        self.words = words
        self.different = different
        self._spelled: bool | None = None

    def spells(self) -> bool:
        """Whether four words in a row are single letters or digits. Found out once."""
        if self._spelled is None:
            self._spelled = _spells(self)
        return self._spelled


def _spells(said: WordList) -> bool:
    single = [word for word in said.different if len(word) == 1]
    if (
        len(single) <= _FEW_SINGLE
    ):  # "a" and "i" stand in most texts; then two of them in a row are looked for
        line = f" {' '.join(said.words)} "
        if not any(f" {one} {next_one} " in line for one in single for next_one in single):
            return False
    return _FOUR_SINGLE in bytes(map(len, said.words))


def tokens(text: str) -> list[str]:
    """The folded words of the first `MOST_CHARACTERS` characters; `e-mail` is two, `d'accord` too."""
    return [*word_list(text).words]


def word_list(text: str) -> WordList:
    """`tokens`, for more than one table."""
    return _word_list(text[:MOST_CHARACTERS])


def word_list_of(title: str, text: str) -> WordList:
    """`word_list` of a title and, on the line below it, a text whose own words are mostly known."""
    if len(title) + 1 + len(text) > MOST_CHARACTERS:
        return word_list(f"{title}\n{text}")
    above, below = _word_list(title), _word_list(text)
    return WordList(above.words + below.words, above.different | below.different)


@lru_cache(maxsize=8)
def _word_list(text: str) -> WordList:
    """Remembered: guards, thanks and tables ask for the same new text, one after the other."""
    text = fold(text)
    words = text.translate(_ASCII_BETWEEN).split() if text.isascii() else _WORD.findall(text)
    if max(map(len, different := frozenset(words)), default=0) > _LONGEST:
        different = frozenset(words := [word[:_LONGEST] for word in words])
    return WordList(words, different)


@dataclass(frozen=True, slots=True)
class KeywordHit:
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

    def hits(self, words: Sequence[str], different: frozenset[str] | None = None) -> list[KeywordHit]:
        """All hits in `words` (from `tokens`), in order of their place. `different`: each of them, where it is known."""
        different = frozenset(words) if different is None else different
        known = self._known
        keys: set[str] = set()
        for word in different - self._idle:
            around = known.get(word) or self._learn(word, known)
            if around is None:
                self._idle.add(word)
            elif around.may_stand(different):
                keys.add(word)
        found: list[tuple[int, int, WordPattern]] = []
        last = len(words) - 1
        for at in compress(range(len(words)), map(keys.__contains__, words)) if keys else ():
            around = known[words[at]]
            for pattern in around.alone:
                found.append((at, pattern.rank, pattern))
            if around.goes_on:
                for pattern in around.ahead(words[at + 1] if at < last else ""):
                    if stands(pattern, words, at - pattern.key):
                        found.append((at - pattern.key, pattern.rank, pattern))
            if around.ends:
                for pattern in around.behind(words[at - 1] if at else ""):
                    if stands(pattern, words, at - pattern.key):
                        found.append((at - pattern.key, pattern.rank, pattern))
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
    exact = None if any(begins for _, begins in parts) else [text for text, _ in parts]
    return WordPattern(table, word, parts, word.startswith("!"), len(parts), key, rank, exact)


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
    """(start, rank, pattern), no two of one rank at one place, as hits in order, but for those that an exception takes
    back."""
    found.sort()
    seen: list[KeywordHit] = []
    covered: set[tuple[int, int]] = set()
    for start, _, pattern in found:
        if pattern.cancels:
            covered.update([(pattern.table, at) for at in range(start, start + pattern.size)])
        else:
            seen.append(KeywordHit(pattern.table, pattern.word, start, start + pattern.size))
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


@lru_cache(maxsize=64)
def words_among(*names: str, language: str | None = None) -> frozenset[str]:
    """Each word of the shipped lists of these names, as `tokens` gives them."""
    return frozenset(word for name in names for phrase in phrases(name, language) for word in tokens(phrase))
