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


class Around:
    """What a word is the key of: the neighbouring word -> patterns that fit both, learnt as they come. `others`: without
    one of these words in the text none of them fits; None where one may without."""

    __slots__ = ("_after", "_before", "alone", "by_after", "by_before", "others")

    def __init__(self, patterns: tuple[WordPattern, ...]) -> None:
        self.alone = tuple([one for one in patterns if one.size == 1])
        self._after = tuple([one for one in patterns if one.key < one.size - 1])
        self._before = tuple([one for one in patterns if 0 < one.key == one.size - 1])
        self.by_after: dict[str, tuple[WordPattern, ...]] = {}
        self.by_before: dict[str, tuple[WordPattern, ...]] = {}
        neighbours = [one.parts[one.key + 1] for one in self._after]
        neighbours += [one.parts[one.key - 1] for one in self._before]
        may_without = bool(self.alone) or any(open_end for _, open_end in neighbours)
        self.others = None if may_without else frozenset([text for text, _ in neighbours])

    def between(self, before: str, after: str) -> tuple[WordPattern, ...]:
        """The patterns that may stand between these words; from now on they are remembered."""
        ahead = self.by_after.get(after)
        if ahead is None:
            ahead = _remembered(
                self.by_after, after, [p for p in self._after if _fits(after, p.parts[p.key + 1])]
            )
        behind = self.by_before.get(before)
        if behind is None:
            fit = [p for p in self._before if _fits(before, p.parts[p.key - 1])]
            behind = _remembered(self.by_before, before, fit)
        return self.alone + ahead + behind


def stands(pattern: WordPattern, words: Sequence[str], start: int) -> bool:
    """Whether its words stand there, from `start` on."""
    if start < 0 or start + pattern.size > len(words):
        return False
    return all(map(_fits, words[start : start + pattern.size], pattern.parts))


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
