"""Words of tables that somebody wrote so that people read them and a table does not: `acce$$`, `a c c e s s`, `ac-cess`,
`perrnission`, `IocaI`, letters from right to left.

Only what is masked is found: words that stand as the table writes them are the plain search's, whose exceptions count.
Letters of other scripts that look alike are folded there (`keywords.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from maild.mail.keywords import MOST_CHARACTERS, KeywordHit, Matcher, WordList, parts_of, tokens
from maild.mail.text.characters import OVERRIDES, TURNING_ENDS
from maild.mail.text.folding import fold

#: what stands for a letter; `l` and `I` are one
_SHAPES = str.maketrans("01345789$@!|\u20acl", "oieastbgsaiiei")
_SIGNS = "$@!|\u20ac"
_DRAWN = (("rn", "m"), ("vv", "w"))
_SHAPED_WORD = re.compile(rf"[a-z0-9{_SIGNS}]+")
#: the same for ASCII, where `translate` and `split` are several times faster
_ASCII_UNSHAPED = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in _SIGNS)}
#: marks within a word; `-` at the end of a line too
_ASCII_MARKS = "-|*_~^`"
_MARKS = _ASCII_MARKS + "\u2010\u2011\u2012\u2013\u2014\u2015\u00b7\u2022\u2027\u2219\u22c5\u00b4\u00a6"
#: begins with the mark, not with the letter before it: what begins so is looked for many times as quickly
_MARK_WITHIN = re.compile(
    rf"[{re.escape(_MARKS)}](?<=[^\W0-9_].)(?:[{re.escape(_MARKS)}]?|(?<=-)[ \t]*\r?\n[ \t]*)(?=[^\W0-9_])"
)
#: letters that stand alone, with little between them
_LONE_LETTERS = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,4}[^\W_](?![^\W_])){3,}")
_LITTLE = re.compile(r"[\W_]+")
_OVERRIDDEN = re.compile(rf"[{OVERRIDES}]([^{TURNING_ENDS}\n]{{1,2000}})")
#: what tables write in both ways
_USUAL = frozenset(("email", "emails"))
_HEAD = 3  # letters
_FEWEST = 6  # letters of what is spelled without more between its words than between its letters
_LONGEST_WORD = 64
_MOST_MARKS = 2_000
_MOST_KNOWN = 8_192


def shape(word: str) -> str:
    """A folded word as it looks: `acce$$` and `access` are one, `perrnission` and `permission` too."""
    made = word.translate(_SHAPES)
    for drawn, letter in _DRAWN:
        made = made.replace(drawn, letter)
    return made


class MaskedWords:
    """What of some tables' words stands masked in a text. Every step is linear in the text."""

    def __init__(self, tables: Sequence[Sequence[str]]) -> None:
        self._tables = [list(words) for words in tables]
        self._plain = Matcher(tables)
        #: in their shapes -> as the table writes them
        self._written = {
            (number, _in_shape(word)): word
            for number, words in enumerate(tables)
            for word in words
            if parts_of(word)
        }
        shapes: list[list[str]] = [[] for _ in tables]
        for number, word in self._written:
            shapes[number].append(word)
        self._shapes = Matcher(shapes)
        self._parts = {  # but for "any one word", which every word would fit
            part
            for words in tables
            for word in words
            if word[:1] != "!"
            for part in parts_of(word)
            if part[0]
        }
        #: shapes of the parts, by how each begins
        self._in_shape = [(shape(part), part, begins) for part, begins in self._parts]
        self._begins = frozenset(seen[:_HEAD] for seen, _, _ in self._in_shape)
        self._with_head: dict[str, list[tuple[str, str, bool]]] = {}
        #: words that look like none of the tables', or stand as written there, learnt as they come: nearly all
        self._unmasked: set[str] = set()

    def hits(self, text: str, said: WordList) -> list[KeywordHit]:
        """`said`: what `word_list` finds in the text. The places in the hits say nothing."""
        text = text[:MOST_CHARACTERS]
        plain = text.isascii()
        masked = [*self._shaped(text, said.different)]
        if not plain and any(map(text.__contains__, OVERRIDES)):
            masked += self._turned(text)
        if any(map(text.__contains__, _ASCII_MARKS if plain else _MARKS)) and _MARK_WITHIN.search(text):
            masked += self._joined(text)
        if said.spells():
            masked += self._spelled(text if plain else fold(text))
        return masked

    def _is_masked(self, word: str) -> bool:
        """Whether a word looks like one of the tables' and is not written as it."""
        if word in self._unmasked:
            return False
        if self._looks_like_one(word):
            return True
        if len(self._unmasked) >= _MOST_KNOWN:
            self._unmasked.clear()
        self._unmasked.add(word)
        return False

    def _looks_like_one(self, word: str) -> bool:
        seen = shape(word)
        if (head := seen[:_HEAD]) not in self._begins:
            return False
        alike = [(part, begins) for shown, part, begins in self._alike(head) if _fits(seen, shown, begins)]
        return bool(alike) and not any(_fits(word, part, begins) for part, begins in alike)

    def _alike(self, head: str) -> list[tuple[str, str, bool]]:
        """The parts that a word with this shape's beginning may look like: a few of hundreds."""
        if (likely := self._with_head.get(head)) is None:
            likely = [one for one in self._in_shape if head.startswith(one[0][:_HEAD])]
            self._with_head[head] = likely
        return likely

    def _is_part(self, word: str) -> bool:
        return shape(word)[:_HEAD] in self._begins and any(_fits(word, *part) for part in self._parts)

    def _shaped(self, text: str, words: Set[str]) -> Iterator[KeywordHit]:
        """Digits, signs and pairs of letters for letters."""
        masked = any(map(self._is_masked, words - self._unmasked))
        if not masked and any(map(text.__contains__, _SIGNS)):
            masked = any(map(self._is_masked, set(_with_signs(text)) - self._unmasked))
        if not masked:
            return
        said = _with_signs(text)
        shapes = {word: shape(word) for word in set(said)}
        for hit in self._shapes.hits([shapes[word] for word in said]):
            if any(map(self._is_masked, said[hit.at : hit.end])):
                yield KeywordHit(hit.table, self._written[hit.table, hit.word], hit.at, hit.end)

    def _turned(self, text: str) -> Iterator[KeywordHit]:
        """What stands between a mark that turns the order of reading and its end."""
        turned: set[str] = set()

        def read(match: re.Match[str]) -> str:
            run = match[1][::-1]
            turned.update(tokens(run))
            return f" {run} "

        words = tokens(_OVERRIDDEN.sub(read, text))
        return iter([hit for hit in self._plain.hits(words) if turned.intersection(words[hit.at : hit.end])])

    def _joined(self, text: str) -> Iterator[KeywordHit]:
        """What words make without the marks within them; each hit reaches beyond such a mark."""
        first: dict[str, int] = {}  # a joined word -> the letters before its first mark
        pieces: list[str] = []
        done = 0
        for begin, end in _marked_words(text):
            whole = text[begin:end]
            mark = _MARK_WITHIN.search(whole)
            word = fold(_MARK_WITHIN.sub("", whole))
            if mark is not None and word not in _USUAL and self._is_part(word):
                size = len(fold(whole[: mark.start()]))
                first[word] = min(size, first.get(word, size))
                pieces += (text[done:begin], " ", word, " ")
                done = end
        if not first:
            return
        words = tokens("".join((*pieces, text[done:])))
        for hit in self._plain.hits(words):
            parts = zip(parts_of(hit.word), words[hit.at : hit.end], strict=True)
            if any(word in first and len(part) > first[word] for (part, _), word in parts):
                yield hit

    def _spelled(self, text: str) -> Iterator[KeywordHit]:
        """Words that are spelled letter by letter; with no more between words than between letters they are one."""
        made: set[str] = set()

        def joined(match: re.Match[str]) -> str:
            word = fold(_LITTLE.sub("", match[0]))
            made.add(word)
            return f" {word} "

        words = tokens(_LONE_LETTERS.sub(joined, text))
        yield from [hit for hit in self._plain.hits(words) if made.intersection(words[hit.at : hit.end])]
        for number, table in enumerate(self._tables):
            for word in table if made else ():
                whole = "".join(part for part, _ in parts_of(word))
                if word[:1] != "!" and len(whole) >= _FEWEST and any(whole in run for run in made):
                    yield KeywordHit(number, word, 0, 0)
                    return


