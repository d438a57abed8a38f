"""Entries of tables of words, by the longest word of each: what `mail/keywords.py` looks for in a text."""

from __future__ import annotations

from collections.abc import Sequence

from maild.values import dataclass

#: neighbours that a word remembers; then it begins anew
_MOST_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One entry of a table: the words that it is made of."""

    table: int
    word: str
    parts: tuple[tuple[str, bool], ...]  # (folded text, by beginning)
    cancels: bool
    size: int  # words
    key: int  # which of the parts is looked for
    rank: int  # among those that stand at one place: an exact beginning first, then the shortest one, then as listed
    exact: list[str] | None  # its words where none of them is a beginning


class Around:
    """What a word is the key of: the neighbouring word -> patterns that fit both, learnt as they come."""

    __slots__ = (
        "_after",
        "_before",
        "_by_after",
        "_by_before",
        "_needs",
        "_others",
        "alone",
        "ends",
        "goes_on",
    )

    def __init__(self, patterns: tuple[WordPattern, ...]) -> None:
        self.alone = tuple([one for one in patterns if one.size == 1])
        self._after = tuple([one for one in patterns if one.key < one.size - 1])
        self._before = tuple([one for one in patterns if 0 < one.key == one.size - 1])
        self.goes_on, self.ends = bool(self._after), bool(self._before)
        self._by_after: dict[str, tuple[WordPattern, ...]] = {}
        self._by_before: dict[str, tuple[WordPattern, ...]] = {}
        neighbours = [one.parts[one.key + 1] for one in self._after]
        neighbours += [one.parts[one.key - 1] for one in self._before]
        may_without = bool(self.alone) or any(open_end for _, open_end in neighbours)
        #: without one of these in the text nothing fits; None where something may
        self._others = None if may_without else frozenset([text for text, _ in neighbours])
        #: the whole words of each pattern
        self._needs = {frozenset([text for text, open_end in one.parts if not open_end]) for one in patterns}

    def may_stand(self, said: frozenset[str]) -> bool:
        """Whether a text that holds the key, and these words, holds all that one of the patterns is made of."""
        if self._others is not None and self._others.isdisjoint(said):
            return False
        return any(map(said.issuperset, self._needs))

    def ahead(self, after: str) -> tuple[WordPattern, ...]:
        """The patterns that go on with this word; from now on they are remembered."""
        known = self._by_after.get(after)
        if known is None:
            fit = [p for p in self._after if _fits(after, p.parts[p.key + 1])]
            known = _remembered(self._by_after, after, fit)
        return known

    def behind(self, before: str) -> tuple[WordPattern, ...]:
        """The patterns that end with the key, and have this word before it."""
        known = self._by_before.get(before)
        if known is None:
            fit = [p for p in self._before if _fits(before, p.parts[p.key - 1])]
            known = _remembered(self._by_before, before, fit)
        return known


def stands(pattern: WordPattern, words: Sequence[str], start: int) -> bool:
    """Whether its words stand there, from `start` on."""
    if start < 0 or start + pattern.size > len(words):
        return False
    said = words[start : start + pattern.size]
    return [*said] == pattern.exact if pattern.exact is not None else all(map(_fits, said, pattern.parts))


def _remembered(
    known: dict[str, tuple[WordPattern, ...]], word: str, patterns: list[WordPattern]
) -> tuple[WordPattern, ...]:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()
    kept = known[word] = tuple(patterns)
    return kept


def _fits(word: str, part: tuple[str, bool]) -> bool:
    text, open_end = part
    return word.startswith(text) if open_end else word == text
