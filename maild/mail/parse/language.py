"""Tell the language of a mail's new text, well enough to choose between the desk's five.

Frequent words, telling letters and the ends of words are counted; the tables know other languages, too,
so that those end in None and not in the nearest of the five.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from maild.mail.languages.words import ENDINGS, LETTERS, WORDS

SUPPORTED = ("en", "nl", "hu", "de", "fr")

_SAMPLE = 800  # characters looked at
_ENOUGH = 2.0  # words' worth of evidence
_LEAD = 1.35  # times the next language
_SHARE = 0.17  # of all words
_AROUND = '.,;:!?()[]{}<>"„“”»«*_~|/…¿¡#'


def _word_groups() -> tuple[dict[str, int], list[tuple[float, tuple[str, ...]]]]:
    """word -> number of its group, and the groups: (weight, languages that share the words).

    A word of several languages is worth less to each. Grouped, a text is counted in one pass without a
    step of Python for each word.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for language, cell in WORDS.items():
        for word in dict.fromkeys(cell.split()):
            owners[word].append(language)
    numbers: dict[tuple[float, tuple[str, ...]], int] = {}
    table = {
        word: numbers.setdefault(
            ((1.0 if len(word) > 1 else 0.5) / len(languages) ** 0.5, tuple(languages)), len(numbers)
        )
        for word, languages in owners.items()
    }
    return table, list(numbers)


_GROUP, _GROUPS = _word_groups()
_NO_WORD, _STRANGER = -1, -2  # what is no word, and a word that tells nothing
_ENDINGS: dict[str, tuple[str, ...]] = {
    ending: tuple(language for language, cell in ENDINGS.items() if ending in cell.split())
    for ending in {ending for cell in ENDINGS.values() for ending in cell.split()}
}
_LETTERS: dict[str, tuple[str, ...]] = {
    letter: tuple(language for language, cell in LETTERS.items() if letter in cell)
    for letter in {letter for cell in LETTERS.values() for letter in cell}
}


#: how a word ends -> the group that its languages share
_BY_ENDING = {ending: len(_GROUPS) + number for number, ending in enumerate(_ENDINGS)}
_GROUPS += [(0.5, languages) for languages in _ENDINGS.values()]
#: what stands between blanks -> its group, learnt as they come: nearly all of a mail's were in others
_known: dict[str, int] = {}
_MOST_KNOWN = 8_192


def _group_of(written: str) -> int:
    """The group of what stands between two blanks."""
    word = written if written.isalpha() else written.strip(_AROUND)
    if not word.isalpha():
        return _NO_WORD
    if (group := _GROUP.get(word)) is not None:
        return group
    if len(word) <= 5:
        return _STRANGER
    return _BY_ENDING.get(word[-4:], _BY_ENDING.get(word[-3:], _STRANGER))


def _with_all(words: list[str]) -> dict[str, int]:
    """What is known of words, these among them."""
    global _known
    known = _known
    new = set(words).difference(known)
    if len(known) + len(new) > _MOST_KNOWN:  # somebody else may still look into the old one
        known, new = {}, set(words)
    for word in new:
        known[word] = _group_of(word)
    _known = known
    return known


def detect(text: str) -> str | None:
    """ "en", "nl", "hu", "de" or "fr"; None for a short, undecided or other text."""
    low = text[:_SAMPLE].lower()
    words = low.replace("'", " ").replace("’", " ").replace("-", " ").split()
    known = _with_all(words)
    counted = Counter([known[word] for word in words])
    plain = len(words) - counted.pop(_NO_WORD, 0)
    if not plain:
        return None
    counted.pop(_STRANGER, None)
    scores: dict[str, float] = defaultdict(float)
    for group, times in counted.items():
        weight, languages = _GROUPS[group]
        for language in languages:
            scores[language] += weight * times
    if not low.isascii():
        for letter, languages in _LETTERS.items():
            if letter in low:
                times = min(3, low.count(letter))
                for language in languages:
                    scores[language] += times
    if not scores:
        return None
    first = max(scores, key=scores.__getitem__)
    best = scores.pop(first)
    second = max(scores.values(), default=0.0)
    if first not in SUPPORTED or best < _ENOUGH or best < second * _LEAD or best < plain * _SHARE:
        return None
    return first