def _in_shape(word: str) -> str:
    parts = " ".join(shape(part) + "*" * begins for part, begins in parts_of(word))
    return f"!{parts}" if word.startswith("!") else parts


def _fits(word: str, part: str, begins: bool) -> bool:
    return word.startswith(part) if begins else word == part


def _with_signs(text: str) -> list[str]:
    """Folded words, with the signs that stand in them for letters."""
    low = fold(text)
    runs = low.translate(_ASCII_UNSHAPED).split() if low.isascii() else _SHAPED_WORD.findall(low)
    return [word for run in runs if (word := run.strip("!|"))]


def _marked_words(text: str) -> Iterable[tuple[int, int]]:
    """(begin, end) of words with marks within."""
    end = 0
    for count, mark in enumerate(_MARK_WITHIN.finditer(text)):
        if count >= _MOST_MARKS:
            return
        if mark.start() < end:
            continue
        begin = mark.start()
        while begin > 0 and mark.start() - begin < _LONGEST_WORD and text[begin - 1].isalpha():
            begin -= 1
        end = mark.end()
        while end < len(text) and end - begin < 2 * _LONGEST_WORD:
            if text[end].isalpha():
                end += 1
            elif more := _MARK_WITHIN.match(text, end):
                end = more.end()
            else:
                break
        yield begin, end
