"""Tell the language of a mail's new text, well enough to choose between the desk's five.

Frequent words, telling letters and the ends of words are counted; the tables know other languages, too,
so that those end in None and not in the nearest of the five.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import filterfalse

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
_ENDINGS: dict[str, tuple[str, ...]] = {
    ending: tuple(language for language, cell in ENDINGS.items() if ending in cell.split())
    for ending in {ending for cell in ENDINGS.values() for ending in cell.split()}
}
_LETTERS: dict[str, tuple[str, ...]] = {
    letter: tuple(language for language, cell in LETTERS.items() if letter in cell)
    for letter in {letter for cell in LETTERS.values() for letter in cell}
}


def detect(text: str) -> str | None:
    """ "en", "nl", "hu", "de" or "fr"; None for a short, undecided or other text."""
    low = text[:_SAMPLE].lower()
    words = low.replace("'", " ").replace("’", " ").replace("-", " ").split()
    plain = list(filter(str.isalpha, words))
    if len(plain) < len(words):
        plain += filter(str.isalpha, [word.strip(_AROUND) for word in filterfalse(str.isalpha, words)])
    if not plain:
        return None
    scores: dict[str, float] = defaultdict(float)
    counted = Counter(map(_GROUP.get, plain))
    strangers = counted.pop(None, 0)
    for group, times in counted.items():
        if group is not None:
            weight, languages = _GROUPS[group]
            for language in languages:
                scores[language] += weight * times
    if strangers:
        for word in [word for word in plain if len(word) > 5 and word not in _GROUP]:
            for language in _ENDINGS.get(word[-4:]) or _ENDINGS.get(word[-3:]) or ():
                scores[language] += 0.5
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
    if first not in SUPPORTED or best < _ENOUGH or best < second * _LEAD or best < len(plain) * _SHARE:
        return None
    return first
